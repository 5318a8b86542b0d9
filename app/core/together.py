"""What many ask for at the same moment, done at once: one query, or one transaction (group commit).

A thousand approvals then cost a dozen commits and locks, not a thousand. Nothing is kept between
two rounds: each sees what the database says at its own time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from app.core.db import Database
from app.core.errors import AppError, Unavailable

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
Line = list[tuple[Asked, asyncio.Future[Answer]]]


class Together(Generic[Asked, Answer]):
    """Collects what is asked while a round is under way, and does it in the next one, in order.

    `work` opens its own session and answers each in order, with an `AppError` for one that a rule
    refuses. Where it raises, nothing of the round was done: each is then done alone. Between two
    rounds it waits `gather` seconds for those who were just answered and ask again: rounds are then
    twice as large, and most of what one costs does not grow with it.
    """

    def __init__(
        self,
        work: Callable[[Database, Sequence[Asked]], Awaitable[Sequence[Answer | AppError]]],
        *,
        most: int = 100,
        gather: float = 0.0,
    ) -> None:
        self._work, self._most, self._gather = work, most, gather
        self._lines: WeakKeyDictionary[Database, Line[Asked, Answer]] = WeakKeyDictionary()
        self._rounds: set[asyncio.Task[None]] = set()

    async def __call__(self, database: Database, asked: Asked) -> Answer:
        """The answer to one. Raises what `work` found against it."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        line = self._lines.get(database)
        if line is not None:
            line.append((asked, future))
            return await future
        self._lines[database] = [(asked, future)]
        # A task of its own: a client that hangs up must not end what others wait for.
        task = asyncio.create_task(self._serve(database))
        self._rounds.add(task)
        task.add_done_callback(self._rounds.discard)
        return await future

    async def _serve(self, database: Database) -> None:
        line = self._lines[database]
        try:
            while line:
                some, line[: self._most] = line[: self._most], []
                await self._round(database, some)
                await asyncio.sleep(self._gather)
        finally:
            del self._lines[database]

    async def _round(self, database: Database, some: Line[Asked, Answer]) -> None:
        try:
            answers = await self._work(database, [asked for asked, _ in some])
        except Exception as error:  # whatever it is, it belongs to those who asked
            if len(some) > 1 and not isinstance(error, Unavailable):
                for one in some:
                    await self._round(database, [one])
                return
            answers = [error] * len(some)  # type: ignore[list-item]
        for (_, future), answer in zip(some, answers, strict=True):
            if future.done():
                continue  # whoever asked went away
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)
