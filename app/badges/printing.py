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
from app.badges.models import PrintBatch
from app.badges.rules import (
    TEMPLATES,
    BatchState,
    Design,
    back_words,
    categories,
    may_print,
    no_copy,
)
from app.badges.service import OFFICERS, Holder, reprint
from app.badges.store import Choice
from app.conferences.models import Conference
from app.conferences.rules import in_language, policies_of
from app.conferences.service import FILES
from app.core import clock, dates
from app.core.db import Database, ReadSession, WriteSession
from app.core.documents import BADGES_A_PART, Part, render_in_parts
from app.core.errors import Clash
from app.core.keys import keyring
from app.core.settings import settings

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
    id: UUID


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


class NothingToPrint(Clash):
    """None of the badges asked for may be printed; `held` are those that wait for a photo."""

    code = "nothing-to-print"

    def __init__(self, held: Sequence[Held]) -> None:
        verb = "waits" if len(held) == 1 else "wait"
        why = f": {len(held)} {verb} for a photo." if held else "."
        super().__init__(f"There is no badge to print{why}")
        self.held = held


async def to_print(
    session: WriteSession, actor: Actor, conference: Conference, choice: Choice
) -> tuple[list[Line], list[Held]]:
    """The same for a print that is ordered now: what was printed before has a new serial in it.

    What may have no other copy is left out; asked for by serial or person, it is refused. Raises
    `Clash`, also where none of the choice may be printed.
    """
    await store.lock(session, conference.id, choice)
    found, held = await sort_out(session, conference, choice)
    ready: list[Line] = []
    for row in found:
        reason = no_copy(
            named=row.participant is not None,
            printed=row.printed_at is not None,
            collected=row.collected_at is not None,
        )
        if reason is None:
            ready.append(row)
        elif choice.serials or choice.participant:
            words = row.name or row.label or f"serial {row.serial}"
            raise Clash(f"The badge of {words} is not printed again. {reason}", code="no-copy")
    if not ready:
        raise NothingToPrint(held)
    return await _renewed(session, actor, conference, ready), held


async def _renewed(
    session: WriteSession, actor: Actor, conference: Conference, ready: list[Line]
) -> list[Line]:
    again = [row for row in ready if row.printed_at is not None]
    if not again:
        return ready
    holders = [Holder(r.participant, r.rank, r.role, r.kind, r.overflow) for r in again]
    serials = await reprint(session, actor, conference, holders, [row.serial for row in again])
    fresh: dict[UUID, Line] = {}
    for start in range(0, len(serials), store.CHUNK):
        choice = Choice(serials=tuple(serials[start : start + store.CHUNK]))
        rows = await store.printed(session, conference.id, choice)
        fresh |= {row.participant: row for row in rows}
    return [row if row.printed_at is None else fresh[row.participant] for row in ready]


async def held(session: ReadSession, actor: Actor, conference: Conference) -> list[Held]:
    """Whose badges may not be printed, and why."""
    actor.require(conference.id, OFFICERS)
    return (await sort_out(session, conference, Choice(photoless=True)))[1]


async def print_batch(
    database: Database,
    actor: Actor,
    conference: Conference,
    choice: Choice,
    design: Design = Design.a6,
    *,
    as_they_are: bool = False,
) -> Batch:
    """Prints badges and notes when. Raises `Clash` as `to_print` does.

    `as_they_are`: the one file of all that may be printed, for whoever runs the house. It gives no
    badge a new serial, whatever was printed or collected before.

    Opens its own sessions: no paper is set inside a write transaction, and the audit entry is
    written before the bytes go out.
    """
    actor.require(conference.id, OFFICERS)
    async with database.writing() as session:
        if as_they_are:
            ready, kept_back = await sort_out(session, conference, choice)
            if not ready:
                raise NothingToPrint(kept_back)
        else:
            ready, kept_back = await to_print(session, actor, conference, choice)
    pdf = await compose(database, conference, ready, design)
    batch = batch_of(actor, conference, choice, design, ready, kept_back)
    batch.state, batch.done, batch.finished_at = BatchState.done, len(ready), clock.now()
    async with database.writing() as writing:
        writing.add(batch)
        again = {row.id for row in ready if row.printed_at is not None}
        await note_printed(writing, actor, conference, [r for r in ready if r.id not in again])
    return Batch(pdf, len(ready), kept_back, batch.id)


def batch_of(
    actor: Actor,
    conference: Conference,
    choice: Choice,
    design: Design,
    ready: Sequence[Line],
    held: Sequence[Held],
) -> PrintBatch:
    """The record of a print that is ordered now."""
    category = categories()[choice.category].words("en") if choice.category else None
    one = ready[0].name or ready[0].label if len(ready) == 1 else None
    said = filter(None, (one, choice.delegation, category, choice.unprinted and "not printed yet"))
    return PrintBatch(
        conference_id=conference.id,
        title=(", ".join(map(str, said)) or "All badges")[:200],
        design=design,
        serials=[str(row.serial) for row in ready],
        held=len(held),
        created_at=clock.now(),
        created_by=actor.name,
    )


async def note_printed(
    session: WriteSession, actor: Actor, conference: Conference, ready: Sequence[Line]
) -> None:
    """Notes when badges were printed, and by whom.

    Raises `Clash` where somebody else printed one of them meanwhile: a second paper of the same
    serial must not go out.
    """
    ids = [row.id for row in ready]
    if await store.mark_printed(session, conference.id, ids, at=clock.now()) < len(ids):
        raise Clash("Somebody else printed these badges meanwhile.", code="printed-meanwhile")
    audit.record(
        session,
        actor,
        "badge.print",
        conference_id=conference.id,
        target=("conference", conference.id),
        fields={"serials": [str(row.serial) for row in ready]},
    )


async def compose(
    database: Database, conference: Conference, ready: Sequence[Line], design: Design
) -> bytes:
    """The paper of badges that may be printed, in that order."""
    return await render_in_parts(TEMPLATES[design], _parts(database, conference, ready, design))


async def _parts(
    database: Database, conference: Conference, ready: Sequence[Line], design: Design
) -> AsyncIterator[Part]:
    head = _head(conference)
    if design is Design.a6:
        head["back"] = _back(conference)
    # A sheet that is not full ends a part: only the last may be so.
    size = BADGES_A_PART // 4 * 4
    for start in range(0, len(ready), size):
        part = ready[start : start + size]
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


def title_of(conference: Conference) -> str:
    """The conference's title as English papers name it."""
    return in_language(conference.title, "en", conference.slug)


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


def _back(conference: Conference) -> list[dict[str, object]]:
    """Practical information, in two languages at most: our words, then the conference's own."""
    own = policies_of(conference.policies).badge_back
    address = f"{settings().base_url}/c/{conference.slug}".split("://", maxsplit=1)[-1]
    parts: list[dict[str, object]] = []
    for language in [one for one in conference.languages[:2] if one in back_words()] or ["en"]:
        words = back_words()[language]
        lines = [
            dates.span(conference.starts, conference.ends, language),
            in_language(conference.venue or conference.city, language),
            *own.get(language, ()),
            *words["lines"],
            f"{words['programme']}:",
            address,
        ]
        parts.append({"heading": words["heading"], "lines": list(filter(None, lines))})
    return parts


def _shown(conference: Conference, row: Line) -> dict[str, object]:
    """The words on one badge: two languages at most, a person's own script below the Latin."""
    category = categories()[row.category]
    languages = conference.languages[:2]
    delegation = [(row.delegation_names or {}).get(one) or row.delegation_name for one in languages]
    name = row.name or row.label or row.delegation_name or ""
    return {
        "name": name,
        "name_native": _native(row.names or {}, conference.languages),
        "style": row.style,
        "function": row.function,
        "note": _note(conference, row),
        "delegation": [words for words in dict.fromkeys(delegation) if words and words != name],
        "category": {
            "label": "  ·  ".join(dict.fromkeys(category.words(one) for one in languages)),
            "color": category.color,
        },
        "serial": str(row.serial),
    }


def _note(conference: Conference, row: Line) -> str | None:
    """The only day of a badge that is not valid all through the conference."""
    if row.valid_from != row.valid_until or conference.starts == conference.ends:
        return None
    return dates.day(row.valid_from, conference.languages[0])


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
