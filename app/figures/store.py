"""The queries of figures: read-only, by column, over versions, badges, scans and attestations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import add
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    Subquery,
    Table,
    TextClause,
    and_,
    case,
    exists,
    func,
    or_,
    select,
)

from app.badges.models import Badge
from app.core.db import ReadSession, table
from app.delegations.models import Delegation, DelegationVersion
from app.delegations.rules import Kind, Reach
from app.figures.rules import Tally, Traits
from app.gates.models import Attestation, Scan
from app.gates.rules import Source
from app.gates.store import PRESENT, WAS_PRESENT
from app.participants.models import Participant, ParticipantVersion

P, PV = table(Participant), table(ParticipantVersion)
D, DV = table(Delegation), table(DelegationVersion)
B, S, A = table(Badge), table(Scan), table(Attestation)


@dataclass(frozen=True, slots=True)
class Instant:
    """True for `as_of`, as had been entered by `known_at`; both inclusive, UTC."""

    as_of: datetime
    known_at: datetime


def _holding(
    session: ReadSession, versions: Table, things: Table, of: str, conference_id: UUID, at: Instant
) -> Subquery:
    """The one version of each thing that holds at an instant.

    The greatest (`valid_from`, `recorded_at`) among those valid and known by then; rows written
    in one microsecond are told apart by their number. An index has them in this order: PostgreSQL
    is fastest walking all of it backwards, SQLite looking up the last of each thing.
    """

    def known(v: FromClause) -> list[ColumnElement[bool]]:
        return [
            v.c.conference_id == conference_id,
            v.c.valid_from <= at.as_of,
            v.c.recorded_at <= at.known_at,
        ]

    def newest(v: FromClause) -> list[ColumnElement[Any]]:
        return [v.c.valid_from.desc(), v.c.recorded_at.desc(), v.c.id.desc()]

    if session.get_bind().dialect.name == "postgresql":
        walk = select(*versions.c).prefix_with(f"DISTINCT ON ({of})").where(*known(versions))
        return walk.order_by(versions.c[of].desc(), *newest(versions)).subquery()
    older = versions.alias()
    last = (
        select(older.c.id)
        .where(*known(older), older.c[of] == things.c.id)
        .order_by(*newest(older))
        .limit(1)
        .correlate(things)
        .scalar_subquery()
    )
    return (
        select(*versions.c)
        .select_from(things.join(versions, versions.c.id == last))
        .where(things.c.conference_id == conference_id)
        .subquery()
    )


def _people(
    session: ReadSession, conference_id: UUID, at: Instant
) -> tuple[Subquery, list[ColumnElement[Any]]]:
    """People as at an instant, and the columns of their traits, but for what the delegation is.

    The delegations are another query: joined here, both databases work out everybody's versions
    again for each delegation. What was seen of a person is one number, a bit for each: people are
    grouped by few columns much faster than by many.
    """
    person = _holding(session, PV, P, "participant_id", conference_id, at)
    p = person.c

    def among(facts: Table, *conditions: ColumnElement[bool] | TextClause) -> ColumnElement[bool]:
        # Read once as a list: a person has one such fact or none. Of scans there are too many.
        found = select(facts.c.participant_id).where(
            facts.c.conference_id == conference_id, *conditions
        )
        return p.participant_id.in_(found)

    def told(facts: Table) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return facts.c.at <= at.as_of, facts.c.recorded_at <= at.known_at

    badged = among(B, B.c.collected_at <= at.as_of, B.c.collected_recorded_at <= at.known_at)
    scanned = or_(
        exists().where(S.c.participant_id == p.participant_id, PRESENT, *told(S)),
        # What was annulled later was believed until then.
        among(S, WAS_PRESENT, S.c.annulled_at > at.known_at, *told(S)),
    )
    attested, remote = (
        among(A, A.c.source == source, *told(A)) for source in (Source.attested, Source.remote)
    )
    facts = (badged, scanned, attested, remote)
    seen = reduce(add, (case((fact, 1 << n), else_=0) for n, fact in enumerate(facts)))
    columns = [p.delegation_id, p.status, p.rank, p.role, p.sex, p.mode, seen.label("seen")]
    return person, [p.participant_id, *columns]


Kinds = dict[UUID, tuple[Kind, Reach | None]]


async def _kinds(session: ReadSession, conference_id: UUID, at: Instant) -> Kinds:
    """Kind and reach of each delegation that there was at an instant."""
    body = _holding(session, DV, D, "delegation_id", conference_id, at).c
    query = select(body.delegation_id, body.kind, body.reach)
    return {row[0]: (row[1], row[2]) for row in await session.execute(query)}


def _traits(row: Sequence[Any], kinds: Kinds) -> Traits:
    body, status, rank, role, sex, mode, seen = row
    badged, scanned, attested, remote = (bool(seen >> n & 1) for n in range(4))
    kind, reach = kinds[body]
    return Traits(
        body, kind, reach, status, rank, role, sex, badged, scanned, attested, remote, mode
    )


async def tallies(session: ReadSession, conference_id: UUID, at: Instant) -> list[Tally]:
    """How many people are alike in all traits, at an instant."""
    kinds = await _kinds(session, conference_id, at)
    person, (_, *traits) = _people(session, conference_id, at)
    inner = select(*traits).select_from(person).subquery()
    query = select(*inner.c, func.count()).group_by(*inner.c)
    rows = await session.execute(query)
    return [(_traits(row[:-1], kinds), row[-1]) for row in rows if row[0] in kinds]


async def traits_of(
    session: ReadSession, conference_id: UUID, at: Instant, ids: Collection[UUID] | None = None
) -> dict[UUID, Traits]:
    """Some people's traits, or everybody's, as at an instant."""
    kinds = await _kinds(session, conference_id, at)
    person, (participant_id, *traits) = _people(session, conference_id, at)
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
    person, (participant_id, *traits) = _people(session, conference_id, at)
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
