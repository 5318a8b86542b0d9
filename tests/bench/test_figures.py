"""How long figures take: 20,000 people, 1,000,000 scans, now and at past instants.

Run by `make bench` on both databases. The goals: every figure in 150 ms warm, any as-of in 400 ms.
Prints medians of five beside the bare count of the people's versions in the same run, the
processor's time of this process (on SQLite all of it), and the machine's load; never fails by time.
"""

import os
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import String, cast, func, insert, literal, select, text, union_all, update

from app.accounts.rules import INSTALLATION
from app.conferences import service as conferences
from app.conferences.models import Conference
from app.core import clock
from app.core.db import Database, ReadSession, new_id
from app.figures import service
from app.figures.breakdown import By
from app.figures.publications import differences
from app.figures.publications import service as publications
from app.figures.publications.schemas import PublicationIn
from app.figures.rules import Basis
from app.figures.store import PV, B, Instant, P, S
from app.gates.models import Gate
from app.participants.rules import Status
from app.sample.load import load_many

PEOPLE, SCANS_EACH = 20_000, 56


async def fill(database: Database) -> Conference:
    """The synthetic conference, and nine in ten of its people scanned again and again."""
    await load_many(database, "figures", PEOPLE)
    async with database.writing() as session:
        conference = await conferences.conference(session, "figures")
        gate = Gate(conference_id=conference.id, name="Bench")
        session.add(gate)
        await session.flush()
        device, start = new_id(), clock.now()
        moments = union_all(
            *(
                select(
                    literal(n).label("n"),
                    literal(start + timedelta(minutes=n)).label("at"),
                    literal(start.date()).label("day"),
                    literal("entry" if n % 2 else "exit").label("direction"),
                    literal(n % 2 == 1).label("present"),
                )
                for n in range(1, SCANS_EACH + 1)
            )
        ).subquery()
        who = (
            select(P.c.id, func.row_number().over(order_by=P.c.id).label("number"))
            .where(P.c.conference_id == conference.id, P.c.status == Status.approved)
            .subquery()
        )
        m = moments.c
        columns: dict[str, Any] = {
            "conference_id": literal(conference.id),
            "gate_id": literal(gate.id),
            "participant_id": who.c.id,
            "device_id": literal(device),
            "nonce": cast(who.c.number * 1_000 + m.n, String),
            "device_at": m.at,
            "at": m.at,
            "received_at": m.at,
            "recorded_at": m.at,
            "local_day": m.day,
            "direction": m.direction,
            "result": literal("ok"),
            "forced": literal(False),
            "present": m.present,
        }
        query = select(*columns.values()).select_from(who.join(moments, literal(True)))
        await session.execute(insert(S).from_select(list(columns), query))
        # Everybody has a badge in hand: a figure that finds none is measured too well.
        collected = {"collected_at": B.c.issued_at, "collected_recorded_at": B.c.issued_at}
        await session.execute(update(B).values(collected))
    async with database.writing() as session:
        await session.execute(text("ANALYZE"))
    if not database.is_sqlite:  # what the server does by itself within the day
        async with database.engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text("VACUUM"))
    return conference


async def _median(work: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """Milliseconds by the clock and of the processor."""
    await work()
    took = []
    for _ in range(5):
        began, spent = time.perf_counter(), time.process_time()
        await work()
        took.append((time.perf_counter() - began, time.process_time() - spent))
    by_clock, spent = (statistics.median(one) * 1000 for one in zip(*took, strict=True))
    return by_clock, spent


async def _say(session: ReadSession, conference: Conference, before: Instant) -> None:
    now = Instant(clock.now() + timedelta(hours=2), clock.now() + timedelta(hours=2))
    middle = Instant(now.as_of - timedelta(minutes=90), now.known_at)

    async def bare() -> None:
        await session.execute(select(func.count()).select_from(PV))

    def table(basis: Basis, at: Instant) -> Callable[[], Awaitable[object]]:
        return lambda: service.statistics(session, INSTALLATION, conference, basis, at)

    def figures(basis: Basis, at: Instant) -> Callable[[], Awaitable[object]]:
        return lambda: service.every_figure(session, INSTALLATION, conference, basis, at)

    ways: dict[str, Callable[[], Awaitable[object]]] = {
        "baseline: count of versions": bare,
        "table, accredited, now": table(Basis.accredited, now),
        "table, attended, now": table(Basis.attended, now),
        "every figure, attended, now": figures(Basis.attended, now),
        "every figure, as of the middle": figures(Basis.attended, middle),
        "every figure, before all scans": figures(Basis.attended, before),
        "by group of States": lambda: service.breakdown(
            session, INSTALLATION, conference, Basis.attended, now, By.state_group
        ),
    }
    base = 0.0
    for name, work in ways.items():
        took, spent = await _median(work)
        base = base or took
        print(f"  {name:32} {took:7.1f} ms  cpu {spent:6.1f}  {took / base:5.0f} × baseline")


async def test_figures(database: Database) -> None:
    conference = await fill(database)
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    async with database.reading() as session:
        scans = (await session.execute(select(func.count()).select_from(S))).scalar_one()
        print(f"\n{kind}, {PEOPLE} people, {scans} scans, load {os.getloadavg()[0]:.1f}")
        await _say(session, conference, Instant(clock.now(), clock.now() + timedelta(hours=2)))
    async with database.writing() as session:
        given = PublicationIn(title="Bench", basis=Basis.attended)
        made = await publications.freeze(session, INSTALLATION, conference, given)
    async with database.reading() as session:
        took, spent = await _median(
            lambda: differences.differences(session, INSTALLATION, conference, made.id)
        )
        print(f"  {'what changed since a publication':32} {took:7.1f} ms  cpu {spent:6.1f}")
