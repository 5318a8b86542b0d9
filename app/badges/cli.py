"""Badges for the command line."""

from uuid import UUID

from app.accounts.rules import INSTALLATION
from app.badges import printing, store
from app.badges.store import Choice
from app.conferences import service as conferences
from app.core.db import Database


async def export_pdf(
    database: Database,
    slug: str,
    *,
    delegation: str | None = None,
    category: str | None = None,
    unprinted: bool = False,
) -> printing.Batch:
    """The badges as one PDF, and those held. Raises `NotFound`, `Clash`."""
    async with database.reading() as session:
        conference = await conferences.conference(session, slug)
    choice = Choice(delegation=delegation, category=category, unprinted=unprinted)
    return await printing.print_batch(database, INSTALLATION, conference, choice)


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
