"""The database: SQLite embedded or PostgreSQL, behind two kinds of session.

Doors open `reading()` or `writing()`; a service only flushes. Leaving `writing()` commits, an
exception rolls back. The two kinds are different types, so that a read session where a write is
needed does not pass the type checker.
"""

import errno
import socket
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any, NewType, cast
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    Enum,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Table,
    event,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import SQLModel

from app.core.errors import Unavailable

ReadSession = NewType("ReadSession", AsyncSession)
WriteSession = NewType("WriteSession", ReadSession)

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata

BigId = BigInteger().with_variant(Integer(), "sqlite")
"""A growing integer key; SQLite numbers rows by itself only under the type INTEGER."""

Json = JSON(none_as_null=True)

BeforeCommit = Callable[[WriteSession], Awaitable[None]]
_before_commit: list[BeforeCommit] = []


def before_commit(hook: BeforeCommit) -> BeforeCommit:
    """Registers what every write transaction does last (the audit trail locks its head there)."""
    _before_commit.append(hook)
    return hook


def new_id() -> UUID:
    """A public id: random, so that nobody can count or guess."""
    return uuid4()


def table(model: type[SQLModel]) -> Table:
    """The Core table of a model, for queries by column."""
    return cast(Table, model.__table__)  # type: ignore[attr-defined]


def insert_into(dialect: str, target: Table) -> Any:  # each dialect has a class of its own
    """An INSERT that knows ON CONFLICT; only the dialect in use is imported."""
    return import_module(f"sqlalchemy.dialects.{dialect}").insert(target)


def words(kind: type[StrEnum]) -> Enum:
    """The column type of a vocabulary: its words as text, refused when they are not its words."""
    return Enum(
        kind,
        native_enum=False,
        length=32,
        create_constraint=False,
        values_callable=lambda k: [word.value for word in k],
    )


def tenant_key(column: str, target: str, **options: Any) -> ForeignKeyConstraint:
    """A foreign key that cannot leave the conference: `(conference_id, column)` on both sides."""
    return ForeignKeyConstraint(
        ["conference_id", column], [f"{target}.conference_id", f"{target}.id"], **options
    )


def _sqlite_pragmas(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    # The driver would open transactions late and silently (DEFERRED); we say BEGIN ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=15000",
        "temp_store=MEMORY",
        "cache_size=-32000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(statement: str) -> Callable[[Connection], None]:
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    return begin


class Database:
    """One database: engines, and the two ways to open a session on it."""

    def __init__(self, address: str | URL, *, pool: int = 10) -> None:
        self.url = make_url(address)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            if self.url.database:
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            self._reader = self._sqlite("BEGIN", pool)
            # Writers inside a process queue for this one connection, first come first served:
            # competing SQLite writers are three to six times slower than one, and sleep on a lock
            # that is not fair. A transaction queues when it first speaks to the database, so that
            # a request may write something small (its sign-in's last use) before its own begins.
            self._writer = self._sqlite("BEGIN IMMEDIATE", 1)
        else:
            self._reader = self._writer = create_async_engine(
                self.url,
                hide_parameters=True,
                pool_size=pool,
                max_overflow=pool,
                pool_timeout=10,
                pool_pre_ping=True,
                connect_args={"timeout": 5, "server_settings": {"timezone": "UTC", "jit": "off"}},
            )

    def _sqlite(self, begin: str, size: int) -> AsyncEngine:
        engine = create_async_engine(
            self.url, hide_parameters=True, pool_size=size, max_overflow=0, pool_timeout=30
        )
        event.listen(engine.sync_engine, "connect", _sqlite_pragmas)
        event.listen(engine.sync_engine, "begin", _begin(begin))
        return engine

    @property
    def engine(self) -> AsyncEngine:
        """The engine that writes."""
        return self._writer

    @property
    def reader(self) -> AsyncEngine:
        """The engine that reads."""
        return self._reader

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[ReadSession]:
        """A session for reading; nothing it does is kept."""
        with _away():
            async with AsyncSession(self._reader, autoflush=False) as session:
                yield ReadSession(session)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[WriteSession]:
        """One transaction: committed on leaving, rolled back on an exception.

        Raises `Unavailable` where the database is away; nothing was stored then.
        """
        with _away():
            async with AsyncSession(self._writer, expire_on_commit=False) as plain, plain.begin():
                session = WriteSession(ReadSession(plain))
                yield session
                await plain.flush()
                for hook in _before_commit:
                    await hook(session)

    async def close(self) -> None:
        """Gives all connections back."""
        await self._reader.dispose()
        if self._writer is not self._reader:
            await self._writer.dispose()


class _away:
    """Turns "the database is away" into `Unavailable`; every other database error passes."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: Any
    ) -> None:
        if error is not None and is_away(error):
            raise Unavailable("The database does not answer; nothing was changed.") from error


_UNREACHABLE = frozenset(
    {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN, errno.EMFILE}
)


def is_away(error: BaseException) -> bool:
    """True for errors that mean: no database now, try again."""
    if isinstance(error, PoolTimeout | ConnectionError | TimeoutError | socket.gaierror):
        return True
    if isinstance(error, OSError):
        # A host with two addresses fails with one error that has no number but "Multiple".
        return error.errno in _UNREACHABLE or str(error).startswith("Multiple exceptions")
    if type(error).__module__.startswith("asyncpg"):
        # Imported here: the driver is of no use to an installation on SQLite.
        import asyncpg

        away = (
            asyncpg.PostgresConnectionError,
            asyncpg.InterfaceError,
            asyncpg.OperatorInterventionError,
            asyncpg.InsufficientResourcesError,
            asyncpg.ReadOnlySQLTransactionError,
            asyncpg.TransactionRollbackError,
        )
        # An argument that the driver cannot encode is an InterfaceError too, and no outage.
        return isinstance(error, away) and not isinstance(error, ValueError)
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return True
        cause = error.orig.__cause__ or error.orig if error.orig else None
        if isinstance(error, OperationalError) and isinstance(error.orig, sqlite3.OperationalError):
            return any(
                word in str(error.orig)
                for word in ("locked", "unable to open", "disk", "readonly", "I/O")
            )
        return cause is not None and not isinstance(cause, DBAPIError) and is_away(cause)
    return False
