"""Earlier editions under `/api/v1/conferences/{slug}/participants/{id}/earlier`."""

from uuid import UUID

from fastapi import APIRouter

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference
from app.participants.earlier import service
from app.participants.earlier.schemas import EarlierIn, EarlierOut
from app.web.doors import Reading, Writing
from app.web.idempotency import IdempotentRoute

router = APIRouter(
    route_class=IdempotentRoute,
    prefix="/conferences/{slug}/participants/{id}/earlier",
    tags=["participants"],
)


@router.get("", response_model=EarlierOut)
async def show(
    session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> EarlierOut:
    """What was decided of the person, and whom the names propose."""
    return await service.shown(session, actor, conference, id)


@router.post("", response_model=EarlierOut)
async def decide(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID, given: EarlierIn
) -> EarlierOut:
    """Decides who the person was at an earlier edition, or that they come for the first time."""
    await service.decide(session, actor, conference, id, given.earlier)
    return await service.shown(session, actor, conference, id)
