"""The days of a conference, and what is kept of those that are over.

A million scans take seconds to be looked through, and those of a day that is over hardly change:
nothing is annulled after a quarter of an hour, and what is brought late has a new number. So what
was found of such a day is kept in the process until something is told of it. Each asking looks in
the database whether that is so: processes need not tell each other. Nothing is decided by it.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Generic, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select

from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession
from app.figures.store import A, Instant, S
from app.gates.checkin import ANNULLED_WITHIN

Found = TypeVar("Found")
Span = tuple[datetime, datetime]
"""A first and a last instant, both inclusive."""

DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_WRITTEN = timedelta(minutes=1)
"""What was recorded so long ago is committed, or never will be."""
_MOST = 16
"""Conferences of which something is kept."""


def midnight(day: date, conference: Conference) -> datetime:
    """The instant at which a local day begins."""
    return clock.day_end(day - DAY, conference.timezone)


def spans_of(conference: Conference, by: datetime) -> list[tuple[date, datetime, datetime]]:
    """The conference's days that have begun, each with its first and last instant."""
    days = [
        conference.starts + timedelta(days=n)
        for n in range((conference.ends - conference.starts).days + 1)
    ]
    spans = [(day, midnight(day, conference), midnight(day + DAY, conference)) for day in days]
    return [(day, since, until - TICK) for day, since, until in spans if since <= by]


def all_spans(conference: Conference, by: datetime) -> list[Span]:
    """The same, with the time before the first day and after the last one."""
    first, end = (
        midnight(conference.starts, conference),
        midnight(conference.ends + DAY, conference),
    )
    days = [(since, until) for _, since, until in spans_of(conference, by)]
    return [(_FIRST, first - TICK), *days, *([(end, _LAST)] if end <= by else [])]


@dataclass(frozen=True, slots=True)
class Mark:
    """Up to which scan, by its number, and until when all that was recorded has been seen."""

    scan: int
    told: datetime


@dataclass(frozen=True, slots=True)
class Recalled(Generic[Found]):
    """What is true still: by a day's first instant, until which and what.

    `over` is the last instant of which anything may be kept: none of an earlier knowledge.
    """

    found: dict[datetime, tuple[datetime, Found]]
    over: datetime | None
    mark: Mark


@dataclass(slots=True)
class _Kept(Generic[Found]):
    until: datetime
    found: Found
    known: datetime
    mark: Mark


class Days(Generic[Found]):
    """What was found of days that are over, or of one up to an instant, by conference."""

    def __init__(self) -> None:
        self._shelves: WeakKeyDictionary[Engine, OrderedDict[UUID, dict[datetime, _Kept[Found]]]]
        self._shelves = WeakKeyDictionary()

    async def recall(
        self, session: ReadSession, conference_id: UUID, at: Instant
    ) -> Recalled[Found]:
        """What is true of days at an instant, without those of which something was told since."""
        settled = clock.now() - _WRITTEN
        days = self._of(session, conference_id)
        checked = dict(days)
        since = None
        if checked:
            marks = [kept.mark for kept in checked.values()]
            since = Mark(min(m.scan for m in marks), min(m.told for m in marks))
        mark, news = await _news(session, conference_id, since, settled)
        found = {}
        for begins, kept in checked.items():
            if news is not None and news <= kept.until:
                if days.get(begins) is kept:
                    del days[begins]
                continue
            kept.mark = mark
            if kept.until <= at.as_of and kept.known <= at.known_at:
                found[begins] = kept.until, kept.found
        known = at.known_at >= settled + _WRITTEN / 2
        return Recalled(found, min(at.as_of, settled - ANNULLED_WITHIN) if known else None, mark)

    def keep(
        self,
        session: ReadSession,
        conference_id: UUID,
        at: Instant,
        recalled: Recalled[Found],
        found: Mapping[Span, Found],
    ) -> None:
        """Keeps what was found of days that are over, or of the part of one that is."""
        days = self._of(session, conference_id)
        for (since, until), one in found.items():
            if recalled.over is None or until > recalled.over:
                continue
            if since not in days or days[since].until <= until:
                days[since] = _Kept(until, one, at.known_at, recalled.mark)

    def _of(self, session: ReadSession, conference_id: UUID) -> dict[datetime, _Kept[Found]]:
        engine = session.get_bind()
        assert isinstance(engine, Engine)
        shelf = self._shelves.setdefault(engine, OrderedDict())
        days = shelf.setdefault(conference_id, {})
        shelf.move_to_end(conference_id)
        if len(shelf) > _MOST:
            shelf.popitem(last=False)
        return days


async def each(
    days: Days[tuple[Hashable, Found]],
    session: ReadSession,
    conference: Conference,
    spans: Iterable[Span],
    at: Instant,
    key: Hashable,
    ask: Callable[[Span, Found | None], Awaitable[Found]],
) -> list[Found]:
    """What is found of each day.

    `ask` goes on from what was found of the day's beginning, or from nothing.
    """
    recalled = await days.recall(session, conference.id, at)
    over = recalled.over and recalled.over.replace(second=0, microsecond=0) - TICK
    found: list[Found] = []
    for since, until in spans:
        begins, one = since, None
        if since in recalled.found:
            kept_until, (of, kept) = recalled.found[since]
            if of == key and kept_until <= until:  # the conference may have begun later then
                begins, one = kept_until + TICK, kept
        # What is over of a day is kept for the next asking; the rest may still change.
        for end in (min(over or until, until), until):
            if begins <= end:
                one = await ask((begins, end), one)
                days.keep(session, conference.id, at, recalled, {(since, end): (key, one)})
                begins = end + TICK
        found += [] if one is None else [one]
    return found


async def _news(
    session: ReadSession, conference_id: UUID, since: Mark | None, settled: datetime
) -> tuple[Mark, datetime | None]:
    """The mark of now, and the earliest moment of which something was told since another."""
    newest = (
        select(S.c.id)
        .where(S.c.recorded_at <= settled)
        .order_by(S.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    if since is None:
        scan = (await session.execute(select(newest))).scalar_one()
        return Mark(scan or 0, settled), None
    # By their numbers: a database might else go through all of the conference.
    later = (
        select(S.c.conference_id, S.c.at)
        .where(S.c.id > since.scan)
        .cte("later")
        .prefix_with("MATERIALIZED")
    )
    scanned = select(func.min(later.c.at)).where(later.c.conference_id == conference_id)
    attested = select(func.min(A.c.at)).where(
        A.c.conference_id == conference_id, A.c.recorded_at > since.told
    )
    row = await session.execute(
        select(newest, scanned.scalar_subquery(), attested.scalar_subquery())
    )
    scan, *moments = row.one()
    return Mark(scan or 0, settled), min(filter(None, moments), default=None)
