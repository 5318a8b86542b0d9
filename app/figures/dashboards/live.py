"""Live attendance: who watches is told when somebody came, and asks nothing meanwhile.

A commit in this process wakes its watchers at once; what another process let in shows with the next
heartbeat. A burst of scans is told once in two seconds, and counted once for all who watch.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from sqlalchemy import event

from app.conferences.models import Conference
from app.core import dates
from app.core.db import Database, WriteSession
from app.core.errors import AppError
from app.core.together import Together
from app.figures.dashboards import service
from app.figures.dashboards.schemas import LiveOut
from app.gates.events import Seen

PAUSE, HEARTBEAT, LIFE = 2.0, 15.0, 120.0
"""Seconds. A stream ends after its life: the browser opens another, and is asked anew who it is."""

_watchers: dict[UUID, set[asyncio.Event]] = {}


async def on_seen(session: WriteSession, seen: Seen) -> None:
    """Wakes the watchers of these conferences once the transaction is committed."""

    def wake(_: object) -> None:
        for id in seen.conferences:
            for watcher in _watchers.get(id, ()):
                watcher.set()

    if any(_watchers.get(id) for id in seen.conferences):
        event.listen(session.sync_session, "after_commit", wake, once=True)


async def _count(database: Database, asked: Sequence[Conference]) -> Sequence[LiveOut | AppError]:
    async with database.reading() as session:
        found = {
            one.id: await service.live(session, one) for one in {c.id: c for c in asked}.values()
        }
    return [found[one.id] for one in asked]


_counts: Together[Conference, LiveOut] = Together(_count)


async def stream(database: Database, conference: Conference, language: str) -> AsyncIterator[str]:
    """Server-sent events: the two numbers in the language's digits, when they change."""
    woken = asyncio.Event()
    watching = _watchers.setdefault(conference.id, set())
    watching.add(woken)
    clock = asyncio.get_running_loop().time
    end, told = clock() + LIFE, None
    try:
        while clock() < end:
            found = await _counts(database, conference)
            if found != told:
                told = found
                shown = {key: dates.number(n, language) for key, n in found.model_dump().items()}
                yield f"data: {json.dumps(shown)}\n\n"
            else:
                yield ": nobody new\n\n"
            try:
                await asyncio.wait_for(woken.wait(), HEARTBEAT)
            except TimeoutError:
                continue
            await asyncio.sleep(PAUSE)
            woken.clear()
    finally:
        watching.discard(woken)
