"""Where people were: by session and hall, and how full it was at the fullest.

A place is what gates guard together: a session, a reception, or a zone. Only scans tell where: who
was attested by an officer is in no row.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
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
DEFINITION = (
    "persons let in at a gate of the place by a scan, without the excluded roles as they are now; "
    "where exits are scanned the most inside at once, else the entries of a day, each person once"
)


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a conference: their names by key, and the key by gate."""

    labels: dict[str, str]
    of_gate: Mapping[UUID, str]


async def places(session: ReadSession, conference: Conference, by: By = By.hall) -> Places:
    """All places, or the sessions that have a gate; a zone is called as its gates are."""
    names: dict[str, list[str]] = defaultdict(list)
    gates: dict[UUID, str] = {}
    for one in await hall_store.gates(session, conference.id):
        if one.session_id:
            key, name = f"{_SESSION}{one.session_id}", in_language(one.session, "en")
        elif one.reception_id:
            key, name = f"reception:{one.reception_id}", in_language(one.reception, "en")
        else:
            key, name = f"zone:{one.zone}", one.name
        if by is By.hall or key.startswith(_SESSION):
            gates[one.id] = key
            names[key] += [name] if name not in names[key] else []
    return Places({key: ", ".join(some) for key, some in names.items()}, gates)


async def entered(
    session: ReadSession, conference: Conference, at: Instant, by: By
) -> dict[UUID, set[str]]:
    """By person the rows of a breakdown by session or hall."""
    found = await places(session, conference, by)
    return await hall_store.entered(session, conference.id, at, found.of_gate)


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
    session: ReadSession, conference: Conference, at: Instant, excluded: Collection[Role]
) -> list[HallOut]:
    """How full each place was at the fullest; one that saw nobody is left out."""
    found = await places(session, conference)
    rows = await hall_store.tides(session, conference.id, at, found.of_gate, excluded)
    told = {row.place: row for row in rows}
    return [
        HallOut(
            key=key,
            label=label,
            entries=told[key].entries,
            exits=told[key].exits,
            peak=told[key].peak if told[key].exits else None,
            peak_at=told[key].peak_at if told[key].exits else None,
        )
        for key, label in found.labels.items()
        if key in told
    ]
