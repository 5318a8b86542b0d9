"""A database in a thread with a loop of its own, for tests that hypothesis drives step by step."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

from app.core import clock
from app.core.db import Database
from tests.world import World, make_world

Result = TypeVar("Result")


class Apart:
    """Runs coroutines over one database, one after the other."""

    def __init__(self, database: Database) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.database = Database(database.url)

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """The result of `work`, waited for."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def world(self, at: datetime | None = None) -> World:
        """A conference of this example alone, made now or at an instant."""

        async def make() -> World:
            with clock.frozen(at or clock.now()):
                return await make_world(self.database, f"example-{uuid4().hex[:12]}")

        return self.run(make())

    def close(self) -> None:
        """Ends the thread."""
        self.run(self.database.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


@contextmanager
def apart(database: Database) -> Iterator[Apart]:
    """An `Apart` for the length of a test."""
    made = Apart(database)
    try:
        yield made
    finally:
        made.close()
