"""The print queue at the desk."""

from collections.abc import Awaitable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.badges import batch_store, batches
from app.badges.models import PrintBatch
from app.badges.rules import categories
from app.badges.schemas import PrintIn
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.conferences.rules import policies_of
from app.core.db import ReadSession, WriteSession
from app.web.doors import Reading, Writing, database
from app.web.forms import Values, attempt
from app.web.render import render

router = APIRouter(dependencies=[Depends(desk("badges"))])
_LATEST = 20
_SECONDS = "2"


async def _page(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    *,
    everything: bool = False,
    status: int = 200,
    values: Values | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    exempt = policies_of(conference.policies).photo_exempt_ranks
    delegations, kinds = await batch_store.waiting(session, conference.id, exempt)
    words = {key: one.words("en") for key, one in categories().items()}
    return render(
        request,
        "desk/print_queue.html",
        status,
        by_delegation=[row for row in delegations if everything or row.unprinted],
        by_category=[row for row in kinds if everything or row.unprinted],
        category_words=words,
        everything=everything,
        batches=await batches.listed(session, actor, conference, limit=_LATEST),
        values=values or {"unprinted": "true"},
        errors=errors or {},
        delegations=[(row.key, row.words) for row in delegations],
        categories=[(row.key, words[row.key]) for row in kinds],
    )


@router.get("/queue")
async def print_queue(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    everything: Annotated[bool, Query(alias="all")] = False,
) -> Response:
    """What waits to be printed, by delegation and by category, and the latest prints."""
    return await _page(request, session, actor, conference, everything=everything)


@router.post("/queue")
async def queue(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference
) -> Response:
    """Orders a print, and goes to its progress."""

    def work(writing: WriteSession, given: PrintIn, _: int | None) -> Awaitable[PrintBatch]:
        return batches.queue(writing, actor, conference, given.choice(), given.design)

    sent = await attempt(request, PrintIn, work)
    if sent.done is None:
        told = {"status": sent.status, "values": sent.values, "errors": sent.errors}
        return await _page(request, session, actor, conference, **told)  # type: ignore[arg-type]
    return RedirectResponse(f"/c/{conference.slug}/desk/badges/batches/{sent.done.id}", 303)


@router.get("/batches/{id}")
async def batch(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """How far a print came; the page comes again by itself until all is done."""
    shown = await batches.find(session, actor, conference, id)
    headers = {"Refresh": _SECONDS} if shown.running else {}
    return render(request, "desk/print_batch.html", headers=headers, shown=shown)


def _pdf(pdf: bytes, name: str) -> Response:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(pdf, media_type="application/pdf", headers=disposition)


@router.get("/batches/{id}/files/{file}")
async def download(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID, file: UUID
) -> Response:
    """A file of a print; each look is in the audit trail."""
    pdf = await batches.file(session, actor, conference, id, file)
    return _pdf(pdf, f"badges-{conference.slug}-{str(file)[:8]}.pdf")


@router.get("/batches/{id}/receipt")
async def receipt(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """The custody receipt, to be signed for."""
    pdf = await batches.receipt(database(request), actor, conference, id)
    return _pdf(pdf, f"receipt-{conference.slug}-{str(id)[:8]}.pdf")
