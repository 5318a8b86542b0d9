"""The dashboard's own queries: arrivals, and how many are here."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    String,
    Table,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from app.core.db import ReadSession, table
from app.delegations.models import Delegation
from app.figures import store as figures
from app.figures.dashboards.rules import Arrival
from app.figures.days import Span
from app.figures.rules import Tally
from app.figures.store import Condition, Instant
from app.gates.models import Attestation, Gate, Scan
from app.gates.rules import Source
from app.gates.store import PRESENT, WAS_PRESENT
from app.participants.models import Participant
from app.participants.rules import Role

P, D, G = table(Participant), table(Delegation), table(Gate)
S, A = table(Scan), table(Attestation)


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


def _first(
    id: ColumnElement[UUID],
    conference_id: UUID,
    span: Span,
    known_at: datetime,
    rare: ColumnElement[bool],
) -> ColumnElement[str]:
    """When and where a person was first seen: `2024-11-04 05:30 `, UTC, and the gate or a `-`.

    One step into an index, which has the gate. Who is `rare` has more than scans, which is asked
    of nobody else.
    """

    def seen(
        facts: Table, gate: ColumnElement[str], *holds: Condition
    ) -> Select[*tuple[datetime, str]]:
        word = func.substr(cast(facts.c.at, String), 1, 16).concat(" ").concat(gate)
        return (
            select(facts.c.at, word.label("word"))
            .where(
                facts.c.participant_id == id,
                *holds,
                facts.c.recorded_at <= known_at,
                facts.c.at.between(*span),
            )
            .correlate_except(facts)
        )

    gate = cast(S.c.gate_id, String)
    scans = seen(S, gate, PRESENT)
    annulled = (S.c.conference_id == conference_id, WAS_PRESENT, S.c.annulled_at > known_at)
    attested = seen(A, literal("-"), A.c.source == Source.attested)
    every = union_all(scans, seen(S, gate, *annulled), attested).subquery()
    first_of_all = select(every.c.word).order_by(every.c.at, every.c.word.desc()).limit(1)
    first_scan = scans.with_only_columns(scans.selected_columns.word).order_by(S.c.at).limit(1)
    return case((rare, first_of_all.scalar_subquery()), else_=first_scan.scalar_subquery())


async def first_seen(
    session: ReadSession, conference_id: UUID, span: Span, at: Instant
) -> list[tuple[str, list[str]]]:
    """By the minute (UTC, as text) who was first seen in person then within a span.

    Their ids are the database's text, a line for each minute.
    """
    seen = figures.Seen(P.c.id, conference_id, at)
    rare = or_(seen.told(Source.attested), seen.annulled())
    since, until = span
    word = _first(P.c.id, conference_id, (since, min(until, at.as_of)), at.known_at, rare)
    each = (
        select(P.c.id, word.label("word"))
        .where(P.c.conference_id == conference_id)
        .order_by(P.c.id)
        .cte("each")
        .prefix_with("MATERIALIZED")
        .c
    )
    minute = func.substr(each.word, 1, 16)
    ids = func.aggregate_strings(cast(each.id, String), ";")
    rows = await session.execute(
        select(minute, ids).where(each.word.is_not(None)).group_by(minute).order_by(minute)
    )
    return [(row[0], row[1].split(";")) for row in rows]


@dataclass(frozen=True, slots=True)
class Look:
    """People alike in all traits, arrivals of each day asked for, and who is `excluded`, by id."""

    tallies: list[Tally]
    arrivals: list[list[Arrival]]
    excluded: frozenset[str]


async def look(
    session: ReadSession,
    conference_id: UUID,
    spans: Sequence[Span],
    at: Instant,
    excluded: Collection[Role],
) -> Look:
    """What people are at an instant, and when and where they were first seen in spans.

    One pass: whoever was scanned in a span was scanned, so that nobody is looked up once more.
    """
    kinds = await figures.kinds_at(session, conference_id, at)
    id, columns = figures.people_at(session, conference_id, at)
    seen = figures.Seen(id, conference_id, at)
    attested = seen.told(Source.attested)
    rare = or_(attested, seen.annulled())
    known = figures.bits(seen.badged(), None, attested, seen.told(Source.remote))
    days = [
        _first(id, conference_id, (since, min(until, at.as_of)), at.known_at, rare).label(
            f"day_{n}"
        )
        for n, (since, until) in enumerate(spans)
    ]
    # Materialized, so that no database looks into the index again for each mention.
    everyone = (
        select(id.label("id"), *columns, known.label("known"), *days)
        .cte("everyone")
        .prefix_with("MATERIALIZED")
    )
    words = [everyone.c[f"day_{n}"] for n in range(len(spans))]
    of_gate = [func.substr(word, 18) != "-" for word in words]
    scanned = or_(*of_gate, figures.Seen(everyone.c.id, conference_id, at).scanned())
    traits = [everyone.c[column.name] for column in columns]
    seen_bits = everyone.c.known + figures.bits(None, scanned)
    alike = select(*traits, seen_bits.label("seen")).subquery()
    found = [
        select(literal(-1), cast(null(), String), *alike.c, func.count()).group_by(*alike.c),
    ]
    role = everyone.c.role
    # A line each: a row of its own for each minute and gate, or person, takes longer to be read.
    ids = func.aggregate_strings(cast(everyone.c.id, String), ";")
    lines = [select(ids).where(role.in_(excluded))]
    for word in words:
        here = select(word.label("word"), func.count().label("persons"))
        each = here.where(word.is_not(None), role.not_in(excluded)).group_by(word).subquery().c
        told = each.word.concat(" ").concat(cast(each.persons, String))
        lines.append(select(func.aggregate_strings(told, ";")))
    nothing = [null()] * len(alike.c)
    for n, line in enumerate(lines):
        found.append(select(literal(n), line.scalar_subquery(), *nothing, literal(0)))
    tallies: list[Tally] = []
    told_lines = [""] * len(lines)
    for place, line, *row, persons in await session.execute(union_all(*found)):
        if place >= 0:
            told_lines[place] = line or ""
        elif row[0] in kinds:
            tallies.append((figures.traits_of_row(row, kinds), persons))
    who, *of_days = told_lines
    return Look(tallies, [list(_arrivals(line)) for line in of_days], frozenset(who.split(";")))


def _arrivals(line: str) -> Iterator[Arrival]:
    gates: dict[str, UUID | None] = {"-": None}
    for one in filter(None, line.split(";")):
        gate, persons = one[17:].split(" ")
        if gate not in gates:
            gates[gate] = UUID(gate)
        yield Arrival(one[:16], gates[gate], int(persons))


async def here(
    session: ReadSession,
    conference_id: UUID,
    midnight: datetime,
    now: datetime,
    excluded: Collection[Role],
) -> tuple[int, int]:
    """How many people have been seen in person up to now, and since midnight, by roles of now."""
    people = people_of(conference_id, excluded)
    scanned, _ = seen(people, now)
    last_scan = select(func.max(S.c.at)).where(*scanned).correlate(people).scalar_subquery()
    last = (
        select(people.c.id, last_scan.label("scan"))
        .select_from(people)
        .cte("last")
        .prefix_with("MATERIALIZED")
    )
    attested = select(A.c.participant_id).where(
        A.c.conference_id == conference_id,
        A.c.source == Source.attested,
        A.c.recorded_at <= now,
    )
    ever = or_(last.c.scan.is_not(None), last.c.id.in_(attested))
    today = or_(last.c.scan >= midnight, last.c.id.in_(attested.where(A.c.at >= midnight)))
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
