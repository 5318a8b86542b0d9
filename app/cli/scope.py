"""The conference and delegation that a command names, and work inside a conference."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from app.accounts.rules import INSTALLATION
from app.cli.running import run
from app.conferences import service as conferences
from app.conferences.models import Conference
from app.core.db import Database, ReadSession, WriteSession
from app.core.errors import Clash
from app.delegations import service as delegations

Result = TypeVar("Result")


def inside(slug: str, work: Callable[[WriteSession, Conference], Awaitable[Result]]) -> Result:
    """Does something in a conference in one transaction: all of it, or nothing."""
    from app import wiring

    wiring.connect()

    async def whole(database: Database) -> Result:
        async with database.writing() as session:
            return await work(session, await conferences.conference(session, slug))

    return run(whole)


def looking(slug: str, work: Callable[[ReadSession, Conference], Awaitable[Result]]) -> Result:
    """What is found in a conference; nothing is changed."""

    async def whole(database: Database) -> Result:
        async with database.reading() as session:
            return await work(session, await conferences.conference(session, slug))

    return run(whole)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a grant or a token holds."""

    conference_id: UUID | None
    delegation_id: UUID | None


async def scope(session: ReadSession, slug: str | None, code: str | None) -> Scope:
    """The ids behind a slug and a code. Raises `NotFound`, or `Clash` for a code alone."""
    if slug is None:
        if code is not None:
            raise Clash("A delegation is named within a conference; add --conference.")
        return Scope(None, None)
    conference = await conferences.conference(session, slug)
    if code is None:
        return Scope(conference.id, None)
    delegation = await delegations.find(session, INSTALLATION, conference.id, code)
    return Scope(conference.id, delegation.id)
