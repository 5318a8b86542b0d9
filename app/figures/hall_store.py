"""The queries of halls: who came in where, and how full it was."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select

from app.core.db import ReadSession, table
from app.figures.store import Instant, P, S
from app.gates.models import Gate
from app.gates.rules import Direction
from app.participants.rules import Role
from app.programme.models import Session
from app.receptions.models import Reception

G, M, R = table(Gate), table(Session), table(Reception)


async def gates(session: ReadSession, conference_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every gate with the titles of what it guards, sessions by their time first."""
    found = await session.execute(
        select(
            *(G.c.id, G.c.name, G.c.zone, G.c.session_id, G.c.reception_id),
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


def _passages(conference_id: UUID, at: Instant, gates: Collection[UUID]) -> ColumnElement[bool]:
    return and_(
        S.c.conference_id == conference_id,
        S.c.gate_id.in_(gates),
        S.c.passed,
        S.c.participant_id.is_not(None),
        S.c.at <= at.as_of,
        S.c.recorded_at <= at.known_at,
    )


async def entered(
    session: ReadSession, conference_id: UUID, at: Instant, places: Mapping[UUID, str]
) -> dict[UUID, set[str]]:
    """By person the places where they were let in; `places` are named by their gates."""
    rows = await session.execute(
        select(S.c.participant_id, S.c.gate_id)
        .distinct()
        .where(_passages(conference_id, at, places), S.c.direction == Direction.entry)
    )
    found: dict[UUID, set[str]] = defaultdict(set)
    for row in rows:
        found[row[0]].add(places[row[1]])
    return found


async def tides(
    session: ReadSession,
    conference_id: UUID,
    at: Instant,
    places: Mapping[UUID, str],
    excluded: Collection[Role],
) -> Sequence[Row[*tuple[Any, ...]]]:
    """By place: `entries`, `exits`, the most inside at once (`peak`) and since when (`peak_at`).

    A second entry without an exit between is none, and midnight empties a hall, as gates have it.
    """
    if not places:
        return []
    place = case(dict(places), value=S.c.gate_id)
    day = (place, S.c.local_day)
    before = func.lag(S.c.direction).over(
        partition_by=(*day, S.c.participant_id), order_by=(S.c.at, S.c.device_id, S.c.nonce)
    )
    passed = (
        select(place.label("place"), S.c.local_day, S.c.at, S.c.direction, before.label("before"))
        .select_from(S.join(P, P.c.id == S.c.participant_id))
        .where(_passages(conference_id, at, places), P.c.role.not_in(excluded))
        .subquery()
    )
    p = passed.c
    came = and_(p.direction == Direction.entry, or_(p.before.is_(None), p.before == Direction.exit))
    left = and_(p.direction == Direction.exit, p.before == Direction.entry)
    step = case((came, 1), (left, -1), else_=0)
    steps = select(p.place, p.local_day, p.at, step.label("step")).subquery()
    s = steps.c
    level = func.sum(s.step).over(partition_by=(s.place, s.local_day), order_by=s.at)
    levels = select(s.place, s.at, s.step, level.label("level")).subquery()
    v = levels.c

    def total(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0)).over(partition_by=v.place)

    nth = func.row_number().over(partition_by=v.place, order_by=(v.level.desc(), v.at))
    ranked = select(
        v.place,
        total(v.step > 0).label("entries"),
        total(v.step < 0).label("exits"),
        v.level.label("peak"),
        v.at.label("peak_at"),
        nth.label("nth"),
    ).subquery()
    found = await session.execute(select(ranked).where(ranked.c.nth == 1))
    return found.all()
