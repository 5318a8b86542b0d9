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
    String,
    Subquery,
    Table,
    TextClause,
    and_,
    case,
    cast,
    exists,
    func,
    not_,
    or_,
    select,
    union_all,
)

from app.badges.models import Badge
from app.core.db import ReadSession, table
from app.core.text import fold
from app.delegations.models import Delegation, DelegationVersion
from app.delegations.rules import Kind, Reach
from app.figures.rules import Tally, Traits
from app.gates.models import Attestation, Scan
from app.gates.rules import Source
from app.gates.store import PRESENT, WAS_PRESENT
from app.participants.models import Participant, ParticipantVersion
from app.states.catalogue import filed

P, PV = table(Participant), table(ParticipantVersion)
D, DV = table(Delegation), table(DelegationVersion)
B, S, A = table(Badge), table(Scan), table(Attestation)
_FIGURED = ("delegation_id", "status", "rank", "role", "sex", "mode")


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


Condition = ColumnElement[bool] | TextClause


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a person up to an instant, as conditions on a column of people's ids."""

    id: ColumnElement[UUID]
    conference_id: UUID
    at: Instant

    def _told(self, facts: Table) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return facts.c.at <= self.at.as_of, facts.c.recorded_at <= self.at.known_at

    def _among(self, facts: Table, *conditions: Condition) -> ColumnElement[bool]:
        # Read once as a list: a person has one such fact or none. Of scans there are too many.
        of_conference = facts.c.conference_id == self.conference_id
        return self.id.in_(select(facts.c.participant_id).where(of_conference, *conditions))

    def badged(self) -> ColumnElement[bool]:
        """Has collected a badge."""
        at, known_at = self.at.as_of, self.at.known_at
        return self._among(B, B.c.collected_at <= at, B.c.collected_recorded_at <= known_at)

    def annulled(self) -> ColumnElement[bool]:
        """Has a scan that was annulled later: it was believed until then."""
        later = S.c.annulled_at > self.at.known_at
        return self._among(S, WAS_PRESENT, later, *self._told(S))

    def scanned(self) -> ColumnElement[bool]:
        """Was scanned in."""
        scan = exists().where(S.c.participant_id == self.id, PRESENT, *self._told(S))
        return or_(scan, self.annulled())

    def told(self, source: Source) -> ColumnElement[bool]:
        """Was attested from this source."""
        return self._among(A, A.c.source == source, *self._told(A))


def bits(*facts: ColumnElement[bool] | None) -> ColumnElement[int]:
    """Facts as one number: people are grouped by few columns much faster than by many."""
    some = [(n, fact) for n, fact in enumerate(facts) if fact is not None]
    return reduce(add, (case((fact, 1 << n), else_=0) for n, fact in some))


def people_at(
    session: ReadSession, conference_id: UUID, at: Instant
) -> tuple[ColumnElement[UUID], list[ColumnElement[Any]]]:
    """Ids of the people that there were at an instant, and what they were.

    Where nothing was told since, they are what they are: their rows are read in place of three
    times as many versions. One statement asks which, so that nobody can come in between.

    What the delegation was is another query: joined here, both databases work out everybody's
    versions again for each delegation.
    """
    # Nothing is told before it is true, so that what was known by an instant had come true.
    since = PV.c.recorded_at > min(at.as_of, at.known_at)
    later = exists().where(PV.c.conference_id == conference_id, since)
    # In the order of their ids: neighbours in the indexes of what was seen of them come in turn.
    rows = select(P.c.id, *(P.c[name] for name in _FIGURED)).order_by(P.c.id)
    present = rows.where(P.c.conference_id == conference_id, not_(later)).subquery()
    held = _holding(session, PV, P, "participant_id", conference_id, at).c
    past = select(held.participant_id, *(held[name] for name in _FIGURED)).where(later)
    who = union_all(select(present), past).cte("who").prefix_with("MATERIALIZED").c
    return who.id, [who[name] for name in _FIGURED]


def _people(
    session: ReadSession, conference_id: UUID, at: Instant
) -> tuple[ColumnElement[UUID], list[ColumnElement[Any]]]:
    """People's ids and the columns of their traits."""
    id, columns = people_at(session, conference_id, at)
    seen = Seen(id, conference_id, at)
    facts = seen.badged(), seen.scanned(), seen.told(Source.attested), seen.told(Source.remote)
    return id, [*columns, bits(*facts).label("seen")]


Kinds = dict[UUID, tuple[Kind, Reach | None]]


async def kinds_at(session: ReadSession, conference_id: UUID, at: Instant) -> Kinds:
    """Kind and reach of each delegation that there was at an instant."""
    body = _holding(session, DV, D, "delegation_id", conference_id, at).c
    query = select(body.delegation_id, body.kind, body.reach)
    return {row[0]: (row[1], row[2]) for row in await session.execute(query)}


def traits_of_row(row: Sequence[Any], kinds: Kinds) -> Traits:
    """The traits of a person of whom `people_at` and `bits` tell."""
    body, status, rank, role, sex, mode, seen = row
    badged, scanned, attested, remote = (bool(seen >> n & 1) for n in range(4))
    kind, reach = kinds[body]
    return Traits(
        body, kind, reach, status, rank, role, sex, badged, scanned, attested, remote, mode
    )


async def tallies(session: ReadSession, conference_id: UUID, at: Instant) -> list[Tally]:
    """How many people are alike in all traits, at an instant."""
    kinds = await kinds_at(session, conference_id, at)
    _, traits = _people(session, conference_id, at)
    # Materialized: SQLite would ask once more for each group what was seen of its people.
    each = select(*traits).cte("each").prefix_with("MATERIALIZED")
    query = select(*each.c, func.count()).group_by(*each.c)
    rows = await session.execute(query)
    return [(traits_of_row(row[:-1], kinds), row[-1]) for row in rows if row[0] in kinds]


async def alike(
    session: ReadSession, conference_id: UUID, at: Instant, ids: Collection[UUID] | None = None
) -> list[tuple[Traits, list[str]]]:
    """Some people, or everybody, by their traits as at an instant: ids as the database's text.

    Few differ: who is alike comes in one line, as a row each takes three times as long.
    """
    kinds = await kinds_at(session, conference_id, at)
    participant_id, traits = _people(session, conference_id, at)
    each = select(participant_id.label("id"), *traits)
    if ids is not None:
        each = each.where(participant_id.in_(ids))
    person = each.cte("each").prefix_with("MATERIALIZED").c
    columns = [person[column.name] for column in traits]
    line = func.aggregate_strings(cast(person.id, String), ";")
    rows = await session.execute(select(line, *columns).group_by(*columns))
    return [(traits_of_row(row, kinds), who.split(";")) for who, *row in rows if row[0] in kinds]


async def traits_of(
    session: ReadSession, conference_id: UUID, at: Instant, ids: Collection[UUID] | None = None
) -> dict[UUID, Traits]:
    """Some people's traits, or everybody's, as at an instant."""
    found = await alike(session, conference_id, at, ids)
    return {UUID(id): traits for traits, some in found for id in some}


@dataclass(frozen=True, slots=True)
class Body:
    """What of a delegation names it."""

    code: str
    name: str
    iso3: str | None


async def bodies(session: ReadSession, conference_id: UUID) -> dict[UUID, Body]:
    """The delegations by id, in the order of lists."""
    query = select(D.c.id, D.c.code, D.c.name, D.c.iso3).where(D.c.conference_id == conference_id)
    found = [(row[0], Body(*row[1:])) for row in await session.execute(query)]
    # Not by what is searched: delegations entered long ago do not have their index form in it.
    return dict(sorted(found, key=lambda one: (fold(filed(one[1].name, one[1].iso3)), one[1].code)))


async def people(
    session: ReadSession, conference_id: UUID, at: Instant
) -> list[tuple[Traits, Row[*tuple[Any, ...]]]]:
    """Everybody with traits as at an instant, and the present name, function and delegation."""
    kinds = await kinds_at(session, conference_id, at)
    participant_id, traits = _people(session, conference_id, at)
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
        .where(P.c.id == participant_id, D.c.id == traits[0])
        .order_by(D.c.search, D.c.code, P.c.position, P.c.id)
    )
    width = len(traits)
    rows = await session.execute(query)
    return [(traits_of_row(row[:width], kinds), row) for row in rows if row[0] in kinds]


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
