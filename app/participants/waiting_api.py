"""The waiting list under `/api/v1/conferences/{slug}/waiting-list`, and places held ahead."""

from uuid import UUID

from fastapi import APIRouter

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference
from app.core.paging import Page, Paged
from app.participants import places, waiting
from app.participants.api import shown
from app.participants.schemas import ParticipantOut, Priority, WaitingOut
from app.quotas.schemas import SlotIn, SlotOut
from app.web.doors import Reading, Writing
from app.web.idempotency import IdempotentRoute

router = APIRouter(route_class=IdempotentRoute, prefix="/conferences/{slug}", tags=["waiting list"])


@router.post("/slots", status_code=201, response_model=list[SlotOut])
async def hold_slots(
    session: Writing, actor: CurrentActor, conference: InConference, given: SlotIn
) -> list[SlotOut]:
    """Holds places for a delegation: all of them or none; a focal point in its own quotas."""
    return await places.hold(session, actor, conference, given)


@router.get("/waiting-list", response_model=Page[WaitingOut])
async def waiting_list(
    session: Reading, actor: CurrentActor, conference: InConference, paging: Paged
) -> Page[WaitingOut]:
    """Who waits, in the order in which places are given."""
    found = [
        WaitingOut.model_validate(one)
        for one in await waiting.listed(session, actor, conference.id)
    ]
    return paging.of(found[paging.offset : paging.offset + paging.size], len(found))


@router.post("/waiting-list/{id}/priority", response_model=ParticipantOut)
async def set_priority(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID, given: Priority
) -> ParticipantOut:
    """Moves somebody who waits before all of a lower priority (registration officers)."""
    return shown(
        *await waiting.set_priority(session, actor, conference, id, priority=given.priority)
    )


@router.post("/waiting-list/{id}/accept", response_model=ParticipantOut)
async def accept_offer(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID
) -> ParticipantOut:
    """Takes the place that is offered: the person is approved."""
    return shown(*await waiting.accept(session, actor, conference, id))
