"""Seats under `/api/v1/conferences/{slug}/sessions/{id}/seats`."""

from uuid import UUID

from fastapi import APIRouter

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference
from app.core.paging import Page, Paged
from app.programme.seats import service
from app.programme.seats.schemas import SeatIn, SeatOut
from app.web.doors import Reading, Writing
from app.web.idempotency import IdempotentRoute

router = APIRouter(
    route_class=IdempotentRoute,
    prefix="/conferences/{slug}/sessions/{id}/seats",
    tags=["programme"],
)


@router.get("", response_model=Page[SeatOut])
async def list_seats(
    session: Reading, actor: CurrentActor, conference: InConference, id: UUID, paging: Paged
) -> Page[SeatOut]:
    """Who sits in a session, of the delegations you may see."""
    rows = await service.listed(session, actor, conference, id)
    shown = rows[paging.offset : paging.offset + paging.size]
    return paging.of([SeatOut.model_validate(row) for row in shown], len(rows))


@router.post("", status_code=204)
async def take_seat(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID, given: SeatIn
) -> None:
    """Seats somebody approved; 409 where a quota of the session is spent."""
    await service.take(session, actor, conference, id, given.participant)


@router.delete("/{participant}", status_code=204)
async def give_seat_up(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID, participant: UUID
) -> None:
    """Gives a seat up."""
    await service.give_up(session, actor, conference, id, participant)
