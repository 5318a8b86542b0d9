"""Versions of what figures count of a person, written with the change itself.

At (as of, known at) the version that holds is the one with the greatest (`valid_from`,
`recorded_at`) among those with `valid_from <= as_of` and `recorded_at <= known_at`. A correction of
the past inserts a version; none is ever rewritten.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from app.core import clock
from app.core.db import WriteSession, table
from app.participants.models import Participant, ParticipantVersion

V = table(ParticipantVersion)
FIGURED = frozenset({"delegation_id", "status", "rank", "role", "mode", "sex"})


async def record_rows(
    session: WriteSession,
    people: Iterable[Mapping[str, Any]],
    valid_from: datetime | None = None,
) -> None:
    """Adds a version with the present state of each row, from an instant on (default now)."""
    now = clock.now()
    rows = [
        {
            "conference_id": person["conference_id"],
            "participant_id": person["id"],
            "valid_from": valid_from or now,
            "recorded_at": now,
            **{field: person[field] for field in FIGURED},
        }
        for person in people
    ]
    if rows:
        await session.execute(insert(V), rows)


async def record(
    session: WriteSession,
    people: Sequence[Participant],
    changed: Collection[str],
    valid_from: datetime | None = None,
) -> None:
    """Adds what `changed` has become, from an instant on (default now), and nothing else.

    A correction of the past keeps what was true then besides: each later version is repeated with
    the change, the one before keeps standing until the instant.
    """
    now = clock.now()
    start = valid_from or now
    known = await _known(session, people) if valid_from else {}
    rows: list[dict[str, Any]] = []
    for person in people:
        present = {field: getattr(person, field) for field in FIGURED}
        key = {"conference_id": person.conference_id, "participant_id": person.id}
        timeline = known.get(person.id, {})
        before = [at for at in timeline if at <= start]
        states = {start: timeline[max(before)] if before else present}
        states |= {at: state for at, state in timeline.items() if at > start}
        rows += [
            {**key, **state, **{field: present[field] for field in changed}}
            | {"valid_from": at, "recorded_at": now}
            for at, state in sorted(states.items(), key=lambda one: one[0])
        ]
    if rows:
        await session.execute(insert(V), rows)


Timeline = dict[datetime, dict[str, Any]]


async def _known(session: WriteSession, people: Sequence[Participant]) -> dict[UUID, Timeline]:
    """Each person's states by the instant from which they hold, as known now."""
    found: dict[UUID, Timeline] = {}
    for first in range(0, len(people), 10_000):
        some = people[first : first + 10_000]
        rows = await session.execute(
            select(V.c.participant_id, V.c.valid_from, *(V.c[field] for field in sorted(FIGURED)))
            .where(
                V.c.conference_id == some[0].conference_id,
                V.c.participant_id.in_([person.id for person in some]),
            )
            .order_by(V.c.recorded_at, V.c.id)
        )
        for row in rows.mappings():
            # Of two versions from one instant the later known holds.
            found.setdefault(row["participant_id"], {})[row["valid_from"]] = {
                field: row[field] for field in FIGURED
            }
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """What became true of a person at an instant: each field's new value; the first states all."""

    at: datetime
    recorded_at: datetime
    fields: dict[str, object]
    first: bool


def changes(versions: Sequence[ParticipantVersion]) -> list[Change]:
    """A person's versions, newest first, as what each changed.

    Of versions from one instant the last recorded holds; a correction repeats the later ones, so
    each is told as first entered.
    """
    instants = [list(same) for _, same in groupby(versions, key=lambda one: one.valid_from)]
    found: list[Change] = []
    for same, older in zip(instants, [*instants[1:], None], strict=True):
        fields = {
            field: getattr(same[0], field)
            for field in sorted(FIGURED)
            if older is None or getattr(older[0], field) != getattr(same[0], field)
        }
        if fields:
            found.append(Change(same[0].valid_from, same[-1].recorded_at, fields, older is None))
    return found
