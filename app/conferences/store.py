"""Queries of conferences and series."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, false, func, select, true

from app.accounts.rules import Actor
from app.conferences.models import Conference, Series, StoredFile
from app.core import mail
from app.core.db import ReadSession, WriteSession, table
from app.core.outbox import OutboxRow

C, S, F, M = table(Conference), table(Series), table(StoredFile), table(OutboxRow)


async def conference_by_slug(session: ReadSession, slug: str) -> Conference | None:
    """The conference of a slug."""
    return (await session.execute(select(Conference).where(C.c.slug == slug))).scalar_one_or_none()


async def conferences_by_slug(
    session: ReadSession, slugs: Collection[str]
) -> dict[str, Conference]:
    """The conferences of some slugs."""
    found = await session.execute(select(Conference).where(C.c.slug.in_(slugs)))
    return {one.slug: one for one in found.scalars()}


async def lock(session: WriteSession, conference_id: UUID) -> None:
    """Makes others that lock this conference wait until the transaction ends; hinders no insert."""
    await session.execute(
        select(C.c.id).where(C.c.id == conference_id).with_for_update(key_share=True)
    )


async def series_by_slug(session: ReadSession, slug: str) -> Series | None:
    """The series of a slug."""
    return (await session.execute(select(Series).where(S.c.slug == slug))).scalar_one_or_none()


async def conferences(session: ReadSession) -> list[tuple[Conference, Series | None]]:
    """All conferences with their series, newest first."""
    rows = await session.execute(
        select(Conference, Series)
        .outerjoin(S, S.c.id == C.c.series_id)
        .order_by(C.c.starts.desc(), C.c.slug)
    )
    return [(row[0], row[1]) for row in rows]


async def conferences_of(session: ReadSession, actor: Actor) -> list[Conference]:
    """The conferences in which an actor holds a role; all for an administrator."""
    query = select(Conference).order_by(C.c.starts.desc(), C.c.slug)
    if not actor.is_administrator:
        query = query.where(C.c.id.in_([p.conference_id for p in actor.permits]))
    return list((await session.execute(query)).scalars())


def _mails(conference_id: UUID, state: str, *, kept: bool) -> ColumnElement[bool]:
    waiting = M.c.done_at.is_(None)
    by_state = {
        "sent": M.c.done_at.is_not(None),
        "failed": and_(waiting, M.c.error.is_not(None)),
        "kept": and_(waiting, M.c.error.is_(None), true() if kept else false()),
        "queued": and_(waiting, M.c.error.is_(None), false() if kept else true()),
    }
    return and_(
        M.c.conference_id == conference_id, M.c.kind == mail.KIND, by_state.get(state, true())
    )


async def mails(
    session: ReadSession, conference_id: UUID, state: str, *, kept: bool, offset: int, limit: int
) -> tuple[Sequence[Row[*tuple[Any, ...]]], int]:
    """Mails of a conference in a state, newest first, and how many there are.

    `kept`: no mail server is set, so what waits is not going anywhere.
    """
    where = _mails(conference_id, state, kept=kept)
    found = await session.execute(
        select(M.c.id, M.c.payload, M.c.created_at, M.c.done_at, M.c.error)
        .where(where)
        .order_by(M.c.id.desc())
        .offset(offset)
        .limit(limit)
    )
    count = await session.execute(select(func.count()).select_from(M).where(where))
    return found.all(), count.scalar_one()


async def file_by_id(session: ReadSession, conference_id: UUID, file_id: UUID) -> StoredFile | None:
    """A stored file of this conference."""
    return (
        await session.execute(
            select(StoredFile).where(F.c.conference_id == conference_id, F.c.id == file_id)
        )
    ).scalar_one_or_none()


async def file_by_digest(
    session: ReadSession, conference_id: UUID, sha256: str
) -> StoredFile | None:
    """A stored file of this conference with these bytes."""
    return (
        await session.execute(
            select(StoredFile).where(F.c.conference_id == conference_id, F.c.sha256 == sha256)
        )
    ).scalar_one_or_none()
