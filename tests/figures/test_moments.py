"""By day and by hour: when people were first seen, in the conference's own time."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from app import wiring
from app.accounts.rules import INSTALLATION
from app.core import clock
from app.core.db import Database
from app.figures import service
from app.figures.breakdown import By
from app.figures.rules import Basis
from app.figures.store import Instant
from app.gates import service as gates
from app.gates.models import Gate
from app.gates.schemas import GateIn
from tests.figures.past import attested, made_before
from tests.figures.test_halls import scanned
from tests.participants.people import nominated
from tests.world import World

START = datetime(2026, 11, 4, 5, tzinfo=UTC)  # 08:00 in Kuwait, the first of two days


@pytest.fixture
async def world(database: Database) -> World:
    return await made_before(database, START)


@pytest.fixture
async def door(world: World) -> Gate:
    async with world.database.writing() as session:
        return await gates.create(session, INSTALLATION, world.conference, GateIn(name="Door"))


@pytest.fixture
async def people(world: World, door: Gate) -> list[UUID]:
    """One on both days, one attested, a guard, and one whom nobody saw."""
    wiring.connect()
    with clock.frozen(START - timedelta(days=20)):
        made = [
            UUID(await nominated(world, approve=True, name=f"Person {n}", role=role))
            for n, role in enumerate(("delegate", "delegate", "security", "delegate"))
        ]
    # 20:59 and 21:00 UTC are two days in Kuwait.
    passages = [(30, "in", 0), (90, "in", 0), (31, "in", 2), (16 * 60 - 1, "out", 0)]
    await scanned(world, door, made, [*passages, (16 * 60, "in", 0)])
    await attested(world, made[1], START + timedelta(hours=2), told=START + timedelta(days=5))
    return made


async def test_rows_of_days_and_hours_open_to_their_persons(
    client: httpx.AsyncClient, world: World, people: list[UUID]
) -> None:
    asked = "as_of=2099-01-01&known_at=2099-01-01&basis=attended"
    for by, expected in (
        ("day", {"2026-11-04": 2, "2026-11-05": 1}),
        ("hour", {"2026-11-04T08": 1, "2026-11-04T10": 1, "2026-11-05T00": 1}),
    ):
        path = f"{world.api}/statistics/breakdown?by={by}&{asked}"
        found = (await client.get(path, headers=world.headers("press_officer"))).json()
        assert {one["key"]: one["participants"] for one in found["rows"]} == expected
        for key, persons in expected.items():
            behind = await client.get(
                f"{world.api}/statistics/people?by={by}&row={key}&{asked}", headers=world.headers()
            )
            assert behind.json()["count"] == persons
    assert found["rows"][0]["label"] == "4 November 2026, 08:00 to 09:00"


async def test_as_of_and_known_at(world: World, people: list[UUID]) -> None:
    async def days(as_of: datetime, known_at: datetime) -> dict[str, int]:
        at = Instant(as_of, known_at)
        async with world.database.reading() as session:
            found = await service.breakdown(
                session, INSTALLATION, world.conference, Basis.nominated, at, By.day
            )
        return {one.key: one.participants for one in found.rows}

    late = START + timedelta(days=3_000)
    early, after = START + timedelta(minutes=20), START + timedelta(days=4)
    assert await days(late, after) == {"2026-11-04": 1, "2026-11-05": 1}
    assert await days(late, late) == {"2026-11-04": 2, "2026-11-05": 1}
    assert await days(early, late) == {}
    assert await days(early + timedelta(hours=1), late) == {"2026-11-04": 1}
