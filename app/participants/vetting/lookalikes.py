"""People whose names may be one name: flagged across the conference, never merged."""

from collections.abc import Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.accounts import audit
from app.accounts.rules import Actor
from app.conferences.models import Conference
from app.core.db import ReadSession, WriteSession
from app.core.spelling import any_alike
from app.participants import service
from app.participants.flags import Flag
from app.participants.models import Participant
from app.participants.rules import ACTIVE, Status
from app.participants.vetting import store

KEY = "look-alike"
_SHOWN = 5
_CONSIDERED = ACTIVE | {Status.refused}


async def source(
    session: ReadSession, _: Conference, people: Sequence[Participant]
) -> dict[UUID, list[Flag]]:
    """The look-alikes of some people, without the pairs that an officer told apart."""
    if not people:
        return {}
    conference_id, ids = people[0].conference_id, [person.id for person in people]
    apart = await store.told_apart(session, conference_id, ids)
    by_key: dict[str, dict[UUID, Row[*tuple[Any, ...]]]] = {}
    keys: dict[UUID, list[str]] = {}
    for row in await store.namesakes(session, conference_id, ids):
        by_key.setdefault(row.key, {})[row.id] = row
        keys.setdefault(row.id, []).append(row.key)
    found: dict[UUID, list[Flag]] = {}
    for person in people:
        names = (person.name, *person.names.values())
        others = {id: row for key in keys.get(person.id, ()) for id, row in by_key[key].items()}
        alike = (
            Flag(KEY, f"Looks like {row.name} ({row.delegation}), {row.status}.", row.id)
            for row in others.values()
            if row.id != person.id
            and row.status in _CONSIDERED
            and frozenset((row.id, person.id)) not in apart
            and any_alike(names, (row.name, *row.names.values()))
        )
        if some := list(islice(alike, _SHOWN)):
            found[person.id] = some
    return found


async def tell_apart(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID, other: UUID
) -> None:
    """Notes that two people are not the same person. Doing it again changes nothing."""
    actor.require(conference.id, service.OFFICERS)
    # Locked in one order, so that two officers who say it at once do not wait for each other.
    for one in sorted({id, other}):
        await service.find(session, actor, conference.id, one, lock=True)
    pair = frozenset((id, other))
    if len(pair) == 1 or pair in await store.told_apart(session, conference.id, [id]):
        return
    await store.tell_apart(session, conference.id, pair)
    audit.record(
        session,
        actor,
        "participant.told_apart",
        conference_id=conference.id,
        target=("participant", id),
        fields={"other": str(other)},
    )
