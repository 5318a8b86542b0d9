"""Commands for the press officer: statistics and summary."""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from app.accounts.rules import INSTALLATION
from app.cli.running import as_json, columns, run, say, write
from app.conferences import service as conferences
from app.conferences.models import Conference
from app.core.db import Database, ReadSession
from app.figures import communique, service
from app.figures.rules import Basis
from app.figures.schemas import StatisticsOut, SummaryOut
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


def _asked(
    slug: str,
    as_of: str | None,
    known_at: str | None,
    count: Callable[[ReadSession, Conference, Instant], Awaitable[Result]],
) -> Result:
    async def work(database: Database) -> Result:
        async with database.reading() as session:
            conference = await conferences.conference(session, slug)
            return await count(session, conference, service.instant(conference, as_of, known_at))

    return run(work)


def _binary(found: StatisticsOut, format: TableFormat) -> bytes:
    from app.core.sheets import to_csv, to_xlsx

    headings, rows, notes = service.participation_sheet(found)
    if format is TableFormat.csv:
        return to_csv(headings, rows)
    return to_xlsx(headings, rows, title=found.conference, notes=notes)


def statistics(
    slug: str,
    basis: BasisOption = Basis.accredited,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    format: Annotated[TableFormat, typer.Option()] = TableFormat.table,
    out: Out = None,
) -> None:
    """The participation table: group, bodies represented, persons, women, men, unknown."""

    async def count(session: ReadSession, conference: Conference, at: Instant) -> StatisticsOut:
        return await service.statistics(session, INSTALLATION, conference, basis, at)

    found = _asked(slug, as_of, known_at, count)
    if format is TableFormat.json:
        write(as_json(found), out)
    elif format is TableFormat.table:
        headings, rows, notes = service.participation_sheet(found)
        write("\n".join([columns([headings, *rows]), "", *notes]), out)
    else:
        write(_binary(found, format), out)


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

    async def count(session: ReadSession, conference: Conference, at: Instant) -> SummaryOut:
        return await service.summary(
            session,
            INSTALLATION,
            conference,
            basis,
            at,
            language=lang.value,
            form=form.value,
        )

    found = _asked(slug, as_of, known_at, count)
    if format is TextFormat.json:
        write(as_json(found), out)
        return
    if format is TextFormat.text:
        write("\n".join([found.text, *([found.notice] if found.notice else [])]), out)
    elif format is TextFormat.html:
        write(communique.html(found), out)
    else:
        write(run(lambda _: communique.pdf(found)), out)
    if waiting := found.figures["ranks_undecided"]:
        say(f"{waiting} of the people counted have no decided rank.")
