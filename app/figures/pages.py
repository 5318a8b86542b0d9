"""Figures for the press: one page, the persons behind each number, and files to take away."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.conferences.rules import policies_of
from app.core import sheets
from app.core.db import ReadSession
from app.core.errors import Invalid
from app.core.paging import Paged
from app.core.schemas import Choice
from app.delegations.rules import Group
from app.figures import breakdown as breakdowns
from app.figures import catalogue as every
from app.figures import drilldown, sentences, service
from app.figures import participation as participations
from app.figures.breakdown import PLACES, By
from app.figures.catalogue import catalogue
from app.figures.rules import OUTCOME, Basis
from app.figures.schemas import PersonOut
from app.figures.service import Count
from app.figures.store import Instant
from app.web.doors import Reading
from app.web.render import render

router = APIRouter(prefix="/c/{slug}/figures", dependencies=[Depends(desk("figures"))])
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "json": "application/json",
}
_ALWAYS = ("participants", "ministers", "member_states")
Text = Annotated[str, Query(max_length=40)]


@dataclass(frozen=True)
class Asked:
    """What the form asks: a basis and two instants as typed; empty ones are now."""

    basis: Basis = Basis.accredited
    as_of: Text = ""
    known_at: Text = ""

    def address(self, page: str, **more: str) -> str:
        """The address of a page that answers for the same basis and instants."""
        asked = {"basis": self.basis.value, "as_of": self.as_of, "known_at": self.known_at}
        return f"{page}?{urlencode({k: v for k, v in (asked | more).items() if v})}"

    def instant(self, conference: Conference) -> Instant:
        """The instants meant. Raises `Invalid`, naming the fields that are none."""
        return service.instant(conference, self.as_of, self.known_at)


AskedHere = Annotated[Asked, Depends()]


@dataclass(frozen=True, slots=True)
class _Sentence:
    id: str
    title: str
    lang: str
    text: str
    href: str


def _sentences(found: Count, conference: Conference, asked: Asked, at: Instant) -> list[_Sentence]:
    """The sentence of the basis asked for, then that of the other half: outcome or forecast."""
    other = Basis.accredited if asked.basis in OUTCOME else Basis.attended
    shown = []
    for basis in (asked.basis, other):
        made = service.summary_of(service.recount(found, basis), conference, basis, at)
        name = "Outcome" if basis in OUTCOME else "Forecast"
        href = Asked(basis, asked.as_of, asked.known_at).address("summary.txt")
        shown.append(_Sentence(name.lower(), f"{name}: {basis}", made.language, made.text, href))
    return shown


def _tiles(found: Count, conference: Conference, asked: Asked, *, named: bool) -> list[object]:
    numbers = every.figures(asked.basis, found.terms, found.tallies)
    return [
        {
            "number": numbers[key],
            "label": one.label,
            "note": f"{one.words[:1].upper()}{one.words[1:]}",
            "href": asked.address("people", figure=key) if named and numbers[key] else "",
        }
        for key, one in catalogue().items()
        if key in _ALWAYS
        or (numbers[key] and (not one.beside or any(numbers[beside] for beside in one.beside)))
    ]


def _by_field(error: Invalid) -> dict[str, str]:
    return {pointer.strip("/"): words for pointer, words in error.errors}


def _unread(request: Request, asked: Asked, error: Invalid) -> Response:
    """The form as it was typed, where an instant is none."""
    given: dict[str, Any] = {"values": vars(asked), "errors": _by_field(error), "table": None}
    return render(request, "figures.html", 422, **given)


@router.get("/")
async def figures(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    asked: AskedHere,
) -> Response:
    """One sentence, one table, and every number with its definition and its persons."""
    try:
        at = asked.instant(conference)
    except Invalid as error:
        return _unread(request, asked, error)
    found = await service.count_with_past(session, actor, conference, asked.basis, at)
    named = drilldown.may_see_names(actor, conference, policies_of(conference.policies))
    table = service.statistics_of(found, conference, asked.basis, at)
    return render(
        request,
        "figures.html",
        values=vars(asked),
        errors={},
        table=table,
        numbers=service.figures_of(found),
        texts=_sentences(found, conference, asked, at),
        tiles=_tiles(found, conference, asked, named=named),
        people={
            line.key: asked.address("people", group=line.key)
            for line in table.groups
            if named and line.participants
        },
        breakdown=asked.address("breakdown"),
        downloads=[
            (asked.address("participation.csv"), "CSV"),
            (asked.address("participation.xlsx"), "XLSX"),
            (asked.address("participation.pdf"), "PDF"),
            (asked.address("participation.json"), "JSON"),
        ],
    )


def _why(basis: Basis, one: PersonOut) -> str:
    if basis is Basis.attended:
        return "Scanned at a gate" if one.presence == "scan" else "Attested by an officer"
    if basis is Basis.badged:
        return "Badge collected"
    return one.status.value.capitalize()


@router.get("/people")
async def people(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    paging: Paged,
    asked: AskedHere,
    figure: Annotated[str, Query(max_length=64)] = "participants",
    group: Choice[Group] = None,
    by: Choice[By] = None,
    row: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """The persons behind a figure or a row of the table."""
    try:
        at = asked.instant(conference)
    except Invalid as error:
        return _unread(request, asked, error)
    found = await drilldown.people(
        session,
        actor,
        conference,
        asked.basis,
        at,
        figure=figure,
        group=group,
        row=(by, row) if by and row else None,
    )
    words = sentences.texts("en")
    rows = [
        {**one.model_dump(), "native_name": "", "why": _why(asked.basis, one)}
        for one in found[paging.offset : paging.offset + paging.size]
    ]
    return render(
        request,
        "figures_people.html",
        title=words["groups"][group]
        if group
        else await _title(session, conference, figure, by, row),
        unit=catalogue()[figure].definition.unit,
        bodies=len({one.delegation for one in found}),
        basis=asked.basis,
        at=at,
        page=paging.sheet(rows, len(found)),
        back=asked.address("./"),
    )


async def _title(
    session: ReadSession, conference: Conference, figure: str, by: By | None, row: str
) -> str:
    if by is None or not row:
        return catalogue()[figure].label
    return (await service.row_labels(session, conference, by)).get(row, row)


@router.get("/breakdown")
async def breakdown(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    asked: AskedHere,
    by: By = By.regional_group,
) -> Response:
    """Counted people by what they are."""
    asks: dict[str, Any] = {
        "rows": breakdowns.WORDS.items(),
        "values": vars(asked) | {"by": by},
        "back": asked.address("./"),
    }
    try:
        at = asked.instant(conference)
    except Invalid as error:
        asks |= {"found": None, "halls": None, "downloads": [], "errors": _by_field(error)}
        return render(request, "figures_breakdown.html", 422, **asks)
    found = await service.breakdown(session, actor, conference, asked.basis, at, by)
    named = drilldown.may_see_names(actor, conference, policies_of(conference.policies))
    return render(
        request,
        "figures_breakdown.html",
        **asks,
        errors={},
        found=found,
        head=breakdowns.head(by),
        note=breakdowns.note(by),
        halls=await service.fullest(session, actor, conference, at, by) if by in PLACES else None,
        downloads=[
            (asked.address(f"breakdown.{form}", by=by.value), form.upper())
            for form in participations.Form
        ],
        halls_csv=asked.address("halls.csv", by=by.value),
        people={
            line.key: asked.address("people", by=by.value, row=line.key)
            for line in found.rows
            if named
        },
    )


@router.get("/breakdown.{form}")
async def breakdown_file(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    asked: AskedHere,
    form: participations.Form,
    by: By = By.regional_group,
) -> Response:
    """Counted people by what they are, or where they were, as a file."""
    at = asked.instant(conference)
    found = await service.breakdown(session, actor, conference, asked.basis, at, by)
    sheet = participations.sheet(found, conference, unknown="Not stated")
    body = await participations.written(sheet, conference, form)
    return _file(conference, f"{by}-{asked.basis}", form, body)


@router.get("/halls.csv")
async def halls_file(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    asked: AskedHere,
    by: Literal[By.session, By.hall] = By.hall,
) -> Response:
    """How full sessions and halls were at the fullest."""
    found = await service.fullest(session, actor, conference, asked.instant(conference), by)
    headings, rows = participations.hall_rows(found, conference)
    return _file(conference, "halls", "csv", sheets.to_csv(headings, rows))


def _file(conference: Conference, name: str, form: str, body: bytes) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{conference.slug}-{name}.{form}"'}
    return Response(body, media_type=_TYPES[form], headers=headers)


@router.get("/participation.{form}")
async def participation(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    asked: AskedHere,
    form: Literal["csv", "xlsx", "pdf", "json"],
) -> Response:
    """The participation table as a file."""
    table = await service.statistics(
        session, actor, conference, asked.basis, asked.instant(conference)
    )
    if form == "json":
        body = table.model_dump_json(indent=1).encode()
    else:
        sheet = participations.sheet(table, conference, unknown="Not stated")
        body = await participations.written(sheet, conference, participations.Form(form))
    return _file(conference, asked.basis, form, body)


@router.get("/summary.txt")
async def summary(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    asked: AskedHere,
    lang: Literal["en", "fr", "es", "ru", "ar", "zh"] = "en",
    form: Literal["sentence", "paragraph"] = "sentence",
) -> Response:
    """The communiqué as plain text."""
    made = await service.summary(
        session,
        actor,
        conference,
        asked.basis,
        asked.instant(conference),
        language=lang,
        form=form,
    )
    return Response(f"{made.text}\n", media_type="text/plain; charset=utf-8")
