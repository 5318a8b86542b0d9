"""Brings a database to the present schema; several processes may try at once."""

from collections.abc import Callable
from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from app.core.db import Database
from app.core.settings import HOME


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HOME / "migrations").replace("%", "%%"))
    return config


async def migrating(address: str, work: Callable[[Connection], None]) -> None:
    """Runs `work` in one transaction on a plain engine: no foreign keys while SQLite rewrites.

    With them on, the batch rewrite of a parent table would silently delete its children.
    """
    engine = create_async_engine(address, poolclass=NullPool, hide_parameters=True)
    if engine.dialect.name == "sqlite":

        def autocommit(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
            connection.isolation_level = None
            cursor = connection.cursor()
            cursor.execute("PRAGMA busy_timeout=60000")
            cursor.close()

        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN EXCLUSIVE")

        event.listen(engine.sync_engine, "connect", autocommit)
        event.listen(engine.sync_engine, "begin", begin)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(work)
    finally:
        await engine.dispose()


async def upgrade(address: str) -> None:
    """Migrates to the newest revision, all or nothing; does nothing where that is reached."""
    # Opening the database makes a missing folder.
    await Database(address).close()

    def work(connection: Connection) -> None:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    await migrating(address, work)


@cache
def newest() -> str:
    """The revision that this code expects."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


async def current(database: Database) -> str:
    """The revision the database has; empty for a new one."""
    async with database.reading() as session:
        connection = await session.connection()
        return await connection.run_sync(
            lambda c: MigrationContext.configure(c).get_current_revision() or ""
        )
