"""The devices of a gate at the desk: pair one more, see who is there, revoke."""

from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.core.db import ReadSession, WriteSession
from app.core.settings import settings
from app.gates.scanner import service
from app.gates.scanner.schemas import DeviceForm
from app.web.doors import Reading
from app.web.flash import went
from app.web.forms import Errors, attempt
from app.web.render import render

router = APIRouter(
    prefix="/c/{slug}/desk/gates/{id}/devices", dependencies=[Depends(desk("gates"))]
)


async def _page(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    *,
    code: str = "",
    errors: Errors | None = None,
    status: int = 200,
) -> Response:
    return render(
        request,
        "desk/devices.html",
        status,
        gate=await service.gate_of(session, conference.id, id),
        devices=await service.listed(session, actor, conference, id),
        code=code,
        address=f"{settings().base_url.rstrip('/')}/c/{conference.slug}/gate/",
        errors=errors or {},
    )


@router.get("")
async def devices(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """The devices of a gate."""
    return await _page(request, session, actor, conference, id)


@router.post("")
async def change(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Makes a pairing code, to be shown this once, or revokes a device."""

    async def work(writing: WriteSession, given: DeviceForm, _: int | None) -> str:
        if given.device is None:
            return (await service.offer(writing, actor, conference, id))[0]
        await service.revoke(writing, actor, conference, given.device)
        return ""

    sent = await attempt(request, DeviceForm, work)
    if sent.done == "":
        return went(request.url.path, "device_revoked")
    return await _page(
        request,
        session,
        actor,
        conference,
        id,
        code=sent.done or "",
        errors=sent.errors,
        status=sent.status if sent.done is None else 200,
    )
