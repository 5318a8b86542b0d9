"""How many registrations a server takes: created, submitted, approved, committed and audited.

Run by `make bench`: a real server process on each database (PostgreSQL with fsync on), 32 clients
on connections of their own in another process, a quota that all of them need. Prints registrations
a second with the 99th percentile, beside the bare `/livez` of the same server; never fails by time.
"""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import URL

from app.core.db import Database
from tests.conftest import _execute
from tests.world import make_world

CLIENTS, SECONDS = 32, 4.0
ROOT = Path(__file__).parents[2]


class Client:
    """One connection that speaks just enough HTTP: httpx would take more CPU than the server."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.token = port, token

    async def open(self) -> "Client":
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def close(self) -> None:
        self.writer.close()
        await self.writer.wait_closed()

    async def call(self, method: str, path: str, body: object = None) -> Any:
        """The JSON of an answer below 300."""
        data = b"" if body is None else json.dumps(body).encode()
        self.writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Token {self.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n".encode()
            + data
        )
        head = await self.reader.readuntil(b"\r\n\r\n")
        lines = head.decode().lower().split("\r\n")
        length = next(int(n[15:]) for n in lines if n.startswith("content-length:"))
        answer = await self.reader.readexactly(length)
        assert lines[0][9] == "2", (lines[0], answer)
        return json.loads(answer or b"null")


async def in_three(client: Client, api: str, name: str) -> None:
    """As a script of a ministry does it: one request for each step."""
    made = await client.call("POST", f"{api}/participants", {"delegation": "KWT", "name": name})
    await client.call("POST", f"{api}/participants/{made['id']}/submit")
    done = await client.call("POST", f"{api}/participants/{made['id']}/approve")
    assert done["status"] == "approved"


async def in_one(client: Client, api: str, name: str) -> None:
    """As an officer does it from a paper note: one request, the same steps, one transaction."""
    given = {"delegation": "KWT", "name": name, "up_to": "approved"}
    done = await client.call("POST", f"{api}/participants", given)
    assert done["status"] == "approved"


async def live(client: Client, api: str, name: str) -> None:
    """The baseline: what the server does without a database."""
    await client.call("GET", "/livez")


WAYS = {"live": live, "in_three": in_three, "in_one": in_one}


async def load(port: int, token: str, api: str, way: str) -> None:
    """Prints the seconds that each registration took."""
    took: list[float] = []
    end = time.perf_counter() + SECONDS

    async def one(number: int) -> None:
        client = await Client(port, token).open()
        n = 0
        while (began := time.perf_counter()) < end:
            n += 1
            await WAYS[way](client, api, f"{way} {number} {n}")
            took.append(time.perf_counter() - began)
        await client.close()

    began = time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(CLIENTS)))
    took.sort()
    print(json.dumps([len(took) / (time.perf_counter() - began), took[int(len(took) * 0.99)]]))


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _server(port: int, workers: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    plenary = Path(sys.executable).with_name("plenary")
    command = [plenary, "serve", "--port", str(port), "--workers", str(workers)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=quiet, stderr=quiet)


def _load(port: int, token: str, api: str, way: str, environment: dict[str, str]) -> bytes:
    command = [sys.executable, "-m", "tests.bench.test_registrations", str(port), token, api, way]
    told = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return told.stdout.splitlines()[-1]


async def measure(database: Database, workers: int) -> dict[str, tuple[float, float]]:
    """Registrations a second and the 99th percentile in seconds, by way."""
    world = await make_world(database)
    token, port = world.tokens["administrator"], _free_port()
    await database.close()
    environment = os.environ | {
        "PLENARY_DATABASE_URL": database.url.render_as_string(hide_password=False)
    }
    server = _server(port, workers, environment)
    try:
        for _ in range(200):
            try:
                client = await Client(port, token).open()
                break
            except OSError:
                await asyncio.sleep(0.1)
        given = {"name": "All", "capacity": 1_000_000, "waiting_list": True}
        await client.call("POST", f"{world.api}/quotas", given)
        await client.close()
        found = {}
        for way in WAYS:
            told = _load(port, token, world.api, way, environment)
            rate, slow = json.loads(told)
            found[way] = (float(rate), float(slow))
        return found
    finally:
        server.terminate()
        server.wait(20)


def _say(name: str, found: dict[str, tuple[float, float]]) -> None:
    print(f"\n{name}, {CLIENTS} clients; baseline: {found['live'][0]:.0f} GET /livez a second")
    for way, (rate, slow) in found.items():
        if way != "live":
            print(
                f"  {way:9} {rate:6.0f} registrations/s  99th percentile {slow * 1000:5.0f} ms"
                f"  {rate / found['live'][0]:.2f} × baseline"
            )


@pytest.mark.sqlite
async def test_registrations_on_sqlite(sqlite_template: Path, tmp_path: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "plenary.db")
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/plenary.db")
    _say("SQLite, one process", await measure(database, 1))


@pytest.mark.database
@pytest.mark.parametrize("workers", [1, 2])
async def test_registrations_on_postgresql(
    postgres_template: tuple[URL, str], workers: int
) -> None:
    server, template = postgres_template
    if "TEST_DATABASE_URL" not in os.environ:
        # Here every answer must be on the disk.
        for setting in ("fsync", "full_page_writes"):
            await _execute(server, f"ALTER SYSTEM RESET {setting}")
        await _execute(server, "SELECT pg_reload_conf()")
    name = f"plenary_bench_{os.getpid()}_{workers}"
    await _execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    database = Database(server.set(database=name))
    _say(f"PostgreSQL, {workers} processes", await measure(database, workers))


if __name__ == "__main__":
    port, token, api, way = sys.argv[1:]
    asyncio.run(load(int(port), token, api, way))
