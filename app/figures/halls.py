"""Where people were: by session and hall, and how full it was at the fullest.

A place is what gates guard together: a session, a reception, or a zone. Only scans tell where: who
was attested by an officer is in no row.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from app.conferences.models import Conference
from app.conferences.rules import in_language
from app.core.db import ReadSession
from app.figures import hall_store, rules
from app.figures.breakdown import By
from app.figures.rules import Line, Terms, Traits
from app.figures.schemas import HallOut
from app.figures.store import Instant
from app.participants.rules import Role

_SESSION = "session:"
_MINUTE = "%Y-%m-%d %H:%M"
DEFINITION = (
    "persons let in at a gate of the place by a scan, without the excluded roles as they are now; "
    "where exits are scanned the most inside at the end of a minute, else the entries"
)


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a conference: their names by key, the key by gate, and which gates count."""

    labels: dict[str, str]
    of_gate: Mapping[UUID, str]
    counting: frozenset[UUID]


async def places(session: ReadSession, conference: Conference, by: By = By.hall) -> Places:
    """All places, or the sessions that have a gate; a zone is called as its gates are."""
    names: dict[str, list[str]] = defaultdict(list)
    gates: dict[UUID, str] = {}
    counting: set[UUID] = set()
    for one in await hall_store.gates(session, conference.id):
        if one.session_id:
            key, name = f"{_SESSION}{one.session_id}", in_language(one.session, "en")
        elif one.reception_id:
            key, name = f"reception:{one.reception_id}", in_language(one.reception, "en")
        else:
            key, name = f"zone:{one.zone}", one.name
        if by is By.hall or key.startswith(_SESSION):
            gates[one.id] = key
            counting |= {one.id} if one.counts else set()
            names[key] += [name] if name not in names[key] else []
    labels = {key: ", ".join(some) for key, some in names.items()}
    return Places(labels, gates, frozenset(counting))


async def entered(
    session: ReadSession, conference: Conference, at: Instant, by: By
) -> dict[UUID, set[str]]:
    """By person the rows of a breakdown by session or hall."""
    found = await places(session, conference, by)
    return await hall_store.entered(session, conference.id, at, found.of_gate, found.counting)


def lines(
    keys: Iterable[str],
    seen: Mapping[UUID, Collection[str]],
    traits: Mapping[UUID, Traits],
    counted: Collection[Traits],
    terms: Terms,
) -> list[Line]:
    """A row for each place that saw a person whose traits are counted."""
    inside: dict[str, Counter[Traits]] = defaultdict(Counter)
    for id, where in seen.items():
        who = traits.get(id)
        if who in counted and who is not None:
            for key in where:
                inside[key][who] += 1
    return [rules.line_of(key, list(inside[key].items()), terms) for key in keys if key in inside]


async def fullest(
    session: ReadSession, conference: Conference, at: Instant, by: By, excluded: Collection[Role]
) -> list[HallOut]:
    """How full each place was at the fullest; one that saw nobody is left out.

    Every passage of a place is read: with a million at one door that takes seconds.
    """
    found = await places(session, conference, by)
    told = []
    for key, label in found.labels.items():
        gates = [gate for gate, place in found.of_gate.items() if place == key]
        rows = await hall_store.tides(session, conference.id, at, gates, excluded)
        entries, exits = sum(row.came for row in rows), sum(row.left for row in rows)
        if not entries:
            continue
        most, minute = _most([(row.day, row.minute, row.came, row.left) for row in rows])
        told.append(
            HallOut(
                key=key,
                label=label,
                entries=entries,
                exits=exits,
                peak=most if exits else None,
                peak_at=minute if exits else None,
            )
        )
    return told


def _most(rows: Iterable[tuple[date, str, int, int]]) -> tuple[int, datetime | None]:
    """The most inside at the end of a minute, and the first minute with so many."""
    inside, most, when = 0, 0, ""
    today: date | None = None
    for day, minute, came, left in rows:
        inside = came - left + (inside if day == today else 0)
        today = day
        if inside > most:
            most, when = inside, minute
    return most, datetime.strptime(when, _MINUTE).replace(tzinfo=UTC) if when else None
