"""Prints under `/api/v1/conferences/{slug}/badges/batches`."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.accounts.doors import CurrentActor
from app.badges import batch_store, batches
from app.badges.batches import Shown
from app.badges.schemas import BatchOut, PrintIn
from app.conferences.doors import InConference
from app.core.paging import Page, Paged
from app.web.doors import Reading, Writing, database
from app.web.idempotency import IdempotentRoute

router = APIRouter(
    route_class=IdempotentRoute, prefix="/conferences/{slug}/badges/batches", tags=["badges"]
)
_PDF = "application/pdf"


def _out(one: Shown) -> BatchOut:
    known = one.batch.model_dump(exclude={"serials", "conference_id"})
    return BatchOut.model_validate(
        {**known, "badges": len(one.batch.serials), "files": one.files}, from_attributes=True
    )


@router.get("", response_model=Page[BatchOut])
async def list_batches(
    session: Reading, actor: CurrentActor, conference: InConference, paging: Paged
) -> Page[BatchOut]:
    """Prints, newest first."""
    found = await batches.listed(
        session, actor, conference, offset=paging.offset, limit=paging.size
    )
    return paging.of([_out(one) for one in found], await batch_store.count(session, conference.id))


@router.post("", status_code=201, response_model=BatchOut)
async def queue(
    session: Writing, actor: CurrentActor, conference: InConference, given: PrintIn
) -> BatchOut:
    """Orders a print in files of 500; the worker makes them."""
    made = await batches.queue(session, actor, conference, given.choice(), given.design)
    return _out(Shown(made, []))


@router.get("/{id}", response_model=BatchOut)
async def show_batch(
    session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> BatchOut:
    """How far a print came, and its files."""
    return _out(await batches.find(session, actor, conference, id))


@router.get("/{id}/files/{file}", response_class=Response)
async def download(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID, file: UUID
) -> Response:
    """A file of a print, for a day; each look is in the audit trail."""
    return Response(await batches.file(session, actor, conference, id, file), media_type=_PDF)


@router.get("/{id}/receipt", response_class=Response)
async def receipt(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """The custody receipt of a print, to be signed for."""
    pdf = await batches.receipt(database(request), actor, conference, id)
    return Response(pdf, media_type=_PDF)
