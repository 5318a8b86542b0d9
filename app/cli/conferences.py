"""Commands on conferences."""

from datetime import datetime
from typing import Annotated

import typer

from app.accounts.rules import INSTALLATION
from app.cli.running import TextOrJson, as_json, columns, made, run, write
from app.core.db import Database

conference = typer.Typer(no_args_is_help=True, help="Conferences.")
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="YYYY-MM-DD")]


def add_to(app: typer.Typer) -> None:
    """Adds these commands."""
    app.add_typer(conference, name="conference")


@conference.command()
def create(
    slug: str,
    title: Annotated[str, typer.Option()],
    starts: Day,
    ends: Day,
    timezone: Annotated[str, typer.Option(help="Such as Asia/Kuwait.")],
    series: Annotated[str | None, typer.Option(help="Slug of its series.")] = None,
    city: Annotated[str | None, typer.Option()] = None,
) -> None:
    """Creates a conference."""
    from app.conferences import service
    from app.conferences.schemas import ConferenceIn

    given = made(
        ConferenceIn,
        slug=slug,
        title={"en": title},
        starts=starts.date(),
        ends=ends.date(),
        timezone=timezone,
        city={"en": city} if city else {},
        series=series,
    )

    async def work(database: Database) -> None:
        async with database.writing() as session:
            await service.create_conference(session, INSTALLATION, given)

    run(work)
    write(slug, None)


@conference.command("list")
def listed(
    format: Annotated[TextOrJson, typer.Option()] = TextOrJson.text,
) -> None:
    """Lists the conferences."""
    from app.conferences import store

    async def work(database: Database) -> list[dict[str, object]]:
        async with database.reading() as session:
            return [
                {
                    "slug": c.slug,
                    "title": c.title,
                    "starts": c.starts,
                    "ends": c.ends,
                    "series": s.slug if s else None,
                }
                for c, s in await store.conferences(session)
            ]

    found = run(work)
    if format is TextOrJson.json:
        write(as_json(found), None)
    else:
        rows = [(c["slug"], c["starts"], c["ends"], c["series"] or "") for c in found]
        write(columns([("slug", "starts", "ends", "series"), *rows]), None)
