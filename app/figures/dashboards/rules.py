"""What the dashboard makes of tallies and arrivals: pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.delegations.rules import STATES
from app.figures.rules import Tally

REGIONS = (
    "african",
    "asia_pacific",
    "eastern_european",
    "latin_american_and_caribbean",
    "western_european_and_others",
    "no_group",
)


def shares(counts: Sequence[int]) -> list[int]:
    """Whole per cents that sum to 100, by the largest remainder; of nobody, zeros."""
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    floors = [n * 100 // total for n in counts]
    order = sorted(range(len(counts)), key=lambda i: (-(counts[i] * 100 % total), i))
    for i in order[: 100 - sum(floors)]:
        floors[i] += 1
    return floors


@dataclass(frozen=True, slots=True)
class Arrival:
    """How many people were first seen on a day in one minute, at one gate.

    `minute` is UTC, as text; without a gate an officer attested them first.
    """

    minute: str
    gate_id: UUID | None
    persons: int


def by_hour(of_day: Iterable[Arrival], zone: str) -> list[tuple[int, int]]:
    """Hours of the conference's clocks from the first with arrivals to the last, none left out."""
    hours: dict[int, int] = {}
    for one in of_day:
        at = datetime.fromisoformat(one.minute).replace(tzinfo=UTC)
        hour = at.astimezone(ZoneInfo(zone)).hour
        hours[hour] = hours.get(hour, 0) + one.persons
    return (
        [(hour, hours.get(hour, 0)) for hour in range(min(hours), max(hours) + 1)] if hours else []
    )


def by_gate(found: Iterable[Arrival]) -> dict[UUID | None, int]:
    """Arrivals by gate, the most first."""
    gates: dict[UUID | None, int] = {}
    for one in found:
        gates[one.gate_id] = gates.get(one.gate_id, 0) + one.persons
    return dict(sorted(gates.items(), key=lambda pair: -pair[1]))


def by_region(
    among: Iterable[Tally], region_of: Mapping[UUID, str | None]
) -> dict[str, tuple[int, int]]:
    """States and their persons by regional group; states in no group have a line of their own."""
    bodies: dict[str, set[UUID]] = {key: set() for key in REGIONS}
    persons = dict.fromkeys(REGIONS, 0)
    for who, n in among:
        if who.kind in STATES:
            key = region_of.get(who.delegation_id) or "no_group"
            bodies[key].add(who.delegation_id)
            persons[key] += n
    return {key: (len(bodies[key]), persons[key]) for key in REGIONS}
