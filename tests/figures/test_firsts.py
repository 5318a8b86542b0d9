"""First time, again, or nobody knows: what earlier editions say of delegations and persons."""

import re
from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.conferences.store import C
from tests.figures.test_editions import REPORT, series
from tests.participants.people import nominated
from tests.world import World, make_world, signed_in

KEYS = (
    "first_time_bodies",
    "returning_bodies",
    "bodies_unknown_before",
    "first_time_persons",
    "returning_persons",
    "persons_unknown_before",
)


async def told(client: httpx.AsyncClient, world: World, basis: str = "accredited") -> list[int]:
    """The six figures in the order of `KEYS`, each with as many persons or bodies behind it."""
    asked = f"{world.api}/statistics/figures?basis={basis}"
    found = await client.get(asked, headers=world.headers())
    numbers = {one["key"]: one for one in found.json()["figures"]}
    for key in KEYS:
        path = f"{world.api}/statistics/people?basis={basis}&figure={key}"
        people = (await client.get(path, headers=world.headers())).json()["results"]
        of = "id" if numbers[key]["unit"] == "persons" else "delegation"
        assert len({one[of] for one in people}) == numbers[key]["number"], key
    return [numbers[key]["number"] for key in KEYS]


@pytest.fixture
async def earlier(world: World) -> World:
    """An edition of 2024 with one of Kuwait approved, before that of 2026 with two delegations."""
    other = await make_world(world.database, "old-2024")
    async with world.database.writing() as session:
        days = {"starts": date(2024, 11, 4), "ends": date(2024, 11, 5)}
        await session.execute(C.update().where(C.c.id == other.conference.id).values(**days))
    await series(world, other)
    await nominated(other, approve=True, name="Salem Al-Example")
    await nominated(world, approve=True, name="Salem Al Example")
    await nominated(world, approve=True, delegation="TJK", name="Firuz Example")
    return other


async def test_delegations_come_again_or_for_the_first_time(
    client: httpx.AsyncClient, world: World, earlier: World
) -> None:
    assert await told(client, world) == [1, 1, 0, 0, 0, 2]
    # Nobody collected a badge in 2024: on that basis nobody knows.
    assert (await told(client, world, "badged"))[:3] == [0, 0, 0]
    async with world.database.writing() as session:
        await session.execute(C.update().where(C.c.slug == "old-2024").values(series_id=None))
    assert (await told(client, world))[:3] == [0, 0, 2]


async def test_an_edition_that_was_not_counted_here_leaves_it_unknown(
    client: httpx.AsyncClient, world: World, earlier: World
) -> None:
    path = f"{world.api}/publications/reports"
    made = await client.post(path, json=REPORT, headers=world.headers("press_officer"))
    assert made.status_code == 201
    assert (await told(client, world))[:3] == [0, 1, 1]
    third = await make_world(world.database, "old-2022")
    async with world.database.writing() as session:
        days = {"starts": date(2022, 1, 4), "ends": date(2022, 1, 5)}
        same = select(C.c.series_id).where(C.c.slug == "old-2024").scalar_subquery()
        mine = C.update().where(C.c.id == third.conference.id)
        await session.execute(mine.values(series_id=same, **days))
    assert (await told(client, world))[:3] == [0, 1, 1]


async def proposed(
    client: httpx.AsyncClient, world: World, id: str, by: str = "administrator"
) -> dict[str, Any]:
    found = await client.get(f"{world.api}/participants/{id}/earlier", headers=world.headers(by))
    assert found.status_code == 200, found.text
    answer: dict[str, Any] = found.json()
    return answer


async def test_an_officer_decides_who_was_there_before(
    client: httpx.AsyncClient, world: World, earlier: World
) -> None:
    path = f"{world.api}/participants?search=example"
    people = (await client.get(path, headers=world.headers())).json()["results"]
    ids = {one["name"]: one["id"] for one in people}
    known = await proposed(client, world, ids["Salem Al Example"])
    [before] = known["proposed"]
    assert (known["decision"], before["name"], before["conference"], before["year"]) == (
        *("unknown", "Salem Al-Example"),
        *("old-2024", 2024),
    )
    # Another edition is another tenant: its people are not shown to an officer of this one alone.
    officer = "registration_officer"
    assert (await proposed(client, world, ids["Salem Al Example"], officer))["proposed"] == []
    address = f"{world.api}/participants/{ids['Salem Al Example']}/earlier"
    mine = {"json": {"earlier": before["id"]}}
    refused = await client.post(address, **mine, headers=world.headers(officer))
    assert refused.status_code == 404
    done = await client.post(address, **mine, headers=world.headers("administrator"))
    assert (done.status_code, done.json()["decision"]) == (200, "returning")
    first = await client.post(
        f"{world.api}/participants/{ids['Firuz Example']}/earlier",
        json={"earlier": None},
        headers=world.headers(officer),
    )
    assert first.json()["decision"] == "first"
    assert (await told(client, world))[3:] == [1, 1, 0]
    # The latest decision holds.
    await client.post(address, json={"earlier": None}, headers=world.headers(officer))
    assert (await told(client, world))[3:] == [2, 0, 0]


async def test_an_officer_decides_on_the_page(
    client: httpx.AsyncClient, world: World, earlier: World
) -> None:
    path = f"{world.api}/participants?search=salem"
    [person] = (await client.get(path, headers=world.headers())).json()["results"]
    await signed_in(client, world, "administrator")
    here = f"/c/{world.conference.slug}/desk/participants/{person['id']}"
    page = (await client.get(here)).text
    option = re.search(r'<option value="([^"]+)"[^>]*>Salem Al-Example, Kuwait, 2024<', page)
    assert option is not None
    assert "Nobody has decided" in page
    sent = {"earlier": option[1], "version": "3"}
    assert (await client.post(f"{here}/earlier", data=sent)).status_code == 303
    assert "An officer confirmed who this was" in (await client.get(here)).text
    figures = await client.get(f"/c/{world.conference.slug}/figures/")
    assert "Persons of earlier editions" in figures.text
    assert "Persons, whether for the first time unknown" in figures.text
