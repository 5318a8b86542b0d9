"""Gates at the desk."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.badges.rules import zones
from app.conferences.doors import InConference
from app.conferences.models import Conference
from app.core.db import ReadSession
from app.core.errors import Clash
from app.gates import service, store
from app.gates.schemas import GateIn
from app.gates.store import ScanFilter
from app.web.doors import Reading, database
from app.web.forms import Errors, Values, read_form
from app.web.render import render

router = APIRouter(prefix="/c/{slug}/desk/gates")
_REFUSALS = 20


async def _page(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    *,
    gate: UUID | None = None,
    values: Values | None = None,
    errors: Errors | None = None,
) -> Response:
    found = await service.listed(session, actor, conference.id)
    passed = await store.passed(session, conference.id)
    devices = await store.devices(session, conference.id)
    rows = [
        {
            "id": one.id,
            "name": one.name,
            "kind": one.kind.value.capitalize(),
            "counts": one.counts,
            "inside": status.inside,
            "admitted": status.admitted,
            "refused": passed[one.id].refused if one.id in passed else 0,
            "expected": status.expected,
            "last_scan": passed[one.id].last if one.id in passed else None,
            "devices": devices.get(one.id, 0),
            "href": f"/c/{conference.slug}/desk/gates?gate={one.id}",
        }
        for one, status in zip(
            found, await service.statuses(session, conference, found), strict=True
        )
    ]
    narrowed = ScanFilter(gate=gate, refused=True)
    return render(
        request,
        "desk/gates.html",
        status=422 if errors else 200,
        gates=rows,
        only=next((row for row in rows if row["id"] == gate), None),
        refusals=await store.scans(session, conference.id, narrowed, limit=_REFUSALS),
        may_add=actor.may(conference.id, service.OFFICERS),
        zones=[(bit, key.replace("_", " ").capitalize()) for bit, key in zones().items()],
        values=values or {"name": "", "zone": "0", "counts": "true"},
        errors=errors or {},
    )


@router.get("")
@router.get("/", include_in_schema=False)
async def overview(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    gate: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Gates with their counts, and the latest refusals, of one gate if asked."""
    return await _page(request, session, actor, conference, gate=gate)


@router.post("")
async def add(request: Request, actor: CurrentActor, conference: InConference) -> Response:
    """Adds a gate; a form that fails is shown again."""
    given, values, errors = await read_form(request, GateIn)
    if given is not None:
        try:
            async with database(request).writing() as session:
                await service.create(session, actor, conference, given)
            return RedirectResponse(f"/c/{conference.slug}/desk/gates", 303)
        except Clash as refused:
            errors = {"name": refused.detail}
    async with database(request).reading() as reading:
        return await _page(request, reading, actor, conference, values=values, errors=errors)
