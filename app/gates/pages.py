"""Gates at the desk."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference
from app.gates import conflicts, editing, occupancy, service, store
from app.gates.store import ScanFilter
from app.web.doors import Reading
from app.web.render import render

router = APIRouter(prefix="/c/{slug}/desk/gates")
_REFUSALS = 20


@router.get("")
@router.get("/", include_in_schema=False)
async def overview(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    gate: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Places and gates with their counts, and the latest refusals, of one gate if asked."""
    found = await service.listed(session, actor, conference.id)
    guards = await editing.guarded(session, conference, found)
    passed = await store.passed(session, conference.id)
    devices = await store.devices(session, conference.id)
    rows = [
        {
            "id": one.id,
            "name": one.name,
            "guards": guards[one.id],
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
    inside = await occupancy.by_place(session, conference, found)
    names = {occupancy.place_of(o): row["guards"] for o, row in zip(found, rows, strict=True)}
    narrowed = ScanFilter(gate=gate, refused=True)
    return render(
        request,
        "desk/gates.html",
        gates=rows,
        places=[(key, names[key], count) for key, count in inside.items()],
        only=next((row for row in rows if row["id"] == gate), None),
        refusals=await store.scans(session, conference.id, narrowed, limit=_REFUSALS),
        alarms=[(conflicts.ALARM, await conflicts.count(session, conference.id))],
        may_add=actor.may(conference.id, service.OFFICERS),
    )
