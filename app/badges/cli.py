"""Badges for the command line."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from pydantic import ValidationError

from app.accounts.rules import INSTALLATION
from app.badges import batches, cards, printing, service, store
from app.badges.acts import ACTS
from app.badges.models import Badge
from app.badges.schemas import (
    BadgeOut,
    CardsIn,
    CollectIn,
    HandOverIn,
    PrintIn,
    shown,
)
from app.badges.store import Choice
from app.conferences import service as conferences
from app.conferences.models import Conference
from app.core.db import Database, WriteSession
from app.core.errors import Invalid
from app.core.schemas import Input
from app.web.forms import wording

Given = TypeVar("Given", bound=Input)


def _checked(schema: type[Given], data: dict[str, Any]) -> Given:
    try:
        return schema.model_validate(data)
    except ValidationError as refused:
        error = refused.errors()[0]
        option = " ".join(f"--{part}".replace("_", "-") for part in error["loc"] if part)
        raise Invalid(": ".join(filter(None, (option, wording(error))))) from None


async def export_pdf(
    database: Database,
    slug: str,
    *,
    delegation: str | None = None,
    category: str | None = None,
    unprinted: bool = False,
) -> printing.Batch:
    """The badges as one PDF, and those held. Raises `NotFound`, `Clash`."""
    given = {"delegation": delegation, "category": category, "unprinted": unprinted}
    return await export(database, slug, given)


async def export(database: Database, slug: str, given: dict[str, Any]) -> printing.Batch:
    """The same for all that a print may be asked for. Raises `Invalid`, `NotFound`, `Clash`."""
    asked = _checked(PrintIn, given)
    async with database.reading() as session:
        conference = await conferences.conference(session, slug)
    choice = asked.choice()
    # A whole file is what the contract promises of this command; one badge is a reprint.
    whole = not (choice.unprinted or choice.serials or choice.participant)
    return await printing.print_batch(
        database, INSTALLATION, conference, choice, asked.design, as_they_are=whole
    )


async def receipt(database: Database, slug: str, batch: printing.Batch) -> bytes:
    """The custody receipt of a print."""
    async with database.reading() as session:
        conference = await conferences.conference(session, slug)
    return await batches.receipt(database, INSTALLATION, conference, batch.id)


async def listed(database: Database, slug: str) -> list[dict[str, str | None]]:
    """Active badges: `serial`, `code`, `participant`."""
    async with database.reading() as session:
        conference = await conferences.conference(session, slug)
        found = await store.rows(session, conference.id, Choice())

    def words(id: UUID | None) -> str | None:
        return str(id) if id else None

    return [
        {"serial": str(row.serial), "code": row.code, "participant": words(row.participant)}
        for row in found
    ]


async def act(
    database: Database, slug: str, act: str, serials: Sequence[str], given: dict[str, Any]
) -> list[BadgeOut]:
    """Does an act with badges, all of them or none; returns those it reached as they are then.

    The acts are `find`, `issue`, `collect`, `hand-over` and those of `ACTS`.

    Raises `Invalid`, `NotFound`, `Clash`.
    """
    async with database.writing() as session:
        conference = await conferences.conference(session, slug)
        made = await _done(session, conference, act, serials, given)
        if not made:
            return []
        choice = Choice(serials=tuple(made), any_state=True)
        return [shown(row) for row in await store.rows(session, conference.id, choice)]


async def _done(
    session: WriteSession,
    conference: Conference,
    act: str,
    serials: Sequence[str],
    given: dict[str, Any],
) -> list[int]:
    here = (session, INSTALLATION, conference)
    if act == "issue":
        asked = _checked(CardsIn, given)
        return [row.serial for row in await cards.issue(*here, **dict(asked))]
    if act in ("collect", "hand-over"):
        schema: type[CollectIn | HandOverIn] = CollectIn if act == "collect" else HandOverIn
        some = _checked(schema, {**given, "serials": list(serials)})
        chosen = await store.rows(session, conference.id, some.choice())
        if isinstance(some, HandOverIn):
            await service.hand_over(*here, some.choice(), to=some.to)
        else:
            await service.collect(*here, some.choice(), by=some.by, letter=some.letter, at=some.at)
        # Only what this act reached: somebody counts these badges on the table.
        column = "handed_over_at" if act == "hand-over" else "collected_at"
        now = await store.rows(session, conference.id, some.choice())
        before = {row.serial for row in chosen if getattr(row, column)}
        return [row.serial for row in now if getattr(row, column) and row.serial not in before]
    if act != "find" and act not in ACTS:
        raise Invalid(f"There is no act “{act[:20]}”; ask for --help.")
    if not serials:
        raise Invalid("Say which: write the serial after the act.")
    made = []
    for text in serials:
        row, _ = await cards.found(session, INSTALLATION, conference, text)
        done: object = row
        if act != "find":
            needs, does = ACTS[act]
            done = await does(*here, row.serial, _checked(needs, given))
        made.append(done.serial if isinstance(done, Badge) else int(row.serial))
    return made
