"""A person's photo: sent with the section to keep, and looked at on the badge it makes."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from app.core.db import WriteSession
from app.core.errors import Invalid
from app.participants.models import Participant
from app.portal import service
from app.portal.doors import InPortal, Portal, act, shown
from app.portal.pages.person import badge
from app.portal.schemas import CropIn
from app.portal.service import Acting
from app.web.doors import Reading, Writing
from app.web.flash import went
from app.web.forms import Attempt

router = APIRouter(prefix="/{code}/people/{id}")


def _page(
    request: Request, portal: Portal, person: Participant, sent: Attempt[bool] | None = None
) -> Response:
    return shown(
        request,
        portal,
        "photo.html",
        sent.status if sent else 200,
        values=sent.values if sent else None,
        errors=sent.errors if sent else None,
        person=person,
        badge=badge(portal, person),
        photo_open=service.photo_open(portal.who, person),
    )


@router.get("/photo")
async def form(request: Request, session: Reading, portal: InPortal, id: UUID) -> Response:
    """The form, beside the badge as it stands."""
    return _page(request, portal, await service.person(session, portal.who, id))


@router.get("/photo.jpg")
async def picture(session: Writing, portal: InPortal, id: UUID) -> Response:
    """The photo; each look is in the audit trail."""
    data = await service.view_photo(session, portal.who, id)
    return Response(data, media_type="image/jpeg")


@router.post("/photo")
async def send(request: Request, session: Reading, portal: InPortal, id: UUID) -> Response:
    """Keeps a photo, or the section of it that the numbers name."""
    person = await service.person(session, portal.who, id)
    async with request.form(max_files=1, max_fields=20) as form:
        given = form.get("photo")
        data = await given.read() if isinstance(given, UploadFile) else b""

    async def work(writing: WriteSession, who: Acting, crop: CropIn, _: int | None) -> bool:
        if not data:
            raise Invalid("Choose a file.", errors=[("/photo", "Choose a file.")])
        await service.set_photo(writing, who, person, data, crop.crop())
        return True

    sent = await act(request, portal, CropIn, work)
    if sent.done is None:
        return _page(request, portal, person, sent)
    return went(f"{portal.base}/people/{id}", "photo")
