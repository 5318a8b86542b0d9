"""Commands on delegations, participants and gates, and the import."""

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.accounts.rules import INSTALLATION
from app.cli.running import TextOrJson, as_json, listing, run, say, write
from app.conferences import service as conferences
from app.core.db import Database
from app.core.errors import Clash, TooLarge

if TYPE_CHECKING:
    from app.participants.imports.preview import Preview

Format = Annotated[TextOrJson, typer.Option()]
SHOWN = 100
MAX_BYTES = 20_000_000


class ImportStatus(StrEnum):
    """The status that imported people get."""

    nominated = "nominated"
    submitted = "submitted"
    approved = "approved"


def add_to(app: typer.Typer) -> None:
    """Adds these commands."""
    app.command("import")(import_file)
    app.command()(delegations)
    app.command()(participants)
    app.command()(gates)


def _mapping(pairs: list[str]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        name, equals, heading = pair.partition("=")
        if not (name and equals and heading):
            raise typer.BadParameter(f"“{pair}” is not field=Heading")
        found[name.strip()] = heading.strip()
    return found


def import_file(
    slug: str,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    sheet: Annotated[str | None, typer.Option(help="Sheet of a workbook.")] = None,
    map: Annotated[list[str] | None, typer.Option(help="field=Heading")] = None,
    status: Annotated[ImportStatus, typer.Option()] = ImportStatus.nominated,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would do.")] = False,
    accept_valid: Annotated[
        bool, typer.Option("--accept-valid", help="Import the valid lines, leave the others.")
    ] = False,
    report: Annotated[Path | None, typer.Option(help="Errors and warnings as JSON.")] = None,
    format: Format = TextOrJson.text,
) -> None:
    """Imports delegations and participants from CSV, XLSX or ODS: all, or nothing."""
    from app import wiring
    from app.participants.columns.intake import own
    from app.participants.imports import preview as previews
    from app.participants.imports import service
    from app.participants.rules import Status

    columns_given = _mapping(map or [])
    if file.stat().st_size > MAX_BYTES:
        raise TooLarge(f"The file is larger than {MAX_BYTES // 1_000_000} MB; split it into parts.")
    wiring.connect()

    async def work(database: Database) -> tuple[previews.Preview, dict[str, int]]:
        async with database.reading() as reading:
            conference = await conferences.conference(reading, slug)
            mine = await own(reading, INSTALLATION, conference)
        # Nothing else waits for this process, so no thread either.
        parsed = previews.parse(
            file.read_bytes(),
            file.name,
            conference.starts,
            sheet=sheet,
            columns=columns_given,
            own=mine,
        )
        rehearsed: tuple[previews.Preview, dict[str, int]] | None = None
        try:
            async with database.writing() as session:
                plan = await service.plan_of(session, INSTALLATION, conference, parsed)
                _tell(plan, report, with_changes=dry_run)
                if dry_run and plan.errors and not accept_valid:
                    return plan, previews.foreseen(plan)
                outcome = await service.run(
                    session,
                    INSTALLATION,
                    conference,
                    plan,
                    status=Status(status.value),
                    accept_valid=accept_valid,
                )
                rehearsed = plan, outcome
                if dry_run:
                    raise _Rehearsed
        except _Rehearsed:
            pass
        assert rehearsed is not None
        return rehearsed

    plan, outcome = run(work)
    if format is TextOrJson.json:
        write(as_json({**outcome, "left_out": plan.left_out, "dry_run": dry_run}), None)
    else:
        write(_summary(outcome, plan.left_out, dry_run=dry_run, status=status), None)
    if dry_run and plan.errors and not accept_valid:
        raise Clash("The file has errors; as it is, nothing of it would be imported.")
    if status is not ImportStatus.nominated and plan.unchanged + len(plan.changes):
        say(f"{plan.unchanged + len(plan.changes)} people were here already; their status stays.")


class _Rehearsed(Exception):
    """Takes back what a dry run did: it does all that the import would, quotas included."""


def _summary(
    outcome: Mapping[str, int], left_out: int, *, dry_run: bool, status: ImportStatus
) -> str:
    verb = "would be" if dry_run else "were"
    sentences = (
        f"{outcome['created']} participants {verb} added in {outcome['delegations']} new "
        f"delegations; {outcome['updated']} {verb} changed, {outcome['unchanged']} stay as "
        f"they are; {outcome['errors']} errors, {outcome['warnings']} warnings."
    )
    if left_out:
        sentences += f" {left_out} lines {verb} left out."
    if status is ImportStatus.approved:
        sentences += (
            f" {outcome['approved']} approved, {outcome['waitlisted']} on the waiting list."
        )
    return sentences


def _tell(plan: "Preview", file: Path | None, *, with_changes: bool) -> None:
    """Remarks on stderr, and all of them into the report."""
    from app.participants.imports.preview import report

    whole = report(plan)
    if plan.unmapped:
        say(f"not read, no field: {', '.join(plan.unmapped)}")
    for kind, remarks in (("error", plan.errors), ("warning", plan.warnings)):
        for one in remarks[:SHOWN]:
            say(f"{kind}: line {one.line}, {one.heading} “{one.value}”: {one.reason}")
        if len(remarks) > SHOWN:
            say(f"… and {len(remarks) - SHOWN} more {kind}s; --report writes them all.")
    changes = whole["changes"] if with_changes else []
    assert isinstance(changes, list)
    for one in changes[:SHOWN]:
        say(
            f"change: line {one['line']}, {one['name']}, {one['field']}: "
            f"{one['old'] or '–'} → {one['new']}"
        )
    if len(changes) > SHOWN:
        say(f"… and {len(changes) - SHOWN} more changes; --report writes them all.")
    if file is not None:
        write(as_json(whole), file)


def delegations(slug: str, format: Format = TextOrJson.text) -> None:
    """Lists the delegations."""
    from app.delegations import store

    async def work(database: Database) -> list[dict[str, object]]:
        async with database.reading() as session:
            conference = await conferences.conference(session, slug)
            return [
                {"code": row.code, "name": row.name, "kind": row.kind, "iso3": row.iso3}
                for row in await store.identities(session, conference.id)
            ]

    listing(run(work), format)


def participants(
    slug: str,
    out: Annotated[Path | None, typer.Option(help="A file that ends in .xlsx or .csv")] = None,
    own: Annotated[
        str | None, typer.Option("--columns", help="Own columns by key: visa,hotel")
    ] = None,
    format: Format = TextOrJson.text,
) -> None:
    """Lists the participants, or writes them as a table with columns of the conference's own."""
    from app.papers import participants as papers

    if out is not None:
        write(run(_table(slug, out, own)), out)
        return
    if own is not None:
        raise typer.BadParameter("--columns goes with --out")

    async def work(database: Database) -> list[dict[str, object]]:
        async with database.reading() as session:
            conference = await conferences.conference(session, slug)
            return await papers.listed(session, conference)

    listing(run(work), format)


def _table(slug: str, out: Path, own: str | None) -> Callable[[Database], Awaitable[bytes]]:
    from app.participants.columns import export
    from app.participants.store import Filters

    async def work(database: Database) -> bytes:
        async with database.writing() as session:
            conference = await conferences.conference(session, slug)
            keys = [key.strip() for key in (own or "").split(",") if key.strip()]
            found = await export.table(session, INSTALLATION, conference, Filters(), keys)
        return export.written(conference, found, out.suffix.removeprefix("."))

    return work


def gates(slug: str, format: Format = TextOrJson.text) -> None:
    """Lists the gates."""
    from app.gates import store

    async def work(database: Database) -> list[dict[str, object]]:
        async with database.reading() as session:
            conference = await conferences.conference(session, slug)
            return [
                {"id": g.id, "name": g.name, "kind": g.kind}
                for g in await store.gates(session, conference.id)
            ]

    listing(run(work), format)
