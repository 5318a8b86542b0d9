"""What a state and an organisation are, and what their standing means for a delegation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Form = Literal["short", "formal", "index"]
Status = Literal["member", "observer", "other"]

LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh")

_STATUS_OF_KIND: dict[str, Status] = {
    "member_state": "member",
    "observer_state": "observer",
    "other_state": "other",
}
_IN_WORDS: dict[Status, str] = {
    "member": "a Member State of the United Nations",
    "observer": "an observer State at the United Nations",
    "other": "neither a Member State nor an observer State of the United Nations",
}


@dataclass(frozen=True, slots=True)
class Name:
    """One language's forms. `index` orders and prints in lists; `sort` orders where it differs."""

    short: str
    formal: str
    index: str
    sort: str


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name that held until the day before `until`, in the languages we are sure of."""

    until: date
    short: Mapping[str, str]
    formal: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """A status at the United Nations and the day it began."""

    status: Status
    since: date


@dataclass(frozen=True, slots=True)
class State:
    """A state with its codes, groups, dated standing and names; `names` has all `LANGUAGES`.

    `ldc_until` is the first day on which it is no least developed country any more.
    """

    iso3: str
    iso2: str
    m49: str
    region: str
    subregion: str
    regional_group: str | None
    ldc_until: date
    lldc: bool
    sids: bool
    standing: tuple[Standing, ...]
    names: Mapping[str, Name]
    former: tuple[FormerName, ...]


@dataclass(frozen=True, slots=True)
class Organization:
    """An organisation under its acronym, with the delegation kind it takes part under.

    `acronyms` are those of other languages and earlier years.
    """

    code: str
    kind: str
    reach: Literal["global", "regional"]
    names: Mapping[str, str]
    acronyms: tuple[str, ...]
    variants: tuple[str, ...]


def status_on(state: State, day: date) -> Status:
    """The state's standing at the United Nations on a day."""
    status: Status = "other"
    for standing in state.standing:
        if standing.since <= day:
            status = standing.status
    return status


def groups_on(state: State, day: date) -> frozenset[str]:
    """Which of `ldc`, `lldc` and `sids` a state belongs to on a day; States leave the first."""
    marks = {"ldc": day < state.ldc_until, "lldc": state.lldc, "sids": state.sids}
    return frozenset(mark for mark, holds in marks.items() if holds)


def standing_warning(state: State, kind: str, on: date) -> str | None:
    """One sentence where a delegation's kind and the state's standing that day disagree.

    Kinds that are not a state's (civil society, media …) say nothing about its standing.
    """
    claimed = _STATUS_OF_KIND.get(kind)
    actual = status_on(state, on)
    if claimed is None or claimed == actual:
        return None
    return (
        f"{state.names['en'].short}: listed as {kind.replace('_', ' ')}, but on {on.isoformat()} "
        f"{_IN_WORDS[actual]}."
    )
