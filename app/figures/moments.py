"""When people were first seen in person: by day, and by the hour of a day.

The day and the hour are those of the conference's clocks; days are those of the conference.
"""

from collections.abc import Hashable
from datetime import UTC, datetime, timedelta

from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession
from app.figures.breakdown import By, Rows, united
from app.figures.dashboards import store
from app.figures.days import Days, Span, each, spans_of
from app.figures.store import Instant

_HOURS = 24
_first: Days[tuple[Hashable, dict[str, int]]] = Days()
"""By person the hour of the day, as its bit."""


def labels(conference: Conference, by: By) -> dict[str, str]:
    """The days of a conference, or all their hours, with words; keys are ISO."""
    count = (conference.ends - conference.starts).days + 1
    days = [conference.starts + timedelta(days=n) for n in range(count)]
    words = {day.isoformat(): f"{day.day} {day:%B %Y}" for day in days}
    if by is By.day:
        return words
    return {
        f"{day}T{hour:02}": f"{word}, {hour:02}:00 to {hour + 1:02}:00"
        for day, word in words.items()
        for hour in range(_HOURS)
    }


async def rows(session: ReadSession, conference: Conference, at: Instant, by: By) -> Rows:
    """On which days people were seen, or in which hour of each they first were."""

    async def ask(span: Span, start: dict[str, int] | None) -> dict[str, int]:
        seen = dict(start or {})
        for minute, ids in await store.first_seen(session, conference.id, span, at):
            moment = datetime.fromisoformat(minute).replace(tzinfo=UTC)
            hour = 1 << clock.utc_to_local(moment, conference.timezone).hour
            for who in ids:
                seen.setdefault(who, hour)
        return seen

    spans = [(since, until) for _, since, until in spans_of(conference, at.as_of)]
    days = await each(_first, session, conference, spans, at, conference.timezone, ask)
    if by is By.day:
        of_days = [dict.fromkeys(seen, 1 << n) for n, seen in enumerate(days)]
    else:
        of_days = [
            {who: hour << n * _HOURS for who, hour in seen.items()} for n, seen in enumerate(days)
        ]
    words = labels(conference, by)
    return Rows({key: 1 << n for n, key in enumerate(words)}, words, united({}, of_days))
