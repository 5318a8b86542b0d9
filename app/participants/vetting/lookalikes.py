"""People whose names may be one name: flagged across the conference, never merged."""

from collections.abc import Sequence
from uuid import UUID

from app.accounts import audit
from app.accounts.rules import Actor
from app.conferences.models import Conference
from app.core.db import ReadSession, WriteSession
from app.core.spelling import any_alike
from app.participants import service
from app.participants.flags import Flag
from app.participants.models import Participant
from app.participants.vetting import store

KEY = "look-alike"
_SHOWN = 5


async def source(
    session: ReadSession, _: Conference, people: Sequence[Participant]
) -> dict[UUID, list[Flag]]:
    """The look-alikes of some people, without the pairs that an officer told apart."""
    if not people:
        return {}
    conference_id, by_id = people[0].conference_id, {person.id: person for person in people}
    apart = await store.told_apart(session, conference_id, list(by_id))
    found: dict[UUID, dict[UUID, Flag]] = {}
    for row in await store.candidates(session, conference_id, list(by_id)):
        me, mine = by_id[row.me], found.setdefault(row.me, {})
        if row.id in mine or len(mine) == _SHOWN or frozenset((row.me, row.id)) in apart:
            continue
        if any_alike((me.name, *me.names.values()), (row.name, *row.names.values())):
            text = f"Looks like {row.name} ({row.delegation}), {row.status}."
            mine[row.id] = Flag(KEY, text, row.id)
    return {id: list(mine.values()) for id, mine in found.items() if mine}


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
