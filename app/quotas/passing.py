"""A place passed from one person to another: kept throughout, never free in between."""

from uuid import UUID

from sqlalchemy import select, update

from app.core.db import ReadSession, WriteSession
from app.quotas import rules, store
from app.quotas.rules import Allotment, Capacity, Place, Registration

P = store.P


async def held(session: ReadSession, conference_id: UUID, participant_id: UUID) -> frozenset[UUID]:
    """The quotas in which a person has a place."""
    found = await session.execute(
        select(P.c.quota_id).where(
            P.c.conference_id == conference_id, P.c.participant_id == participant_id
        )
    )
    return frozenset(found.scalars())


def needed(
    capacities: list[Capacity], mine: frozenset[UUID], successor: Registration
) -> tuple[frozenset[UUID], Allotment]:
    """Which of the places a successor takes over, and what becomes of the others needed."""
    kept = frozenset(q.id for q in capacities if q.id in mine and q.covers(successor))
    rest = [q for q in capacities if q.id not in kept]
    [allotment], _ = rules.allot(rest, [successor])
    return kept, allotment


async def pass_on(
    session: WriteSession, conference_id: UUID, leaving: UUID, successor: Registration
) -> Allotment:
    """Gives a successor the places of who leaves, and the further ones that the role needs.

    Where one of these is full nothing is changed, and the allotment names it. The places that the
    successor does not need are free.
    """
    capacities = await store.lock(session, conference_id)
    mine = await held(session, conference_id, leaving)
    kept, allotment = needed(capacities, mine, successor)
    if allotment.place is not Place.taken:
        return allotment
    await session.execute(
        update(P)
        .where(
            P.c.conference_id == conference_id,
            P.c.participant_id == leaving,
            P.c.quota_id.in_(kept),
        )
        .values(participant_id=successor.participant_id)
    )
    used = {q.id: q.used + 1 for q in capacities}
    await store.keep(session, conference_id, [allotment], used)
    await store.free(session, conference_id, [leaving])
    return allotment
