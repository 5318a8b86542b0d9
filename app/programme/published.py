"""The public programme kept ready: made once, used until what it was made of has changed.

Making a calendar of 100 sessions costs a tenth of a second, asking whether it is still true costs
two small queries, and for a second after asking, unless this process has written anything, not even
those. Answers may be kept for a minute by anybody (`Cache-Control`); nothing is decided by them.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.conferences.models import Conference
from app.core.db import Database, ReadSession
from app.programme import store
from app.programme.store import PublicSession
from app.web.cached import etag_of

FRESH_SECONDS = 1.0
_LARGEST = 64
_commits = 0


@dataclass(frozen=True, slots=True)
class Ready:
    """Bytes to send, with their validators."""

    body: bytes
    etag: str
    changed: datetime | None


@dataclass(slots=True)
class _Kept:
    stamp: tuple[object, ...]
    ready: Ready
    asked_at: float
    commits: int


Key = tuple[str, ...]
_shelves: WeakKeyDictionary[Database, OrderedDict[Key, _Kept]] = WeakKeyDictionary()


@event.listens_for(Session, "after_commit")
def _count(_: Session) -> None:
    # Read sessions never commit: each of these is a change, perhaps one of the programme.
    global _commits  # noqa: PLW0603 - one process, one count
    _commits += 1


def at_hand(database: Database, key: Key) -> Ready | None:
    """What was true within the last second, if this process has committed nothing since."""
    shelf = _shelves.get(database)
    kept = shelf.get(key) if shelf else None
    if kept is None or kept.commits != _commits:
        return None
    return kept.ready if time.monotonic() - kept.asked_at < FRESH_SECONDS else None


async def ready(
    database: Database,
    session: ReadSession,
    conference: Conference,
    key: Key,
    make: Callable[[list[PublicSession]], bytes],
) -> Ready:
    """What `make` makes of the public sessions, kept under a key; made again after a change."""
    commits, asked_at = _commits, time.monotonic()
    changed, *rest = await store.stamp(session, conference.id)
    stamp = (conference.id, conference.version, changed, *rest)
    shelf = _shelves.setdefault(database, OrderedDict())
    kept = shelf.get(key)
    if kept is None or kept.stamp != stamp:
        body = make(await store.public_sessions(session, conference.id))
        made = Ready(body, etag_of(body), changed if isinstance(changed, datetime) else None)
        kept = shelf[key] = _Kept(stamp, made, asked_at, commits)
        if len(shelf) > _LARGEST:
            shelf.popitem(last=False)
    kept.asked_at, kept.commits = asked_at, commits
    shelf.move_to_end(key)
    return kept.ready
