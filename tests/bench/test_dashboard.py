"""What the dashboard costs with 20,000 people and 1,000,000 scans, against one count of the scans.

Run by `make bench`; prints milliseconds and the machine's load, and never fails by time.
"""

import os
import random
import shutil
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.engine import URL

from app.accounts.rules import INSTALLATION
from app.badges.models import Badge
from app.conferences.models import Conference
from app.conferences.store import conference_by_slug
from app.core import clock
from app.core.db import Database, table
from app.figures import service as figures
from app.figures.breakdown import By
from app.figures.dashboards import service, store
from app.figures.dashboards.panels import panels
from app.figures.rules import Basis
from app.figures.store import Instant
from app.gates.models import Gate, Scan
from app.gates.rules import Direction, Result
from app.participants.models import Participant
from app.sample.load import load_many
from tests.conftest import _execute

PEOPLE, SCANS, SLUG = 20_000, 1_000_000, "large"
G, S, P, B = table(Gate), table(Scan), table(Participant), table(Badge)


async def crowd(database: Database) -> Conference:
    """A conference of three days: each person passes its gates some fifty times."""
    await load_many(database, SLUG, PEOPLE)
    chance = random.Random(5)
    async with database.writing() as session:
        conference = await conference_by_slug(session, SLUG)
        assert conference is not None
        more = [{"id": uuid4(), "conference_id": conference.id, "name": f"Hall {n}"} for n in "ABC"]
        await session.execute(insert(G), more)
        gates = list((await session.execute(select(G.c.id))).scalars())
        people = list((await session.execute(select(P.c.id))).scalars())
        midnight = clock.day_end(conference.starts - timedelta(days=1), conference.timezone)
        for start in range(0, SCANS, 10_000):
            rows = []
            for n in range(start, start + 10_000):
                day = n * 3 // SCANS
                at = midnight + timedelta(days=day, seconds=chance.randrange(28_800, 64_800))
                ok, entry = chance.random() < 0.97, chance.random() < 0.6
                rows.append(
                    {
                        "conference_id": conference.id,
                        "gate_id": chance.choice(gates),
                        "participant_id": chance.choice(people),
                        "device_id": UUID(int=7),
                        "nonce": str(n),
                        "direction": Direction.entry if entry else Direction.exit,
                        "device_at": at,
                        "at": at,
                        "received_at": at,
                        "recorded_at": at,
                        "local_day": conference.starts + timedelta(days=day),
                        "result": Result.ok if ok else Result.already_redeemed,
                        "forced": False,
                        "passed": ok,
                        "present": ok and entry,
                    }
                )
            await session.execute(insert(S), rows)
        collected = {"collected_at": B.c.issued_at, "collected_recorded_at": B.c.issued_at}
        await session.execute(update(B).values(collected))
    # What the database does by itself within the day.
    words = "ANALYZE" if database.is_sqlite else "VACUUM ANALYZE"
    async with database.engine.connect() as connection:
        if not database.is_sqlite:  # a VACUUM stands in no transaction
            await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text(words))
        await connection.commit()
    return conference


async def _times(work: Callable[[], Awaitable[object]]) -> tuple[float, float, float]:
    """Milliseconds: the first time, and the median of five by the clock and of this process."""
    took = []
    for _ in range(6):
        began, spent = time.perf_counter(), time.process_time()
        await work()
        took.append((time.perf_counter() - began, time.process_time() - spent))
    by_clock, spent = (1000 * statistics.median(one) for one in zip(*took[1:], strict=True))
    return 1000 * took[0][0], by_clock, spent


async def measure(name: str, database: Database) -> None:
    conference = await crowd(database)
    last = clock.day_end(conference.ends, conference.timezone) - timedelta(hours=1)
    after = last + timedelta(hours=9)
    midnight = last - timedelta(hours=23)
    print(f"\n{name}: {PEOPLE:,} people, {SCANS:,} scans, load {os.getloadavg()[0]:.1f}")
    async with database.reading() as session:

        async def page() -> None:
            at = Instant(clock.now(), clock.now())
            found = await service.dashboard(session, INSTALLATION, conference, at)
            assert panels(found, "en")
            assert service.live_of(found, conference)

        async def page_as_of() -> None:
            at = Instant(last, clock.now())
            found = await service.dashboard(session, INSTALLATION, conference, at)
            assert panels(found, "en")
            await here()

        async def tallies() -> None:
            at = Instant(clock.now(), clock.now())
            await figures.count(session, INSTALLATION, conference, Basis.attended, at)

        async def here() -> None:
            await store.here(session, conference.id, midnight, last, ["security"])

        async def by_hall() -> None:
            at = Instant(clock.now(), clock.now())
            found = await figures.breakdown(
                session, INSTALLATION, conference, Basis.attended, at, By.hall
            )
            assert found.rows

        async def fullest() -> None:
            at = Instant(clock.now(), clock.now())
            assert (await figures.fullest(session, INSTALLATION, conference, at)).halls

        async def scans() -> None:
            await session.execute(select(func.count()).select_from(S))

        for words, now, work in (
            ("the last evening, the page of now", last, page),
            ("another instant", last, page_as_of),
            ("by hall", last, by_hall),
            ("the fullest hall", last, fullest),
            ("the morning after, by hall", after, by_hall),
            ("the fullest hall", after, fullest),
            ("one figure's tallies", after, tallies),
            ("live numbers", after, here),
            ("baseline: count of all scans", after, scans),
        ):
            with clock.frozen(now):
                first, took, spent = await _times(work)
            print(f"  {words:34} {took:6.0f} ms  cpu {spent:6.0f}  the first time {first:6.0f}")
    await database.close()


@pytest.mark.sqlite
async def test_the_dashboard_on_sqlite(sqlite_template: Path, tmp_path: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "plenary.db")
    await measure("SQLite", Database(f"sqlite+aiosqlite:///{tmp_path}/plenary.db"))


@pytest.mark.database
async def test_the_dashboard_on_postgresql(postgres_template: tuple[URL, str]) -> None:
    server, template = postgres_template
    name = f"plenary_bench_dashboard_{os.getpid()}"
    await _execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    await measure("PostgreSQL", Database(server.set(database=name)))
