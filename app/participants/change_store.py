"""Queries of change requests, acting heads and further capacities, with the tenant predicate."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, case, delete, func, select, true, update

from app.accounts.rules import Actor
from app.core.db import ReadSession, WriteSession, table
from app.delegations import store as delegations
from app.delegations.models import Delegation
from app.participants.change_models import ActingHead, ChangeRequest, FurtherCapacity
from app.participants.change_rules import RequestStatus
from app.participants.models import Participant

R, H, F = table(ChangeRequest), table(ActingHead), table(FurtherCapacity)
P, D = table(Participant), table(Delegation)

Request = tuple[ChangeRequest, Participant, Delegation]


def asked(
    actor: Actor,
    conference_id: UUID,
    *,
    status: RequestStatus | None = None,
    delegation: str | None = None,
    participant: UUID | None = None,
) -> ColumnElement[bool]:
    """The requests that an actor may see, narrowed."""
    return and_(
        R.c.conference_id == conference_id,
        delegations.visible_to(actor, conference_id),
        R.c.status == status if status else true(),
        D.c.code == delegation if delegation else true(),
        R.c.participant_id == participant if participant else true(),
    )


async def requests(
    session: ReadSession, where: ColumnElement[bool], *, offset: int = 0, limit: int | None = None
) -> list[Request]:
    """Requests with person and delegation: those that wait first, the oldest first."""
    found = await session.execute(
        select(ChangeRequest, Participant, Delegation)
        .join(P, P.c.id == R.c.participant_id)
        .join(D, D.c.id == P.c.delegation_id)
        .where(where)
        .order_by(R.c.status != RequestStatus.pending, R.c.asked_at, R.c.id)
        .offset(offset)
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in found]


async def count(session: ReadSession, where: ColumnElement[bool]) -> int:
    """How many requests a condition holds for."""
    joined = R.join(P, P.c.id == R.c.participant_id).join(D, D.c.id == P.c.delegation_id)
    return int(
        (await session.execute(select(func.count()).select_from(joined).where(where))).scalar_one()
    )


async def request(
    session: WriteSession, actor: Actor, conference_id: UUID, id: UUID
) -> ChangeRequest | None:
    """A request as it stands now, if the actor may see it. Call with its person locked."""
    found = await session.execute(
        select(ChangeRequest)
        .join(P, P.c.id == R.c.participant_id)
        .join(D, D.c.id == P.c.delegation_id)
        .where(asked(actor, conference_id), R.c.id == id)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def pending_of(
    session: ReadSession, conference_id: UUID, participant_ids: Collection[UUID]
) -> list[ChangeRequest]:
    """What waits for a decision about some people, the oldest first."""
    found = await session.execute(
        select(ChangeRequest)
        .where(
            R.c.conference_id == conference_id,
            R.c.participant_id.in_(participant_ids),
            R.c.status == RequestStatus.pending,
        )
        .order_by(R.c.asked_at, R.c.id)
        .execution_options(populate_existing=True)
    )
    return list(found.scalars())


async def acting_head(
    session: ReadSession, conference_id: UUID, delegation_id: UUID
) -> tuple[ActingHead, str] | None:
    """Who acts as head of a delegation, or will from an instant to come, with the name."""
    found = await session.execute(
        select(ActingHead, P.c.name)
        .join(P, P.c.id == H.c.participant_id)
        .where(
            H.c.conference_id == conference_id,
            H.c.delegation_id == delegation_id,
            H.c.ends_at.is_(None),
        )
        .execution_options(populate_existing=True)
    )
    row = found.one_or_none()
    return (row[0], row[1]) if row else None


async def end_acting(
    session: WriteSession, conference_id: UUID, where: ColumnElement[bool], *, at: datetime
) -> int:
    """Ends open terms of acting heads, none before it began; returns how many."""
    ended = await session.execute(
        update(H)
        .where(H.c.conference_id == conference_id, H.c.ends_at.is_(None), where)
        .values(ends_at=case((H.c.starts_at > at, H.c.starts_at), else_=at))
        .returning(H.c.id)
    )
    return len(ended.all())


async def capacities(
    session: ReadSession, conference_id: UUID, participant_id: UUID
) -> Sequence[Row[*tuple[Any, ...]]]:
    """A person's further capacities, each with the body's name, in the order of their entry."""
    found = await session.execute(
        select(
            F.c.id,
            F.c.kind,
            func.coalesce(F.c.organization, D.c.name).label("body"),
            D.c.code.label("delegation"),
            F.c.function,
        )
        .select_from(F.outerjoin(D, D.c.id == F.c.delegation_id))
        .where(F.c.conference_id == conference_id, F.c.participant_id == participant_id)
        .order_by(F.c.created_at, F.c.id)
    )
    return found.all()


async def remove_capacity(
    session: WriteSession, conference_id: UUID, participant_id: UUID, id: UUID
) -> bool:
    """Removes a capacity of a person; False where there is none."""
    removed = await session.execute(
        delete(F)
        .where(
            F.c.conference_id == conference_id, F.c.participant_id == participant_id, F.c.id == id
        )
        .returning(F.c.id)
    )
    return removed.first() is not None
