"""Commands on what was given out: publications, editions of the series, and breakdowns."""

from collections.abc import Awaitable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from app.accounts.rules import INSTALLATION
from app.cli.figures import (
    AsOf,
    BasisOption,
    Form,
    KnownAt,
    Language,
    Out,
    TableFormat,
    asked,
    table_written,
)
from app.cli.running import TextOrJson, as_json, columns, listing, made, write
from app.cli.scope import inside, looking
from app.conferences.models import Conference
from app.core import clock, dates
from app.core.db import ReadSession, WriteSession
from app.figures import participation, service
from app.figures.breakdown import By
from app.figures.rules import Basis
from app.figures.store import Instant
from app.web.labels import label

if TYPE_CHECKING:
    from app.figures.editions.schemas import EditionsOut
    from app.figures.publications.schemas import ComparisonOut, DifferencesOut, PublicationOut

publication = typer.Typer(no_args_is_help=True, help="Figures given out, and press reports.")
edition = typer.Typer(no_args_is_help=True, help="The editions of the series side by side.")

Format = Annotated[TextOrJson, typer.Option()]
Title = Annotated[str, typer.Option()]
Figures = Annotated[list[str], typer.Option(help="key=28, or key=>450 for more than 450")]
Dated = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="YYYY-MM-DD of the report or edition")
]


def add_to(app: typer.Typer) -> None:
    """Adds these commands."""
    app.command()(breakdown)
    app.add_typer(publication, name="publication")
    app.add_typer(edition, name="edition")


def breakdown(
    slug: str,
    by: Annotated[By, typer.Option(help="What the rows are.")] = By.regional_group,
    basis: BasisOption = Basis.accredited,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    format: Annotated[TableFormat, typer.Option()] = TableFormat.table,
    out: Out = None,
) -> None:
    """Counted people by what they are, or by session and hall where they were let in."""

    async def count(session: ReadSession, conference: Conference, at: Instant) -> str | bytes:
        found = await service.breakdown(session, INSTALLATION, conference, basis, at, by)
        if format is TableFormat.json:
            return as_json(found)
        return await table_written(participation.sheet(found, conference), conference, format)

    write(asked(slug, as_of, known_at, count), out)


@publication.command("list")
def listed(slug: str, format: Format = TextOrJson.text) -> None:
    """Lists what was published and typed in, newest first."""
    from app.figures.publications import service as publications
    from app.figures.publications.schemas import PublicationRow

    async def work(session: ReadSession, conference: Conference) -> list[dict[str, object]]:
        found = await publications.listed(session, INSTALLATION, conference)
        return [PublicationRow.model_validate(one).model_dump(mode="json") for one in found]

    rows = looking(slug, work)
    if format is TextOrJson.text:
        rows = [
            {key: row[key] for key in ("id", "origin", "basis", "as_of", "known_at", "title")}
            for row in rows
        ]
    listing(rows, format)


@publication.command()
def publish(
    slug: str,
    title: Title,
    basis: BasisOption = Basis.accredited,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    lang: Annotated[Language, typer.Option()] = Language.en,
    form: Annotated[Form, typer.Option()] = Form.sentence,
) -> None:
    """Gives every figure out, for good; prints the publication's id."""
    from app.figures.publications import service as publications
    from app.figures.publications.schemas import PublicationIn

    given = made(
        PublicationIn,
        title=title,
        basis=basis,
        as_of=as_of,
        known_at=known_at,
        language=lang.value,
        form=form.value,
    )

    async def work(session: WriteSession, conference: Conference) -> UUID:
        return (await publications.freeze(session, INSTALLATION, conference, given)).id

    write(str(inside(slug, work)), None)


@publication.command()
def show(slug: str, id: UUID, format: Format = TextOrJson.text) -> None:
    """A publication as it was given out, and what has changed since."""
    from app.figures.publications import differences
    from app.figures.publications import service as publications
    from app.figures.publications.rules import Origin

    async def work(
        session: ReadSession, conference: Conference
    ) -> "tuple[PublicationOut, DifferencesOut | None, str]":
        one = await publications.find(session, INSTALLATION, conference, id)
        frozen = one.origin is Origin.frozen
        since = differences.differences(session, INSTALLATION, conference, id) if frozen else None
        found = publications.shown(one, conference)
        return found, await since if since else None, conference.timezone

    one, since, zone = looking(slug, work)
    if format is TextOrJson.json:
        write(as_json({**one.model_dump(), "since": since}), None)
        return
    figures = [(it.label, f"{'more than ' if it.more else ''}{it.number}") for it in one.figures]
    changes = [f"{it.label}: {it.sentence}." for it in since.differences] if since else []
    head = [one.title, *_standing(one, zone), *([one.text] if one.text else [])]
    write("\n".join([*head, columns(figures), *changes]), None)


def _standing(one: "PublicationOut", zone: str) -> list[str]:
    """What a publication's figures stand on and who gave them out, by the zone's clocks."""
    from app.figures.publications.rules import Origin

    def local(instant: datetime | None) -> str:
        return dates.stamp(clock.utc_to_local(instant, zone)) if instant else "–"

    by = f"{local(one.published_at)} by {one.published_by}. All times: {zone}."
    if one.basis is None:
        what = "Edition" if one.origin is Origin.edition else "Press report"
        dated = dates.day(one.dated, parts="yMMMd") if one.dated else None
        return [f"{', '.join(filter(None, (what, one.source, dated)))}. Typed in {by}"]
    counts = [(label(role, "role").lower(), n) for role, n in one.excluded_counts.items()]
    people = one.people or 0
    parts = [f"{people} counted", *(f"{n} {role}" for role, n in counts)]
    left_out = ", ".join(f"{role} {n}" for role, n in counts) or "nobody"
    return [
        f"{label(one.basis, 'basis')}, as of {local(one.as_of)}, known at {local(one.known_at)}.",
        f"Published {by}",
        f"Not counted, by role: {left_out}.",
        f"{' + '.join(parts)} = {people + sum(n for _, n in counts)} whom this basis holds.",
        f"SHA-256 of the list of persons: {one.people_hash}",
    ]


@publication.command()
def compare(slug: str, first: UUID, second: UUID, format: Format = TextOrJson.text) -> None:
    """Two of them, figure by figure, each difference in a sentence."""
    from app.figures.publications import comparing

    def work(session: ReadSession, conference: Conference) -> "Awaitable[ComparisonOut]":
        return comparing.compare(session, INSTALLATION, conference, first, second)

    found = looking(slug, work)
    if format is TextOrJson.json:
        write(as_json(found), None)
        return
    sides = [
        f"{name}: {side.title}; {side.matched} of its {side.told} figures come out {side.reading}."
        for name, side in (("A", found.first), ("B", found.second))
    ]
    write("\n".join([*sides, *(f"{one.label}: {one.sentence}" for one in found.figures)]), None)


def _typed(
    slug: str,
    title: str,
    figures: list[str],
    dated: datetime | None,
    source: str | None,
    past: bool,
) -> None:
    from app.figures.publications import service as publications
    from app.figures.publications.schemas import ReportIn

    pairs = [figure.partition("=") for figure in figures]
    if wrong := next((pair[0] for pair in pairs if not (pair[0] and pair[2])), None):
        raise typer.BadParameter(f"“{wrong}” is not key=number")
    given = made(
        ReportIn,
        title=title,
        source=source,
        dated=dated.date() if dated else None,
        edition=past,
        figures={key.strip(): number for key, _, number in pairs},
    )

    async def work(session: WriteSession, conference: Conference) -> UUID:
        return (await publications.type_in(session, INSTALLATION, conference, given)).id

    write(str(inside(slug, work)), None)


@publication.command("type-in")
def report(
    slug: str,
    title: Title,
    figure: Figures,
    dated: Dated = None,
    source: Annotated[str | None, typer.Option()] = None,
) -> None:
    """Keeps what a press report said, to compare it; prints its id."""
    _typed(slug, title, figure, dated, source, past=False)


@edition.command("type-in")
def past(
    slug: str,
    title: Title,
    figure: Figures,
    dated: Dated = None,
    source: Annotated[str | None, typer.Option()] = None,
) -> None:
    """Keeps the figures of an edition that was not run here; prints their id."""
    _typed(slug, title, figure, dated, source, past=True)


@edition.command("list")
def side_by_side(
    slug: str, basis: BasisOption = Basis.accredited, format: Format = TextOrJson.text
) -> None:
    """The editions of the series, a column each; what was typed in is marked with *."""
    from app.figures.editions import service as editions

    def work(session: ReadSession, conference: Conference) -> "Awaitable[EditionsOut]":
        return editions.editions(session, INSTALLATION, conference, basis)

    found = looking(slug, work)
    if format is TextOrJson.json:
        write(as_json(found), None)
        return
    told = [{one.key: one for one in it.figures} for it in found.editions]
    heading = ["Figure", *(f"{it.year}{'' if it.basis else '*'}" for it in found.editions)]
    rows = [
        [
            row.label,
            *(
                f"{'>' if one.more else ''}{one.number}" if (one := figures.get(row.key)) else "–"
                for figures in told
            ),
        ]
        for row in found.rows
    ]
    write(columns([heading, *rows]), None)
