"""Invented people: names of many cultures in their own scripts, functions, styles."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from app.participants.rules import Mode, Rank, Role, Sex, Status
from app.states.rules import State

_CULTURE_OF_SUBREGION = {
    "Northern Africa": "arabic",
    "Western Asia": "arabic",
    "Central Asia": "cyrillic",
    "Eastern Europe": "cyrillic",
    "Eastern Asia": "southeast",
    "South-eastern Asia": "southeast",
    "Southern Asia": "south_asian",
    "Sub-Saharan Africa": "african",
    "Latin America and the Caribbean": "iberian",
}
_CULTURE_OF_STATE = {
    "CHN": "chinese",
    "ESP": "iberian",
    "PRT": "iberian",
    "CYP": "western",
    "GEO": "cyrillic",
    "ARM": "cyrillic",
    "AZE": "cyrillic",
    "ISR": "western",
    "POL": "western",
    "CZE": "western",
    "HUN": "western",
    "ROU": "western",
    "SDN": "arabic",
    "SOM": "arabic",
}
_EXCELLENCIES = frozenset(
    {
        Rank.head_of_state,
        Rank.foreign_minister,
        Rank.minister,
        Rank.deputy_minister,
        Rank.ambassador,
        Rank.executive_head,
    }
)


@cache
def data(name: str) -> Any:  # JSON: each reader knows the shape of its own file
    """A data file of the sample."""
    path = Path(__file__).parent / "data" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def culture_of(state: State | None) -> str:
    """Whose names to draw from for a state; organisations draw from all."""
    if state is None:
        return ""
    known = _CULTURE_OF_STATE.get(state.iso3)
    return known or _CULTURE_OF_SUBREGION.get(state.subregion, "western")


@dataclass(slots=True)
class Person:
    """Somebody planned: who it is, and what becomes of them when."""

    body: str
    name: str
    names: dict[str, str]
    sex: Sex | None
    style: str | None
    function: str
    role: Role
    rank: Rank | None
    suggested: Rank | None = None
    mode: Mode = Mode.in_person
    steps: list[tuple[Status, datetime]] = field(default_factory=list)
    collected: datetime | None = None
    entries: list[datetime] = field(default_factory=list)
    attested: datetime | None = None
    remote: datetime | None = None


class Casting:
    """Draws people; the same seed draws the same ones, and no name twice."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - invents people, guards nothing
        self._used: set[str] = set()

    def person(
        self, body: str, culture: str, role: Role, rank: Rank | None, *, function: str = ""
    ) -> Person:
        """A new person with a function that fits the rank or role."""
        draw = self.random
        woman = draw.random() < 0.33 and rank not in (Rank.head_of_state, Rank.crown_prince)
        name, native, script = self._name(culture or draw.choice(sorted(data("names"))), woman)
        known = draw.random() > 0.03 or rank in _EXCELLENCIES
        return Person(
            body=body,
            name=name,
            names={script: native} if native else {},
            sex=(Sex.female if woman else Sex.male) if known else None,
            style=_style(rank, woman) if known else None,
            function=function or draw.choice(_functions(role, rank)),
            role=role,
            rank=rank,
        )

    def _name(self, culture: str, woman: bool) -> tuple[str, str, str]:
        lists = data("names")[culture]
        for attempt in range(1_000):
            given = self.random.choice(lists["female" if woman else "male"])
            family = self.random.choice(lists["family"])
            second = self.random.choice(lists["male"]) if attempt > 20 else ("", "")
            order = (family, given) if culture == "chinese" else (given, second, family)
            latin = " ".join(part[0] for part in order if part[0])
            if latin not in self._used or attempt == 999:
                self._used.add(latin)
                gap = "" if culture == "chinese" else " "
                return latin, gap.join(p[1] for p in order if p[1]), lists.get("script", "")
        raise AssertionError("unreachable")


def _style(rank: Rank | None, woman: bool) -> str:
    if rank is Rank.crown_prince:
        return "His Highness"
    plain = "Ms." if woman else "Mr."
    return f"H.E. {plain}" if rank in _EXCELLENCIES else plain


def _functions(role: Role, rank: Rank | None) -> list[str]:
    known = data("kuwait-2024")["functions"]
    for key in (role.value, rank.value if rank else "", "official"):
        if key in known:
            found: list[str] = known[key]
            return found
    raise AssertionError("there are functions of officials")
