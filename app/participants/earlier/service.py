"""Use cases: propose who a person was at an earlier edition, and decide it."""

from uuid import UUID

from app.accounts import audit
from app.accounts.rules import Actor
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession, WriteSession
from app.core.errors import NotFound
from app.core.spelling import any_alike
from app.participants import service
from app.participants.earlier import store
from app.participants.earlier.models import EarlierPart
from app.participants.earlier.schemas import EarlierOut, Namesake


async def _seen(
    session: ReadSession, actor: Actor, conference: Conference
) -> dict[UUID, Conference]:
    """The earlier editions whose people the actor may see: each is a tenant of its own."""
    found = await store.editions(session, conference)
    return {one.id: one for one in found if actor.may(one.id, service.EDITORS)}


async def shown(session: ReadSession, actor: Actor, conference: Conference, id: UUID) -> EarlierOut:
    """What was decided of a person, and their namesakes of earlier editions. Raises `NotFound`."""
    actor.require(conference.id, service.EDITORS)
    person, _ = await service.find(session, actor, conference.id, id)
    decided = await store.decisions(session, conference.id, clock.now(), of=id)
    editions = await _seen(session, actor, conference)
    names = (person.name, *person.names.values())
    alike = [
        one
        for one in await store.namesakes(session, conference.id, id, editions)
        if any_alike(names, (one.name, *one.names.values()))
    ]
    earlier = decided.get(id)
    return EarlierOut(
        decision="unknown" if id not in decided else "returning" if earlier else "first",
        earlier=earlier,
        proposed=[
            Namesake(
                id=one.id,
                name=one.name,
                delegation=one.delegation,
                conference=editions[one.conference_id].slug,
                year=editions[one.conference_id].starts.year,
            )
            for one in alike
        ],
    )


async def decide(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID, earlier: UUID | None
) -> None:
    """Notes who a person was at an earlier edition, or that there was nobody.

    Raises `NotFound` for a person, or one of an earlier edition, whom the actor may not see.
    """
    actor.require(conference.id, service.EDITORS)
    await service.find(session, actor, conference.id, id, lock=True)
    if earlier is not None:
        editions = await _seen(session, actor, conference)
        if await store.conference_of(session, earlier) not in editions:
            raise NotFound
    session.add(
        EarlierPart(
            conference_id=conference.id,
            participant_id=id,
            earlier_id=earlier,
            decided_at=clock.now(),
            decided_by=actor.name[:200],
        )
    )
    audit.record(
        session,
        actor,
        "participant.earlier",
        conference_id=conference.id,
        target=("participant", id),
        fields={"earlier": str(earlier) if earlier else None},
    )
    await session.flush()
