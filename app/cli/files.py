"""Commands that write files: badges and programme."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.running import TextOrJson, as_json, columns, run, say, write
from app.core.db import Database

if TYPE_CHECKING:
    from app.badges.printing import Batch


def add_to(app: typer.Typer) -> None:
    """Adds these commands."""
    app.command()(badges)
    app.command()(programme)


def badges(
    slug: str,
    out: Annotated[Path | None, typer.Option(help="Write the PDF here.")] = None,
    delegation: Annotated[str | None, typer.Option(help="Only this code.")] = None,
    category: Annotated[str | None, typer.Option(help="Only this category.")] = None,
    unprinted: Annotated[bool, typer.Option("--unprinted", help="Only new ones.")] = False,
    format: Annotated[TextOrJson, typer.Option()] = TextOrJson.text,
) -> None:
    """Lists the active badges, or writes them as one PDF, one page a badge."""
    from app.badges import cli

    if out is None:

        async def listing(database: Database) -> list[dict[str, str | None]]:
            return await cli.listed(database, slug)

        found = run(listing)
        if format is TextOrJson.json:
            write(as_json(found), None)
        else:
            rows = [(b["serial"], b["participant"]) for b in found]
            write(columns([("serial", "participant"), *rows]), None)
        return

    async def printing(database: Database) -> "Batch":
        return await cli.export_pdf(
            database, slug, delegation=delegation, category=category, unprinted=unprinted
        )

    batch = run(printing)
    write(batch.pdf, out)
    for one in batch.held:
        say(f"held: {one.name} ({one.delegation}): {one.reason}")
    say(f"{batch.badges} badges printed, {len(batch.held)} held.")


def programme(
    slug: str,
    out: Annotated[Path, typer.Option(help="A file that ends in .ics")],
) -> None:
    """Writes the programme as a calendar."""
    from app.conferences import service as conferences
    from app.programme import feeds

    async def work(database: Database) -> bytes:
        async with database.reading() as session:
            conference = await conferences.conference(session, slug)
            return await feeds.export(session, conference, out.suffix.removeprefix("."))

    write(run(work), out)
