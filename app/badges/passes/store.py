"""Queries of zone passes; each carries the tenant predicate."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select

from app.badges.passes.models import ZonePass
from app.core.db import ReadSession, WriteSession, table
from app.participants.store import holding

Z = table(ZonePass)


async def of_person(
    session: ReadSession, conference_id: UUID, participant: UUID
) -> Sequence[Row[*tuple[Any, ...]]]:
    """A person's passes: bit, since when and by whom."""
    found = await session.execute(
        select(Z.c.bit, Z.c.granted_at, Z.c.granted_by)
        .where(Z.c.conference_id == conference_id, Z.c.participant_id == participant)
        .order_by(Z.c.bit)
    )
    return found.all()


async def bitmaps(
    session: ReadSession, conference_id: UUID, participants: Collection[UUID]
) -> dict[UUID, int]:
    """The zones that people's passes open, as bitmaps; nobody without one."""
    found = await session.execute(
        select(Z.c.participant_id, Z.c.bit).where(
            Z.c.conference_id == conference_id, Z.c.participant_id.in_(participants)
        )
    )
    opened: dict[UUID, int] = {}
    for participant, bit in found:
        opened[participant] = opened.get(participant, 0) | 1 << bit
    return opened


async def holders(
    session: ReadSession, conference_id: UUID, bit: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Who has a pass for a zone, by what quotas ask."""
    here = (Z.c.conference_id == conference_id, Z.c.bit == bit)
    return await holding(session, Z, *here, by=Z.c.granted_at)


async def remove(
    session: WriteSession,
    conference_id: UUID,
    participants: Collection[UUID],
    bit: int | None = None,
) -> int:
    """Takes passes back, all of these people or those for one zone; returns how many."""
    query = delete(Z).where(
        Z.c.conference_id == conference_id, Z.c.participant_id.in_(participants)
    )
    if bit is not None:
        query = query.where(Z.c.bit == bit)
    return len((await session.execute(query.returning(Z.c.id))).all())
