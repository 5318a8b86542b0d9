"""Queries of print batches; each carries the tenant predicate."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, delete, func, or_, select, update

from app.badges.models import PrintBatch, PrintFile
from app.badges.store import HELD_BY, B, D, P
from app.core.db import ReadSession, WriteSession, table

T, F = table(PrintBatch), table(PrintFile)
Rows = Sequence[Row[*tuple[Any, ...]]]


async def batches(
    session: ReadSession, conference_id: UUID, *, offset: int = 0, limit: int | None = None
) -> list[PrintBatch]:
    """Batches, newest first."""
    query = (
        select(PrintBatch)
        .where(T.c.conference_id == conference_id)
        .order_by(T.c.created_at.desc(), T.c.id)
    )
    return list((await session.execute(query.offset(offset).limit(limit))).scalars())


async def count(session: ReadSession, conference_id: UUID) -> int:
    """How many batches there are."""
    query = select(func.count()).select_from(T).where(T.c.conference_id == conference_id)
    return int((await session.execute(query)).scalar_one())


async def batch(session: ReadSession, conference_id: UUID, id: UUID) -> PrintBatch | None:
    """One batch."""
    query = select(PrintBatch).where(T.c.conference_id == conference_id, T.c.id == id)
    return (await session.execute(query)).scalar_one_or_none()


async def advance(session: WriteSession, conference_id: UUID, id: UUID, **values: object) -> None:
    """Sets columns of a batch."""
    await session.execute(
        update(T).where(T.c.conference_id == conference_id, T.c.id == id).values(**values)
    )


async def files(session: ReadSession, conference_id: UUID, ids: Collection[UUID]) -> Rows:
    """The files of batches that are still kept, in order, without their bytes."""
    query = select(F.c.id, F.c.batch_id, F.c.position, F.c.badges).where(
        F.c.conference_id == conference_id, F.c.batch_id.in_(ids)
    )
    return (await session.execute(query.order_by(F.c.position))).all()


async def file(session: ReadSession, conference_id: UUID, batch_id: UUID, id: UUID) -> bytes | None:
    """The sealed bytes of a file."""
    query = select(F.c.sealed).where(
        F.c.conference_id == conference_id, F.c.batch_id == batch_id, F.c.id == id
    )
    return (await session.execute(query)).scalar_one_or_none()


async def purge(session: WriteSession, conference_id: UUID, batch_id: UUID) -> None:
    """Deletes the files of a batch."""
    await session.execute(
        delete(F).where(F.c.conference_id == conference_id, F.c.batch_id == batch_id)
    )


async def waiting(
    session: ReadSession, conference_id: UUID, exempt: Collection[str]
) -> tuple[Rows, Rows]:
    """By delegation and by category: active badges, those to print, those of them held."""
    unprinted = B.c.printed_at.is_(None) & B.c.collected_at.is_(None)
    held: ColumnElement[bool] = and_(
        unprinted,
        B.c.participant_id.is_not(None),
        P.c.photo_id.is_(None),
        or_(P.c.rank.is_(None), P.c.rank.not_in(exempt)),
    )
    counts = (
        func.count().label("active"),
        func.count().filter(unprinted).label("unprinted"),
        func.count().filter(held).label("held"),
    )
    base = (B.c.conference_id == conference_id, B.c.revoked_at.is_(None))
    by_delegation = (
        select(D.c.code.label("key"), D.c.name.label("words"), *counts)
        .select_from(HELD_BY)
        .where(*base, D.c.code.is_not(None))
        .group_by(D.c.code, D.c.name, D.c.search)
        .order_by(D.c.search, D.c.code)
    )
    by_category = (
        select(B.c.category.label("key"), *counts)
        .select_from(HELD_BY)
        .where(*base)
        .group_by(B.c.category)
    )
    return (
        (await session.execute(by_delegation)).all(),
        (await session.execute(by_category)).all(),
    )
