"""Commands for the sample conference."""

from typing import Annotated

import typer

from app.cli.running import columns, run, say, write
from app.core.db import Database

sample = typer.Typer(no_args_is_help=True, help="The sample conference; all of it is invented.")


def add_to(app: typer.Typer) -> None:
    """Adds these commands."""
    app.add_typer(sample, name="sample")


@sample.command()
def load(
    persons: Annotated[int | None, typer.Option(min=1, max=100_000)] = None,
    slug: Annotated[str | None, typer.Option(help="Of the synthetic conference.")] = None,
) -> None:
    """Loads kuwait-2024 once; with --persons a synthetic conference of that many people."""
    from app import wiring
    from app.sample import load as loader

    wiring.connect()
    if persons is None:
        done = run(loader.load)
        say("Loaded kuwait-2024." if done else "kuwait-2024 is there already.")
        return
    name = slug or f"sample-{persons}"

    async def work(database: Database) -> None:
        await loader.load_many(database, name, persons)

    run(work)
    say(f"Loaded {name} with {persons} people.")


@sample.command()
def accounts() -> None:
    """Makes an account for each role and prints them with new passwords."""
    from app.sample import load as loader

    write(columns([("role", "address", "password"), *run(loader.accounts_of)]), None)
