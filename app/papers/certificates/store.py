"""Queries of certificates; each carries the tenant predicate."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Subquery,
    exists,
    literal,
    or_,
    select,
    true,
    union_all,
    update,
)

from app.core.db import ReadSession, WriteSession, table
from app.delegations.models import Delegation
from app.figures.dashboards.store import seen
from app.figures.days import Span
from app.gates.models import Attestation, Scan
from app.papers.certificates.models import Certificate
from app.participants.models import Participant

C, P, D = table(Certificate), table(Participant), table(Delegation)
S, A = table(Scan), table(Attestation)

Line = Row[*tuple[Any, ...]]


async def lines(
    session: ReadSession, conference_id: UUID, ids: Collection[UUID] | None = None
) -> Sequence[Line]:
    """Certificates with name and delegation, in the order of names."""
    query = (
        select(
            *C.c,
            P.c.name,
            P.c.names,
            P.c.style,
            D.c.code.label("delegation"),
            D.c.name.label("delegation_name"),
        )
        .select_from(C.join(P, P.c.id == C.c.participant_id).join(D, D.c.id == P.c.delegation_id))
        .where(C.c.conference_id == conference_id, C.c.id.in_(ids) if ids is not None else true())
        .order_by(P.c.search, C.c.issued_at, C.c.id)
    )
    return (await session.execute(query)).all()


async def by_code(session: ReadSession, conference_id: UUID, code: str) -> Line | None:
    """The certificate of a code that is not revoked, with the name printed on it."""
    found = await session.execute(
        select(C.c.participant_id, P.c.name, P.c.style)
        .select_from(C.join(P, P.c.id == C.c.participant_id))
        .where(C.c.conference_id == conference_id, C.c.code == code, C.c.revoked_at.is_(None))
    )
    return found.first()


async def by_id(session: ReadSession, conference_id: UUID, id: UUID) -> Certificate | None:
    """One certificate."""
    found = await session.execute(
        select(Certificate).where(C.c.conference_id == conference_id, C.c.id == id)
    )
    return found.scalar_one_or_none()


async def held(session: ReadSession, conference_id: UUID) -> dict[UUID, UUID]:
    """Who holds a certificate that is not revoked, and its id."""
    found = await session.execute(
        select(C.c.participant_id, C.c.id).where(
            C.c.conference_id == conference_id, C.c.revoked_at.is_(None)
        )
    )
    return {row[0]: row[1] for row in found}


def _days_of(spans: Sequence[Span]) -> Subquery:
    """Spans as rows: their number from 0, `since` and `until`, both inclusive."""
    return union_all(
        *(
            select(
                literal(n).label("day"),
                literal(since, S.c.at.type).label("since"),
                literal(until, S.c.at.type).label("until"),
            )
            for n, (since, until) in enumerate(spans)
        )
    ).subquery("days")


async def present_on(
    session: ReadSession,
    conference_id: UUID,
    spans: Sequence[Span],
    known_at: datetime,
    who: Collection[UUID] | None = None,
) -> dict[UUID, list[int]]:
    """In which spans each person was seen in person; who never was is left out."""
    people = (
        select(P.c.id)
        .where(P.c.conference_id == conference_id, P.c.id.in_(who) if who is not None else true())
        .cte("people")
    )
    days = _days_of(spans)

    def inside(at: ColumnElement[datetime]) -> ColumnElement[bool]:
        return at.between(days.c.since, days.c.until)

    scanned, attested = seen(people, known_at)
    found = await session.execute(
        select(people.c.id, days.c.day)
        .select_from(people.join(days, true()))
        .where(
            or_(
                exists().where(*scanned, inside(S.c.at)).correlate(people, days),
                exists().where(*attested, inside(A.c.at)).correlate(people, days),
            )
        )
        .order_by(people.c.id, days.c.day)
    )
    present: dict[UUID, list[int]] = {}
    for id, day in found:
        present.setdefault(id, []).append(day)
    return present


async def revoke(
    session: WriteSession, conference_id: UUID, ids: Collection[UUID], at: datetime, reason: str
) -> None:
    """Revokes certificates."""
    await session.execute(
        update(C)
        .where(C.c.conference_id == conference_id, C.c.id.in_(ids), C.c.revoked_at.is_(None))
        .values(revoked_at=at, reason=reason)
    )
