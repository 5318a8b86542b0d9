"""What is kept of days that are over is what the database would say, whatever is told later."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from app import wiring
from app.accounts.rules import INSTALLATION
from app.core import clock
from app.core.db import new_id, table
from app.figures import days, hall_store, halls, service
from app.figures.breakdown import By
from app.figures.dashboards import service as dashboards
from app.figures.dashboards import store as dashboard_store
from app.figures.days import Days
from app.figures.rules import Basis
from app.figures.store import Instant
from app.gates import checkin
from app.gates import service as gates
from app.gates.models import Gate
from app.gates.rules import Direction
from app.gates.schemas import GateIn
from app.gates.service import LoadedScan
from app.participants.models import Participant
from tests.figures.past import attested, made_before
from tests.participants.people import nominated
from tests.world import World

START = datetime(2026, 11, 4, 5, tzinfo=UTC)  # 08:00 in Kuwait, the first of two days
HOUR = timedelta(hours=1)
AFTER = START + 60 * HOUR
"""The evening after the last day."""


class Asked:
    """Of which days the database was asked to look through scans."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.spans: list[datetime] = []
        self._patch = patch
        self.forget()
        for module, name, of in (
            (hall_store, "passages", lambda given: [given[2]]),
            (hall_store, "entered", lambda given: [given[2]]),
            (dashboard_store, "look", lambda given: given[2]),
        ):
            patch.setattr(module, name, self._noting(getattr(module, name), of))

    def forget(self) -> None:
        """As a process that has just begun."""
        for module, name in ((halls, "_tides"), (halls, "_entered"), (dashboards, "_arrived")):
            self._patch.setattr(module, name, Days())

    def _noting(
        self, ask: Callable[..., Any], of: Callable[[tuple[Any, ...]], list[days.Span]]
    ) -> Callable[..., Any]:
        def noted(*given: Any) -> Any:
            self.spans += [since for since, _ in of(given)]
            return ask(*given)

        return noted


@pytest.fixture
async def world(database: Any) -> World:
    return await made_before(database, START)


@pytest.fixture
async def people(world: World) -> list[UUID]:
    """Four approved, the last of them a guard, who is not counted."""
    wiring.connect()
    with clock.frozen(START - 200 * HOUR):
        made = [
            await nominated(world, approve=True, name=f"Person {role} {n}", role=role)
            for n, role in enumerate(("delegate", "delegate", "delegate", "security"))
        ]
    return [UUID(one) for one in made]


@pytest.fixture
async def doors(world: World) -> list[Gate]:
    async with world.database.writing() as session:
        given = [GateIn(name="Hall"), GateIn(name="Garden", zone=1, counts=False)]
        return [await gates.create(session, INSTALLATION, world.conference, one) for one in given]


async def scanned(
    world: World,
    door: Gate,
    who: UUID,
    at: datetime,
    told: datetime,
    way: Direction = Direction.entry,
) -> None:
    async with world.database.writing() as session:
        one = LoadedScan(door.id, None, who, at, way, recorded_at=told)
        await gates.load_scans(session, world.conference, new_id(), [one])


async def told(world: World, at: Instant) -> list[Any]:
    """All that is kept: who was in which hall, how full they were, and who arrived when."""
    one, on = world.conference, Basis.attended
    async with world.database.reading() as session:
        rows = await service.breakdown(session, INSTALLATION, one, on, at, By.hall)
        fullest = await service.fullest(session, INSTALLATION, one, at)
        board = await dashboards.dashboard(session, INSTALLATION, one, at, on)
    return [rows.rows, fullest.halls, board.days, board.gates, board.funnel]


async def test_days_that_are_over_are_looked_through_once(
    world: World, people: list[UUID], doors: list[Gate], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked(monkeypatch)
    one, two, three, _ = people
    await scanned(world, doors[0], one, START, START)
    await scanned(world, doors[0], one, START + HOUR, START + HOUR, Direction.exit)
    await scanned(world, doors[1], two, START + 25 * HOUR, START + 25 * HOUR)
    now = Instant(AFTER, AFTER)
    first, second = (since for _, since, _ in days.spans_of(world.conference, AFTER))
    with clock.frozen(AFTER):
        found = await told(world, now)
        assert {first, second} < set(asked.spans)
        asked.spans.clear()
        assert await told(world, now) == found
        assert first not in asked.spans
        assert second not in asked.spans
        # An offline device comes back: the day of its scan is looked through again, and later ones.
        await scanned(world, doors[0], three, START + 26 * HOUR, AFTER)
        late = await told(world, now)
        assert late[2][1].persons == 1
        assert late != found
        assert second in asked.spans
        assert first not in asked.spans
        # As it was known before, it is still what it was.
        assert await told(world, Instant(AFTER, AFTER - HOUR)) == found
        await attested(world, two, START + 2 * HOUR, told=AFTER)
        assert (await told(world, now))[2][0].persons == 2
        # Who is a guard was not counted, on whichever day.
        async with world.database.writing() as session:
            of_one = table(Participant).c.id == one
            await session.execute(update(table(Participant)).where(of_one).values(role="security"))
        changed = await told(world, now)
        assert [hall.entries for hall in changed[1]] == [1, 1]
        assert changed[2][0].persons == 1
        asked.forget()
        assert await told(world, now) == changed


async def test_a_day_is_kept_when_nothing_of_it_can_be_annulled(
    world: World, people: list[UUID], doors: list[Gate], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked(monkeypatch)
    _, _, until = days.spans_of(world.conference, AFTER)[0]
    await scanned(world, doors[0], people[0], until - HOUR, until - HOUR)
    soon = until + checkin.ANNULLED_WITHIN
    for now, kept in ((soon, False), (soon + timedelta(minutes=2), True)):
        with clock.frozen(now):
            await told(world, Instant(now, now))
            asked.spans.clear()
            await told(world, Instant(now, now))
        # Entries, halls, and arrivals.
        assert sum(begins <= until for begins in asked.spans) == (0 if kept else 3)


async def test_other_places_are_looked_for_anew(
    world: World, people: list[UUID], doors: list[Gate], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked(monkeypatch)
    await scanned(world, doors[1], people[0], START, START)
    now = Instant(AFTER, AFTER)
    with clock.frozen(AFTER):
        before = await told(world, now)
        async with world.database.writing() as session:
            await session.execute(
                update(table(Gate)).where(table(Gate).c.id == doors[1].id).values(zone=7)
            )
        after = await told(world, now)
        assert [[row.key for row in some[1]] for some in (before, after)] == [
            ["zone:1"],
            ["zone:7"],
        ]
        asked.forget()
        assert await told(world, now) == after


async def test_a_conference_that_begins_earlier_counts_nothing_twice(
    world: World, people: list[UUID], doors: list[Gate], monkeypatch: pytest.MonkeyPatch
) -> None:
    Asked(monkeypatch)
    at = START - 20 * HOUR
    await scanned(world, doors[0], people[0], at, at)
    now = Instant(AFTER, AFTER)
    starts = world.conference.starts - timedelta(days=1)
    moved = replace(world, conference=world.conference.model_copy(update={"starts": starts}))
    with clock.frozen(AFTER):
        entries = [[hall.entries for hall in (await told(one, now))[1]] for one in (world, moved)]
    assert entries == [[1], [1]]


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_is_told_it_is_what_a_new_process_says(
    world: World,
    people: list[UUID],
    doors: list[Gate],
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
) -> None:
    """Scans and attestations of any time, told at once or later; asked at any instants between."""
    asked, chance = Asked(monkeypatch), Random(seed)
    now = START
    for _ in range(25):
        now += chance.choice((timedelta(seconds=20), HOUR, 5 * HOUR))
        with clock.frozen(now):
            who = chance.choice(people)
            at = now - chance.choice((timedelta(), HOUR, 9 * HOUR, 26 * HOUR))
            if chance.random() < 0.2:
                await attested(world, who, at, told=now)
            else:
                way = chance.choice(list(Direction))
                await scanned(world, chance.choice(doors), who, at, now, way)
            as_of = now - chance.choice((timedelta(), 3 * HOUR, 30 * HOUR))
            asks = Instant(as_of, chance.choice((now, now, as_of, now - 2 * HOUR)))
            found = await told(world, asks)
            kept = {
                (module, name): getattr(module, name)
                for module, name in (
                    (halls, "_tides"),
                    (halls, "_entered"),
                    (dashboards, "_arrived"),
                )
            }
            asked.forget()
            assert await told(world, asks) == found
            for (module, name), value in kept.items():
                monkeypatch.setattr(module, name, value)
