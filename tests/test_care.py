"""Health, metrics, the readable description of the API, and what `plenary check` finds."""

import re
import sqlite3
from pathlib import Path

import httpx
import pytest
from sqlalchemy import event, select, text

from app import diagnosis
from app.core import heartbeat, migrate
from app.core.db import Database, table
from app.core.settings import settings
from app.main import create_app
from tests.world import World


async def test_readiness_writes_a_row(client: httpx.AsyncClient, database: Database) -> None:
    beats = select(table(heartbeat.Heartbeat).c.at)
    async with database.reading() as session:
        assert (await session.execute(beats)).all() == []
    for _ in range(2):
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    async with database.reading() as session:
        assert len((await session.execute(beats)).all()) == 1
    assert (await client.get("/livez")).json() == {"status": "ok"}


async def test_readiness_refuses_another_revision(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.writing() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert "0000" in answer.json()["detail"]
    assert int(answer.headers["retry-after"]) > 0
    assert (await client.get("/livez")).status_code == 200
    assert ("schema", "broken") in {(w, s) for w, s, _ in await diagnosis.diagnose(database)}


async def test_metrics_are_for_prometheus_and_name_nobody(
    client: httpx.AsyncClient, world: World
) -> None:
    given = {"delegation": "KWT", "name": "Salem Unmistakable"}
    await client.post(f"{world.api}/participants", json=given, headers=world.headers())
    answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "# TYPE" in answer.text
    assert "Unmistakable" not in answer.text
    assert world.conference.slug not in answer.text


async def test_the_api_is_described_on_a_page_of_ours(client: httpx.AsyncClient) -> None:
    answer = await client.get("/docs")
    assert answer.status_code == 200
    assert "max-age" in answer.headers["cache-control"]
    assert "no-store" not in answer.headers["cache-control"]
    for address in re.findall(r'(?:src|href|action)="([^"]*)"', answer.text):
        assert address.startswith(("/", "#")), address
        assert not address.startswith("//")
    assert "<script>" not in answer.text
    assert " style=" not in answer.text
    described = (await client.get("/openapi.json")).json()
    assert described["openapi"].startswith("3.1")
    for path, methods in described["paths"].items():
        assert path in answer.text
        for one in methods.values():
            assert f'id="{one["operationId"]}"' in answer.text
    for words in ("capacity", "waiting_list", "delegation", "page_size", "Authorization: Token"):
        assert words in answer.text


async def test_a_sound_installation_has_nothing_broken(database: Database) -> None:
    found = await diagnosis.diagnose(database)
    # The suite turns the server's fsync off; `check` says so, which is its work.
    broken = {what for what, state, _ in found if state == "broken"}
    assert broken <= {"database fsync", "database full_page_writes"}
    seen = {what for what, _, _ in found}
    scripts = {f"font {s}" for s in ("Latin", "Arabic", "Cyrillic", "Chinese", "Thai")}
    assert seen >= {"settings", "database", "schema", "clock", "keys"} | scripts
    assert {state for _, state, _ in found} <= {"ok", "warning", "broken"}
    everything = repr(found)
    assert "a secret for tests" not in everything


async def test_keys_that_others_may_read_are_broken(database: Database) -> None:
    loose = settings().data_dir / "keys" / "loose.key.9.key"
    await diagnosis.diagnose(database)
    loose.write_text("x")
    try:
        loose.chmod(0o644)
        [(_, state, detail)] = [f for f in await diagnosis.diagnose(database) if f[0] == "keys"]
    finally:
        loose.unlink()
    assert (state, "loose.key" in detail) == ("broken", True)


async def test_a_script_without_glyphs_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "SAMPLES", {"Nobody's": "\ue123"})
    assert diagnosis._glyphs() == [("font Nobody's", "broken", "no glyph for \ue123")]


async def test_an_unreachable_database_is_broken_and_the_rest_still_looked_at() -> None:
    away = Database("postgresql+asyncpg://nobody@127.0.0.1:9/none")
    try:
        found = await diagnosis.diagnose(away)
    finally:
        await away.close()
    states = {what: state for what, state, _ in found}
    assert states["database"] == "broken"
    assert states["keys"] == "ok"


def hide(path: Path) -> Path:
    """Puts a folder where the file was."""
    hidden = path.rename(path.with_suffix(".away"))
    path.mkdir()
    return hidden


def bring_back(path: Path, hidden: Path) -> None:
    path.rmdir()
    hidden.rename(path)


@pytest.mark.parametrize("address", ["127.0.0.1", "nobody.invalid"])
async def test_a_server_that_is_away_is_503_for_scripts_and_people(address: str) -> None:
    database = Database(f"postgresql+asyncpg://nobody@{address}:9/none")
    app = create_app(database)
    app.state.database = database
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        script = await client.get("/api/v1/conferences", headers={"Authorization": "Token x"})
        person = await client.get("/")
        ready = await client.get("/readyz")
        alive = await client.get("/livez")
    await database.close()
    for answer in (script, person, ready):
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert "content-security-policy" in answer.headers
    assert script.json()["code"] == "unavailable"
    assert "text/html" in person.headers["content-type"]
    assert alive.status_code == 200


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_locked_or_broken_file_is_503_and_comes_back_by_itself(
    client: httpx.AsyncClient, world: World, database: Database
) -> None:

    def impatient(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA busy_timeout=50")

    await database.close()
    event.listen(database.engine.sync_engine, "connect", impatient)
    body = {"name": "Main", "capacity": 1}
    path = Path(str(database.url.database))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    refused = await client.post(f"{world.api}/quotas", json=body, headers=world.headers())
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert (await client.get(f"{world.api}/quotas", headers=world.headers())).status_code == 200
    other.execute("ROLLBACK")
    other.close()
    await database.close()
    hidden = hide(path)
    gone = await client.get(f"{world.api}/quotas", headers=world.headers())
    assert (gone.status_code, gone.json()["code"]) == (503, "unavailable")
    bring_back(path, hidden)
    stored = await client.post(f"{world.api}/quotas", json=body, headers=world.headers())
    assert stored.status_code == 201
    assert await migrate.current(database) == migrate.newest()
