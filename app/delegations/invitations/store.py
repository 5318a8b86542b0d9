"""Queries of invitations; each carries the tenant predicate."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.core.db import ReadSession, WriteSession, table
from app.delegations.invitations.models import InvitationProposal, InvitationStep, NotInvited
from app.delegations.invitations.rules import Act, ProposalState
from app.delegations.models import Delegation
from app.delegations.store import D

P, S, N = table(InvitationProposal), table(InvitationStep), table(NotInvited)


async def delegations(
    session: ReadSession,
    conference_id: UUID,
    codes: Collection[str] | None = None,
    *,
    lock: bool = False,
) -> list[Delegation]:
    """The delegations of some codes, or all, always in the same order."""
    query = select(Delegation).where(D.c.conference_id == conference_id).order_by(D.c.code)
    if codes is not None:
        query = query.where(D.c.code.in_(codes))
    if lock:
        query = query.with_for_update(key_share=True)
    found = await session.execute(query.execution_options(populate_existing=lock))
    return list(found.scalars())


async def last(session: ReadSession, conference_id: UUID, act: Act) -> dict[UUID, InvitationStep]:
    """The latest step of a sort, by delegation."""
    newest = (
        select(func.max(S.c.id))
        .where(S.c.conference_id == conference_id, S.c.act == act)
        .group_by(S.c.delegation_id)
    )
    found = await session.execute(select(InvitationStep).where(S.c.id.in_(newest)))
    return {step.delegation_id: step for step in found.scalars()}


async def steps(
    session: ReadSession, conference_id: UUID, delegation_id: UUID
) -> list[InvitationStep]:
    """A delegation's steps, newest first."""
    found = await session.execute(
        select(InvitationStep)
        .where(S.c.conference_id == conference_id, S.c.delegation_id == delegation_id)
        .order_by(S.c.id.desc())
    )
    return list(found.scalars())


async def not_invited(session: ReadSession, conference_id: UUID) -> list[NotInvited]:
    """The not-invited list."""
    found = await session.execute(
        select(NotInvited).where(N.c.conference_id == conference_id).order_by(N.c.code)
    )
    return list(found.scalars())


async def not_invited_by_id(
    session: ReadSession, conference_id: UUID, id: UUID
) -> NotInvited | None:
    """An entry of the not-invited list."""
    found = await session.execute(
        select(NotInvited).where(N.c.conference_id == conference_id, N.c.id == id)
    )
    return found.scalar_one_or_none()


async def proposal(
    session: WriteSession, conference_id: UUID, id: UUID
) -> InvitationProposal | None:
    """A proposal, locked until the transaction ends."""
    found = await session.execute(
        select(InvitationProposal)
        .where(P.c.conference_id == conference_id, P.c.id == id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def proposals(
    session: ReadSession,
    conference_id: UUID,
    state: ProposalState | None = None,
    *,
    offset: int = 0,
    limit: int = 50,
) -> tuple[list[InvitationProposal], int]:
    """Proposals, newest first, and how many there are."""
    where = [P.c.conference_id == conference_id, *([P.c.state == state] if state else [])]
    found = await session.execute(
        select(InvitationProposal)
        .where(*where)
        .order_by(P.c.created_at.desc(), P.c.id)
        .offset(offset)
        .limit(limit)
    )
    count = await session.execute(select(func.count()).select_from(P).where(*where))
    return list(found.scalars()), int(count.scalar_one())


async def standing(
    session: ReadSession, conference_id: UUID
) -> Sequence[tuple[Delegation, datetime | None]]:
    """Every delegation with when it was invited last, by name."""
    invited = (
        select(S.c.delegation_id, func.max(S.c.at).label("at"))
        .where(S.c.conference_id == conference_id, S.c.act == Act.invited)
        .group_by(S.c.delegation_id)
        .subquery()
    )
    found = await session.execute(
        select(Delegation, invited.c.at)
        .outerjoin(invited, invited.c.delegation_id == D.c.id)
        .where(D.c.conference_id == conference_id)
        .order_by(D.c.search, D.c.code)
    )
    return [(row[0], row[1]) for row in found]
