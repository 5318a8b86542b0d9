"""Live attendance: who watches is told when somebody came, and asks nothing meanwhile.

A burst of scans is told once in two seconds, and counted once for all who watch.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Sequence

from app.conferences.models import Conference
from app.core import dates
from app.core.db import Database
from app.core.errors import AppError
from app.core.together import Together
from app.figures.dashboards import service
from app.figures.dashboards.schemas import LiveOut
from app.gates import occupancy

PAUSE, HEARTBEAT, LIFE = 2.0, 15.0, 120.0
"""Seconds. A stream ends after its life: the browser opens another, and is asked anew who it is."""


async def _count(database: Database, asked: Sequence[Conference]) -> Sequence[LiveOut | AppError]:
    async with database.reading() as session:
        found = {
            one.id: await service.live(session, one) for one in {c.id: c for c in asked}.values()
        }
    return [found[one.id] for one in asked]


_counts: Together[Conference, LiveOut] = Together(_count)


async def stream(database: Database, conference: Conference, language: str) -> AsyncIterator[str]:
    """Server-sent events: the two numbers in the language's digits, when they change."""
    clock, watch = asyncio.get_running_loop().time, occupancy.watch(database)
    end, told = clock() + LIFE, None
    async with watch.listening():
        while clock() < end:
            news = watch.news(conference.id)
            found = await _counts(database, conference)
            if found != told:
                told = found
                shown = {key: dates.number(n, language) for key, n in found.model_dump().items()}
                yield f"data: {json.dumps(shown)}\n\n"
            else:
                yield ": nobody new\n\n"
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), HEARTBEAT)
                await asyncio.sleep(PAUSE)
