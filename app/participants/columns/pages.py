"""The desk's pages of columns: define them, fill a person's in, take the list away as a file."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.core.db import ReadSession, WriteSession
from app.participants import service as people
from app.participants.columns import export, service
from app.participants.columns.api import AtKey
from app.participants.columns.doors import Narrowed
from app.participants.columns.models import Column
from app.participants.columns.rules import PREFIX, ColumnKind, Reader, may_write, shown
from app.participants.columns.schemas import ColumnEdit, ColumnIn, ValuesForm
from app.participants.models import Participant
from app.web.doors import Reading, database
from app.web.flash import went
from app.web.forms import Errors, Values, attempt
from app.web.labels import choices, label
from app.web.render import in_language, render

router = APIRouter()
_define = APIRouter(prefix="/columns", dependencies=[Depends(desk("columns"))])
_fill = APIRouter(prefix="/participants", dependencies=[Depends(desk("participants"))])
_TYPES = {ColumnKind.date: "date", ColumnKind.instant: "datetime-local"}
_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A column as a form asks for its value; `options`: pairs to choose from."""

    name: str
    label: str
    type: str
    options: Sequence[tuple[str, str]]


def entries(columns: Sequence[Column], language: str = "en") -> list[Entry]:
    """The fields of a form for some columns, named in the page's language."""
    options = {ColumnKind.yes_no: choices("yes_no", language)}
    return [
        Entry(
            PREFIX + one.key,
            in_language(one.label, language),
            _TYPES.get(one.kind, "text"),
            options.get(one.kind, [(word, word) for word in one.choices]),
        )
        for one in columns
    ]


def typed(columns: Sequence[Column], held: service.Values, zone: str) -> Values:
    """A person's values as the form shows them, with the state that it repeats."""
    values: Values = {
        PREFIX + c.key: shown(c.kind, held[c.key], zone) for c in columns if c.key in held
    }
    return values | {"version": str(service.state(held))}


def beside(errors: Errors, columns: Sequence[Column]) -> Errors:
    """Errors by key as errors by field of the form."""
    keys = {column.key for column in columns}
    return {PREFIX + key if key in keys else key: words for key, words in errors.items()}


def told(column: Column, held: service.Values, zone: str, language: str = "en") -> str:
    """A person's value as people read it; nothing where there is none."""
    value = held.get(column.key)
    if value is None or column.kind is not ColumnKind.yes_no:
        return shown(column.kind, value, zone) if value else ""
    return label(value, "yes_no", language)


async def lines(
    session: ReadSession, actor: Actor, conference: Conference, person: Participant
) -> tuple[list[tuple[str, str]], bool]:
    """What a person's page shows of the columns, and whether its reader fills in any."""
    columns = await service.readable(session, actor, conference)
    held = await service.held(session, conference.id, columns, person.id)
    roles = actor.roles_in(conference.id)
    return (
        [(export.words(one), told(one, held, conference.timezone)) for one in columns],
        any(may_write(one, roles) for one in columns),
    )


async def _defined(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    column: Column | None,
    values: Values,
    errors: Errors,
    status: int = 200,
) -> Response:
    lines = values.get("choices", "")
    return render(
        request,
        "desk/columns.html",
        status,
        columns=await service.readable(session, actor, conference),
        column=column,
        kinds=choices("column_kind"),
        readers=[(one.value, label(one, "account_role")) for one in Reader],
        shares=choices("share"),
        values=values | {"choices": "\n".join(lines) if isinstance(lines, list) else lines},
        errors=errors,
    )


@_define.get("/")
async def listing(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference
) -> Response:
    """The columns in their order, and the form that adds one."""
    actor.require(conference.id, people.OFFICERS)
    values: Values = {"kind": "text", "readers": [Reader.registration_officer.value]}
    return await _defined(request, session, actor, conference, None, values, {})


@_define.post("/")
async def add(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference
) -> Response:
    """Adds a column."""

    async def work(writing: WriteSession, given: ColumnIn, _: int | None) -> Column:
        return await service.create(writing, actor, conference, given)

    sent = await attempt(request, ColumnIn, work)
    if sent.done is None:
        return await _defined(
            request, session, actor, conference, None, sent.values, sent.errors, sent.status
        )
    return went(f"/c/{conference.slug}/desk/columns/", "column_added")


@_define.get("/{key}")
async def form(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, key: AtKey
) -> Response:
    """A column's words, order and access."""
    actor.require(conference.id, people.OFFICERS)
    column = await service.find(session, actor, conference, key)
    plain = column.model_dump(mode="json", exclude={"label"})
    values: Values = {
        **{name: one if isinstance(one, list) else str(one) for name, one in plain.items()},
        **{f"label.{language}": words for language, words in column.label.items()},
    }
    return await _defined(request, session, actor, conference, column, values, {})


async def _change(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    key: str,
    *,
    delete: bool = False,
) -> Response:
    async def work(writing: WriteSession, given: ColumnEdit, version: int | None) -> bool:
        await service.edit(writing, actor, conference, key, given, version=version)
        if delete:
            await service.delete(writing, actor, conference, key, confirm=confirmed)
        return True

    confirmed = delete and bool((await request.form()).get("confirm"))
    sent = await attempt(request, ColumnEdit, work)
    if sent.done is None:
        column = await service.find(session, actor, conference, key)
        return await _defined(
            request, session, actor, conference, column, sent.values, sent.errors, sent.status
        )
    return went(f"/c/{conference.slug}/desk/columns/", "column_deleted" if delete else "saved")


@_define.post("/{key}")
async def edit(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, key: AtKey
) -> Response:
    """Changes a column."""
    return await _change(request, session, actor, conference, key)


@_define.post("/{key}/delete")
async def remove(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, key: AtKey
) -> Response:
    """Deletes a column; one with values only when that is ticked."""
    return await _change(request, session, actor, conference, key, delete=True)


@_fill.get("/export.{ending}")
async def download(
    request: Request,
    actor: CurrentActor,
    conference: InConference,
    narrowed: Narrowed,
    ending: Literal["xlsx", "csv"],
    columns: Annotated[str, Query(max_length=1_000)] = "",
) -> Response:
    """The list as filtered, with the columns that one may read, or those named."""
    keys = [key.strip() for key in columns.split(",")] if columns else None
    async with database(request).writing() as session:
        found = await export.table(session, actor, conference, narrowed, keys)
    data = await asyncio.to_thread(export.written, conference, found, ending)
    name = f'attachment; filename="{conference.slug}-participants.{ending}"'
    return Response(data, media_type=_MEDIA[ending], headers={"Content-Disposition": name})


async def _values(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    values: Values | None = None,
    errors: Errors | None = None,
    status: int = 200,
) -> Response:
    person, _ = await people.find(session, actor, conference.id, id)
    columns = await service.writable(session, actor, conference)
    read = await service.readable(session, actor, conference)
    held = await service.held(session, conference.id, read, id)
    return render(
        request,
        "desk/values.html",
        status,
        person=person,
        entries=entries(columns),
        values=values if values is not None else typed(read, held, conference.timezone),
        errors=beside(errors or {}, columns),
    )


@_fill.get("/{id}/values")
async def values_form(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """The form of a person's values that one may set."""
    actor.require(conference.id, people.EDITORS)
    return await _values(request, session, actor, conference, id)


@_fill.post("/{id}/values")
async def set_values(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Sets them; a field left empty empties its value."""
    columns = await service.writable(session, actor, conference)

    async def work(writing: WriteSession, given: ValuesForm, version: int | None) -> bool:
        mine = {column.key: given.column.get(column.key) for column in columns}
        await service.set_values(writing, actor, conference, id, mine, version=version)
        return True

    sent = await attempt(request, ValuesForm, work)
    if sent.done is None:
        return await _values(
            request, session, actor, conference, id, sent.values, sent.errors, sent.status
        )
    return went(f"/c/{conference.slug}/desk/participants/{id}", "saved")


router.include_router(_define)
router.include_router(_fill)
