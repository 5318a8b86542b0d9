"""What a badge is: its category, where it opens doors and until when, and whether it may print."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

FLAG_FLOOR = 1
"""Bit of the code's flags: the holder takes the floor. Entering is the zones' bitmap."""

_LAST_SERIAL = 2**63 - 1
_ALWAYS = (date(2000, 1, 1), date(2099, 12, 31))


def serial_of(digits: str) -> int:
    """A serial that somebody wrote; numbers beyond 63 bits, which no badge has, become the last."""
    return min(int(digits), _LAST_SERIAL)


class BadgeState(StrEnum):
    """How far a badge came; the last of these that is true."""

    issued = "issued"
    printed = "printed"
    handed_over = "handed_over"
    collected = "collected"
    revoked = "revoked"


class CardKind(StrEnum):
    """A badge that names no person when it is made; each kind is a category of that name."""

    transferable = "transferable"
    day = "day"
    service = "service"
    vehicle = "vehicle"


class Design(StrEnum):
    """How badges lie on paper: A6 with a back to fold over, a CR-80 card, four on an A4 sheet."""

    a6 = "a6"
    card = "card"
    a4 = "a4"


TEMPLATES = {Design.a6: "badge", Design.card: "badge_card", Design.a4: "badge_sheet"}


class BatchState(StrEnum):
    """How far a print came."""

    waiting = "waiting"
    printing = "printing"
    done = "done"
    failed = "failed"


BADGES_A_FILE = 500
"""How many badges one file of the desk's queue holds."""


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of badge: `number` travels in the code, `zones` is the bitmap of doors it opens."""

    key: str
    number: int
    label: dict[str, str]
    color: str
    zones: int
    takes_floor: bool
    ranks: frozenset[str]
    roles: frozenset[str]
    kinds: frozenset[str]

    def covers(self, *, rank: str | None, role: str, kind: str) -> bool:
        """True for its ranks, roles or kinds; a category that names none is for the rest."""
        if not (self.ranks or self.roles or self.kinds):
            return True
        return rank in self.ranks or role in self.roles or kind in self.kinds

    def words(self, language: str) -> str:
        """The label in a language, else in English."""
        return self.label.get(language) or self.label["en"]


@cache
def _data() -> dict[str, Any]:
    text = (Path(__file__).parent / "data" / "categories.json").read_text("utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


@cache
def back_words() -> dict[str, dict[str, Any]]:
    """What stands on the back of every badge, by language: `heading`, `programme`, `lines`."""
    text = (Path(__file__).parent / "data" / "back.json").read_text("utf-8")
    words: dict[str, dict[str, Any]] = json.loads(text)
    return words


@cache
def zones() -> dict[int, str]:
    """The zones that have a name, by their bit; zone 0 is open to every badge."""
    return {row["bit"]: row["key"] for row in _data()["zones"]}


@cache
def categories() -> dict[str, Category]:
    """All categories by key, in the order in which they are tried."""
    return {
        row["key"]: Category(
            key=row["key"],
            number=row["number"],
            label=row["label"],
            color=row["color"],
            zones=sum(1 << bit for bit in row["zones"]),
            takes_floor=row["takes_floor"],
            ranks=frozenset(row.get("ranks", ())),
            roles=frozenset(row.get("roles", ())),
            kinds=frozenset(row.get("kinds", ())),
        )
        for row in _data()["categories"]
    }


OVERFLOW = "overflow"


@cache
def category_of(*, rank: str | None, role: str, kind: str, overflow: bool = False) -> Category:
    """The category of a person with this decided rank and role, in a delegation of this kind.

    Who was approved beyond a quota enters where the others do, and does not take the floor.
    """
    own = next(c for c in categories().values() if c.covers(rank=rank, role=role, kind=kind))
    return replace(categories()[OVERFLOW], zones=own.zones) if overflow else own


def may_print(rank: str | None, has_photo: bool, exempt_ranks: Collection[str]) -> str | None:
    """Nothing where the badge may be printed, else the reason why it is held."""
    if has_photo or (rank is not None and rank in exempt_ranks):
        return None
    return "There is no photo yet, and the rank is not exempt from one."


def no_copy(*, named: bool, printed: bool, collected: bool) -> str | None:
    """Nothing where a badge may go on paper now, else the reason why not.

    A person's badge that was printed before goes on paper under a new serial: two valid papers of
    one serial would open a door to two people. A card has nobody to whom a new serial is issued.
    """
    if collected:
        return "It was collected: replace it at the counter."
    if printed and not named:
        return "It was printed and names no person: revoke it and issue a new card."
    return None


def collected_too_early(at: datetime, issued_at: datetime) -> bool:
    """Whether nobody can have had the badge at that instant.

    By the minute: people write minutes, and a badge may be issued and collected in the same one.
    """
    return at < issued_at.replace(second=0, microsecond=0)


def validity(starts: date, ends: date, *, sample: bool) -> tuple[date, date]:
    """First and last local day of a badge: those of the conference; a sample's is never over."""
    return _ALWAYS if sample else (starts, ends)
