"""Live attendance: who watches is told when somebody came, and asks nothing meanwhile.

The word of it is that of the gates. A burst of scans is told once in two seconds, and counted once
for all who watch.
"""

import json
from collections.abc import AsyncGenerator, Sequence

from app.conferences.models import Conference
from app.core import dates
from app.core.db import Database
from app.core.errors import AppError
from app.core.together import Together
from app.figures.dashboards import service
from app.figures.dashboards.schemas import LiveOut
from app.gates import occupancy

PAUSE, LIFE = 2.0, 120.0
"""Seconds."""


async def _count(database: Database, asked: Sequence[Conference]) -> Sequence[LiveOut | AppError]:
    async with database.reading() as session:
        found = {
            one.id: await service.live(session, one) for one in {c.id: c for c in asked}.values()
        }
    return [found[one.id] for one in asked]


_counts: Together[Conference, LiveOut] = Together(_count)


def stream(database: Database, conference: Conference, language: str) -> AsyncGenerator[str]:
    """Server-sent events: the two numbers in the language's digits, when they change."""

    async def count() -> str:
        found = await _counts(database, conference)
        return json.dumps({k: dates.number(n, language) for k, n in found.model_dump().items()})

    return occupancy.stream(database, conference.id, count, lifetime=LIFE, pause=PAUSE)
