"""Quotas under `/api/v1/conferences/{slug}/quotas`."""

from uuid import UUID

from fastapi import APIRouter

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference
from app.core.paging import Page, Paged
from app.quotas import service
from app.quotas.models import Quota
from app.quotas.schemas import QuotaEdit, QuotaIn, QuotaOut
from app.web.doors import Reading, Writing
from app.web.idempotency import IdempotentRoute

router = APIRouter(
    route_class=IdempotentRoute, prefix="/conferences/{slug}/quotas", tags=["quotas"]
)


@router.get("", response_model=Page[QuotaOut])
async def list_quotas(
    session: Reading, actor: CurrentActor, conference: InConference, paging: Paged
) -> Page[Quota]:
    """The quotas with the places used."""
    found = await service.listed(session, actor, conference.id)
    return paging.of(found[paging.offset : paging.offset + paging.size], len(found))


@router.post("", status_code=201, response_model=QuotaOut)
async def create_quota(
    session: Writing, actor: CurrentActor, conference: InConference, given: QuotaIn
) -> Quota:
    """Creates a quota (registration officers)."""
    return await service.create(session, actor, conference, given)


@router.patch("/{id}", response_model=QuotaOut)
async def edit_quota(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID, given: QuotaEdit
) -> Quota:
    """Changes a quota; never below the places used."""
    return await service.edit(session, actor, conference, id, given)
