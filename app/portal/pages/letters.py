"""The letters of a delegation: sent as PDF, and read again."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from app.core.db import ReadSession, WriteSession
from app.delegations.letters import service
from app.delegations.letters.api import attached
from app.delegations.letters.models import Letter
from app.delegations.letters.schemas import LetterIn
from app.portal.doors import InPortal, Portal, act, shown
from app.portal.service import Acting
from app.web.doors import Reading, Writing
from app.web.flash import went
from app.web.forms import Attempt

router = APIRouter(prefix="/{code}/letters")


async def _page(
    request: Request, session: ReadSession, portal: Portal, sent: Attempt[Letter] | None = None
) -> Response:
    who = portal.who
    return shown(
        request,
        portal,
        "letters.html",
        sent.status if sent else 200,
        values=sent.values if sent else None,
        errors=sent.errors if sent else None,
        letters=await service.listed(session, who.actor, who.conference, who.delegation.code),
    )


@router.get("/")
async def listed(request: Request, session: Reading, portal: InPortal) -> Response:
    """The letters, and the form for another."""
    return await _page(request, session, portal)


@router.post("/")
async def send(request: Request, session: Reading, portal: InPortal) -> Response:
    """Keeps a letter."""
    async with request.form(max_files=1, max_fields=20) as form:
        file = form.get("file")
        data = await file.read() if isinstance(file, UploadFile) else b""

    async def work(writing: WriteSession, who: Acting, given: LetterIn, _: int | None) -> Letter:
        code = who.delegation.code
        return await service.keep(writing, who.actor, who.conference, code, given, data)

    sent = await act(request, portal, LetterIn, work)
    if sent.done is None:
        return await _page(request, session, portal, sent)
    return went(f"{portal.base}/letters/", "letter")


@router.get("/{id}")
async def read(session: Writing, portal: InPortal, id: UUID) -> Response:
    """A letter's file; each look is in the audit trail."""
    who = portal.who
    return attached(
        await service.view(session, who.actor, who.conference, who.delegation.code, id), id
    )
