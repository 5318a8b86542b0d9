"""The dashboard's own queries: arrivals, and how many are here."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    ScalarSelect,
    String,
    Subquery,
    TextClause,
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
from app.figures.store import Instant
from app.gates.models import Attestation, Gate, Scan
from app.gates.rules import Source
from app.gates.store import PRESENT
from app.participants.models import Participant
from app.participants.rules import Role

P, D, G = table(Participant), table(Delegation), table(Gate)
S, A = table(Scan), table(Attestation)

Span = tuple[datetime, datetime]
Condition = ColumnElement[bool] | TextClause


def people_of(conference_id: UUID, excluded: Collection[Role]) -> CTE:
    """Everybody whose role now is not excluded, by id: neighbours in the indexes come in turn."""
    return (
        select(P.c.id)
        .where(P.c.conference_id == conference_id, P.c.role.not_in(excluded))
        .order_by(P.c.id)
        .cte("people")
        .prefix_with("MATERIALIZED")
    )


def seen(people: CTE, known_at: datetime) -> tuple[list[Condition], list[Condition]]:
    """Conditions of a person's scans and attestations that are a presence in person."""
    scanned: list[Condition] = [
        S.c.participant_id == people.c.id,
        PRESENT,
        S.c.recorded_at <= known_at,
    ]
    attested: list[Condition] = [
        A.c.participant_id == people.c.id,
        A.c.source == Source.attested,
        A.c.recorded_at <= known_at,
    ]
    return scanned, attested


def days_of(spans: Sequence[Span]) -> Subquery:
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


def _minute(at: ColumnElement[datetime]) -> ColumnElement[str]:
    """`2024-11-04 05:30`, UTC, on both databases."""
    return func.substr(cast(at, String), 1, 16)


async def arrivals(
    session: ReadSession,
    conference_id: UUID,
    spans: Sequence[Span],
    at: Instant,
    excluded: Collection[Role],
) -> list[Arrival]:
    """When and where people were first seen in each span, by the roles that they have now.

    One step into an index for each person and span, and no row is read: the index has the gate.
    """
    if not spans:
        return []
    days = days_of([(since, min(until, at.as_of)) for since, until in spans])
    people = people_of(conference_id, excluded)
    scanned, attested = seen(people, at.known_at)
    scan: ScalarSelect[str] = (
        select(_minute(S.c.at).concat(" ").concat(cast(S.c.gate_id, String)))
        .where(*scanned, S.c.at >= days.c.since, S.c.at <= days.c.until)
        .order_by(S.c.at)
        .limit(1)
        .correlate(people, days)
        .scalar_subquery()
    )
    attestation: ScalarSelect[str] = (
        select(_minute(func.min(A.c.at)))
        .where(*attested, A.c.at >= days.c.since, A.c.at <= days.c.until)
        .correlate(people, days)
        .scalar_subquery()
    )
    # Materialized, so that no database looks into the index again for each mention; an outer join,
    # so that none goes through all people once a day.
    first = (
        select(days.c.day, scan.label("scan"), attestation.label("attested"))
        .select_from(people.outerjoin(days, true()))
        .cte("first")
        .prefix_with("MATERIALIZED")
    )
    query = (
        select(*first.c, func.count())
        .where(or_(first.c.scan.is_not(None), first.c.attested.is_not(None)))
        .group_by(*first.c)
    )
    return [_arrival(row[0], row[1], row[2], row[3]) for row in await session.execute(query)]


def _arrival(day: int, scan: str | None, attested: str | None, persons: int) -> Arrival:
    if scan is None or (attested is not None and attested < scan[:16]):
        return Arrival(day, attested or "", None, persons)
    return Arrival(day, scan[:16], UUID(scan[17:]), persons)


async def here(
    session: ReadSession,
    conference_id: UUID,
    midnight: datetime,
    now: datetime,
    excluded: Collection[Role],
) -> tuple[int, int]:
    """How many people have been seen in person up to now, and since midnight."""
    people = people_of(conference_id, excluded)
    scanned, attested = seen(people, now)
    last_scan = select(func.max(S.c.at)).where(*scanned).correlate(people).scalar_subquery()
    last_attested = select(func.max(A.c.at)).where(*attested).correlate(people).scalar_subquery()
    last = (
        select(last_scan.label("scan"), last_attested.label("attested"))
        .select_from(people)
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
