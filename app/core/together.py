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


class _Queue(Generic[Asked, Answer]):
    """Who waits at one database, how many are being answered, and by how many tasks."""

    def __init__(self) -> None:
        self.line: Line[Asked, Answer] = []
        self.busy = self.tasks = 0

    def share(self, rounds: int, most: int) -> Line[Asked, Answer]:
        """Whom the next round answers: nobody while fewer wait than are being answered.

        Else its part of them all, so that rounds side by side are of one size.
        """
        if len(self.line) < self.busy:
            return []
        fair = min(most, -(-(self.busy + len(self.line)) // rounds))
        some, self.line[:fair] = self.line[:fair], []
        return some


class Together(Generic[Asked, Answer]):
    """Collects what is asked while a round is under way, and does it in the next one, in order.

    `work` opens its own session and answers each in order, with an `AppError` for one that a rule
    refuses. Where it raises, nothing of the round was done: each is then done alone. Between two
    rounds it waits `gather` seconds for those who were just answered and ask again: rounds are then
    twice as large, and most of what one costs does not grow with it. On PostgreSQL up to `rounds`
    are under way at once: while one waits for the database, another is read and answered. What two
    of them must not do at once is for the locks of `work` to say, as between processes.
    """

    def __init__(
        self,
        work: Callable[[Database, Sequence[Asked]], Awaitable[Sequence[Answer | AppError]]],
        *,
        most: int = 100,
        gather: float = 0.0,
        rounds: int = 1,
    ) -> None:
        self._work, self._most, self._gather, self._rounds = work, most, gather, rounds
        self._queues: WeakKeyDictionary[Database, _Queue[Asked, Answer]] = WeakKeyDictionary()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, database: Database, asked: Asked) -> Answer:
        """The answer to one. Raises what `work` found against it."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        queue = self._queues.setdefault(database, _Queue())
        queue.line.append((asked, future))
        self._begin(database, queue)
        return await future

    def _begin(self, database: Database, queue: _Queue[Asked, Answer]) -> None:
        rounds = 1 if database.is_sqlite else self._rounds  # SQLite has one writer
        if queue.tasks and not (queue.tasks < rounds and 0 < queue.busy <= len(queue.line)):
            return
        queue.tasks += 1
        # A task of its own: a client that hangs up must not end what others wait for.
        task = asyncio.create_task(self._serve(database, queue, rounds))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, database: Database, queue: _Queue[Asked, Answer], rounds: int) -> None:
        try:
            while some := queue.share(rounds, self._most):
                queue.busy += len(some)
                self._begin(database, queue)
                try:
                    await self._round(database, some)
                finally:
                    queue.busy -= len(some)
                await asyncio.sleep(self._gather)
        finally:
            queue.tasks -= 1

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
