"""Statements spoken to the driver itself: what a door asks a thousand times a second.

Core puts a round's few statements together, looks them up among those it knows and wraps each row
anew: for the five of a round of scans that takes five times as long as the driver and its messages.
Here each is put into words once; values and rows still pass through its types.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, NamedTuple, Protocol, TypeVar, cast

from sqlalchemy import (
    ARRAY,
    Column,
    Connection,
    Dialect,
    Executable,
    Row,
    SelectBase,
    Table,
    bindparam,
    func,
    insert,
    select,
)
from sqlalchemy.engine import AdaptedConnection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.compiler import SQLCompiler

Line = Row[*tuple[Any, ...]]
"""A row whose columns are its attributes."""

Found = TypeVar("Found")
_Make = Callable[[Sequence[Any]], Line]
_Change = Callable[[Any], Any] | None
Ask = Callable[[str, Sequence[object]], Sequence[Sequence[Any]]]
"""A driver's rows for a text and its values in order."""
Tell = Callable[[str, Sequence[Sequence[object]]], None]
"""A driver does a text once for each of many values."""


class Keep:
    """An INSERT into some columns of a table: of one row, and of many, an array for each column."""

    def __init__(self, into: Table, columns: Sequence[Column[Any]]) -> None:
        names = [column.name for column in columns]
        values = [bindparam(c.name, None, type_=c.type) for c in columns]
        arrays = [bindparam(c.name, type_=ARRAY(c.type)) for c in columns]
        given = func.unnest(*arrays).table_valued(*names).render_derived(name="given")
        self.row, self.rows = (
            insert(into).from_select(names, select(*some), include_defaults=False)
            for some in (values, given.c)
        )


class Asks(Protocol):
    """One transaction, to whoever only asks and tells in it."""

    @property
    def kind(self) -> str:
        """`sqlite` or `postgresql`."""

    def ask(self, statement: Executable, given: Mapping[str, object]) -> Sequence[Line]:
        """The rows of a statement that is made once and kept; its parameters by name."""

    def tell(self, statement: Executable, rows: Sequence[Mapping[str, object]]) -> None:
        """Does a statement that answers nothing once for each row."""

    def keep(self, rows: Sequence[Mapping[str, object]], where: Keep) -> None:
        """Inserts rows; what one does not say is left empty."""


class Through:
    """The transaction of a session: where nobody waits in a line."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.kind = connection.dialect.name

    def ask(self, statement: Executable, given: Mapping[str, object]) -> Sequence[Line]:
        """As `Asks` says."""
        return self._connection.execute(statement, given).all()

    def tell(self, statement: Executable, rows: Sequence[Mapping[str, object]]) -> None:
        """As `Asks` says."""
        if rows:
            self._connection.execute(statement, rows)

    def keep(self, rows: Sequence[Mapping[str, object]], where: Keep) -> None:
        """As `Asks` says."""
        self.tell(where.row, rows)


class Direct:
    """A transaction that somebody else begins and ends, over two calls of a driver."""

    def __init__(self, dialect: Dialect, ask: Ask, tell: Tell) -> None:
        self._dialect, self._ask, self._tell = dialect, ask, tell
        self.kind = dialect.name

    def ask(self, statement: Executable, given: Mapping[str, object]) -> Sequence[Line]:
        """As `Asks` says."""
        words = _words(statement, self._dialect)
        values = [
            value if change is None else change(value)
            for value, change in (
                (given.get(name, default), change) for name, default, change in words.takes
            )
        ]
        return words.lines(self._ask(words.text, values))

    def tell(self, statement: Executable, rows: Sequence[Mapping[str, object]]) -> None:
        """As `Asks` says."""
        if rows:
            words = _words(statement, self._dialect)
            self._tell(words.text, list(zip(*words.columns(rows), strict=True)))

    def keep(self, rows: Sequence[Mapping[str, object]], where: Keep) -> None:
        """As `Asks` says. PostgreSQL is told in columns: for each row its server begins anew."""
        if self.kind == "postgresql" and rows:
            columns = _words(where.row, self._dialect).columns(rows)
            self._ask(_words(where.rows, self._dialect).text, columns)
        else:
            self.tell(where.row, rows)


def on_sqlite(connection: Connection) -> Direct:
    """The transaction that a connection has begun."""
    driver = cast(sqlite3.Connection, connection.connection.driver_connection)

    def ask(text: str, values: Sequence[object]) -> Sequence[Sequence[Any]]:
        return driver.execute(text, values).fetchall()

    def tell(text: str, rows: Sequence[Sequence[object]]) -> None:
        driver.executemany(text, rows)

    return Direct(connection.dialect, ask, tell)


def on_postgresql(connection: Connection, work: Callable[[Direct], Found]) -> Found:
    """Begins a transaction, does the work and commits; runs in a greenlet."""
    adapted = cast(AdaptedConnection, connection.connection.dbapi_connection)

    def say(text: str) -> None:
        adapted.run_async(lambda driver: driver.execute(text))

    def ask(text: str, values: Sequence[object]) -> Sequence[Sequence[Any]]:
        rows: Sequence[Sequence[Any]] = adapted.run_async(lambda d: d.fetch(text, *values))
        return rows

    def tell(text: str, rows: Sequence[Sequence[object]]) -> None:
        adapted.run_async(lambda driver: driver.executemany(text, rows))

    try:
        say("BEGIN")
        found = work(Direct(connection.dialect, ask, tell))
        say("COMMIT")
    except BaseException:
        try:
            say("ROLLBACK")
        except Exception:  # whatever it is, nobody is to have a connection in that state
            connection.invalidate()
        raise
    return found


@contextmanager
def named() -> Iterator[None]:
    """Calls a broken key what it is called everywhere else, whichever driver says so."""
    try:
        yield
    except Exception as error:
        state = str(getattr(error, "sqlstate", ""))
        if isinstance(error, sqlite3.IntegrityError) or state.startswith("23"):
            raise IntegrityError(None, None, error) from error
        raise


class _Words(NamedTuple):
    """A statement in a database's own words."""

    text: str
    takes: Sequence[tuple[str, object, _Change]]
    """Parameters in order: their names, values where none is given, and ways to the driver's."""
    gives: Sequence[tuple[int, Callable[[Any], Any]]]
    """Of the columns that the driver has no words for, the ways back."""
    line: _Make

    def columns(self, rows: Sequence[Mapping[str, object]]) -> list[list[object]]:
        """The values of rows, by column: most hold few, the same one after the other.

        A value is put into the driver's words anew only where it is another than the last.
        """
        found: list[list[object]] = []
        for name, default, change in self.takes:
            values = [row.get(name, default) for row in rows]
            if change is not None:
                last = bound = None
                for n, value in enumerate(values):
                    if value is not last:
                        last, bound = value, change(value)
                    values[n] = bound
            found.append(values)
        return found

    def lines(self, rows: Sequence[Sequence[Any]]) -> list[Line]:
        if not self.gives:
            return [self.line(row) for row in rows]
        # A delegation, a day or a rank comes again and again: each is changed once.
        changes = [(n, change, dict[Any, Any]()) for n, change in self.gives]
        found = []
        for row in rows:
            values = list(row)
            for n, change, known in changes:
                value = values[n]
                if value in known:
                    values[n] = known[value]
                else:
                    values[n] = known[value] = change(value)
            found.append(self.line(values))
        return found


@lru_cache(maxsize=256)
def _words(statement: Executable, dialect: Dialect) -> _Words:
    compiled = cast(SQLCompiler, statement.compile(dialect=dialect))  # type: ignore[attr-defined]
    takes = []
    for name in compiled.positiontup or ():
        bind = compiled.binds[name]
        change = bind.type.dialect_impl(dialect).bind_processor(dialect)
        takes.append((bind.key, bind.effective_value, change))
    columns = statement.selected_columns if isinstance(statement, SelectBase) else ()
    gives = []
    for n, column in enumerate(columns):
        if change := column.type.dialect_impl(dialect).result_processor(dialect, None):
            gives.append((n, change))
    line = namedtuple("Line", [column.key for column in columns])  # type: ignore[misc]
    return _Words(str(compiled), takes, gives, cast(_Make, line._make))
