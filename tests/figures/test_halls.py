"""Where people were, and how full it was: against a replay that goes scan by scan."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from app import wiring
from app.accounts.rules import INSTALLATION
from app.badges.models import Badge
from app.core.db import new_id, table
from app.figures import service
from app.figures.halls import Tide
from app.figures.store import Instant
from app.gates import service as gates
from app.gates.models import Gate
from app.gates.rules import Direction, GateKind
from app.gates.schemas import GateIn
from app.gates.service import LoadedScan
from app.programme import service as programme
from app.programme.schemas import SessionIn
from tests.participants.people import nominated
from tests.world import World, signed_in

B = table(Badge)
START = datetime(2026, 11, 4, 5, tzinfo=UTC)  # 08:00 in Kuwait
Passage = tuple[int, str, int]
"""Minutes after the start, `in` or `out`, and who."""


@pytest.fixture
async def people(world: World) -> list[UUID]:
    """Four approved, the last of them a guard, who is not counted."""
    wiring.connect()  # Approval issues the badges.
    made = [
        await nominated(world, approve=True, name=f"Person {name}", sex=sex, role=role)
        for name, sex, role in (
            ("One", "female", "delegate"),
            ("Two", "male", "delegate"),
            ("Three", None, "delegate"),
            ("Guard", None, "security"),
        )
    ]
    return [UUID(one) for one in made]


async def gate(world: World, *, opening: bool = False) -> Gate:
    """The main door, or that of a session."""
    async with world.database.writing() as session:
        given = GateIn(name="Main door")
        if opening:
            held = await programme.create_session(
                session,
                INSTALLATION,
                world.conference,
                SessionIn.model_validate(
                    {
                        "title": {"en": "Opening"},
                        "local_start": "2026-11-04T09:00",
                        "local_end": "2026-11-04T10:00",
                    }
                ),
            )
            given = GateIn(
                name="Door of the opening",
                kind=GateKind.session,
                session_id=held.id,
                counts=False,
            )
        return await gates.create(session, INSTALLATION, world.conference, given)


async def scanned(
    world: World,
    at: Gate,
    people: list[UUID],
    passages: Iterable[Passage],
    late: timedelta = timedelta(),
) -> None:
    async with world.database.writing() as session:
        rows = await session.execute(
            select(B.c.participant_id, B.c.id).where(B.c.participant_id.in_(people))
        )
        badges = {row[0]: row[1] for row in rows}
        scans = [
            LoadedScan(
                at.id,
                badges[people[who]],
                people[who],
                moment := START + timedelta(minutes=minute),
                Direction.entry if way == "in" else Direction.exit,
                recorded_at=moment + late,
            )
            for minute, way, who in passages
        ]
        await gates.load_scans(session, world.conference, new_id(), scans)


def replayed(passages: Iterable[Passage], persons: int) -> int:
    """The most inside, scan by scan, no two in a minute; midnight is 16 hours after the start."""
    inside: set[tuple[int, int]] = set()
    most = 0
    for minute, way, who in sorted(passages):
        if who >= persons:
            continue
        one = (minute // (16 * 60), who)
        inside = inside | {one} if way == "in" else inside - {one}
        most = max(most, len({it for it in inside if it[0] == one[0]}))
    return most


async def told(world: World, at: Instant) -> tuple[int, int | None, datetime | None]:
    async with world.database.reading() as session:
        found = await service.fullest(session, INSTALLATION, world.conference, at)
    if not found.halls:
        return 0, None, None
    [hall] = found.halls
    return hall.entries, hall.peak, hall.peak_at


def after(minutes: int, known: int | None = None) -> Instant:
    later = minutes if known is None else known
    return Instant(START + timedelta(minutes=minutes), START + timedelta(minutes=later))


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        ([], (0, 0, 0, None)),
        # A second entry is none, nor an exit of who is not inside; the first fullest minute counts.
        ([(0, "+a +b"), (1, "+a -c"), (2, "-a +c")], (3, 1, 2, 0)),
        # The end of a minute counts: who came and went within it was never many.
        ([(0, "+a"), (1, "+b -a")], (2, 1, 1, 0)),
        # Who is not counted is in no number.
        ([(0, "+guard +a"), (1, "-guard")], (1, 0, 1, 0)),
        # Midnight, 16 hours after the start, empties a hall.
        ([(0, "+a +b"), (16 * 60, "+c -a")], (3, 0, 2, 0)),
    ],
)
def test_how_full_a_hall_was(
    minutes: list[tuple[int, str]], expected: tuple[int, int, int, int | None]
) -> None:
    tide = Tide()
    for minute, passages in minutes:
        at = START + timedelta(minutes=minute)
        told = [f":{n:02} {one}" for n, one in enumerate(passages.split())]
        day = (at + timedelta(hours=3)).date()
        tide.flow(day, at, reversed(told), {"guard"})  # a line is in any order
    fullest = None if expected[3] is None else START + timedelta(minutes=expected[3])
    assert (tide.came, tide.left, tide.most, tide.when) == (*expected[:3], fullest)


async def test_the_peak_where_exits_are_scanned_else_entries(
    world: World, people: list[UUID]
) -> None:
    door = await gate(world)
    morning = [(1, "in", 0), (2, "in", 1), (3, "in", 3), (4, "in", 0)]
    await scanned(world, door, people, morning)
    assert await told(world, after(60)) == (2, None, None)
    await scanned(world, door, people, [(5, "out", 0), (6, "in", 2), (7, "in", 0)])
    assert await told(world, after(60)) == (4, 3, START + timedelta(minutes=7))
    assert await told(world, after(6)) == (3, 2, START + timedelta(minutes=2))
    # What came in late moves the past only for who knows of it.
    await scanned(world, door, people, [(3, "out", 1)], late=timedelta(hours=5))
    assert await told(world, after(60)) == (4, 3, START + timedelta(minutes=7))
    assert (await told(world, after(60, known=600)))[1] == 2


async def test_any_coming_and_going_has_the_peak_of_a_replay(
    world: World, people: list[UUID]
) -> None:
    door, random = await gate(world), Random(7)
    minutes = sorted(random.sample(range(40 * 60), 240))
    passages = [(one, random.choice(("in", "in", "out")), random.randrange(4)) for one in minutes]
    await scanned(world, door, people, passages)
    for until in (300, 900, 1_500, 40 * 60):
        some = [one for one in passages if one[0] <= until]
        peak = (await told(world, after(until)))[1]
        assert peak == replayed(some, persons=3), until


async def test_sessions_and_halls_open_to_their_persons(
    client: httpx.AsyncClient, world: World, people: list[UUID]
) -> None:
    opening, door = await gate(world, opening=True), await gate(world)
    await scanned(world, door, people, [(1, "in", 0), (1, "in", 1), (2, "in", 3)])
    await scanned(world, opening, people, [(5, "in", 0), (6, "out", 0), (7, "in", 0)])
    session = f"session:{opening.session_id}"
    asked = "as_of=2099-01-01&known_at=2099-01-01"
    for basis, by, expected in (
        ("attended", "session", {session: (1, 1)}),
        ("accredited", "hall", {session: (1, 1), "zone:0": (2, 1)}),
        ("badged", "hall", {}),
    ):
        path = f"{world.api}/statistics/breakdown?by={by}&basis={basis}&{asked}"
        found = (await client.get(path, headers=world.headers("press_officer"))).json()
        rows = {one["key"]: (one["participants"], one["women"]) for one in found["rows"]}
        assert rows == expected, found
        for key, (persons, _) in rows.items():
            behind = await client.get(
                f"{world.api}/statistics/people?by={by}&row={key}&basis={basis}&{asked}",
                headers=world.headers(),
            )
            assert behind.json()["count"] == persons
    halls = await client.get(f"{world.api}/statistics/halls?{asked}", headers=world.headers())
    assert [(one["label"], one["entries"], one["peak"]) for one in halls.json()["halls"]] == [
        ("Opening", 2, 1),
        ("Main door", 2, None),
    ]


async def test_the_page_and_its_files(
    client: httpx.AsyncClient, world: World, people: list[UUID]
) -> None:
    opening = await gate(world, opening=True)
    await scanned(world, opening, people, [(5, "in", 0), (6, "in", 1), (7, "out", 0)])
    await signed_in(client, world, "press_officer")
    base = f"/c/{world.conference.slug}/figures"
    asked = "as_of=2099-01-01&known_at=2099-01-01"
    page = (await client.get(f"{base}/breakdown?by=session&{asked}")).text
    assert "At the fullest" in page
    assert "Opening" in page
    told = (await client.get(f"{base}/halls.csv?{asked}")).content.decode("utf-8-sig")
    assert told.split() == [
        *("Place,Entries,Exits,Most", "inside,At"),
        *("Opening,2,1,2,2026-11-04", "08:06"),
    ]
    rows = await client.get(f"{base}/breakdown.csv?by=session&{asked}")
    assert rows.content.decode("utf-8-sig").splitlines() == [
        "Place,Bodies,Participants,Women,Men,Not stated",
        "Opening,1,2,1,1,0",
        "Total,1,3,1,1,1",
    ]
    hours = await client.get(f"{base}/breakdown.csv?by=hour&{asked}")
    assert hours.content.decode("utf-8-sig").startswith("When,Bodies")
    assert (await client.get(f"{base}/breakdown.xlsx?by=rank")).content.startswith(b"PK")
