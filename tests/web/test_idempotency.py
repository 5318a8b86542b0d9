"""A POST with an `Idempotency-Key` is done once, however often it is sent."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import Connection, select, update

from app.accounts.store import T
from app.core import clock
from app.web import idempotency
from app.web.idempotency import A
from tests.world import World

PERSON = {"delegation": "KWT", "name": "Person"}


@pytest.fixture(autouse=True)
async def _table(world: World) -> None:
    def make(connection: Connection) -> None:
        A.create(connection, checkfirst=True)

    async with world.database.engine.begin() as connection:
        await connection.run_sync(make)


async def post(
    client: httpx.AsyncClient,
    world: World,
    key: str = "one",
    role: str = "administrator",
    path: str = "/participants",
    **fields: object,
) -> httpx.Response:
    return await client.post(
        f"{world.api}{path}",
        json=PERSON | fields,
        headers=world.headers(role) | {"Idempotency-Key": key},
    )


async def people(client: httpx.AsyncClient, world: World) -> int:
    listed = await client.get(f"{world.api}/participants", headers=world.headers())
    return int(listed.json()["count"])


async def test_the_same_request_again_has_the_same_answer(
    client: httpx.AsyncClient, world: World
) -> None:
    first, again = await post(client, world), await post(client, world)
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert first.headers["content-type"] == again.headers["content-type"]
    assert await people(client, world) == 1
    # Other keys, credentials and bodies are other requests; no key, no memory.
    assert (await post(client, world, key="two")).json()["id"] != first.json()["id"]
    other = await post(client, world, role="registration_officer")
    assert other.json()["id"] != first.json()["id"]
    changed = await post(client, world, name="Somebody else")
    assert (changed.status_code, changed.json()["code"]) == (422, "key-reused")
    assert await people(client, world) == 3


async def test_a_revoked_token_gets_no_answer_again(
    client: httpx.AsyncClient, world: World
) -> None:
    assert (await post(client, world)).status_code == 201
    async with world.database.writing() as session:
        await session.execute(update(T).values(revoked_at=clock.now()))
    assert (await post(client, world)).status_code == 401


async def test_a_key_is_forgotten_after_a_day(client: httpx.AsyncClient, world: World) -> None:
    first = await post(client, world)
    with clock.frozen(clock.now() + timedelta(hours=23)):
        assert (await post(client, world)).json() == first.json()
    with clock.frozen(clock.now() + timedelta(hours=25)):
        assert (await post(client, world)).json()["id"] != first.json()["id"]
        async with world.database.reading() as session:
            assert len((await session.execute(select(A))).all()) == 1


@pytest.mark.parametrize("processes", [1, 2])
async def test_ten_at_once_have_one_effect(
    client: httpx.AsyncClient,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    processes: int,
) -> None:
    if processes == 2:  # another process knows nothing of what is in flight here

        class Forgetful(set[str]):
            def __contains__(self, _: object) -> bool:
                return False

        monkeypatch.setattr(idempotency, "_in_flight", Forgetful())
    answers = await asyncio.gather(*(post(client, world) for _ in range(10)))
    assert {a.status_code for a in answers} <= {201, 409}
    assert len({a.json()["id"] for a in answers if a.status_code == 201}) == 1
    assert {a.json()["code"] for a in answers if a.status_code == 409} <= {"in-flight"}
    assert await people(client, world) == 1


async def test_a_refusal_is_not_kept(client: httpx.AsyncClient, world: World) -> None:
    assert (await post(client, world, delegation="USA")).status_code == 404
    async with world.database.reading() as session:
        assert (await session.execute(select(A))).all() == []
    assert (await post(client, world)).status_code == 201


async def test_an_effect_that_is_rolled_back_leaves_no_answer(
    client: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: object) -> None:
        raise ConnectionResetError

    with monkeypatch.context() as away:
        away.setattr("app.core.db._before_commit", [fail])
        assert (await post(client, world)).status_code == 503
    assert await people(client, world) == 0
    assert (await post(client, world)).status_code == 201
    assert await people(client, world) == 1


async def test_a_key_has_bounds(client: httpx.AsyncClient, world: World) -> None:
    for key in ("", "x" * 201):
        assert (await post(client, world, key=key)).status_code == 422
