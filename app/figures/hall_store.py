"""The queries of halls: who came in where, and how full it was."""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, String, case, cast, exists, func, select

from app.core.db import ReadSession, table
from app.figures.days import DAY, TICK, Span
from app.figures.store import Instant, P, S
from app.gates.models import Gate
from app.gates.rules import Direction
from app.gates.store import PRESENT
from app.participants.rules import Role
from app.programme.models import Session
from app.receptions.models import Reception

_HOUR = timedelta(hours=1)
G, M, R = table(Gate), table(Session), table(Reception)


async def gates(session: ReadSession, conference_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every gate with the titles of what it guards, sessions by their time first."""
    found = await session.execute(
        select(
            *(G.c.id, G.c.name, G.c.zone, G.c.counts, G.c.session_id, G.c.reception_id),
            M.c.title.label("session"),
            R.c.title.label("reception"),
        )
        .select_from(
            G.outerjoin(M, M.c.id == G.c.session_id).outerjoin(R, R.c.id == G.c.reception_id)
        )
        .where(G.c.conference_id == conference_id)
        .order_by(M.c.starts_at.is_(None), M.c.starts_at, G.c.position, G.c.name)
    )
    return found.all()


def _told(span: Span, at: Instant, gates: Collection[UUID]) -> tuple[ColumnElement[bool], ...]:
    since, until = span
    between = S.c.at.between(since, min(until, at.as_of))
    return S.c.gate_id.in_(gates), between, S.c.recorded_at <= at.known_at


def _passages(
    conference_id: UUID, span: Span, at: Instant, gates: Collection[UUID]
) -> tuple[ColumnElement[bool], ...]:
    who = S.c.participant_id.is_not(None)
    return S.c.conference_id == conference_id, S.c.passed, who, *_told(span, at, gates)


async def entered(
    session: ReadSession,
    conference_id: UUID,
    span: Span,
    at: Instant,
    gates: Collection[UUID],
    counting: Collection[UUID],
) -> dict[UUID, list[str]]:
    """By gate who was let in there within a span: their ids as the database's text.

    At a gate that counts an entry is a presence, and presences are read from their index alone.
    """
    counts = set(gates) & set(counting)
    told = _told(span, at, gates)
    # Asked first, by the index of the gates: on most of all days nobody comes.
    anybody = exists().where(S.c.conference_id == conference_id, *told).correlate(None)
    people = select(P.c.id).where(P.c.conference_id == conference_id).order_by(P.c.id)
    person = people.cte("people").prefix_with("MATERIALIZED")
    pairs = select(S.c.participant_id, S.c.gate_id).distinct()
    of_people = pairs.select_from(person.join(S, S.c.participant_id == person.c.id))
    passages = _passages(conference_id, span, at, set(gates) - counts)
    found: dict[UUID, list[str]] = {}
    for query in (
        of_people.where(PRESENT, *_told(span, at, counts)),
        pairs.where(*passages, S.c.direction == Direction.entry),
    ):
        # A gate is one line: a row of its own for each person takes longer to be read.
        each = query.where(anybody).subquery().c
        ids = func.aggregate_strings(cast(each.participant_id, String), ";")
        for row in await session.execute(select(each.gate_id, ids).group_by(each.gate_id)):
            found[row[0]] = row[1].split(";")
    return found


async def of_roles(
    session: ReadSession, conference_id: UUID, roles: Collection[Role]
) -> frozenset[str]:
    """Everybody whose role is one of these now: their ids as the database's text."""
    found = await session.execute(
        select(cast(P.c.id, String)).where(P.c.conference_id == conference_id, P.c.role.in_(roles))
    )
    return frozenset(found.scalars())


async def passages(
    session: ReadSession, conference_id: UUID, span: Span, at: Instant, gates: Collection[UUID]
) -> AsyncIterator[Sequence[Row[*tuple[Any, ...]]]]:
    """Who passed within a span, by `minute` (UTC, as text) and `gate_id`: a line in any order.

    In it, with semicolons between, the rest of the moment, a space, `+` for in or `-` for out, and
    the person's id, all as the database's text. An hour at a time: a day may have half a million,
    and a row for each would keep the doors waiting.
    """
    moment = cast(S.c.at, String)
    minute = func.substr(moment, 1, 16)
    way = case((S.c.direction == Direction.entry, " +"), else_=" -")
    one = func.substr(moment, 17).concat(way).concat(cast(S.c.participant_id, String))
    since, until = span[0], min(span[1], at.as_of)
    step = _HOUR if until - since <= 2 * DAY else until - since + TICK
    while since <= until:
        told = _passages(conference_id, (since, min(until, since + step - TICK)), at, gates)
        line = func.aggregate_strings(one, ";")
        query = select(minute.label("minute"), S.c.gate_id, line.label("line")).where(*told)
        yield (
            await session.execute(query.group_by("minute", S.c.gate_id).order_by("minute"))
        ).all()
        since += step
