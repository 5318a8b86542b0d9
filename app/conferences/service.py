"""Use cases of conferences, series and stored files."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.accounts import audit
from app.accounts.rules import Actor, Role
from app.conferences import store
from app.conferences.models import Conference, Series, StoredFile
from app.conferences.schemas import ConferenceIn, SeriesIn
from app.core import clock
from app.core.db import ReadSession, WriteSession
from app.core.errors import Clash, NotFound
from app.core.keys import keyring
from app.core.settings import settings

FILES = "files"


async def create_series(session: WriteSession, actor: Actor, given: SeriesIn) -> Series:
    """Creates a series. Raises `Clash` where the slug is taken."""
    actor.require_administrator()
    if await store.series_by_slug(session, given.slug):
        raise Clash(f"There is a series “{given.slug}” already.", code="slug-taken")
    series = Series(slug=given.slug, title=given.title)
    session.add(series)
    audit.record(session, actor, "series.create", conference_id=None, target=("series", series.id))
    await session.flush()
    return series


async def create_conference(session: WriteSession, actor: Actor, given: ConferenceIn) -> Conference:
    """Creates a conference. Raises `Clash` where the slug is taken or the series is unknown."""
    actor.require_administrator()
    if await store.conference_by_slug(session, given.slug):
        raise Clash(f"There is a conference “{given.slug}” already.", code="slug-taken")
    series = await store.series_by_slug(session, given.series) if given.series else None
    if given.series and series is None:
        raise Clash(f"There is no series “{given.series}”.", code="unknown-series")
    conference = Conference(
        **given.model_dump(exclude={"series"}),
        series_id=series.id if series else None,
        created_at=clock.now(),
    )
    session.add(conference)
    await session.flush()
    audit.record(
        session,
        actor,
        "conference.create",
        conference_id=conference.id,
        target=("conference", conference.id),
        fields=given.model_dump(mode="json"),
    )
    return conference


async def conference(session: ReadSession, slug: str) -> Conference:
    """The conference of a slug. Raises `NotFound`."""
    found = await store.conference_by_slug(session, slug)
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as the desk shows it; `state`: queued, sent, failed, or kept without a server."""

    to: str
    subject: str
    text: str
    at: datetime
    state: str
    problem: str

    @property
    def parts(self) -> list[tuple[str, bool]]:
        """The text in pieces, each with whether it is an address of ours: only those are links."""
        pieces = re.split(f"({re.escape(settings().base_url)}/\\S+)", self.text)
        return [(piece, place % 2 == 1) for place, piece in enumerate(pieces)]


def _without_secret(text: str) -> str:
    """A mail without the secret of its sign-in link, which only its addressee may use."""
    return re.sub(r"(/sign-in/link/)[\w-]+", r"\1…", text)


async def mails(
    session: ReadSession,
    actor: Actor,
    conference_id: UUID,
    *,
    state: str = "",
    offset: int = 0,
    limit: int = 50,
) -> tuple[list[Mail], int]:
    """The mails written for a conference, newest first, and how many there are."""
    actor.require(conference_id, {Role.registration_officer})
    waits = "kept" if settings().smtp_url is None else "queued"
    rows, count = await store.mails(
        session, conference_id, state, kept=waits == "kept", offset=offset, limit=limit
    )
    return [
        Mail(
            to=row.payload["to"],
            subject=row.payload["subject"],
            text=row.payload["text"] if waits == "kept" else _without_secret(row.payload["text"]),
            at=row.created_at,
            state="sent" if row.done_at else "failed" if row.error else waits,
            problem=row.error or "",
        )
        for row in rows
    ], count


async def keep_file(
    session: WriteSession, conference_id: UUID, data: bytes, media_type: str
) -> StoredFile:
    """Stores bytes encrypted; the same bytes of one conference are stored once."""
    digest = hashlib.sha256(data).hexdigest()
    known = await store.file_by_digest(session, conference_id, digest)
    if known is not None:
        return known
    kept = StoredFile(
        conference_id=conference_id,
        sha256=digest,
        media_type=media_type,
        size=len(data),
        sealed=keyring().seal(str(conference_id), FILES, data),
        created_at=clock.now(),
    )
    session.add(kept)
    await session.flush()
    return kept


async def read_file(
    session: ReadSession, conference_id: UUID, file_id: UUID
) -> tuple[bytes, StoredFile]:
    """The bytes of a stored file. Raises `NotFound`."""
    found = await store.file_by_id(session, conference_id, file_id)
    if found is None:
        raise NotFound
    return keyring().open(str(conference_id), FILES, found.sealed), found
