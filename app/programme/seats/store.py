"""Queries of seats; each carries the tenant predicate."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select

from app.accounts.rules import Actor
from app.core.db import ReadSession, WriteSession, table
from app.delegations.store import visible_to
from app.participants.store import holding
from app.programme.seats.models import Seat
from app.programme.store import D, P, S

T = table(Seat)


async def seats(
    session: ReadSession, actor: Actor, conference_id: UUID, session_id: UUID
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Who sits in a session, as far as the actor may see the delegations, by delegation."""
    found = await session.execute(
        select(
            T.c.session_id.label("session"),
            T.c.participant_id.label("participant"),
            P.c.name,
            P.c.function,
            D.c.code.label("delegation"),
            D.c.name.label("delegation_name"),
            T.c.taken_at,
        )
        .select_from(T.join(P, P.c.id == T.c.participant_id).join(D, D.c.id == P.c.delegation_id))
        .where(
            T.c.conference_id == conference_id,
            T.c.session_id == session_id,
            visible_to(actor, conference_id),
        )
        .order_by(D.c.search, T.c.taken_at, T.c.id)
    )
    return found.all()


async def seated(
    session: ReadSession, conference_id: UUID, session_id: UUID
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Who sits in a session, by what quotas ask."""
    here = (T.c.conference_id == conference_id, T.c.session_id == session_id)
    return await holding(session, T, *here, by=T.c.taken_at)


async def of_people(
    session: ReadSession, conference_id: UUID, participants: Collection[UUID]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The seats of people, by time: participant, session, its title and start."""
    found = await session.execute(
        select(T.c.participant_id, T.c.session_id, S.c.title, S.c.starts_at)
        .select_from(T.join(S, S.c.id == T.c.session_id))
        .where(T.c.conference_id == conference_id, T.c.participant_id.in_(participants))
        .order_by(S.c.starts_at, S.c.id)
    )
    return found.all()


async def remove(
    session: WriteSession,
    conference_id: UUID,
    participants: Collection[UUID],
    session_id: UUID | None = None,
) -> int:
    """Gives up seats, all of these people or those in one session; returns how many."""
    query = delete(T).where(
        T.c.conference_id == conference_id, T.c.participant_id.in_(participants)
    )
    if session_id is not None:
        query = query.where(T.c.session_id == session_id)
    return len((await session.execute(query.returning(T.c.id))).all())
