"""The queries of halls: who came in where, and how full it was."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, String, and_, cast, func, or_, select

from app.core.db import ReadSession, table
from app.figures.store import Instant, P, S
from app.gates.models import Gate
from app.gates.rules import Direction
from app.gates.store import PRESENT
from app.participants.rules import Role
from app.programme.models import Session
from app.receptions.models import Reception

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


def _known(at: Instant, gates: Collection[UUID]) -> tuple[ColumnElement[bool], ...]:
    return S.c.gate_id.in_(gates), S.c.at <= at.as_of, S.c.recorded_at <= at.known_at


def _passages(
    conference_id: UUID, at: Instant, gates: Collection[UUID]
) -> tuple[ColumnElement[bool], ...]:
    who = S.c.participant_id.is_not(None)
    return S.c.conference_id == conference_id, S.c.passed, who, *_known(at, gates)


async def entered(
    session: ReadSession,
    conference_id: UUID,
    at: Instant,
    places: Mapping[UUID, str],
    counting: Collection[UUID],
) -> dict[UUID, set[str]]:
    """By person the places where they were let in; `places` are named by their gates.

    At a gate that counts an entry is a presence, and presences are read from their index alone.
    """
    others = places.keys() - counting
    way = S.c.direction == Direction.entry
    found: dict[UUID, set[str]] = defaultdict(set)
    pairs = select(S.c.participant_id, S.c.gate_id).distinct()
    for query in (
        pairs.where(PRESENT, *_known(at, places.keys() & counting)),
        pairs.where(*_passages(conference_id, at, others), way),
    ):
        for row in await session.execute(query):
            found[row[0]].add(places[row[1]])
    return found


async def tides(
    session: ReadSession,
    conference_id: UUID,
    at: Instant,
    gates: Collection[UUID],
    excluded: Collection[Role],
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Of a place, minute by minute with movement: `day`, `minute` (UTC, as text), `came`, `left`.

    A second entry without an exit between is none, and midnight empties a hall, as gates have it.
    """
    before = func.lag(S.c.direction).over(
        partition_by=(S.c.participant_id, S.c.local_day),
        order_by=(S.c.at, S.c.device_id, S.c.nonce),
    )
    counted = select(P.c.id).where(P.c.conference_id == conference_id, P.c.role.not_in(excluded))
    passed = (
        select(
            S.c.local_day,
            func.substr(cast(S.c.at, String), 1, 16).label("minute"),
            S.c.direction,
            before.label("before"),
        )
        .where(*_passages(conference_id, at, gates), S.c.participant_id.in_(counted))
        .subquery()
    )
    p = passed.c
    came = and_(p.direction == Direction.entry, or_(p.before.is_(None), p.before == Direction.exit))
    left = and_(p.direction == Direction.exit, p.before == Direction.entry)
    found = await session.execute(
        select(
            p.local_day.label("day"),
            p.minute,
            func.count().filter(came).label("came"),
            func.count().filter(left).label("left"),
        )
        .group_by(p.local_day, p.minute)
        .order_by(p.local_day, p.minute)
    )
    return found.all()
