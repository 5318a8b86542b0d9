"""The second half of the desk's import: look at the result, confirm, keep the report."""

import asyncio
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.conferences.doors import InConference
from app.conferences.models import Conference
from app.core.errors import AppError, Clash, Invalid, Outdated
from app.core.sheets import to_csv
from app.participants import store
from app.participants.imports import preview as previews
from app.participants.imports import service
from app.participants.imports.pages.files import kept_upload, step, typed
from app.participants.imports.preview import Preview
from app.participants.models import ImportFile
from app.web.doors import Reading, database
from app.web.labels import label
from app.web.render import render

router = APIRouter(prefix="/c/{slug}/desk/import")
SHOWN = 200


async def _planned(
    request: Request, actor: Actor, conference: Conference, id: UUID
) -> tuple[ImportFile, previews.Parsed, Preview]:
    """A kept file, read again outside any transaction, and what it would do now."""
    upload = await kept_upload(request, actor, conference, id)
    row = upload.row
    parsed = await asyncio.to_thread(
        previews.parse,
        upload.data,
        row.filename,
        conference.starts,
        sheet=row.sheet,
        columns=row.columns,
        own=upload.own,
    )
    async with database(request).reading() as session:
        plan = await previews.preview(session, actor, conference, parsed)
    return row, parsed, plan


def _preview_page(
    request: Request, row: ImportFile, plan: Preview, refused: AppError | None = None
) -> Response:
    changes = [
        {
            "line": c.line,
            "name": c.name,
            "id": c.id,
            "field": plan.named(field) or label(field, "field"),
            "old": previews.told(old),
            "new": previews.told(new),
        }
        for c in plan.changes[:SHOWN]
        for field, (old, new) in c.fields.items()
    ]
    return render(
        request,
        "desk/import_preview.html",
        refused.status if refused else 200,
        upload=row,
        plan=plan,
        counts=previews.foreseen(plan),
        errors={"": refused.detail} if refused else {},
        found=plan.errors[:SHOWN],
        warnings=plan.warnings[:SHOWN],
        changes=changes[:SHOWN],
        changed_cells=sum(len(c.fields) for c in plan.changes),
        people=plan.new_rows[:SHOWN],
        bodies=[plan.intake.bodies[key].given for key in plan.new_bodies[:SHOWN]],
        shown=SHOWN,
    )


@router.get("/{id}/preview")
async def look(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Everything that importing the file would do now."""
    try:
        row, _, plan = await _planned(request, actor, conference, id)
    except Invalid:
        return step(conference, id)
    if row.confirmed_at:
        return step(conference, id, "/done")
    return _preview_page(request, row, plan)


@router.post("/{id}/confirm")
async def confirm(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Imports what was looked at; a refusal shows the result again with its reason."""
    form = await request.form(max_files=0, max_fields=10)
    row, parsed, plan = await _planned(request, actor, conference, id)
    try:
        async with database(request).writing() as session:
            await service.confirm(
                session,
                actor,
                conference,
                id,
                parsed,
                accept_valid=bool(typed(form, "accept_valid")),
                seen=typed(form, "seen") or None,
            )
    except (Clash, Outdated) as refused:
        return _preview_page(request, row, plan, refused)
    return step(conference, id, "/done")


@router.get("/{id}/done")
async def done(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """What an import did, and where to go on."""
    row, _ = await service.kept(session, actor, conference, id)
    if row.confirmed_at is None:
        return step(conference, id)
    filters = store.Filters(undecided=True)
    undecided = await store.count(session, actor, conference.id, filters)
    return render(
        request, "desk/import_done.html", upload=row, result=row.result, undecided=undecided
    )


@router.get("/{id}/report.json")
async def report_json(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> dict[str, object]:
    """All that a preview found, as JSON."""
    _, _, plan = await _planned(request, actor, conference, id)
    return previews.report(plan)


@router.get("/{id}/report.csv")
async def report_csv(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """All that a preview found, one finding a line, for a spreadsheet."""
    row, _, plan = await _planned(request, actor, conference, id)
    findings = [
        (finding, one.line, one.heading, one.value, one.reason)
        for finding, remarks in (("error", plan.errors), ("warning", plan.warnings))
        for one in remarks
    ]
    findings += [
        ("change", c.line, name, previews.told(old), f"{c.name}: becomes {previews.told(new)}")
        for c in plan.changes
        for name, (old, new) in c.fields.items()
    ]
    return Response(
        to_csv(("Finding", "Line", "Column", "Value", "Reason"), findings),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="import-{row.id}.csv"'},
    )
