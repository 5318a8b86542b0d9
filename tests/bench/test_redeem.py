"""How many scans a second a server takes: authenticated, decided, on the disk before the answer.

Run by `make bench`: a real server process on each database (PostgreSQL with fsync on), 32 clients
on connections of their own in another process, each with the token of its own device and badges
that nobody has scanned. Prints first redeems a second with the 99th percentile, and scans a second
told in batches of a thousand, and the machine's load;
never fails by time.
"""

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import uvloop
from sqlalchemy.engine import URL

from app.accounts.rules import INSTALLATION
from app.badges import service as badges
from app.badges import store as badge_store
from app.badges.store import Choice
from app.core import clock
from app.core.db import Database
from app.gates import service as gates
from app.participants.models import Participant
from tests.bench.test_registrations import CLIENTS, ROOT, Client, _free_port, _server
from tests.conftest import _execute
from tests.hall import Hall, open_hall

BADGES, BATCH, ROUNDS = 12_000, 1_000, 3


class Device(asyncio.Protocol):
    """A scanner on a connection of its own; what it sends is made before the clock starts.

    Of the cores that the server and the database stand on it takes as little as it can.
    """

    def __init__(self, port: int, token: str) -> None:
        self.port = port
        self.head = f"Host: 127.0.0.1\r\nAuthorization: Device {token}\r\n"

    async def open(self) -> "Device":
        loop = asyncio.get_running_loop()
        self.gone = self.answer = loop.create_future()
        self.transport, _ = await loop.create_connection(lambda: self, "127.0.0.1", self.port)
        return self

    async def close(self) -> None:
        self.transport.close()
        await self.gone

    def data_received(self, data: bytes) -> None:
        self.told += data
        head, _, body = self.told.partition(b"\r\n\r\n")
        _, found, length = head.lower().partition(b"content-length: ")
        if found and len(body) == int(length.partition(b"\r\n")[0]):
            self.answer.set_result(body)

    def connection_lost(self, why: Exception | None) -> None:
        self.gone.set_result(None)
        if not self.answer.done():
            self.answer.set_exception(ConnectionResetError())

    async def send(self, path: str, body: bytes) -> bytes:
        """The body of an answer below 300."""
        if self.gone.done():
            raise ConnectionResetError
        self.told, self.answer = b"", asyncio.get_running_loop().create_future()
        self.transport.write(
            f"POST {path} HTTP/1.1\r\n{self.head}Content-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        answer = await self.answer
        assert self.told[9:10] == b"2", self.told[:500]
        return answer


async def load(port: int, file: Path, way: str, part: int) -> None:
    """Prints how many a second, and the 99th percentile in seconds, of a third of the badges."""
    known = json.loads(file.read_text())
    gate, codes = known["gate"], known["codes"][part::ROUNDS]
    path = f"/api/v1/checkinrpc/{'redeem' if way == 'redeem' else 'batch'}/"
    scans = [
        {"secret": code, "lists": [gate], "nonce": f"{way}{n}", "type": "entry"}
        for n, code in enumerate(codes)
    ]
    if way == "redeem":
        bodies = [json.dumps(scan).encode() for scan in scans]
    else:
        now = clock.now().isoformat()
        told = [scan | {"datetime": now, "offline_result": "ok"} for scan in scans]
        parts = [told[n : n + BATCH] for n in range(0, len(told), BATCH)]
        bodies = [json.dumps({"scans": some}).encode() for some in parts]
    sizes, took, line = len(scans), [], iter(bodies)
    clients = CLIENTS if way == "redeem" else 2
    devices = [await Device(port, token).open() for token in known["tokens"][:clients]]

    async def one(device: Device) -> None:
        for body in line:
            began = time.perf_counter()
            await device.send(path, body)
            took.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*map(one, devices))
    print(json.dumps([sizes / (time.perf_counter() - began), sorted(took)[int(len(took) * 0.99)]]))


async def _people(hall: Hall, count: int) -> list[str]:
    """People with badges, stored at once: approving each would take longer than the bench."""
    first = await hall.nominate("Person")
    holders: list[badges.Holder] = []
    async with hall.database.writing() as session:
        model = await session.get_one(Participant, first)
        for n in range(count):
            fields = model.model_dump(exclude={"id"}) | {
                "name": f"Person {n}",
                "status": "approved",
            }
            person = Participant(**fields)
            session.add(person)
            holders.append(badges.Holder(person.id, None, "delegate", "member_state"))
        await session.flush()
        await badges.issue(session, hall.conference.id, holders, at=clock.now())
    async with hall.database.reading() as session:
        return [row.code for row in await badge_store.rows(session, hall.conference.id, Choice())]


async def measure(database: Database, workers: int, folder: Path) -> dict[str, Any]:
    """Medians of several runs: how many a second, and the 99th percentile in seconds, by way."""
    hall = await open_hall(database)
    codes = await _people(hall, 2 * BADGES)
    async with database.writing() as session:
        tokens = [
            await gates.pair(session, INSTALLATION, hall.conference, hall.gate.name)
            for _ in range(CLIENTS)
        ]
    await hall.close()
    await database.close()
    environment = os.environ | {
        "PLENARY_DATABASE_URL": database.url.render_as_string(hide_password=False)
    }
    gate: UUID = hall.gate.id
    port, server = 0, None
    try:
        port = _free_port()
        server = _server(port, workers, environment)
        for _ in range(200):
            try:
                await (await Client(port, "").open()).close()
                break
            except OSError:
                await asyncio.sleep(0.1)
        found: dict[str, Any] = {}
        for way, own in (("redeem", codes[:BADGES]), ("batch", codes[BADGES:])):
            file = folder / f"{way}.json"
            file.write_text(json.dumps({"gate": str(gate), "codes": own, "tokens": tokens}))
            runs = [_load(port, file, way, part, environment) for part in range(ROUNDS)]
            found[way] = tuple(statistics.median(run[n] for run in runs) for n in (0, 1))
        return found
    finally:
        if server is not None:
            server.terminate()
            server.wait(20)


def _load(port: int, file: Path, way: str, part: int, env: dict[str, str]) -> tuple[float, float]:
    command = [
        sys.executable,
        "-m",
        "tests.bench.test_redeem",
        str(port),
        str(file),
        way,
        str(part),
    ]
    told = subprocess.run(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    rate, slow = json.loads(told.stdout.splitlines()[-1])
    return rate, slow


def _say(name: str, found: dict[str, Any]) -> None:
    busy = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"\n{name}, {CLIENTS} clients; medians of {ROUNDS}; load of the machine {busy}")
    for way, (rate, slow) in found.items():
        print(f"  {way:7} {rate:7.0f} scans/s  99th percentile {slow * 1000:5.0f} ms")


@pytest.mark.sqlite
async def test_redeem_on_sqlite(sqlite_template: Path, tmp_path: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "plenary.db")
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/plenary.db")
    _say("SQLite, one process", await measure(database, 1, tmp_path))


@pytest.mark.database
@pytest.mark.parametrize("workers", [1, 2])
async def test_redeem_on_postgresql(
    postgres_template: tuple[URL, str], tmp_path: Path, workers: int
) -> None:
    server, template = postgres_template
    if "TEST_DATABASE_URL" not in os.environ:
        # Here every answer must be on the disk.
        for setting in ("fsync", "full_page_writes"):
            await _execute(server, f"ALTER SYSTEM RESET {setting}")
        await _execute(server, "SELECT pg_reload_conf()")
    name = f"plenary_redeem_{os.getpid()}_{workers}"
    await _execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    database = Database(server.set(database=name))
    _say(f"PostgreSQL, {workers} processes", await measure(database, workers, tmp_path))


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(load(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])))
