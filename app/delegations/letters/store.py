"""Queries of letters; each carries the tenant predicate."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Row, select

from app.core.db import ReadSession, table
from app.delegations.letters.models import Letter
from app.delegations.letters.rules import LetterKind

L = table(Letter)


async def of_delegation(
    session: ReadSession, conference_id: UUID, delegation_id: UUID
) -> list[Letter]:
    """The letters of a delegation, newest first."""
    found = await session.execute(
        select(Letter)
        .where(L.c.conference_id == conference_id, L.c.delegation_id == delegation_id)
        .order_by(L.c.created_at.desc(), L.c.id)
    )
    return list(found.scalars())


async def by_id(
    session: ReadSession, conference_id: UUID, delegation_id: UUID, id: UUID
) -> Letter | None:
    """A letter of this delegation."""
    found = await session.execute(
        select(Letter).where(
            L.c.conference_id == conference_id, L.c.delegation_id == delegation_id, L.c.id == id
        )
    )
    return found.scalar_one_or_none()


async def signed(
    session: ReadSession, conference_id: UUID, delegation_ids: Collection[UUID]
) -> Sequence[Row[UUID, str, str | None]]:
    """Who signed the nominations of some delegations: delegation, signatory, number."""
    found = await session.execute(
        select(L.c.delegation_id, L.c.signatory, L.c.number).where(
            L.c.conference_id == conference_id,
            L.c.delegation_id.in_(delegation_ids),
            L.c.kind == LetterKind.letter_of_nomination,
            L.c.signatory.is_not(None),
        )
    )
    return found.all()
