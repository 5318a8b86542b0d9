"""A server killed in the middle of its load: every scan that it acknowledged is there."""

import asyncio
import json
import os
import signal
import subprocess
from itertools import count

import pytest

from app.accounts.rules import INSTALLATION
from app.core.db import Database
from app.gates import service as gates
from app.gates import store
from app.gates.store import ScanFilter
from tests.bench.test_redeem import Device
from tests.bench.test_registrations import _free_port, _server
from tests.hall import Hall

ROUNDS, CLIENTS, LOADED = 10, 16, 0.3
PATH = "/api/v1/checkinrpc/redeem/"


async def _answering(port: int, token: str) -> Device:
    for _ in range(300):
        try:
            return await Device(port, token).open()
        except OSError:
            await asyncio.sleep(0.1)
    raise AssertionError("the server did not start")


def _start(database: Database) -> tuple[int, subprocess.Popen[bytes]]:
    address = database.url.render_as_string(hide_password=False)
    port = _free_port()
    return port, _server(port, 1, os.environ | {"PLENARY_DATABASE_URL": address})


async def _round(
    hall: Hall,
    port: int,
    server: subprocess.Popen[bytes],
    token: str,
    codes: list[str],
    numbers: "count[int]",
) -> list[str]:
    """The nonces that were acknowledged before the server was killed."""
    told: list[str] = []
    begun = asyncio.Event()

    async def scan(device: Device) -> None:
        for n in numbers:
            scan = {"secret": codes[n % len(codes)], "lists": [str(hall.gate.id)], "type": "exit"}
            try:
                await device.send(PATH, json.dumps(scan | {"nonce": f"n{n}"}).encode())
            except OSError:
                break
            told.append(f"n{n}")
            begun.set()
        await device.close()

    devices = [await _answering(port, token) for _ in range(CLIENTS)]
    load = asyncio.gather(*map(scan, devices))
    await begun.wait()
    await asyncio.sleep(LOADED)
    server.send_signal(signal.SIGKILL)
    await load
    server.wait()
    return told


@pytest.mark.skipif(os.name != "posix", reason="there is no kill -9 here")
async def test_no_acknowledged_scan_is_lost(hall: Hall) -> None:
    database = hall.database
    codes = [await hall.code(await hall.approved(f"Person {n}")) for n in range(8)]
    async with database.writing() as session:
        token = await gates.pair(session, INSTALLATION, hall.conference, hall.gate.name)
    numbers, told = count(), list[str]()
    servers = [_start(database)]
    try:
        for _ in range(ROUNDS):
            port, server = servers[-1]
            servers.append(_start(database))  # it starts while the other is under load
            told += await _round(hall, port, server, token, codes, numbers)
    finally:
        for _, server in servers:
            server.kill()
            server.wait()
    async with database.reading() as session:
        kept = {s.nonce for s in await store.scans(session, hall.conference.id, ScanFilter())}
    assert len(told) > 100
    assert set(told) <= kept
    assert len(told) == len(set(told))
