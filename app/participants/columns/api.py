"""Columns under `/api/v1/conferences/{slug}/columns`, values under `…/participants/{id}/values`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.conferences.doors import InConference
from app.conferences.models import Conference
from app.core.db import ReadSession
from app.core.paging import Page, Paged
from app.participants import service as people
from app.participants.columns import service
from app.participants.columns.schemas import ColumnEdit, ColumnIn, ColumnOut, Given
from app.web.doors import Reading, Writing
from app.web.etag import IfMatch, version_of
from app.web.idempotency import IdempotentRoute

router = APIRouter(route_class=IdempotentRoute, prefix="/conferences/{slug}", tags=["participants"])
AtKey = Annotated[str, Path(max_length=64, pattern=r"^[\w-]+$")]
Values = dict[str, str | None]


@router.get("/columns", response_model=Page[ColumnOut])
async def list_columns(
    session: Reading, actor: CurrentActor, conference: InConference, paging: Paged
) -> Page[ColumnOut]:
    """The conference's own columns that you may read, in their order."""
    actor.require(conference.id, people.READERS)
    found = await service.readable(session, actor, conference)
    shown = found[paging.offset : paging.offset + paging.size]
    return paging.of([ColumnOut.model_validate(one) for one in shown], len(found))


@router.post("/columns", status_code=201, response_model=ColumnOut)
async def create_column(
    session: Writing, actor: CurrentActor, conference: InConference, given: ColumnIn
) -> ColumnOut:
    """Adds a column; `readers` are the roles that see it at the desk."""
    return ColumnOut.model_validate(await service.create(session, actor, conference, given))


@router.patch("/columns/{key}", response_model=ColumnOut)
async def edit_column(
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    key: AtKey,
    given: ColumnEdit,
    if_match: IfMatch = None,
) -> ColumnOut:
    """Changes words, choices, order or access; key and kind stay."""
    version = version_of(if_match)
    found = await service.edit(session, actor, conference, key, given, version=version)
    return ColumnOut.model_validate(found)


@router.delete("/columns/{key}", status_code=204)
async def delete_column(
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    key: AtKey,
    confirm: bool = False,
) -> None:
    """Deletes a column; with `confirm`, its values too."""
    await service.delete(session, actor, conference, key, confirm=confirm)


async def _values(
    session: ReadSession, actor: Actor, conference: Conference, id: UUID, response: Response
) -> Values:
    actor.require(conference.id, people.READERS)
    await people.find(session, actor, conference.id, id)
    columns = await service.readable(session, actor, conference)
    held = await service.held(session, conference.id, columns, id)
    response.headers["ETag"] = f'"{service.state(held)}"'
    return {column.key: held.get(column.key) for column in columns}


@router.get("/participants/{id}/values", response_model=Values)
async def show_values(
    session: Reading, actor: CurrentActor, conference: InConference, id: UUID, response: Response
) -> Values:
    """A person's values, null where there is none: instants in UTC, yes or no, numbers as text."""
    return await _values(session, actor, conference, id, response)


@router.patch("/participants/{id}/values", response_model=Values)
async def set_values(
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    id: UUID,
    given: dict[str, Given],
    response: Response,
    if_match: IfMatch = None,
) -> Values:
    """Sets values by key; null empties one, what is left out stays."""
    version = version_of(if_match)
    await service.set_values(session, actor, conference, id, given, version=version)
    return await _values(session, actor, conference, id, response)
