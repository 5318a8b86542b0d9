"""Queries of earlier editions. They look into other tenants: the service asks who may."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from app.conferences.models import Conference
from app.core.db import ReadSession, table
from app.participants.earlier.models import EarlierPart
from app.participants.store import D, P
from app.participants.vetting.keys import K

E, C = table(EarlierPart), table(Conference)


async def editions(session: ReadSession, conference: Conference) -> list[Conference]:
    """The conferences of the series that began before this one, the latest first."""
    if conference.series_id is None:
        return []
    found = await session.execute(
        select(Conference)
        .where(C.c.series_id == conference.series_id, C.c.starts < conference.starts)
        .order_by(C.c.starts.desc())
    )
    return list(found.scalars())


async def decisions(
    session: ReadSession, conference_id: UUID, known_at: datetime, *, of: UUID | None = None
) -> dict[UUID, UUID | None]:
    """Who people were at an earlier edition, by the latest decision known; none: nobody."""
    query = select(E.c.participant_id, E.c.earlier_id).where(
        E.c.conference_id == conference_id, E.c.decided_at <= known_at
    )
    if of is not None:
        query = query.where(E.c.participant_id == of)
    rows = await session.execute(query.order_by(E.c.decided_at, E.c.id))
    return {row[0]: row[1] for row in rows}


async def namesakes(
    session: ReadSession, conference_id: UUID, id: UUID, editions: Collection[UUID]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """People of some editions who share a name key with a person, each once."""
    mine = select(K.c.key).where(K.c.conference_id == conference_id, K.c.participant_id == id)
    alike = select(K.c.participant_id).where(K.c.conference_id.in_(editions), K.c.key.in_(mine))
    found = await session.execute(
        select(P.c.id, P.c.name, P.c.names, P.c.conference_id, D.c.name.label("delegation"))
        .select_from(P.join(D, D.c.id == P.c.delegation_id))
        .where(P.c.id.in_(alike))
        .order_by(P.c.conference_id, P.c.id)
    )
    return found.all()


async def conference_of(session: ReadSession, participant_id: UUID) -> UUID | None:
    """In which conference somebody takes part."""
    found = await session.execute(select(P.c.conference_id).where(P.c.id == participant_id))
    return found.scalar_one_or_none()
