"""How many are inside now, by gate, zone and session, and word of it when that changes.

A change is told to whoever watches within half a second of its commit, or once a slow count has
left the database to the doors for a while: in this process directly, in others by PostgreSQL's
NOTIFY. Whoever misses the word sees it a few seconds later all the same. Whatever changes what is
counted publishes `Seen`, and nothing else has to be done.
"""

import asyncio
import contextlib
import time
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Sequence,
)
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import (
    Engine,
    PoolProxiedConnection,
    Text,
    bindparam,
    case,
    event,
    func,
    select,
)

from app.badges.rules import categories
from app.conferences.models import Conference
from app.core import clock
from app.core.db import Database, ReadSession, WriteSession, table
from app.core.direct import Asks, Through
from app.core.errors import Unavailable
from app.gates import conflicts, store
from app.gates.events import Seen
from app.gates.models import Gate, Scan
from app.gates.rules import Direction
from app.gates.scanning import local_day

G, S = table(Gate), table(Scan)
CHANNEL = "plenary_gates"
_SOON, _ANYHOW = 0.3, 5.0
_REST = 4
"""How many times as long as a count took the next one waits: the doors need the database too."""
_NOTIFY = select(func.pg_notify(CHANNEL, bindparam("id", type_=Text)).label("told"))
Counts = dict[str, int]


async def counts(session: ReadSession, conference: Conference, *, public: bool) -> Counts:
    """Who is inside, as `gate:<id>:inside`, `zone:<bit>` and `session:<id>`; open `conflicts`.

    A badge that came in at one gate of a zone and left by another is not inside. The public
    is told of places for every delegate only, and nobody's name is in it for anybody.
    """
    gates = [g for g in await store.gates(session, conference.id) if is_open(g) or not public]
    told = await by_place(session, conference, gates)
    if not public:
        told["conflicts"] = await conflicts.count(session, conference.id)
        today, since, until = _today(conference)
        inside = await store.inside(session, conference.id, today, since, until)
        passed = await store.passed(session, conference.id)
        for gate in gates:
            told[f"gate:{gate.id}:inside"] = inside.get(gate.id, 0)
            told[f"gate:{gate.id}:admitted"] = passed[gate.id].admitted if gate.id in passed else 0
    return told


def _today(conference: Conference) -> tuple[date, datetime, datetime]:
    """The local day, and the instants at which it begins and ends."""
    today = local_day(clock.now(), conference.timezone)
    since = clock.day_end(today - timedelta(days=1), conference.timezone)
    return today, since, clock.day_end(today, conference.timezone)


async def by_place(session: ReadSession, conference: Conference, gates: Sequence[Gate]) -> Counts:
    """Who is inside each place that some gates guard, in their order, in one statement."""
    today, since, until = _today(conference)
    places = {gate.id: place_of(gate) for gate in gates}
    told = dict.fromkeys(places.values(), 0)
    if places:
        place = case(places, value=S.c.gate_id)
        nth = func.row_number().over(
            partition_by=(place, S.c.badge_id),
            order_by=(S.c.at.desc(), S.c.device_id.desc(), S.c.nonce.desc()),
        )
        ranked = (
            select(place.label("place"), S.c.direction, nth.label("nth"))
            .where(
                S.c.conference_id == conference.id,
                S.c.gate_id.in_(places),
                S.c.at >= since,
                S.c.at < until,
                S.c.local_day == today,
                S.c.passed,
            )
            .subquery()
        )
        found = await session.execute(
            select(ranked.c.place, func.count())
            .where(ranked.c.nth == 1, ranked.c.direction == Direction.entry)
            .group_by(ranked.c.place)
        )
        told |= {row[0]: row[1] for row in found}
    return told


def is_open(gate: Gate) -> bool:
    """Whether every delegate may enter; how full the principals' lounge is stays unsaid."""
    return gate.reception_id is None and bool(categories()["delegate"].zones >> gate.zone & 1)


def place_of(gate: Gate) -> str:
    """What a gate guards, as counts name it."""
    if gate.session_id:
        return f"session:{gate.session_id}"
    return f"reception:{gate.reception_id}" if gate.reception_id else f"zone:{gate.zone}"


class Watch:
    """Who watches over one database, and word to them."""

    def __init__(self) -> None:
        self._waiting: dict[UUID, asyncio.Event] = {}
        self._told: dict[UUID, float] = {}
        self._held: PoolProxiedConnection | None = None
        self._opening = asyncio.Lock()
        self.watchers = 0

    def tell(self, asks: Asks, conferences: Collection[UUID]) -> None:
        """Says to other processes, with the transaction, that somebody was seen.

        Once for all of one moment.
        """
        for id in conferences if asks.kind == "postgresql" else ():
            now = time.monotonic()
            if now - self._told.get(id, -_SOON) >= _SOON:
                self._told[id] = now
                asks.ask(_NOTIFY, {"id": str(id)})

    def hear(self, conferences: Collection[UUID]) -> None:
        """Wakes who watches in this process."""
        for id in conferences:
            if news := self._waiting.pop(id, None):
                news.set()

    def _notified(self, _connection: object, _pid: int, _channel: str, told: str) -> None:
        self.hear([UUID(told)])

    def news(self, conference_id: UUID) -> asyncio.Event:
        """What to wait for: taken before counting, so that nothing in between is missed."""
        return self._waiting.setdefault(conference_id, asyncio.Event())

    @staticmethod
    async def wait(news: asyncio.Event, pause: float) -> None:
        """Until there are news and the rest of their moment is stored too, or a few seconds."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(news.wait(), _ANYHOW)
            await asyncio.sleep(pause)

    @contextlib.asynccontextmanager
    async def listening(self, database: Database) -> AsyncIterator[None]:
        """Hears of other processes as long as somebody watches, over one connection for all."""
        self.watchers += 1
        try:
            async with self._opening:  # of two who come at once the second finds it held
                if self._held is None and not database.is_sqlite:
                    held = await database.reader.raw_connection()
                    driver: Any = held.driver_connection
                    try:
                        await driver.add_listener(CHANNEL, self._notified)
                    except BaseException:
                        held.invalidate()
                        raise
                    self._held = held
            yield
        finally:
            self.watchers -= 1
            if self.watchers == 0 and self._held is not None:
                held, self._held = self._held, None
                held.invalidate()  # a connection that listened goes to nobody else


_watches: WeakKeyDictionary[Engine, Watch] = WeakKeyDictionary()


def watch(database: Database) -> Watch:
    """The watch over a database, in this process."""
    return _watches.setdefault(database.engine.sync_engine, Watch())


async def on_seen(session: WriteSession, seen: Seen) -> None:
    """Somebody passed, was attested or annulled, or a conflict was settled: who watches hears."""
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    here = _watches.setdefault(engine, Watch())
    await session.run_sync(lambda plain: here.tell(Through(plain.connection()), seen.conferences))
    event.listen(
        session.sync_session, "after_commit", lambda _: here.hear(seen.conferences), once=True
    )


async def stream(
    database: Database,
    conference_id: UUID,
    count: Callable[[], Awaitable[str]],
    *,
    lifetime: float,
    pause: float = 1.5 * _SOON,
) -> AsyncGenerator[str]:
    """Server-sent events: what `count` says, whenever it says something else.

    It ends after its lifetime, in seconds: browsers ask again by themselves, are asked anew who
    they are, and a server may stop meanwhile.
    """
    heard, ends, told = watch(database), time.monotonic() + lifetime, None
    yield "retry: 1000\n\n"
    async with heard.listening(database):
        while time.monotonic() < ends:
            news, began = heard.news(conference_id), time.monotonic()
            try:
                found = await count()
            except Unavailable:
                return
            rest = _REST * (time.monotonic() - began)
            # Who went away is noticed by writing.
            yield f"data: {found}\n\n" if found != told else ": still here\n\n"
            told = found
            await heard.wait(news, max(pause, rest))
