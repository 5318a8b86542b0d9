"""The command `badges`: lists, prints, and what is done with badges at the counter."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.running import TextOrJson, as_json, columns, listing, made, run, say, write
from app.core.db import Database
from app.core.errors import Invalid

if TYPE_CHECKING:
    from app.badges.printing import Batch, Held
    from app.badges.schemas import BadgeOut

_COLUMNS = ("serial", "status", "category", "name", "label", "delegation")


def add_to(app: typer.Typer) -> None:
    """Adds this command."""
    app.command()(badges)


def badges(
    slug: str,
    act: Annotated[
        str | None,
        typer.Argument(
            help="find, issue, collect, hand-over, lost, replace, revoke or bind; photo-sheet, "
            "tally or attest; none lists."
        ),
    ] = None,
    serials: Annotated[
        list[str] | None, typer.Argument(help="Which badges; tally, attest: which people's ids.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the PDF here.")] = None,
    receipt: Annotated[Path | None, typer.Option(help="And its custody receipt here.")] = None,
    design: Annotated[str, typer.Option(help="a6, card or a4.")] = "a6",
    delegation: Annotated[str | None, typer.Option(help="Only this code.")] = None,
    category: Annotated[str | None, typer.Option(help="Only this category.")] = None,
    participant: Annotated[str | None, typer.Option(help="Only this person's id.")] = None,
    unprinted: Annotated[bool, typer.Option("--unprinted", help="Only new ones.")] = False,
    by: Annotated[str | None, typer.Option(help="collect: the proxy who came.")] = None,
    letter: Annotated[str | None, typer.Option(help="collect: the proxy's letter.")] = None,
    to: Annotated[str | None, typer.Option(help="hand-over: who distributes them.")] = None,
    reason: Annotated[str | None, typer.Option(help="replace, revoke: why.")] = None,
    identity_check: Annotated[str | None, typer.Option(help="lost: how you know who asks.")] = None,
    kind: Annotated[
        str | None, typer.Option(help="issue: transferable, day, service or vehicle.")
    ] = None,
    count: Annotated[int | None, typer.Option(help="issue: how many.")] = None,
    label: Annotated[str | None, typer.Option(help="issue: words on a pass.")] = None,
    valid_on: Annotated[str | None, typer.Option(help="issue: the day of a day badge.")] = None,
    witness: Annotated[str | None, typer.Option(help="tally: who saw them.")] = None,
    place: Annotated[str | None, typer.Option(help="tally, attest: where.")] = None,
    note: Annotated[str | None, typer.Option(help="attest: a remark.")] = None,
    at: Annotated[
        str | None, typer.Option(help="collect, bind, tally, attest: when; none is now.")
    ] = None,
    format: Annotated[TextOrJson, typer.Option()] = TextOrJson.text,
) -> None:
    """Lists the active badges, writes them as one PDF, or does something with some of them.

    Without badges: the photo sheet of principals, a paper tally, a presence attested.
    """
    if act == "photo-sheet":
        _sheet(slug, out)
    elif act in ("tally", "attest"):
        seen = {"at": at, "place": place, "witness": witness, "note": note}
        shown = {name: value for name, value in seen.items() if value is not None}
        _attest(slug, act, serials or [], shown, format)
    elif act is not None:
        given: dict[str, object] = {
            **{"delegation": delegation, "participant": participant, "by": by, "letter": letter},
            **{"to": to, "reason": reason, "identity_check": identity_check, "kind": kind},
            **{"count": count, "label": label, "valid_on": valid_on, "at": at},
        }
        said = {name: value for name, value in given.items() if value is not None}
        _do(slug, act, serials or [], said, format)
    elif out is not None:
        choice: dict[str, object] = {
            **{"delegation": delegation, "category": category, "participant": participant},
            **{"unprinted": unprinted, "design": design},
        }
        _print(slug, choice, out, receipt)
    else:
        _list(slug, format)


def _list(slug: str, format: TextOrJson) -> None:
    from app.badges import cli

    async def listing(database: Database) -> list[dict[str, str | None]]:
        return await cli.listed(database, slug)

    found = run(listing)
    if format is TextOrJson.json:
        write(as_json(found), None)
    else:
        rows = [(b["serial"], b["participant"]) for b in found]
        write(columns([("serial", "participant"), *rows]), None)


def _counted(badges: int) -> str:
    return "1 badge" if badges == 1 else f"{badges} badges"


def _can_be_written(path: Path) -> None:
    """Raises `Invalid` for a file that could not be written."""
    if path.is_dir():
        raise Invalid(f"{path} is a folder; name a file.")
    if not path.parent.is_dir():
        raise Invalid(f"There is no folder {path.parent}.")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise Invalid(f"{path} may not be written.")


def _print(slug: str, choice: dict[str, object], out: Path, receipt: Path | None) -> None:
    from app.badges import cli
    from app.badges.printing import NothingToPrint

    # Before anything is printed: what was marked as printed and is on no paper is missed by all.
    for path in filter(None, (out, receipt)):
        _can_be_written(path)

    async def printing(database: Database) -> "tuple[Batch, bytes | None]":
        batch = await cli.export(database, slug, choice)
        return batch, await cli.receipt(database, slug, batch) if receipt else None

    try:
        batch, signed = run(printing)
    except NothingToPrint as refused:
        _held(refused.held)
        raise
    write(batch.pdf, out)
    if receipt and signed:
        write(signed, receipt)
    _held(batch.held)
    say(f"{_counted(batch.badges)} printed, {len(batch.held)} held.")


def _held(held: "Sequence[Held]") -> None:
    for one in held:
        say(f"held: {one.name} ({one.delegation}): {one.reason}")


def _do(
    slug: str, act: str, serials: Sequence[str], given: dict[str, object], format: TextOrJson
) -> None:
    from app import wiring
    from app.badges import cli

    async def work(database: Database) -> "list[BadgeOut]":
        return await cli.act(database, slug, act, serials, given)

    wiring.connect()  # what a bound badge was scanned with is attested
    rows = [one.model_dump(mode="json") for one in run(work)]
    if format is TextOrJson.json:
        write(as_json(rows), None)
    else:
        write(columns([_COLUMNS, *([row[name] for name in _COLUMNS] for row in rows)]), None)
    say(f"{_counted(len(rows))}.")


def _sheet(slug: str, out: Path | None) -> None:
    from app.papers import cli

    async def work(database: Database) -> bytes:
        return await cli.sheet(database, slug)

    write(run(work), out)


def _attest(
    slug: str, act: str, people: Sequence[str], seen: dict[str, str], format: TextOrJson
) -> None:
    from app import wiring
    from app.gates.schemas import AttestationOut
    from app.papers import cli
    from app.papers.schemas import SeenIn, TallyIn

    async def work(database: Database) -> list[AttestationOut]:
        if act == "tally":
            found = await cli.tally(database, slug, made(TallyIn, participants=people, **seen))
        else:
            found = await cli.attest(database, slug, made(SeenIn, participants=people, **seen))
        return [AttestationOut.model_validate(one) for one in found]

    wiring.connect()  # who watches the figures hears of it
    listing([one.model_dump(mode="json") for one in run(work)], format)
