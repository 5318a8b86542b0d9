"""Commands that write files: the programme."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.running import run, write
from app.core.db import Database


def add_to(app: typer.Typer) -> None:
    """Adds these commands."""
    app.command()(programme)


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
