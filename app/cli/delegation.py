"""Commands on a delegation's papers and people: letters, the acting head, further capacities."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from app.accounts.rules import INSTALLATION
from app.cli.registration import Format, Instant
from app.cli.running import TextOrJson, listing, made, write
from app.cli.scope import inside
from app.conferences.models import Conference
from app.core.clock import local_to_utc
from app.core.db import WriteSession
from app.delegations.invitations.rules import Channel
from app.delegations.letters.rules import LetterKind
from app.participants.change_rules import CapacityKind

letter = typer.Typer(no_args_is_help=True, help="Letters of a delegation.")
acting = typer.Typer(no_args_is_help=True, help="Who acts as head of a delegation.")
capacity = typer.Typer(no_args_is_help=True, help="Further capacities of a person; never counted.")


def add_to(app: typer.Typer) -> None:
    """Adds these commands."""
    for name, group in (("letter", letter), ("acting", acting), ("capacity", capacity)):
        app.add_typer(group, name=name)


@letter.command("add")
def add_letter(
    slug: str,
    code: str,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A PDF.")],
    kind: LetterKind,
    number: Annotated[str | None, typer.Option()] = None,
    dated: Annotated[str | None, typer.Option(help="YYYY-MM-DD")] = None,
    signatory: Annotated[str | None, typer.Option(help="A note verbale has none.")] = None,
    channel: Annotated[Channel | None, typer.Option(help="How it came.")] = None,
) -> None:
    """Keeps a letter of a delegation, and prints its id."""
    from app.delegations.letters import service
    from app.delegations.letters.schemas import LetterIn

    said = {"number": number, "dated": dated, "signatory": signatory, "channel": channel}
    given, data = made(LetterIn, kind=kind, **said), file.read_bytes()
    kept = inside(slug, lambda s, c: service.keep(s, INSTALLATION, c, code, given, data))
    write(str(kept.id), None)


@letter.command("list")
def letters(slug: str, code: str, format: Format = TextOrJson.text) -> None:
    """Lists the letters of a delegation, newest first."""
    from app.delegations.letters import service
    from app.delegations.letters.schemas import LetterOut

    found = inside(slug, lambda s, c: service.listed(s, INSTALLATION, c, code))
    listing([LetterOut.model_validate(one).model_dump(mode="json") for one in found], format)


@acting.command("appoint")
def appoint(slug: str, code: str, person: UUID, since: Instant = None) -> None:
    """Lets somebody act as head of a delegation, from now or an instant on."""
    from app.participants import succession
    from app.participants.change_schemas import ActingIn

    async def work(session: WriteSession, conference: Conference) -> str:
        start = local_to_utc(since, conference.timezone) if since else None
        given = made(ActingIn, participant=person, **{"from": start})
        return (await succession.appoint_acting(session, INSTALLATION, conference, code, given))[1]

    write(inside(slug, work), None)


@acting.command("end")
def end(slug: str, code: str) -> None:
    """Ends the acting head's term now."""
    from app.participants import succession

    inside(slug, lambda s, c: succession.end_acting(s, INSTALLATION, c, code))


@capacity.command("add")
def add_capacity(
    slug: str,
    person: UUID,
    kind: CapacityKind,
    delegation: Annotated[str | None, typer.Option(help="Of the conference, by code.")] = None,
    organization: Annotated[str | None, typer.Option(help="Another body, by name.")] = None,
    function: Annotated[str | None, typer.Option(help="As printed.")] = None,
) -> None:
    """Adds a capacity in another delegation or body, and prints its id."""
    from app.participants import capacities
    from app.participants.change_schemas import CapacityIn

    said = {"delegation": delegation, "organization": organization, "function": function}
    given = made(CapacityIn, kind=kind, **said)
    added = inside(slug, lambda s, c: capacities.add(s, INSTALLATION, c, person, given))
    write(str(added.id), None)


@capacity.command("list")
def list_capacities(slug: str, person: UUID, format: Format = TextOrJson.text) -> None:
    """Lists a person's further capacities."""
    from app.participants import capacities
    from app.participants.change_schemas import CapacityOut

    found = inside(slug, lambda s, c: capacities.listed(s, INSTALLATION, c, person))
    listing([CapacityOut.model_validate(one).model_dump(mode="json") for one in found], format)


@capacity.command("remove")
def remove_capacity(slug: str, person: UUID, id: UUID) -> None:
    """Removes a capacity of a person."""
    from app.participants import capacities

    inside(slug, lambda s, c: capacities.remove(s, INSTALLATION, c, person, id))
