"""Queries of quotas and places."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, delete, func, insert, select, update

from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession, WriteSession, new_id, table
from app.quotas.models import Quota, QuotaPlace
from app.quotas.rules import Allotment, Capacity

Q, P, C = table(Quota), table(QuotaPlace), table(Conference)


def capacity(quota: Quota | Row[*tuple[Any, ...]]) -> Capacity:
    """A quota as the decision needs it."""
    return Capacity(
        id=quota.id,
        name=quota.name,
        capacity=quota.capacity,
        used=quota.used,
        waiting_list=quota.waiting_list,
        kind=quota.kind,
        delegation_id=quota.delegation_id,
        roles=frozenset(quota.roles),
    )


async def quotas(session: ReadSession, conference_id: UUID) -> list[Quota]:
    """All quotas of a conference."""
    return list(
        (
            await session.execute(
                select(Quota).where(Q.c.conference_id == conference_id).order_by(Q.c.name)
            )
        ).scalars()
    )


async def by_id(session: ReadSession, conference_id: UUID, id: UUID) -> Quota | None:
    """The quota of an id."""
    return (
        await session.execute(select(Quota).where(Q.c.conference_id == conference_id, Q.c.id == id))
    ).scalar_one_or_none()


async def lock(session: WriteSession, conference_id: UUID) -> list[Capacity]:
    """The conference's quotas, locked until the transaction ends.

    The lock is the conference's own row, so that it also holds where there is no quota yet; it does
    not hinder rows that refer to it. SQLite needs none: a writing transaction began with the lock
    of the whole database.
    """
    await session.execute(
        select(C.c.id).where(C.c.id == conference_id).with_for_update(key_share=True)
    )
    rows = await session.execute(
        select(
            Q.c.id,
            Q.c.name,
            Q.c.capacity,
            Q.c.used,
            Q.c.waiting_list,
            Q.c.kind,
            Q.c.delegation_id,
            Q.c.roles,
        )
        .where(Q.c.conference_id == conference_id)
        .order_by(Q.c.id)
    )
    return [capacity(row) for row in rows]


async def keep(
    session: WriteSession,
    conference_id: UUID,
    allotments: Sequence[Allotment],
    used: Mapping[UUID, int],
) -> None:
    """Writes what was allotted: the places, and the new `used` of their quotas."""
    places = [
        {
            "id": new_id(),
            "conference_id": conference_id,
            "quota_id": quota_id,
            "participant_id": allotment.registration.participant_id,
            "taken_at": clock.now(),
        }
        for allotment in allotments
        for quota_id in allotment.quotas
    ]
    if not places:
        return
    await session.execute(insert(P), places)
    touched = sorted({quota_id for a in allotments for quota_id in a.quotas})
    for quota_id in touched:
        await session.execute(update(Q).where(Q.c.id == quota_id).values(used=used[quota_id]))


async def free(
    session: WriteSession, conference_id: UUID, participant_ids: Collection[UUID]
) -> int:
    """Frees all places of some registrations; returns how many. Call with the quotas locked."""
    mine = (P.c.conference_id == conference_id, P.c.participant_id.in_(participant_ids))
    freed = (
        await session.execute(
            select(P.c.quota_id, func.count().label("places")).where(*mine).group_by(P.c.quota_id)
        )
    ).all()
    if freed:
        await session.execute(delete(P).where(*mine))
        by_quota = Q.c.id == bindparam("quota")
        await (await session.connection()).execute(
            update(Q).where(by_quota).values(used=Q.c.used - bindparam("places")),
            [{"quota": row.quota_id, "places": row.places} for row in freed],
        )
    return sum(row.places for row in freed)
