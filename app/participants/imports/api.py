"""Imports under `/api/v1/conferences/{slug}/imports`: upload, preview, confirm."""

import asyncio
import json
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request, UploadFile

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference
from app.core.errors import Invalid
from app.core.schemas import Input, Output
from app.participants.columns.intake import own
from app.participants.imports import preview as previews
from app.participants.imports import service
from app.participants.imports.preview import Preview
from app.participants.models import ImportFile
from app.participants.rules import Status
from app.participants.service import OFFICERS
from app.web.doors import Reading, database
from app.web.idempotency import IdempotentRoute

router = APIRouter(
    route_class=IdempotentRoute, prefix="/conferences/{slug}/imports", tags=["imports"]
)
SHOWN = 500


class RemarkOut(Output):
    """A remark about one cell."""

    line: int
    heading: str
    value: str
    reason: str


class ChangeOut(Output):
    """A person whom the file corrects."""

    line: int
    id: UUID
    name: str
    fields: list[str]


class ImportOut(Output):
    """A kept file and what importing it would do, or did."""

    id: UUID
    filename: str
    status: Status
    created_at: datetime
    confirmed_at: datetime | None
    columns: dict[str, str]
    unmapped: list[str]
    delegations: int
    created: int
    updated: int
    unchanged: int
    error_count: int
    warning_count: int
    errors: list[RemarkOut]
    warnings: list[RemarkOut]
    changes: list[ChangeOut]
    result: dict[str, int] | None


class Confirmation(Input):
    """Whether to import the valid lines although others have errors."""

    accept_valid: bool = False


def shown(row: ImportFile, plan: Preview) -> ImportOut:
    """A kept file with its preview."""
    return ImportOut.model_validate(
        {
            **row.model_dump(exclude={"columns"}),
            "columns": {name: plan.headings[column] for name, column in plan.columns.items()},
            "unmapped": plan.unmapped,
            "delegations": len(plan.new_bodies),
            "created": len(plan.new_rows),
            "updated": len(plan.changes),
            "unchanged": plan.unchanged,
            "error_count": len(plan.errors),
            "warning_count": len(plan.warnings),
            "errors": plan.errors[:SHOWN],
            "warnings": plan.warnings[:SHOWN],
            "changes": [
                {"line": c.line, "id": c.id, "name": c.name, "fields": list(c.fields)}
                for c in plan.changes[:SHOWN]
            ],
        }
    )


def _mapping(text: str | None) -> dict[str, str]:
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        raise Invalid("columns is a JSON object of field and heading.")
    return found


@router.post("", status_code=201, response_model=ImportOut)
async def upload(
    request: Request,
    actor: CurrentActor,
    conference: InConference,
    file: UploadFile,
    sheet: Annotated[str | None, Form(max_length=100)] = None,
    columns: Annotated[str | None, Form(max_length=4_000)] = None,
    status: Annotated[Literal["nominated", "submitted", "approved"], Form()] = "nominated",
) -> ImportOut:
    """Keeps a file and shows what importing it would do; `columns` is JSON, field to heading."""
    actor.require(conference.id, OFFICERS)
    data, name, mapped = await file.read(), file.filename or "file.csv", _mapping(columns)
    async with database(request).reading() as session:
        mine = await own(session, actor, conference)
    parsed = await asyncio.to_thread(
        previews.parse, data, name, conference.starts, sheet=sheet, columns=mapped, own=mine
    )
    async with database(request).reading() as session:
        plan = await previews.preview(session, actor, conference, parsed)
    async with database(request).writing() as session:
        row = await service.keep(
            session,
            actor,
            conference,
            data,
            name,
            sheet=sheet,
            columns=mapped,
            status=Status(status),
        )
    return shown(row, plan)


async def parsed_again(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> tuple[ImportFile, previews.Parsed]:
    """A kept file, read again outside any transaction."""
    async with database(request).reading() as session:
        row, data = await service.kept(session, actor, conference, id)
        mine = await own(session, actor, conference)
        session.expunge(row)
    parsed = await asyncio.to_thread(
        previews.parse,
        data,
        row.filename,
        conference.starts,
        sheet=row.sheet,
        columns=row.columns,
        own=mine,
    )
    return row, parsed


@router.get("/{id}", response_model=ImportOut)
async def show(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> ImportOut:
    """A kept file, compared with what is here now."""
    row, parsed = await parsed_again(request, actor, conference, id)
    return shown(row, await previews.preview(session, actor, conference, parsed))


@router.post("/{id}/confirm", response_model=dict[str, int])
async def confirm(
    request: Request,
    actor: CurrentActor,
    conference: InConference,
    id: UUID,
    given: Confirmation | None = None,
) -> dict[str, object]:
    """Imports a kept file, all or nothing unless `accept_valid`."""
    _, parsed = await parsed_again(request, actor, conference, id)
    async with database(request).writing() as session:
        row = await service.confirm(
            session,
            actor,
            conference,
            id,
            parsed,
            accept_valid=bool(given and given.accept_valid),
        )
    return row.result or {}
