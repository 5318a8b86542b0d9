"""What a report says, what reproduces it, and why two differ: pure, in sentences."""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.core.errors import Invalid
from app.figures.rules import Basis, Rounded, Terms, more_than

_TOLD = re.compile(r"(?:(>|more than|over)\s*)?(\d{1,7})", re.IGNORECASE)
_NAMED = 4


class Origin(StrEnum):
    """Who gave the figures out: we did, or others did and somebody typed them in.

    `edition`: what is told of an edition of the series that was not run here.
    """

    frozen = "frozen"
    typed = "typed"
    edition = "edition"


def told(text: str) -> Rounded:
    """What a report says: `28`, `>450`, `more than 450`. Raises `Invalid`."""
    found = _TOLD.fullmatch(text.replace(",", "").strip())
    if found is None:
        raise Invalid(f"“{text[:40]}” is no figure; write 28, or >450 for more than 450.")
    return Rounded(int(found[2]), more=bool(found[1]))


def in_words(one: Rounded) -> str:
    """`28`, `more than 450`."""
    return f"more than {one.number}" if one.more else str(one.number)


def fits(one: Rounded, number: int, step: int) -> bool:
    """True if a count may be told so: exactly, or "more than" its floor by the rounding step."""
    return more_than(number, step) == one if one.more else one.number == number


def people_hash(ids: Iterable[UUID]) -> str:
    """SHA-256 over the ids of persons, in the order of their hexadecimal text."""
    return hashlib.sha256("\n".join(sorted(one.hex for one in ids)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Reading:
    """A way to count: a basis, instants in words, the terms, and what comes of it."""

    basis: Basis
    when: str
    terms: Terms
    figures: Mapping[str, int]

    @property
    def words(self) -> str:
        """`attended as of 5 November 2024 …`."""
        return f"{self.basis} {self.when}"


Report = Mapping[str, Rounded]


def matched(report: Report, reading: Reading) -> list[str]:
    """The figures of a report that a reading gives."""
    step = reading.terms.rounding_step
    return [k for k, one in report.items() if fits(one, reading.figures.get(k, -1), step)]


def score(report: Report, reading: Reading) -> tuple[int, int]:
    """How many figures a reading gives, and (negative) how far it is from the others."""
    found = matched(report, reading)
    far = sum(abs(reading.figures[k] - n.number) for k, n in report.items() if k not in found)
    return len(found), -far


def unmatched(
    key: str, one: Rounded, reading: Reading, others: Sequence[Reading], labels: Mapping[str, str]
) -> str:
    """Why the report's own reading does not give a figure: another gives it, or none."""
    step, own = reading.terms.rounding_step, reading.figures[key]
    start = f"counted {reading.words} it would be {own}"
    for other in others:
        if fits(one, other.figures[key], step):
            return f"{start}; {in_words(one)} comes out {other.words}"
    for twin, number in reading.figures.items():
        if twin != key and number and fits(one, number, step):
            return f"{start}; {in_words(one)} is what “{labels[twin]}” gives, another definition"
    return f"{start}; no basis and no day of ours gives {in_words(one)}"


def apart(first: Reading, second: Reading) -> str:
    """In what two readings differ: basis, instant or definition."""
    parts = []
    if first.basis is not second.basis:
        parts.append(f"the basis ({first.basis}, {second.basis})")
    if first.when != second.when:
        parts.append("the instant")
    if first.terms.ministerial_ranks != second.terms.ministerial_ranks:
        parts.append("which ranks are ministers")
    if first.terms.excluded_roles != second.terms.excluded_roles:
        parts.append("which roles are left out")
    return " and ".join(parts)


def sides(first: Collection[object], second: Collection[object], unit: str) -> str:
    """How two sets lie to each other: `27 persons are in both, 6 only in A, none only in B`."""
    both = len(set(first) & set(second))
    one, other = len(first) - both, len(second) - both
    return f"{both} {unit} are in both, {one or 'none'} only in A, {other or 'none'} only in B"


def named(things: Sequence[str]) -> str:
    """`Chad arrived 14:10, Peru arrived 14:20 and 3 more`."""
    shown = ", ".join(things[:_NAMED])
    return f"{shown} and {len(things) - _NAMED} more" if len(things) > _NAMED else shown


def difference(then: int, now: int, gone: Sequence[str], come: Sequence[str]) -> str:
    """`published 91, now 92: Chad arrived 4 November at 14:10`."""
    reasons = "; ".join(named(side) for side in (come, gone) if side)
    return f"published {then}, now {now}: {reasons}"
