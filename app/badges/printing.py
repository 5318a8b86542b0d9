"""Print batches: one PDF, one page a badge, of all that may be printed; others are held."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.accounts import audit
from app.accounts.rules import Actor
from app.badges import qr, store
from app.badges.rules import categories, may_print
from app.badges.service import OFFICERS
from app.badges.store import Choice
from app.conferences.models import Conference
from app.conferences.rules import in_language, policies_of
from app.conferences.service import FILES
from app.core import clock, dates
from app.core.db import Database, ReadSession
from app.core.documents import BADGES_A_PART, Part, render_in_parts
from app.core.errors import Clash
from app.core.keys import keyring

Line = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Held:
    """A badge that may not be printed, and why."""

    participant: UUID
    name: str
    delegation: str
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """A print: the paper, how many badges are on it, and who was held."""

    pdf: bytes
    badges: int
    held: list[Held]


async def sort_out(
    session: ReadSession, conference: Conference, choice: Choice
) -> tuple[list[Line], list[Held]]:
    """The badges of a choice that may be printed, and those that are held."""
    exempt = policies_of(conference.policies).photo_exempt_ranks
    ready: list[Line] = []
    held: list[Held] = []
    for row in await store.printed(session, conference.id, choice):
        # A card of a delegation or a day badge shows nobody, so that it needs no photo.
        reason = row.participant and may_print(row.rank, row.photo_id is not None, exempt)
        if reason:
            held.append(Held(row.participant, row.name, row.delegation, reason))
        else:
            ready.append(row)
    return ready, held


async def held(session: ReadSession, actor: Actor, conference: Conference) -> list[Held]:
    """Whose badges may not be printed, and why."""
    actor.require(conference.id, OFFICERS)
    return (await sort_out(session, conference, Choice(photoless=True)))[1]


async def print_batch(
    database: Database, actor: Actor, conference: Conference, choice: Choice
) -> Batch:
    """Prints badges and notes when. Raises `Clash` where none of the choice may be printed.

    Opens its own sessions: no paper is set inside a write transaction, and the audit entry is
    written before the bytes go out.
    """
    actor.require(conference.id, OFFICERS)
    async with database.reading() as session:
        ready, kept_back = await sort_out(session, conference, choice)
    if not ready:
        raise Clash(
            "There is no badge to print"
            + (f": {len(kept_back)} wait for a photo." if kept_back else "."),
            code="nothing-to-print",
        )
    pdf = await render_in_parts("badge", _parts(database, conference, ready))
    async with database.writing() as writing:
        await store.mark(writing, conference.id, [row.id for row in ready], printed_at=clock.now())
        audit.record(
            writing,
            actor,
            "badge.print",
            conference_id=conference.id,
            target=("conference", conference.id),
            fields={"serials": [str(row.serial) for row in ready]},
        )
    return Batch(pdf, len(ready), kept_back)


async def _parts(
    database: Database, conference: Conference, ready: Sequence[Line]
) -> AsyncIterator[Part]:
    head = _head(conference)
    for start in range(0, len(ready), BADGES_A_PART):
        part = ready[start : start + BADGES_A_PART]
        async with database.reading() as session:
            ids = {row.photo_id for row in part if row.photo_id}
            sealed = await store.photos(session, conference.id, ids)
        yield await asyncio.to_thread(_part, conference, head, part, sealed)


def _part(
    conference: Conference, head: object, part: Sequence[Line], sealed: dict[UUID, bytes]
) -> Part:
    files: dict[str, bytes] = {}
    scope = str(conference.id)
    badges = []
    for place, row in enumerate(part):
        files[f"q{place}.png"] = qr.png(row.matrix)
        photo = None
        if row.photo_id:
            photo = f"p{place}.jpg"
            files[photo] = keyring().open(scope, FILES, sealed[row.photo_id])
        badges.append({**_shown(conference, row), "photo": photo, "qr": f"q{place}.png"})
    return {"conference": head, "badges": badges}, files


def _head(conference: Conference) -> dict[str, object]:
    language = conference.languages[0]
    return {
        "title": conference.title,
        "dates": dates.span(conference.starts, conference.ends, language),
        "venue": in_language(conference.venue or conference.city, language),
        "languages": conference.languages[:2],
        "accent": conference.accent,
        "sample": conference.sample,
    }


def _shown(conference: Conference, row: Line) -> dict[str, object]:
    """The words on one badge: two languages at most, a person's own script below the Latin."""
    category = categories()[row.category]
    languages = conference.languages[:2]
    delegation = [(row.delegation_names or {}).get(one) or row.delegation_name for one in languages]
    return {
        "name": row.name or row.delegation_name or "",
        "name_native": _native(row.names or {}, conference.languages),
        "style": row.style,
        "function": row.function,
        "delegation": [words for words in dict.fromkeys(delegation) if words],
        "category": {
            "label": "  ·  ".join(dict.fromkeys(category.words(one) for one in languages)),
            "color": category.color,
        },
        "serial": str(row.serial),
    }


def _native(names: dict[str, str], languages: Sequence[str]) -> str | None:
    """The name in another script: in a language of the conference, else in any."""
    ordered = [*(one for one in languages if one in names), *names]
    # Latin with all its accents ends at U+024F, with the Vietnamese ones at U+1EFF.
    return next(
        (
            names[one]
            for one in ordered
            if any(
                c > "\u024f" and not "\u1e00" <= c <= "\u1eff" for c in names[one] if c.isalpha()
            )
        ),
        None,
    )
