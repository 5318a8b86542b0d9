"""Queries of publications, and of when what a figure counts came about."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Table, TextClause, func, select

from app.core.db import ReadSession, table
from app.figures.publications.models import Publication
from app.figures.rules import Basis
from app.figures.store import PV, A, B, Instant, S
from app.gates.rules import Source
from app.gates.store import PRESENT
from app.participants.rules import ACTIVE, Status

P = table(Publication)


async def publications(session: ReadSession, conference_id: UUID) -> list[Publication]:
    """The publications of a conference, newest first."""
    found = await session.execute(
        select(Publication)
        .where(P.c.conference_id == conference_id)
        .order_by(P.c.published_at.desc(), P.c.id)
    )
    return list(found.scalars())


async def by_id(session: ReadSession, conference_id: UUID, id: UUID) -> Publication | None:
    """One publication."""
    found = await session.execute(
        select(Publication).where(P.c.conference_id == conference_id, P.c.id == id)
    )
    return found.scalar_one_or_none()


async def began(
    session: ReadSession, conference_id: UUID, basis: Basis, at: Instant, ids: Collection[UUID]
) -> dict[UUID, datetime]:
    """Since when a basis counts some people: the first presence, badge, approval or nomination."""
    conditions: tuple[tuple[Table, ColumnElement[datetime], ColumnElement[bool] | TextClause], ...]
    if basis is Basis.attended:
        conditions = ((S, S.c.at, PRESENT), (A, A.c.at, A.c.source == Source.attested))
    elif basis is Basis.badged:
        conditions = ((B, B.c.collected_at, B.c.collected_at.is_not(None)),)
    else:
        statuses = ACTIVE if basis is Basis.nominated else {Status.approved}
        conditions = ((PV, PV.c.valid_from, PV.c.status.in_(statuses)),)
    found: dict[UUID, datetime] = {}
    for facts, moment, holds in conditions:
        known = facts.c.collected_recorded_at if facts is B else facts.c.recorded_at
        rows = await session.execute(
            select(facts.c.participant_id, func.min(moment))
            .where(
                facts.c.conference_id == conference_id,
                facts.c.participant_id.in_(ids),
                holds,
                moment <= at.as_of,
                known <= at.known_at,
            )
            .group_by(facts.c.participant_id)
        )
        for id, first in rows:
            found[id] = min(first, found.get(id, first))
    return found


async def changed(
    session: ReadSession, conference_id: UUID, at: Instant, ids: Collection[UUID]
) -> dict[UUID, datetime]:
    """Since when the present particulars of some people hold."""
    last: ColumnElement[datetime] = func.max(PV.c.valid_from)
    rows = await session.execute(
        select(PV.c.participant_id, last)
        .where(
            PV.c.conference_id == conference_id,
            PV.c.participant_id.in_(ids),
            PV.c.valid_from <= at.as_of,
            PV.c.recorded_at <= at.known_at,
        )
        .group_by(PV.c.participant_id)
    )
    return {row[0]: row[1] for row in rows}
