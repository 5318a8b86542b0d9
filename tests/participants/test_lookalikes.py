"""Look-alikes across a conference: flagged to officers, told apart by one, never merged."""

import asyncio

import httpx
import pytest
from sqlalchemy import select

from app.accounts.audit import E
from app.conferences.models import Conference
from app.core.db import ReadSession
from app.participants import flags, store
from app.participants.flags import Flag
from app.participants.models import Participant
from app.participants.vetting import lookalikes
from tests.participants.people import nominated
from tests.queries import counted
from tests.world import World, make_world

OFFICER = "registration_officer"


async def flagged(client: httpx.AsyncClient, world: World, id: str) -> list[dict[str, str]]:
    answer = await client.get(
        f"{world.api}/participants/{id}/flags", headers=world.headers(OFFICER)
    )
    assert answer.status_code == 200, answer.text
    found: list[dict[str, str]] = answer.json()
    return found


async def others(client: httpx.AsyncClient, world: World, id: str) -> set[str]:
    return {flag["other"] for flag in await flagged(client, world, id)}


async def test_a_name_in_another_script_or_order_is_flagged_on_both(
    client: httpx.AsyncClient, world: World
) -> None:
    latin = await nominated(world, name="Mohammed Al-Sabah")
    arabic = await nominated(world, name="M. S.", names={"ar": "محمد الصباح"}, delegation="TJK")
    cyrillic = await nominated(world, name="Сабах Мухаммад", delegation="TJK")
    await nominated(world, name="Ahmad Al-Sabah", delegation="TJK")
    assert await others(client, world, latin) == {arabic, cyrillic}
    assert await others(client, world, arabic) == {latin, cyrillic}
    assert await others(client, world, cyrillic) == {latin, arabic}
    assert (await flagged(client, world, latin))[0] == {
        "key": "look-alike",
        "text": "Looks like M. S. (Tajikistan), nominated.",
        "other": arabic,
    }
    listed = await client.get(f"{world.api}/participants", headers=world.headers())
    assert listed.json()["count"] == 4


async def test_a_flag_follows_the_name_and_the_status(
    client: httpx.AsyncClient, world: World
) -> None:
    one, other = await nominated(world), await nominated(world, delegation="TJK")
    address = f"{world.api}/participants/{other}"
    headers = world.headers(OFFICER)
    assert await others(client, world, one) == {other}
    await client.patch(address, json={"name": "Ivan Petrov"}, headers=headers)
    assert await others(client, world, one) == set()
    await client.patch(address, json={"names": {"ar": "سالم الاكسامبل"}}, headers=headers)
    await client.patch(address, json={"name": "Example Salim"}, headers=headers)
    assert await others(client, world, one) == {other}
    await client.post(f"{address}/withdraw", json={"reason": "Ill"}, headers=headers)
    assert await others(client, world, one) == set()
    assert await others(client, world, other) == {one}


async def test_told_apart_is_told_once_and_for_both(
    client: httpx.AsyncClient, world: World
) -> None:
    one, other = await nominated(world), await nominated(world, delegation="TJK")
    third = await nominated(world, delegation="CHT")

    async def tell(id: str, about: str) -> httpx.Response:
        return await client.post(
            f"{world.api}/participants/{id}/tell-apart",
            json={"other": about},
            headers=world.headers(OFFICER),
        )

    answers = await asyncio.gather(*(tell(*pair) for pair in [(one, other), (other, one)] * 3))
    assert {answer.status_code for answer in answers} == {200}
    assert {flag["other"] for flag in answers[0].json()} == {third}
    assert await others(client, world, other) == {third}
    assert await others(client, world, third) == {one, other}
    assert (await tell(one, one)).status_code == 200
    elsewhere = await make_world(world.database, "other-2026")
    foreign = await nominated(elsewhere)
    assert (await tell(one, foreign)).status_code == 404
    assert await others(client, world, one) == {third}
    async with world.database.reading() as session:
        noted = await session.execute(
            select(E.c.target_id).where(E.c.action == "participant.told_apart")
        )
        assert len(noted.all()) == 1


async def test_imported_people_are_compared_too(client: httpx.AsyncClient, world: World) -> None:
    here = await nominated(world, name="Sergei Ivanov")
    file = {"file": ("people.csv", "name,delegation\nИванов Сергей,TJK\n".encode())}
    headers = world.headers(OFFICER)
    preview = await client.post(f"{world.api}/imports", files=file, headers=headers)
    assert "Looks like Sergei Ivanov" in preview.text
    await client.post(f"{world.api}/imports/{preview.json()['id']}/confirm", headers=headers)
    assert len(await others(client, world, here)) == 1


async def test_flags_of_many_are_asked_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And another source joins by registering, once."""

    async def source(
        _: ReadSession, __: Conference, people: list[Participant]
    ) -> dict[object, list[Flag]]:
        return {person.id: [Flag("letter", "Signed by one of its nominees.")] for person in people}

    monkeypatch.setattr(flags, "_sources", [lookalikes.source])
    for _ in range(2):
        flags.register(source)  # type: ignore[arg-type]
    for n in range(6):
        await nominated(world, delegation=("KWT", "TJK")[n % 2])
    async with world.database.reading() as session:
        people = [
            person
            for person, _ in await store.people(
                session, world.conference.id, store.P.c.name.is_not(None)
            )
        ]
        with counted(world.database) as statements:
            found = await flags.flags(session, world.conference, people)
    assert len(statements) == 2
    assert [len(some) for some in found.values()] == [6] * 6  # five look-alikes and the letter
