"""The zones of one person at the desk."""

from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.badges.passes import service
from app.badges.passes.schemas import PassIn
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.core.db import ReadSession
from app.participants.service import find
from app.web.doors import Reading, database
from app.web.flash import went
from app.web.forms import Errors, attempt
from app.web.render import render

router = APIRouter(
    prefix="/c/{slug}/desk/participants/{id}/zones", dependencies=[Depends(desk("participants"))]
)


async def _page(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    errors: Errors | None = None,
    status: int = 200,
) -> Response:
    zones = await service.of_person(session, actor, conference, id)
    person, _ = await find(session, actor, conference.id, id)
    return render(
        request,
        "desk/zones.html",
        status,
        person=person,
        zones=zones,
        officer=actor.may(conference.id, service.OFFICERS),
        errors=errors or {},
    )


@router.get("")
async def listed(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Every zone, and what opens it."""
    return await _page(request, session, actor, conference, id)


async def _act(
    request: Request, actor: Actor, conference: Conference, id: UUID, *, opens: bool
) -> Response:
    work = service.grant if opens else service.take_back
    sent = await attempt(
        request,
        PassIn,
        lambda session, given, version: work(
            session, actor, conference, id, given.zone, version=version
        ),
    )
    if not sent.errors:
        return went(f"/c/{conference.slug}/desk/participants/{id}/zones", "badge_renewed")
    async with database(request).reading() as session:
        return await _page(request, session, actor, conference, id, sent.errors, sent.status)


@router.post("")
async def grant(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Opens a zone."""
    return await _act(request, actor, conference, id, opens=True)


@router.post("/close")
async def close(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Takes a pass back."""
    return await _act(request, actor, conference, id, opens=False)
