"""A thousand approvals at one moment for one place, over HTTP, and the control that oversells."""

import asyncio
import gc
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Message

from app.cli import COLLECTOR
from app.core.db import Database, ReadSession, WriteSession
from app.main import create_app
from app.participants import approval, store, waiting
from app.participants import service as participants
from app.participants.schemas import ParticipantIn
from app.quotas import store as quotas
from app.quotas.rules import Capacity
from tests.application import over
from tests.quotas.test_places import make_quota, used_and_counted
from tests.world import OFFICER, World

PEOPLE = 1_000


async def crowd_of(world: World, number: int) -> list[str]:
    """Ids of people handed to the officers, stored at once."""
    given = [ParticipantIn(delegation="KWT", name=f"Person {n}") for n in range(number)]
    kuwait = world.delegations["KWT"]
    rows = [
        participants.build(world.conference, kuwait, one, position=n) for n, one in enumerate(given)
    ]
    async with world.database.writing() as session:
        await participants.store_many(session, OFFICER, world.conference, rows)
        found = await store.by_ids(session, world.conference.id, [row["id"] for row in rows])
        people = [found[row["id"]] for row in rows]
        await approval.submit_many(session, OFFICER, world.conference, people)
    return [str(row["id"]) for row in rows]


async def post(app: FastAPI, path: str, headers: dict[str, str]) -> tuple[int, Any]:
    """Status and body of one request, spoken to the application as a server speaks to it.

    httpx takes half of the time of a thousand requests: it looks for a library on the disk at each.
    """
    sent: list[Message] = []
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"testserver")]
        + [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent)
    return sent[0]["status"], json.loads(body)


async def rush(world: World, ids: list[str], *apps: FastAPI) -> tuple[list[Any], float]:
    """All approvals asked for at one moment, of each server in turn; the answers, and seconds."""
    headers, began = world.headers(), time.perf_counter()
    answers = await asyncio.gather(
        *(
            post(apps[n % len(apps)], f"{world.api}/participants/{id}/approve", headers)
            for n, id in enumerate(ids)
        )
    )
    seconds = time.perf_counter() - began
    assert {status for status, _ in answers} == {200}, answers[0]
    return [body for _, body in answers], seconds


@pytest.fixture
def as_served() -> Iterator[None]:
    """The garbage collector as `plenary` sets it for every command, `serve` among them.

    By Python's default it looks at a thousand waiting requests again at every 700 new objects.
    """
    before = gc.get_threshold()
    gc.set_threshold(*COLLECTOR)
    yield
    gc.set_threshold(*before)


@pytest.fixture
async def second(database: Database) -> AsyncIterator[FastAPI]:
    """Another server process, as far as the database can tell: connections of its own."""
    app = create_app()
    app.state.database = Database(database.url)
    yield app
    await app.state.database.close()


@pytest.mark.usefixtures("as_served")
async def test_a_thousand_at_once_for_one_place(client: httpx.AsyncClient, world: World) -> None:
    await make_quota(client, world, 1)
    ids = await crowd_of(world, PEOPLE)
    cpu = time.process_time()
    answers, seconds = await rush(world, ids, over(world.database))
    cpu = time.process_time() - cpu
    outcome = Counter(body["status"] for body in answers)
    assert outcome == {"approved": 1, "waitlisted": PEOPLE - 1}
    told = {UUID(one["id"]): one["waiting_list_position"] for one in answers}
    assert [told[UUID(id)] for id in ids] == [None, *range(1, PEOPLE)], "in the order of arrival"
    async with world.database.reading() as session:
        line = await waiting.positions(session, world.conference.id)
    assert told == {**line, UUID(ids[0]): None}, "each was told the place that it has"
    assert await used_and_counted(world.database) == [(1, 1)]
    kind = world.database.url.get_backend_name()
    print(f"\n{PEOPLE} approvals on {kind}: {seconds:.2f} s, {cpu:.2f} s of CPU in this process")
    # The promise is 3 s; on a machine that others use as well, the process's own time tells.
    assert min(seconds, cpu) < 3


async def test_two_servers_sell_one_place_once(
    client: httpx.AsyncClient, world: World, second: FastAPI
) -> None:
    await make_quota(client, world, 1)
    answers, _ = await rush(world, await crowd_of(world, 200), over(world.database), second)
    assert Counter(body["status"] for body in answers) == {"approved": 1, "waitlisted": 199}
    positions = [body["waiting_list_position"] for body in answers]
    assert sorted(filter(None, positions)) == list(range(1, 200))
    assert await used_and_counted(world.database) == [(1, 1)]


async def test_the_control_without_the_lock_oversells(
    client: httpx.AsyncClient, world: World, second: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above can fail: with the lock switched off, two servers sell the place twice.

    On PostgreSQL each reads before the other has written. On SQLite a transaction that writes began
    with the lock of the whole database, so what an unlocked one would have read has to be made.
    """
    await make_quota(client, world, 1)
    ids = await crowd_of(world, 200)
    read = quotas.capacities
    before = await _read(world, read)
    both = asyncio.Barrier(2)
    met = False

    async def unlocked(session: WriteSession, conference_id: UUID) -> None:
        return None

    async def stale(
        session: ReadSession, conference_id: UUID, delegations: Collection[UUID]
    ) -> list[Capacity]:
        nonlocal met
        if world.database.is_sqlite:
            return before
        found = await read(session, conference_id, delegations)
        if not met:
            await both.wait()
            met = True
        return found

    monkeypatch.setattr(quotas, "lock", unlocked)
    monkeypatch.setattr(approval, "lock_quotas", unlocked)
    monkeypatch.setattr(quotas, "capacities", stale)
    answers, _ = await rush(world, ids, over(world.database), second)
    assert sum(body["status"] == "approved" for body in answers) > 1
    [(used, counted)] = await used_and_counted(world.database)
    assert used < counted


async def _read(world: World, read: Any) -> list[Capacity]:
    async with world.database.reading() as session:
        found: list[Capacity] = await read(session, world.conference.id, [])
    return found
