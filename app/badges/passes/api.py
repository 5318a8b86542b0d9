"""Zone passes under `/api/v1/conferences/{slug}/participants/{id}/zone-passes`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from app.accounts.doors import CurrentActor
from app.badges.passes import service
from app.badges.passes.schemas import PassIn, PassOut
from app.conferences.doors import InConference
from app.web.doors import Reading, Writing
from app.web.idempotency import IdempotentRoute

router = APIRouter(
    route_class=IdempotentRoute,
    prefix="/conferences/{slug}/participants/{id}/zone-passes",
    tags=["badges"],
)
ByZone = Annotated[str, Path(max_length=64)]


@router.get("", response_model=list[PassOut])
async def list_passes(
    session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> list[PassOut]:
    """The zones that a person's badge opens beyond its category."""
    found = await service.of_person(session, actor, conference, id)
    return [one.granted for one in found if one.granted]


@router.post("", status_code=204)
async def grant_pass(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID, given: PassIn
) -> None:
    """Opens a zone to somebody approved: a new badge is issued. 409 where a quota is spent."""
    await service.grant(session, actor, conference, id, given.zone)


@router.delete("/{zone}", status_code=204)
async def take_pass_back(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID, zone: ByZone
) -> None:
    """Takes a pass back: a new badge is issued."""
    await service.take_back(session, actor, conference, id, zone)
