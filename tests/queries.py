"""How many statements the database ran: a list must not ask once more for each row."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from app.core.db import Database


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements of the block, on both engines, without those that open a transaction."""
    statements: list[str] = []

    def note(*run: object) -> None:
        text = str(run[2])
        if not text.startswith(("BEGIN", "PRAGMA")):
            statements.append(text)

    engines = {database.engine.sync_engine, database.reader.sync_engine}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
