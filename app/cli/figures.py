"""Commands for the press officer: statistics and summary."""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from app.accounts.rules import INSTALLATION
from app.cli.running import as_json, columns, run, say, write
from app.cli.scope import looking
from app.conferences.models import Conference
from app.core.db import ReadSession
from app.figures import communique, participation, service
from app.figures.rules import Basis
from app.figures.schemas import SummaryOut
from app.figures.store import Instant

BasisOption = Annotated[Basis, typer.Option(help="Whom the figures count.")]
AsOf = Annotated[str | None, typer.Option(help="True for this instant; a date is its whole day.")]
KnownAt = Annotated[str | None, typer.Option(help="By what had been entered then.")]
Out = Annotated[Path | None, typer.Option(help="Write to this file.")]
Result = TypeVar("Result")


class TableFormat(StrEnum):
    """How the participation table is written."""

    table = "table"
    json = "json"
    csv = "csv"
    xlsx = "xlsx"
    pdf = "pdf"


class TextFormat(StrEnum):
    """How the communiqué is written."""

    text = "text"
    json = "json"
    html = "html"
    pdf = "pdf"


class Form(StrEnum):
    """How much the communiqué says."""

    sentence = "sentence"
    paragraph = "paragraph"


class Language(StrEnum):
    """The six languages of the United Nations."""

    en = "en"
    fr = "fr"
    es = "es"
    ru = "ru"
    ar = "ar"
    zh = "zh"


def add_to(app: typer.Typer) -> None:
    """Adds these commands."""
    app.command()(statistics)
    app.command()(summary)


def asked(
    slug: str,
    as_of: str | None,
    known_at: str | None,
    count: Callable[[ReadSession, Conference, Instant], Awaitable[Result]],
) -> Result:
    """What is counted of a conference at the instants that were typed."""

    def work(session: ReadSession, conference: Conference) -> Awaitable[Result]:
        return count(session, conference, service.instant(conference, as_of, known_at))

    return looking(slug, work)


async def table_written(
    sheet: participation.Sheet, conference: Conference, format: TableFormat
) -> str | bytes:
    """A table for a terminal, or as a file."""
    if format is TableFormat.table:
        return "\n".join([columns([sheet.headings, *sheet.rows]), "", *sheet.notes])
    return await participation.written(sheet, conference, participation.Form(format))


def statistics(
    slug: str,
    basis: BasisOption = Basis.accredited,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    format: Annotated[TableFormat, typer.Option()] = TableFormat.table,
    out: Out = None,
) -> None:
    """The participation table: bodies represented, persons, women, men, unknown; subtotals."""

    async def count(session: ReadSession, conference: Conference, at: Instant) -> str | bytes:
        found = await service.statistics(session, INSTALLATION, conference, basis, at)
        if format is TableFormat.json:
            return as_json(found)
        return await table_written(participation.sheet(found, conference), conference, format)

    write(asked(slug, as_of, known_at, count), out)


def summary(
    slug: str,
    basis: BasisOption = Basis.accredited,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    lang: Annotated[Language, typer.Option()] = Language.en,
    form: Annotated[Form, typer.Option()] = Form.sentence,
    format: Annotated[TextFormat, typer.Option()] = TextFormat.text,
    out: Out = None,
) -> None:
    """The communiqué: one true sentence, or a paragraph."""

    async def count(
        session: ReadSession, conference: Conference, at: Instant
    ) -> tuple[SummaryOut, Conference]:
        told = await service.summary(
            session,
            INSTALLATION,
            conference,
            basis,
            at,
            language=lang.value,
            form=form.value,
        )
        return told, conference

    found, conference = asked(slug, as_of, known_at, count)
    if format is TextFormat.json:
        write(as_json(found), out)
        return
    if format is TextFormat.text:
        write("\n".join([found.text, *([found.notice] if found.notice else [])]), out)
    elif format is TextFormat.html:
        write(communique.html(found), out)
    else:
        write(run(lambda _: communique.pdf(found, conference)), out)
    if waiting := found.figures["ranks_undecided"]:
        say(f"{waiting} of the people counted have no decided rank.")
