"""The dashboard: shares, arrivals, live numbers, the page and the paper."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from app.accounts.rules import INSTALLATION
from app.core import clock
from app.core.db import Database, table
from app.core.events import publish
from app.figures.dashboards import live, rules, service, store
from app.figures.dashboards.charts import Bar, bars, columns
from app.figures.rules import Basis
from app.figures.store import Instant
from app.gates import occupancy
from app.gates.events import Seen
from app.gates.models import Gate, Scan
from app.gates.rules import Direction, Result, Source
from app.participants.rules import Role
from tests.figures.past import attested, made_before
from tests.participants.people import nominated
from tests.world import World, signed_in

MORNING = datetime(2026, 11, 4, 5, 30, tzinfo=UTC)  # 08:30 in Kuwait


@given(st.lists(st.integers(0, 9_999), min_size=1, max_size=9))
def test_shares_sum_to_a_hundred(counts: list[int]) -> None:
    found = rules.shares(counts)
    assert sum(found) == (100 if sum(counts) else 0)
    for n, share in zip(counts, found, strict=True):
        assert abs(share - 100 * n / (sum(counts) or 1)) < 1


def test_the_largest_remainder_gets_what_is_left() -> None:
    assert rules.shares([1, 1, 1]) == [34, 33, 33]
    assert rules.shares([170, 310, 32]) == [33, 61, 6]
    assert rules.shares([0, 0, 5]) == [0, 0, 100]


def test_hours_are_those_of_the_conference_and_none_is_left_out() -> None:
    found = [
        rules.Arrival("2026-11-04 05:59", None, 2),
        rules.Arrival("2026-11-04 06:00", None, 1),
        rules.Arrival("2026-11-04 08:30", None, 4),
    ]
    assert rules.by_hour(found, "Asia/Kuwait") == [(8, 2), (9, 1), (10, 0), (11, 4)]
    night = rules.Arrival("2026-11-05 00:00", None, 7)
    assert rules.by_hour([night], "Asia/Kolkata") == [(5, 7)]
    assert rules.by_hour([], "UTC") == []


def test_pictures_have_attributes_only_and_mirror() -> None:
    found = [Bar("<b>", 3, "3", 4), Bar("B", 1, "1")]
    for draw in (bars, columns):
        for rtl in (True, False):
            picture = draw("A & B", found, rtl=rtl)
            assert "style" not in picture
            assert "&lt;b&gt;" in picture
            assert "<title>A &amp; B</title>" in picture
        assert draw("", found, rtl=True) != draw("", found, rtl=False)
        assert "<rect" in draw("", [], rtl=False) or draw is bars


async def _scanned(world: World, person: UUID, at: datetime, gate: UUID, **more: object) -> None:
    row = {
        "conference_id": world.conference.id,
        "gate_id": gate,
        "participant_id": person,
        "device_id": uuid4(),
        "nonce": "1",
        "direction": Direction.entry,
        "device_at": at,
        "at": at,
        "received_at": at,
        "recorded_at": at,
        "local_day": at.date(),
        "result": Result.ok,
        "forced": False,
        "present": True,
    }
    async with world.database.writing() as session:
        await session.execute(insert(table(Scan)), [row | more])


@pytest.fixture
async def world(database: Database) -> World:
    return await made_before(database, MORNING)


@pytest.fixture
async def gate(world: World) -> UUID:
    async with world.database.writing() as session:
        made = Gate(conference_id=world.conference.id, name="North")
        session.add(made)
        await session.flush()
        return made.id


@pytest.fixture
async def day(world: World, gate: UUID) -> dict[str, UUID]:
    """Two scanned, one of them attested before; a guard, one from afar, one known only later."""
    with clock.frozen(MORNING - timedelta(days=20)):
        made = {
            "early": await nominated(world, approve=True, sex="female", rank="minister"),
            "both": await nominated(world, approve=True, delegation="TJK", name="Second"),
            "guard": await nominated(world, approve=True, name="Guard", role="security"),
            "afar": await nominated(world, approve=True, name="From Afar", mode="remote"),
            "late": await nominated(world, approve=True, name="Late", delegation="CHT"),
        }
    people = {name: UUID(id) for name, id in made.items()}
    hour = timedelta(hours=1)
    await _scanned(world, people["early"], MORNING, gate)
    await _scanned(world, people["early"], MORNING + hour, gate)
    await _scanned(world, people["early"], MORNING + 24 * hour, gate)
    await _scanned(world, people["both"], MORNING + 2 * hour, gate)
    await attested(world, people["both"], MORNING + hour)
    await _scanned(world, people["guard"], MORNING, gate)
    await attested(world, people["afar"], MORNING, source=Source.remote)
    later = MORNING + 48 * hour
    await _scanned(world, people["late"], MORNING + hour, gate, recorded_at=later)
    return people


async def test_each_person_arrives_once_a_day(world: World, day: dict[str, UUID]) -> None:
    evening = Instant(MORNING + timedelta(hours=40), MORNING + timedelta(hours=40))
    async with world.database.reading() as session:
        found = await service.dashboard(session, INSTALLATION, world.conference, evening)
        told = await service.dashboard(
            session,
            INSTALLATION,
            world.conference,
            Instant(evening.as_of, MORNING + timedelta(hours=50)),
            Basis.accredited,
        )
    assert [(one.day.day, one.persons) for one in found.days] == [(4, 2), (5, 1)]
    hours = [(one.hour, one.persons) for one in found.days[0].hours]
    assert hours == [(8, 1), (9, 1)]
    assert [(one.name, one.persons) for one in found.gates] == [("North", 2), (None, 1)]
    assert (found.basis, found.funnel[3].persons) == (Basis.attended, 2)
    # What was recorded later shows for a later known-at only.
    assert told.days[0].persons == 3
    assert told.funnel[3].persons == 3
    shares = [(one.key, one.persons, one.share) for one in told.sexes]
    assert shares == [("women", 1, 25), ("men", 0, 0), ("sex_unknown", 3, 75)]
    regions = {one.key: (one.states, one.persons) for one in told.regions}
    assert regions["asia_pacific"] == (2, 3)


async def test_before_anybody_came_it_shows_who_is_accredited(world: World) -> None:
    await nominated(world, approve=True)
    async with world.database.reading() as session:
        now = Instant(MORNING - timedelta(days=30), MORNING + timedelta(days=9_000))
        found = await service.dashboard(session, INSTALLATION, world.conference, now)
    assert (found.basis, found.days) == (Basis.accredited, [])


async def test_how_many_are_here(world: World, day: dict[str, UUID]) -> None:
    async with world.database.reading() as session:
        at = MORNING + timedelta(hours=30)
        midnight = clock.parse_instant("2026-11-05T00:00", "Asia/Kuwait")
        found = await store.here(session, world.conference.id, midnight, at, [Role.security])
    assert found == (2, 1)


async def test_a_dashboard_of_now_tells_the_live_numbers(
    world: World, day: dict[str, UUID]
) -> None:
    for hours in (2, 30):
        with clock.frozen(MORNING + timedelta(hours=hours)):
            now = Instant(clock.now(), clock.now())
            async with world.database.reading() as session:
                found = await service.dashboard(session, INSTALLATION, world.conference, now)
                told = await service.live(session, world.conference)
            assert service.live_of(found, world.conference) == told
    early = Instant(MORNING - timedelta(days=2), MORNING)
    async with world.database.reading() as session:
        found = await service.dashboard(session, INSTALLATION, world.conference, early)
    assert service.live_of(found, world.conference) is None


async def test_what_was_annulled_or_attested_shows_as_it_was_known(
    world: World, day: dict[str, UUID], gate: UUID
) -> None:
    """The earliest counts, whichever it is; what was annulled, until it was."""
    hour = timedelta(hours=1)
    with clock.frozen(MORNING - timedelta(days=20)):
        guest = UUID(await nominated(world, approve=True, name="Guest"))
    await _scanned(
        world,
        guest,
        MORNING - hour,
        gate,
        present=False,
        was_present=True,
        annulled_at=MORNING + 30 * hour,
    )
    await attested(world, guest, MORNING)
    evening = MORNING + 20 * hour
    async with world.database.reading() as session:
        told = [
            await service.dashboard(
                session, INSTALLATION, world.conference, Instant(evening, known), Basis.attended
            )
            for known in (MORNING + 29 * hour, MORNING + 31 * hour)
        ]
    hours = [[(one.hour, one.persons) for one in found.days[0].hours] for found in told]
    assert hours == [[(7, 1), (8, 1), (9, 1)], [(8, 2), (9, 1)]]
    gates = [{one.name: one.persons for one in found.gates} for found in told]
    assert gates == [{"North": 2, None: 1}, {"North": 1, None: 2}]


async def test_whoever_watches_is_told_of_a_commit(
    world: World, day: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "PAUSE", 0.0)
    with clock.frozen(MORNING + timedelta(days=20)):
        told = live.stream(world.database, world.conference, "en")
        assert await anext(told) == "retry: 1000\n\n"
        assert json.loads((await anext(told)).removeprefix("data: ")) == {
            "so_far": "3",
            "today": "0",
        }
        nxt = asyncio.ensure_future(anext(told))
        await asyncio.sleep(0)
        async with world.database.writing() as session:
            await publish(session, Seen(frozenset({world.conference.id})))
        assert await nxt == ": still here\n\n"
        nxt = asyncio.ensure_future(anext(told))
        await asyncio.sleep(0)
        await attested(world, day["afar"], MORNING + timedelta(days=19, hours=23))
        async with world.database.writing() as session:
            await publish(session, Seen(frozenset({world.conference.id})))
        assert '"so_far": "4"' in await nxt
        await told.aclose()
    assert occupancy.watch(world.database).watchers == 0


@pytest.mark.parametrize(
    ("role", "status"),
    [("press_officer", 200), ("registration_officer", 200), ("focal_point", 403), ("nobody", 401)],
)
async def test_who_sees_it(
    client: httpx.AsyncClient, world: World, day: dict[str, UUID], role: str, status: int
) -> None:
    async with world.database.writing() as session:
        from app.quotas import service as quotas
        from app.quotas.schemas import QuotaIn

        await quotas.create(
            session, INSTALLATION, world.conference, QuotaIn(name="Main", capacity=9)
        )
    await signed_in(client, world, role)
    base = f"/c/{world.conference.slug}/figures/dashboard"
    page = await client.get(f"{base}?as_of=2026-11-05&lang=ar")
    assert page.status_code == status
    for path in ("/live", "/report.pdf"):
        if status != 200:
            assert (await client.get(base + path)).status_code == status
    if status == 200:
        assert page.text.count("<svg") == page.text.count('class="beside"') >= 5
        # The press is told figures; quotas are the registration's.
        assert ("Main" in page.text) is (role == "registration_officer")
        assert (await client.get(base)).status_code == 200
        # Another language asks the same.
        assert 'href="?as_of=2026-11-05&amp;lang=fr"' in page.text
        wrong = await client.get(f"{base}?as_of=yesterday")
        assert wrong.status_code == 422
        assert "f-as-of-error" in wrong.text
        with clock.frozen(MORNING + timedelta(hours=3)):
            await signed_in(client, world, role)
            of_now = await client.get(base)
        for key in ("so_far", "today"):
            assert f'data-number="{key}">2<' in of_now.text


@pytest.mark.parametrize("language", ["en", "fr", "es", "ru", "ar", "zh"])
async def test_the_report(
    client: httpx.AsyncClient, world: World, day: dict[str, UUID], language: str
) -> None:
    await signed_in(client, world, "press_officer")
    base = f"/c/{world.conference.slug}/figures/dashboard/report.pdf"
    made = await client.get(base, params={"as_of": "2026-11-05", "lang": language})
    assert made.status_code == 200, made.text
    assert made.content.startswith(b"%PDF")
    assert (await client.get(base, params={"lang": "tlh"})).status_code == 422


async def test_the_api_says_the_same(
    client: httpx.AsyncClient, world: World, day: dict[str, UUID], database: Database
) -> None:
    asked = {"as_of": "2026-11-05", "known_at": "2027-01-01"}
    answer = await client.get(
        f"{world.api}/dashboard", params=asked, headers=world.headers("press_officer")
    )
    found = answer.json()
    assert (found["basis"], found["quotas"]) == ("attended", None)
    assert found["funnel"][3] == {"basis": "attended", "persons": 3}
    assert sum(one["share"] for one in found["sexes"]) == 100
