"""The first half of the desk's import: choose a file, match its columns."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData, UploadFile

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.conferences.doors import InConference
from app.conferences.models import Conference
from app.core.errors import AppError, Invalid, NotFound, TooLarge
from app.core.sheets import Table, sheet_names
from app.participants.columns.intake import Own, own
from app.participants.imports import preview as previews
from app.participants.imports import service
from app.participants.intake.headings import fields
from app.participants.models import ImportFile
from app.participants.rules import Status
from app.participants.service import OFFICERS
from app.web.doors import database
from app.web.labels import label
from app.web.render import render

router = APIRouter(prefix="/c/{slug}/desk/import")
_SAMPLES = 3
_STATUSES = ("nominated", "submitted", "approved")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file as the mapping page shows it."""

    index: int
    heading: str
    samples: list[str]
    field: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A file and how it is read."""

    row: ImportFile
    data: bytes
    own: Own


async def _upload_page(
    request: Request,
    actor: Actor,
    conference: Conference,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    status: int = 200,
) -> Response:
    async with database(request).reading() as session:
        past = await service.past(session, actor, conference)
    return render(
        request,
        "desk/import_upload.html",
        status,
        values=values,
        errors=errors,
        statuses=[(word, label(word, "status")) for word in _STATUSES],
        past=past,
    )


@router.get("")
async def choose(
    request: Request, actor: CurrentActor, conference: InConference, after: UUID | None = None
) -> Response:
    """The form for a file, and the files before it; `after` one that the next one corrects."""
    values = {"status": "nominated", "after": ""}
    if after is not None:
        row = (await kept_upload(request, actor, conference, after)).row
        values = {"status": row.status.value, "after": str(row.id)}
    return await _upload_page(request, actor, conference, values, {})


@router.post("")
async def upload(request: Request, actor: CurrentActor, conference: InConference) -> Response:
    """Keeps a file that can be read; one that cannot is refused with the reason."""
    actor.require(conference.id, OFFICERS)
    async with request.form(max_files=1, max_fields=10) as form:
        values = {"status": typed(form, "status") or "nominated", "after": typed(form, "after")}
        file = form.get("file")
        name, data = "", b""
        if isinstance(file, UploadFile) and file.filename:
            name, data = file.filename, await file.read()
    if not name:
        errors = {"file": "Choose a file."}
        return await _upload_page(request, actor, conference, values, errors, 422)
    if values["status"] not in _STATUSES:
        errors = {"status": "Choose one of the options."}
        return await _upload_page(request, actor, conference, values, errors, 422)
    before = await _before(request, actor, conference, values["after"])
    async with database(request).reading() as reading:
        mine = await own(reading, actor, conference)
    try:
        sheet, columns = await asyncio.to_thread(_reading_of, data, name, before, mine)
    except (Invalid, TooLarge) as refused:
        errors = {"file": refused.detail}
        return await _upload_page(request, actor, conference, values, errors, refused.status)
    async with database(request).writing() as session:
        row = await service.keep(
            session,
            actor,
            conference,
            data,
            name,
            sheet=sheet,
            columns=columns,
            status=Status(values["status"]),
        )
    return step(conference, row.id)


def typed(form: FormData, name: str) -> str:
    """What was typed into a field; nothing where a file was sent instead."""
    value = form.get(name)
    return value if isinstance(value, str) else ""


def step(conference: Conference, id: UUID, place: str = "") -> RedirectResponse:
    """On to a step of an import: its columns, or the `place` below them."""
    return RedirectResponse(f"/c/{conference.slug}/desk/import/{id}{place}", 303)


async def _before(
    request: Request, actor: Actor, conference: Conference, id: str
) -> ImportFile | None:
    """The file that an upload corrects, if it names one."""
    try:
        return (await kept_upload(request, actor, conference, UUID(id))).row if id else None
    except (ValueError, NotFound):
        return None


def _reading_of(
    data: bytes, filename: str, before: ImportFile | None, own: Own
) -> tuple[str | None, dict[str, str]]:
    """Sheet and columns to begin with: as chosen for the file before where they fit, else found."""
    names = sheet_names(data, filename)
    if before is not None and (before.sheet is None or before.sheet in names):
        try:
            table = previews.table_of(data, filename, sheet=before.sheet)
            previews.columns_of(table, before.columns, own)
        except Invalid:
            pass
        else:
            return before.sheet, before.columns
    return _first_table(data, filename, names)[0], {}


def _first_table(data: bytes, filename: str, names: list[str]) -> tuple[str | None, Table]:
    """The first sheet that holds a table of people, else the first that holds a table."""
    if len(names) < 2:
        return None, previews.table_of(data, filename)
    found: list[tuple[str, Table]] = []
    refused: AppError | None = None
    for name in names[:10]:
        try:
            table = previews.table_of(data, filename, sheet=name)
        except Invalid as error:
            refused = refused or error
            continue
        if previews.lacking(previews.columns_of(table)) is None:
            return name, table
        found.append((name, table))
    if not found:
        assert refused is not None
        raise refused
    return found[0]


async def kept_upload(request: Request, actor: Actor, conference: Conference, id: UUID) -> Upload:
    """A kept file, free of the session it was read in. Raises `NotFound`."""
    async with database(request).reading() as session:
        row, data = await service.kept(session, actor, conference, id)
        mine = await own(session, actor, conference)
        session.expunge(row)
    return Upload(row, data, mine)


def _table(upload: Upload) -> tuple[list[str], Table, dict[str, int]]:
    """Sheets, table and columns of a kept file; a mapping that no longer fits is dropped."""
    row = upload.row
    sheets = sheet_names(upload.data, row.filename)
    table = previews.table_of(upload.data, row.filename, sheet=row.sheet)
    try:
        found = previews.columns_of(table, row.columns, upload.own)
    except Invalid:
        found = previews.columns_of(table, own=upload.own)
    return sheets, table, found


@router.get("/{id}")
async def match(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Which column goes where; an imported file shows what it did."""
    upload = await kept_upload(request, actor, conference, id)
    if upload.row.confirmed_at:
        return step(conference, id, "/done")
    sheets, table, found = await asyncio.to_thread(_table, upload)
    return _match_page(request, upload, sheets, table, _chosen(found), {})


def _chosen(columns: Mapping[str, int]) -> dict[int, str]:
    # Where one heading serves two fields, the page can show but one of them.
    return {column: name for name, column in reversed(list(columns.items()))}


def _match_page(
    request: Request,
    upload: Upload,
    sheets: list[str],
    table: Table,
    chosen: Mapping[int, str],
    errors: Mapping[str, str],
) -> Response:
    columns = [
        Column(
            index,
            heading,
            [c for c in dict.fromkeys(row[index] for row in table.rows[:200]) if c][:_SAMPLES],
            chosen.get(index, ""),
        )
        for index, heading in enumerate(table.headings)
    ]
    columns = [c for c in columns if c.heading or c.samples]
    return render(
        request,
        "desk/import_mapping.html",
        422 if errors else 200,
        upload=upload.row,
        rows=len(table.rows),
        sheets=[(name, name) for name in sheets],
        columns=columns,
        fields=[(name, label(name, "field")) for name in fields()] + [*upload.own.names.items()],
        errors=errors,
    )


@router.post("/{id}")
async def choose_columns(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Keeps the choice of columns; another sheet is shown first, with what it holds."""
    form = await request.form(max_files=0, max_fields=300)
    upload = await kept_upload(request, actor, conference, id)
    sheets, table, _ = await asyncio.to_thread(_table, upload)
    sheet = typed(form, "sheet")
    if sheet and sheet in sheets and sheet != (upload.row.sheet or sheets[0]):
        async with database(request).writing() as session:
            await service.choose_columns(session, actor, conference, id, sheet=sheet, columns={})
        return step(conference, id)
    chosen = {i: typed(form, f"map-{i}") for i in range(len(table.headings))}
    known = (*fields(), *upload.own.names)
    columns, errors = _mapping(table.headings, chosen, known)
    if errors:
        return _match_page(request, upload, sheets, table, chosen, errors)
    async with database(request).writing() as session:
        await service.choose_columns(
            session, actor, conference, id, sheet=upload.row.sheet, columns=columns
        )
    return step(conference, id, "/preview")


def _mapping(
    headings: list[str], chosen: Mapping[int, str], known: Sequence[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Field → heading for every one known, "" for none; and the errors by form field."""
    taken: dict[str, int] = {}
    errors: dict[str, str] = {}
    for column, name in chosen.items():
        if name not in known:
            continue
        if name in taken:
            errors[f"map-{column}"] = f"“{headings[taken[name]]}” goes there already."
        taken.setdefault(name, column)
    if sentence := previews.lacking(taken):
        errors[""] = sentence
    named = {
        name: headings[i] if headings.count(headings[i]) == 1 and headings[i] else f"#{i + 1}"
        for name, i in taken.items()
    }
    return dict.fromkeys(known, "") | named, errors
