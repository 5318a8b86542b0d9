"""Live occupancy: by gate, zone and session; streamed, to other processes too."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.accounts.rules import INSTALLATION
from app.core.db import Database
from app.gates import live, occupancy, service
from app.gates.occupancy import counts
from app.gates.schemas import GateIn
from tests.hall import Hall


async def _gate(hall: Hall, name: str, **more: object) -> str:
    async with hall.database.writing() as session:
        given = GateIn.model_validate({"name": name, **more})
        return str((await service.create(session, INSTALLATION, hall.conference, given)).id)


@contextlib.asynccontextmanager
async def _stream(hall: Hall, database: Database) -> AsyncIterator["AsyncIterator[dict[str, Any]]"]:
    """What a stream of a server over this database tells."""
    lines = live._stream(database, hall.conference, public=False)

    async def told() -> AsyncIterator[dict[str, Any]]:
        async for line in lines:
            if line.startswith("data: "):
                yield json.loads(line.removeprefix("data: "))

    try:
        yield told()
    finally:
        await lines.aclose()  # type: ignore[attr-defined]


async def test_a_zone_with_two_gates_counts_a_badge_once(hall: Hall) -> None:
    back = await _gate(hall, "Back door")
    vip = await _gate(hall, "VIP", zone=3, counts=False)
    ana = await hall.code(await hall.approved("Ana"))
    bo = await hall.code(await hall.approved("Bo", rank="minister"))
    for code, gate in ((ana, None), (bo, None), (ana, back), (bo, vip)):
        lists = {"lists": [gate]} if gate else {}
        assert (await hall.redeem(code, **lists)).status_code == 201
    assert (await hall.redeem(ana, lists=[back], type="exit")).status_code == 201
    main = str(hall.gate.id)
    async with hall.database.reading() as session:
        all = await counts(session, hall.conference, public=False)
        public = await counts(session, hall.conference, public=True)
    assert (all[f"gate:{main}:inside"], all[f"gate:{back}:inside"]) == (2, 0)
    assert (all[f"gate:{back}:admitted"], all["zone:0"], all["zone:3"]) == (1, 1, 1)
    assert public == {"zone:0": 1}


async def test_another_process_hears_of_a_scan(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """By PostgreSQL's word; on SQLite there is one process, and others look now and then."""
    if not hall.database.is_sqlite:
        monkeypatch.setattr(occupancy, "_ANYHOW", 600)
    code = await hall.code(await hall.approved("Ana"))
    other = Database(hall.database.url)  # as another process has it
    try:
        async with _stream(hall, other) as told:
            assert (await anext(told))["zone:0"] == 0
            news = asyncio.ensure_future(anext(told))
            await asyncio.sleep(0)
            assert (await hall.redeem(code)).status_code == 201
            async with asyncio.timeout(15):
                assert (await news)["zone:0"] == 1
    finally:
        await other.close()


async def test_all_who_watch_share_one_count_and_one_ear(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a restart every browser comes back at the same moment."""
    counted, ears = 0, 0
    count, connect = occupancy.counts, type(hall.database.reader).raw_connection

    async def counting(*arguments: Any, **more: Any) -> dict[str, int]:
        nonlocal counted
        counted += 1
        return await count(*arguments, **more)

    async def connecting(engine: Any) -> Any:
        nonlocal ears
        ears += 1
        return await connect(engine)

    monkeypatch.setattr(occupancy, "counts", counting)
    monkeypatch.setattr(type(hall.database.reader), "raw_connection", connecting)
    code = await hall.code(await hall.approved("Ana"))
    async with contextlib.AsyncExitStack() as stack:
        streams = [await stack.enter_async_context(_stream(hall, hall.database)) for _ in range(8)]
        told = await asyncio.gather(*(anext(one) for one in streams))
        assert [one["zone:0"] for one in told] == [0] * 8
        first = counted
        assert (await hall.redeem(code)).status_code == 201
        async with asyncio.timeout(15):
            told = await asyncio.gather(*(anext(one) for one in streams))
        assert [one["zone:0"] for one in told] == [1] * 8
    assert (first <= 3, counted <= 2 * first) == (True, True), (first, counted)
    assert ears == (0 if hall.database.is_sqlite else 1)


async def test_a_slow_count_leaves_the_database_to_the_doors(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []

    async def slow() -> str:
        await asyncio.sleep(0.2)
        return str(len(waited))

    async def wait(_: asyncio.Event, pause: float) -> None:
        waited.append(pause)

    monkeypatch.setattr(occupancy.Watch, "wait", staticmethod(wait))
    stream = occupancy.stream(hall.database, hall.conference.id, slow, lifetime=60)
    for _ in range(3):
        await anext(stream)
    await stream.aclose()
    assert 0.8 <= waited[0] <= 5


async def test_an_annulled_scan_is_heard_of(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(occupancy, "_ANYHOW", 600)
    code = await hall.code(await hall.approved("Ana"))
    assert (await hall.redeem(code, nonce="one")).status_code == 201
    async with _stream(hall, hall.database) as told:
        assert (await anext(told))["zone:0"] == 1
        news = asyncio.ensure_future(anext(told))
        await asyncio.sleep(0)
        device = await hall.client("device")
        await device.post("/api/v1/checkinrpc/annul/", json={"nonce": "one"})
        async with asyncio.timeout(15):
            assert (await news)["zone:0"] == 0


async def test_the_desk_shows_each_place_once(hall: Hall) -> None:
    """The keys are those of the stream, which keeps them true."""
    await _gate(hall, "Back door")
    await _gate(hall, "VIP", zone=3, counts=False)
    assert (await hall.redeem(await hall.code(await hall.approved("Ana")))).status_code == 201
    shown = (await (await hall.client("registration_officer")).get("/c/hall/desk/gates")).text
    assert shown.count('data-number="zone:0">1<') == 1
    assert shown.count('data-number="zone:3">0<') == 1


async def test_who_may_watch(hall: Hall) -> None:
    client = await hall.client("press_officer")
    assert (await client.get("/c/hall/desk/gates/live")).status_code in (403, 404)
    shown = await client.get("/c/hall/board/")
    assert shown.status_code == 200
    assert 'data-number="zone:0"' in shown.text
    assert str(hall.gate.id) not in shown.text
