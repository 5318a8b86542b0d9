"""Counted people by what they are: kind, role, rank, delegation, regional or other group of States.

A person may be in several rows (a State is in several groups) or in none, so rows need not sum to
the total; each opens to its persons.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from uuid import UUID

from app.delegations.rules import STATES, Kind
from app.figures import rules
from app.figures.rules import Line, Tally, Terms, Traits
from app.figures.store import Body
from app.participants.rules import Rank, Role
from app.states import catalogue as states
from app.states.rules import groups_on
from app.web.labels import label

_DATA = Path(__file__).parent / "data" / "state_groups.json"
_MARKS = {
    "ldc": "Least developed countries",
    "lldc": "Landlocked developing countries",
    "sids": "Small island developing States",
}
_UNDECIDED = "undecided"
_NO_GROUP = "no_group"


class By(StrEnum):
    """What the rows are."""

    kind = "kind"
    role = "role"
    rank = "rank"
    delegation = "delegation"
    regional_group = "regional_group"
    development = "development"
    state_group = "state_group"
    session = "session"
    hall = "hall"
    day = "day"
    hour = "hour"


PLACES = frozenset({By.session, By.hall})
"""Where a person was let in; see `halls`."""
MOMENTS = frozenset({By.day, By.hour})
"""When a person was first seen on a day; see `moments`."""
SEEN = PLACES | MOMENTS
"""Rows of which traits say nothing: they are asked of what was seen of each person."""

WORDS = {
    By.regional_group: "Regional groups",
    By.state_group: "Other groups of States",
    By.development: "LDC, LLDC, SIDS",
    By.kind: "Kinds",
    By.delegation: "Delegations",
    By.role: "Roles",
    By.rank: "Ranks",
    By.session: "Sessions",
    By.hall: "Halls",
    By.day: "Days",
    By.hour: "Hours",
}
"""What the rows are, as pages and papers call them, in the order of a choice."""


def head(by: By) -> str:
    """What the rows are called at their head."""
    return "Place" if by in PLACES else "When" if by in MOMENTS else "Group"


_OVERLAP = (By.state_group, By.development)


def note(by: By) -> str | None:
    """Why the rows need not add up to all that are counted; none where they do."""
    if by in PLACES:
        return (
            "Let in by a scan at a gate of the place; somebody may be in several rows or in none, "
            "and who was attested by an officer is in none."
        )
    if by in MOMENTS:
        when = "First seen on the day in the hour" if by is By.hour else "Seen on the day"
        return (
            f"{when}, scanned in or attested; who came on several days is in several rows, and who "
            "was not seen on a day of the conference is in none."
        )
    if by is By.regional_group:
        return "A State is in one row; who comes for an organization or another body is in none."
    if by in _OVERLAP:
        return "A State may be in several groups or in none: the rows need not add up to all."
    if by in (By.role, By.rank):
        return "A delegation is in each row that has people of it: bodies need not add up."
    return None


@cache
def _known() -> dict[str, tuple[str, frozenset[str]]]:
    groups = json.loads(_DATA.read_text(encoding="utf-8"))["groups"]
    return {one["key"]: (one["label"], frozenset(one["members"].split())) for one in groups}


class Groups:
    """The groups of States that a conference counts: those everybody knows, and its own by name.

    `day` is the conference's: States leave the list of least developed countries.
    """

    def __init__(self, own: Mapping[str, Iterable[str]], day: date) -> None:
        self.day = day
        self._groups = _known() | {name: (name, frozenset(codes)) for name, codes in own.items()}

    def of(self, iso3: str) -> list[str]:
        """The groups of a State."""
        return [key for key, (_, members) in self._groups.items() if iso3 in members]

    @property
    def labels(self) -> dict[str, str]:
        """Their names."""
        return {key: label for key, (label, _) in self._groups.items()}


def rows_of(by: By, who: Traits, body: Body | None, groups: Groups) -> list[str]:
    """The rows in which such a person of a delegation is counted."""
    if by is By.delegation:
        return [body.code] if body else []
    if by is By.kind:
        return [who.kind]
    if by is By.role:
        return [who.role]
    if by is By.rank:
        return [who.rank or _UNDECIDED]
    if body is None or body.iso3 is None or who.kind not in STATES:
        return []
    if by is By.state_group:
        return groups.of(body.iso3)
    state = states.state(body.iso3)
    if by is By.regional_group:
        return [state.regional_group or _NO_GROUP]
    marks = groups_on(state, groups.day)
    return [mark for mark in _MARKS if mark in marks]


def labels(by: By, bodies: Iterable[Body], groups: Groups) -> dict[str, str]:
    """The rows that there may be, in their order, with words."""
    if by is By.delegation:
        return {body.code: body.name for body in bodies}
    if by is By.state_group:
        return groups.labels
    if by is By.development:
        return _MARKS
    if by is By.regional_group:
        found = {state.regional_group for state in states.states()} - {None}
        words = {key: label(key, "regional_group") for key in sorted(map(str, found))}
        return words | {_NO_GROUP: "In no regional group"}
    kinds: Mapping[By, type[StrEnum]] = {By.kind: Kind, By.role: Role, By.rank: Rank}
    own = {word.value: label(word, by) for word in kinds[by]}
    return own | ({_UNDECIDED: "Not yet decided"} if by is By.rank else {})


def lines(
    by: By, terms: Terms, counted: Iterable[Tally], bodies: Mapping[UUID, Body], groups: Groups
) -> list[Line]:
    """A row for each that counts somebody, in the order of its vocabulary."""
    inside: dict[str, list[Tally]] = defaultdict(list)
    for who, n in counted:
        for key in rows_of(by, who, bodies.get(who.delegation_id), groups):
            inside[key].append((who, n))
    return [
        rules.line_of(key, inside[key], terms)
        for key in labels(by, bodies.values(), groups)
        if key in inside
    ]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows by what was seen of each person: a bit by key in their order, and their words.

    `seen`: by person (an id as the database's text) the bits of the rows that count them.
    """

    bits: Mapping[str, int]
    labels: Mapping[str, str]
    seen: Mapping[str, int]

    def people(self, key: str) -> set[UUID]:
        """Who is in a row; nobody where there is no such row."""
        bit = self.bits.get(key, 0)
        return {UUID(id) for id, where in self.seen.items() if where & bit}

    def lines(self, counted: Iterable[tuple[Traits, Iterable[str]]], terms: Terms) -> list[Line]:
        """Those rows that count anybody, of people and their ids by traits."""
        alike = [
            (who, where, n)
            for who, ids in counted
            for where, n in Counter(map(self.seen.get, ids)).items()
            if where
        ]
        rows = []
        for key, bit in self.bits.items():
            if inside := [(who, n) for who, where, n in alike if where & bit]:
                rows.append(rules.line_of(key, inside, terms))
        return rows


def united(first: Mapping[str, int], others: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """By person the bits of all."""
    ever = dict(first)
    for seen in others:
        for who, where in seen.items():
            ever[who] = ever.get(who, 0) | where
    return ever
