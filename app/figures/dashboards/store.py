"""The dashboard's own queries: arrivals, and how many are here."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    String,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)

from app.core.db import ReadSession, table
from app.delegations.models import Delegation
from app.figures.dashboards.rules import Arrival
from app.figures.store import PRESENT, Instant
from app.gates.models import Attestation, Gate, Scan
from app.gates.rules import Source
from app.participants.models import Participant
from app.participants.rules import Role

P, D, G = table(Participant), table(Delegation), table(Gate)
S, A = table(Scan), table(Attestation)
FIRST = S.alias("first")

Span = tuple[datetime, datetime]


def _seen(known_at: datetime) -> tuple[list[ColumnElement[bool]], list[ColumnElement[bool]]]:
    """Conditions of a person's scans and attestations that are a presence in person."""
    scanned = [S.c.participant_id == P.c.id, PRESENT, S.c.recorded_at <= known_at]
    attested = [
        A.c.participant_id == P.c.id,
        A.c.source == Source.attested,
        A.c.recorded_at <= known_at,
    ]
    return scanned, attested  # type: ignore[return-value]  # a text is a condition too


async def arrivals(
    session: ReadSession,
    conference_id: UUID,
    spans: Sequence[Span],
    at: Instant,
    excluded: Collection[Role],
) -> list[Arrival]:
    """When and where people were first seen in each span, by the roles that they have now.

    One step into an index for each person and span: the scans in between are never read.
    """
    if not spans:
        return []
    instant = S.c.at.type
    days = union_all(
        *(
            select(
                literal(n).label("day"),
                literal(since, instant).label("since"),
                literal(min(until, at.as_of), instant).label("until"),
            )
            for n, (since, until) in enumerate(spans)
        )
    ).subquery("days")
    scanned, attested = _seen(at.known_at)
    scan: ScalarSelect[int] = (
        select(S.c.id)
        .where(*scanned, S.c.at >= days.c.since, S.c.at <= days.c.until)
        .order_by(S.c.at)
        .limit(1)
        .correlate(P, days)
        .scalar_subquery()
    )
    attestation: ScalarSelect[datetime] = (
        select(func.min(A.c.at))
        .where(*attested, A.c.at >= days.c.since, A.c.at <= days.c.until)
        .correlate(P, days)
        .scalar_subquery()
    )
    # Materialized, so that no database looks into the index again for each mention.
    seen = (
        select(days.c.day, scan.label("scan_id"), attestation.label("attested"))
        .select_from(P.join(days, true()))
        .where(P.c.conference_id == conference_id, P.c.role.not_in(excluded))
        .cte("seen")
        .prefix_with("MATERIALIZED")
    )
    by_officer = or_(FIRST.c.at.is_(None), seen.c.attested < FIRST.c.at)
    when = case((by_officer, seen.c.attested), else_=FIRST.c.at)
    columns = (
        seen.c.day,
        func.substr(cast(when, String), 1, 16).label("minute"),
        case((by_officer, None), else_=FIRST.c.gate_id).label("gate_id"),
    )
    inner = (
        select(*columns)
        .select_from(seen.outerjoin(FIRST, FIRST.c.id == seen.c.scan_id))
        .where(or_(seen.c.scan_id.is_not(None), seen.c.attested.is_not(None)))
        .subquery()
    )
    query = select(*inner.c, func.count()).group_by(*inner.c)
    return [Arrival(row[0], row[1], row[2], row[3]) for row in await session.execute(query)]


async def here(
    session: ReadSession,
    conference_id: UUID,
    midnight: datetime,
    now: datetime,
    excluded: Collection[Role],
) -> tuple[int, int]:
    """How many people have been seen in person up to now, and since midnight."""
    scanned, attested = _seen(now)
    last_scan = select(func.max(S.c.at)).where(*scanned).correlate(P).scalar_subquery()
    last_attested = select(func.max(A.c.at)).where(*attested).correlate(P).scalar_subquery()
    last = (
        select(last_scan.label("scan"), last_attested.label("attested"))
        .where(P.c.conference_id == conference_id, P.c.role.not_in(excluded))
        .cte("last")
        .prefix_with("MATERIALIZED")
    )
    ever = or_(last.c.scan.is_not(None), last.c.attested.is_not(None))
    today = or_(last.c.scan >= midnight, last.c.attested >= midnight)
    found = await session.execute(
        select(func.count().filter(ever), func.count().filter(today)).select_from(last)
    )
    so_far, since_midnight = found.one()
    return so_far, since_midnight


async def states(session: ReadSession, conference_id: UUID) -> dict[UUID, str]:
    """The ISO code of every delegation that has one."""
    found = await session.execute(
        select(D.c.id, D.c.iso3).where(D.c.conference_id == conference_id, D.c.iso3.is_not(None))
    )
    return {row[0]: row[1] for row in found}


async def gate_names(session: ReadSession, conference_id: UUID) -> dict[UUID, str]:
    """Every gate's name."""
    found = await session.execute(
        select(G.c.id, G.c.name).where(G.c.conference_id == conference_id)
    )
    return {row[0]: row[1] for row in found}
