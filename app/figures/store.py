"""The queries of figures: read-only, by column, over versions, badges, scans and attestations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Row,
    Table,
    and_,
    case,
    exists,
    func,
    select,
    text,
)

from app.badges.models import Badge
from app.core.db import ReadSession, table
from app.delegations.models import Delegation, DelegationVersion
from app.delegations.rules import Kind, Reach
from app.figures.rules import Tally, Traits
from app.gates.models import Attestation, Scan
from app.gates.rules import Source
from app.participants.models import Participant, ParticipantVersion

P, PV = table(Participant), table(ParticipantVersion)
D, DV = table(Delegation), table(DelegationVersion)
B, S, A = table(Badge), table(Scan), table(Attestation)
PRESENT = text("scans.present")
"""In the words of the partial index: SQLite does not see that `present = 1` says the same."""


@dataclass(frozen=True, slots=True)
class Instant:
    """True for `as_of`, as had been entered by `known_at`; both inclusive, UTC."""

    as_of: datetime
    known_at: datetime


def _holding(versions: Table, of: Column[UUID], conference_id: UUID, at: Instant) -> FromClause:
    """The one version of each thing that holds at an instant.

    The greatest (`valid_from`, `recorded_at`) among those valid and known by then; rows written
    in one microsecond are told apart by their number.
    """
    v = versions.c
    place = func.row_number().over(
        partition_by=of,
        order_by=(v.valid_from.desc(), v.recorded_at.desc(), v.id.desc()),
    )
    ranked = (
        select(*v, place.label("place"))
        .where(
            v.conference_id == conference_id,
            v.valid_from <= at.as_of,
            v.recorded_at <= at.known_at,
        )
        .subquery()
    )
    return select(ranked).where(ranked.c.place == 1).subquery()


def _yes(condition: ColumnElement[bool]) -> ColumnElement[int]:
    # A plain 0 or 1 can be grouped by on both databases.
    return case((condition, 1), else_=0)


def _people(conference_id: UUID, at: Instant) -> tuple[FromClause, list[ColumnElement[Any]]]:
    """People as at an instant, and the columns of their traits, but for what the delegation is.

    The delegations are another query: joined here, both databases work out everybody's versions
    again for each delegation.
    """
    person = _holding(PV, PV.c.participant_id, conference_id, at)
    p = person.c
    badged = exists().where(
        B.c.conference_id == conference_id,
        B.c.participant_id == p.participant_id,
        B.c.collected_at <= at.as_of,
        B.c.collected_recorded_at <= at.known_at,
    )
    scanned = exists().where(
        S.c.participant_id == p.participant_id,
        PRESENT,
        S.c.at <= at.as_of,
        S.c.recorded_at <= at.known_at,
    )

    def told(source: Source) -> ColumnElement[bool]:
        return exists().where(
            A.c.participant_id == p.participant_id,
            A.c.source == source,
            A.c.at <= at.as_of,
            A.c.recorded_at <= at.known_at,
        )

    columns: list[ColumnElement[Any]] = [
        p.delegation_id,
        p.status,
        p.rank,
        p.role,
        p.sex,
        _yes(badged).label("badged"),
        _yes(scanned).label("scanned"),
        _yes(told(Source.attested)).label("attested"),
        _yes(told(Source.remote)).label("remote"),
        p.mode,
    ]
    return person, [p.participant_id, *columns]


Kinds = dict[UUID, tuple[Kind, Reach | None]]


async def _kinds(session: ReadSession, conference_id: UUID, at: Instant) -> Kinds:
    """Kind and reach of each delegation that there was at an instant."""
    body = _holding(DV, DV.c.delegation_id, conference_id, at).c
    query = select(body.delegation_id, body.kind, body.reach)
    return {row[0]: (row[1], row[2]) for row in await session.execute(query)}


def _traits(row: Sequence[Any], kinds: Kinds) -> Traits:
    body, status, rank, role, sex, badged, scanned, attested, remote, mode = row
    seen = (bool(badged), bool(scanned), bool(attested), bool(remote))
    return Traits(body, *kinds[body], status, rank, role, sex, *seen, mode)


async def tallies(session: ReadSession, conference_id: UUID, at: Instant) -> list[Tally]:
    """How many people are alike in all traits, at an instant."""
    kinds = await _kinds(session, conference_id, at)
    person, (_, *traits) = _people(conference_id, at)
    inner = select(*traits).select_from(person).subquery()
    query = select(*inner.c, func.count()).group_by(*inner.c)
    rows = await session.execute(query)
    return [(_traits(row[:-1], kinds), row[-1]) for row in rows if row[0] in kinds]


async def traits_of(
    session: ReadSession, conference_id: UUID, at: Instant, ids: Collection[UUID] | None = None
) -> dict[UUID, Traits]:
    """Some people's traits, or everybody's, as at an instant."""
    kinds = await _kinds(session, conference_id, at)
    person, (participant_id, *traits) = _people(conference_id, at)
    query = select(participant_id, *traits).select_from(person)
    if ids is not None:
        query = query.where(participant_id.in_(ids))
    rows = await session.execute(query)
    return {row[0]: _traits(row[1:], kinds) for row in rows if row[1] in kinds}


@dataclass(frozen=True, slots=True)
class Body:
    """What of a delegation names it."""

    code: str
    name: str
    iso3: str | None


async def bodies(session: ReadSession, conference_id: UUID) -> dict[UUID, Body]:
    """The delegations by id, in the order of lists."""
    query = (
        select(D.c.id, D.c.code, D.c.name, D.c.iso3)
        .where(D.c.conference_id == conference_id)
        .order_by(D.c.search, D.c.code)
    )
    return {row[0]: Body(*row[1:]) for row in await session.execute(query)}


async def people(
    session: ReadSession, conference_id: UUID, at: Instant
) -> list[tuple[Traits, Row[*tuple[Any, ...]]]]:
    """Everybody with traits as at an instant, and the present name, function and delegation."""
    kinds = await _kinds(session, conference_id, at)
    person, (participant_id, *traits) = _people(conference_id, at)
    query = (
        select(
            *traits,
            P.c.id,
            P.c.name,
            P.c.style,
            P.c.function,
            D.c.code,
            D.c.name.label("delegation"),
            D.c.iso3,
        )
        .select_from(person.join(P, P.c.id == participant_id).join(D, D.c.id == traits[0]))
        .order_by(D.c.search, D.c.code, P.c.position, P.c.id)
    )
    width = len(traits)
    rows = await session.execute(query)
    return [(_traits(row[:width], kinds), row) for row in rows if row[0] in kinds]


async def waiting_ranks(session: ReadSession, conference_id: UUID) -> int:
    """How many people have a suggested rank that nobody has decided."""
    found = await session.execute(
        select(func.count())
        .select_from(P)
        .where(
            and_(
                P.c.conference_id == conference_id,
                P.c.rank.is_(None),
                P.c.rank_suggested.is_not(None),
            )
        )
    )
    return found.scalar_one()
