"""The database: SQLite embedded or PostgreSQL, behind two kinds of session.

Doors open `reading()` or `writing()`; a service only flushes. Leaving `writing()` commits, an
exception rolls back. The two kinds are different types, so that a read session where a write is
needed does not pass the type checker.
"""

import asyncio
import errno
import json
import socket
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import copy_context
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any, NewType, TypeVar, cast
from uuid import UUID, uuid4

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    Dialect,
    Engine,
    Enum,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    any_,
    bindparam,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    create_async_engine,
)
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import SQLModel

from app.core.direct import Direct, named, on_postgresql, on_sqlite
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

Found = TypeVar("Found")
_ANSWERED, _A_MOMENT = "answered", 5.0
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


class _Listed(TypeDecorator[Collection[object]]):
    """Values as a JSON array, written as SQLite keeps them."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Collection[object] | None, dialect: Dialect) -> str:
        return json.dumps([v.hex if isinstance(v, UUID) else v for v in value or ()], default=str)


def among(column: ColumnElement[Any], name: str, dialect: str) -> ColumnElement[bool]:
    """Whether a column is one of the values given as the parameter `name`, however many.

    An IN has a text for each number of values, and each text is planned anew.
    """
    if dialect == "postgresql":
        return column == any_(bindparam(name, type_=ARRAY(column.type)))
    values = func.json_each(bindparam(name, type_=_Listed)).table_valued("value")
    return column.in_(select(values.c.value))


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
        # In KB, and no more than the database has. With 1,000,000 scans the index of presences is
        # 75 MB: figures read it from one end to the other, and in less room never find it again.
        "cache_size=-128000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _listened(engine: Engine, begin: str) -> Engine:
    event.listen(engine, "connect", _sqlite_pragmas)
    event.listen(engine, "begin", _begin(begin))
    return engine


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
            self._thread = ThreadPoolExecutor(1, "plenary-hall")
            self._plain = _listened(
                create_engine(self.url.set(drivername="sqlite"), hide_parameters=True),
                "BEGIN IMMEDIATE",
            )
        else:
            self._reader = self._writer = self._postgresql(pool, ping=True)
            # What is done at once asks the same few things each time: planning them anew for the
            # ids of every round takes the server as long as finding what they ask for. A plan may
            # be kept from when a table was empty, and reading it whole was cheap: ids are looked
            # up one by one, in whatever state the statistics are.
            self._swift = self._postgresql(
                pool,
                ping=False,
                plan_cache_mode="force_generic_plan",
                max_parallel_workers_per_gather="0",
                **dict.fromkeys(("enable_seqscan", "enable_hashjoin", "enable_mergejoin"), "off"),
            )
            self._doubted = 0.0

    def _postgresql(self, pool: int, *, ping: bool, **settings: str) -> AsyncEngine:
        return create_async_engine(
            self.url,
            hide_parameters=True,
            pool_size=pool,
            max_overflow=pool,
            pool_timeout=10,
            pool_pre_ping=ping,
            connect_args={
                "timeout": 5,
                "server_settings": {"timezone": "UTC", "jit": "off"} | settings,
            },
        )

    def _sqlite(self, begin: str, size: int) -> AsyncEngine:
        engine = create_async_engine(
            self.url,
            hide_parameters=True,
            pool_size=size,
            max_overflow=0,
            pool_timeout=30,
            pool_use_lifo=True,  # whoever was used last still holds what is asked again
        )
        _listened(engine.sync_engine, begin)
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

    async def at_once(self, work: Callable[[Direct], Found]) -> Found:
        """One transaction of a piece of work that is all statements and no waiting.

        On SQLite every statement of a session goes to a thread and back, four times; here the work
        goes as a whole. On PostgreSQL it runs in one greenlet. It keeps no audit trail and must
        not touch what belongs to the event loop. Raises `Unavailable` as `writing` does.
        """
        with _away(), named():
            if not self.is_sqlite:
                async with self._alive() as connection:
                    return await connection.run_sync(on_postgresql, work)

            def whole() -> Found:
                with self._plain.begin() as connection:
                    return work(on_sqlite(connection))

            async with self._writer.connect():  # its turn among the writers of this process
                run = copy_context().run
                return await asyncio.get_running_loop().run_in_executor(self._thread, run, whole)

    @asynccontextmanager
    async def _alive(self) -> AsyncIterator[AsyncConnection]:
        """A connection that answers: one that did so a moment ago is not asked again.

        Asking takes the driver three messages, a third of what a round of scans takes.
        """
        async with self._swift.connect() as connection:
            answered = connection.info.get(_ANSWERED, -_A_MOMENT)
            if answered <= self._doubted or time.monotonic() - answered >= _A_MOMENT:
                try:
                    await connection.exec_driver_sql("SELECT 1")
                except DBAPIError as error:
                    if not error.connection_invalidated:
                        raise
                    # Another is opened in its place; a server that is away says so then.
                    await connection.rollback()
                    await connection.exec_driver_sql("SELECT 1")
                await connection.rollback()
            try:
                yield connection
            except BaseException:
                self._doubted = time.monotonic()  # what broke one may have broken all
                raise
            connection.info[_ANSWERED] = time.monotonic()

    async def close(self) -> None:
        """Gives all connections back."""
        if self.is_sqlite:
            self._thread.shutdown()
            self._plain.dispose()
        else:
            await self._swift.dispose()
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
            asyncpg.InternalClientError,  # the end was heard of, and not yet believed
            asyncpg.OperatorInterventionError,
            asyncpg.InsufficientResourcesError,
            asyncpg.ReadOnlySQLTransactionError,
            asyncpg.TransactionRollbackError,
        )
        # An argument that the driver cannot encode is an InterfaceError too, and no outage.
        return isinstance(error, away) and not isinstance(error, ValueError)
    if isinstance(error, sqlite3.OperationalError):
        words = ("locked", "unable to open", "disk", "readonly", "I/O")
        return any(word in str(error) for word in words)
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return True
        cause = error.orig.__cause__ or error.orig if error.orig else None
        return cause is not None and not isinstance(cause, DBAPIError) and is_away(cause)
    return False
