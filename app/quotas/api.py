"""Quotas and slots under `/api/v1/conferences/{slug}`."""

from uuid import UUID

from fastapi import APIRouter

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference
from app.core.paging import Page, Paged
from app.core.schemas import Choice
from app.delegations.schemas import Code
from app.quotas import service, slots
from app.quotas.models import Quota
from app.quotas.schemas import QuotaEdit, QuotaIn, QuotaOut, SlotOut
from app.web.doors import Reading, Writing
from app.web.idempotency import IdempotentRoute

router = APIRouter(route_class=IdempotentRoute, prefix="/conferences/{slug}", tags=["quotas"])


@router.get("/quotas", response_model=Page[QuotaOut])
async def list_quotas(
    session: Reading, actor: CurrentActor, conference: InConference, paging: Paged
) -> Page[Quota]:
    """The quotas with the places used."""
    found = await service.listed(session, actor, conference.id)
    return paging.of(found[paging.offset : paging.offset + paging.size], len(found))


@router.post("/quotas", status_code=201, response_model=QuotaOut)
async def create_quota(
    session: Writing, actor: CurrentActor, conference: InConference, given: QuotaIn
) -> Quota:
    """Creates a quota (registration officers)."""
    return await service.create(session, actor, conference, given)


@router.patch("/quotas/{id}", response_model=QuotaOut)
async def edit_quota(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID, given: QuotaEdit
) -> Quota:
    """Changes a quota; never below the places used."""
    return await service.edit(session, actor, conference, id, given)


@router.get("/slots", response_model=Page[SlotOut])
async def list_slots(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    paging: Paged,
    delegation: Choice[Code] = None,
) -> Page[SlotOut]:
    """Places held before the names are known, of the delegations you may see."""
    found = await slots.listed(session, actor, conference.id, delegation)
    return paging.of(found[paging.offset : paging.offset + paging.size], len(found))


@router.delete("/slots/{id}", status_code=204)
async def release_slot(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID
) -> None:
    """Gives a held place back; it goes to who waits first."""
    await slots.release(session, actor, conference, id)
