"""Conferences and series under `/api/v1/`."""

from fastapi import APIRouter

from app.accounts.doors import CurrentActor
from app.conferences import service, store
from app.conferences.doors import InConference
from app.conferences.models import Conference
from app.conferences.schemas import ConferenceIn, ConferenceOut
from app.core.paging import Page, Paged
from app.web.doors import Reading, Writing
from app.web.idempotency import IdempotentRoute

router = APIRouter(route_class=IdempotentRoute, tags=["conferences"])


@router.get("/conferences", response_model=Page[ConferenceOut])
async def list_conferences(
    session: Reading, actor: CurrentActor, paging: Paged
) -> Page[Conference]:
    """The conferences in which you hold a role."""
    found = await store.conferences_of(session, actor)
    return paging.of(found[paging.offset : paging.offset + paging.size], len(found))


@router.post("/conferences", status_code=201, response_model=ConferenceOut)
async def create_conference(
    session: Writing, actor: CurrentActor, given: ConferenceIn
) -> Conference:
    """Creates a conference (administrators)."""
    return await service.create_conference(session, actor, given)


@router.get("/conferences/{slug}", response_model=ConferenceOut)
async def show_conference(actor: CurrentActor, conference: InConference) -> Conference:
    """One conference; its title, dates and place are public."""
    return conference
