"""The outbox at work: rows are claimed, handled outside any transaction, and marked."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from sqlalchemy import Row, select, update

from app.core import clock
from app.core.db import Database, table
from app.core.outbox import OutboxRow

log = structlog.get_logger()
Handler = Callable[[Database, dict[str, object]], Awaitable[None]]
_handlers: dict[str, Handler] = {}
O = table(OutboxRow)  # noqa: E741 - the outbox

ATTEMPTS = 8
LEASE = timedelta(minutes=5)


def handles(kind: str, handler: Handler) -> None:
    """Names who does the jobs of a kind."""
    _handlers[kind] = handler


async def run_due(database: Database, *, limit: int = 20) -> int:
    """Does the jobs that are due; returns how many were tried. Each is tried at least once.

    A claim is a lease: when a worker dies, its job is due again after five minutes. Jobs are
    claimed one by one, so that a slow one does not use up the lease of those behind it.
    """
    for tried in range(limit):
        if not await _do_one(database):
            return tried
    return limit


async def _claim(database: Database) -> Row[int, str, dict[str, object], int] | None:
    async with database.writing() as session:
        row = (
            await session.execute(
                select(O.c.id, O.c.kind, O.c.payload, O.c.attempts)
                .where(
                    O.c.done_at.is_(None),
                    O.c.run_after <= clock.now(),
                    O.c.attempts < ATTEMPTS,
                    O.c.kind.in_(list(_handlers)),
                )
                .order_by(O.c.run_after, O.c.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
        ).one_or_none()
        if row is not None:
            await session.execute(
                update(O)
                .where(O.c.id == row.id)
                .values(run_after=clock.now() + LEASE, attempts=row.attempts + 1)
            )
    return row


async def _do_one(database: Database) -> bool:
    row = await _claim(database)
    if row is not None:
        try:
            await _handlers[row.kind](database, row.payload)
            values: dict[str, object] = {"done_at": clock.now(), "error": None}
        except Exception as error:  # a job may fail in any way; it is kept and tried again
            log.warning("job failed", kind=row.kind, job=row.id, error=type(error).__name__)
            wait = timedelta(seconds=30 * 2**row.attempts)
            values = {"error": type(error).__name__, "run_after": clock.now() + wait}
        async with database.writing() as session:
            await session.execute(update(O).where(O.c.id == row.id).values(**values))
    return row is not None


async def run_forever(
    database: Database,
    *,
    every: float = 2.0,
    also: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Does due jobs until cancelled; a database that is away is waited for."""
    while True:
        try:
            busy = await run_due(database)
            if also is not None:
                await also()
        except Exception as error:  # the worker outlives every fault; the next round tries again
            log.warning("worker waits", error=type(error).__name__)
            busy = 0
        if not busy:
            await asyncio.sleep(every)
