"""Participants under `/api/v1/conferences/{slug}/participants`."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference
from app.core.paging import Page, Paged
from app.delegations.models import Delegation
from app.participants import approval, service, store
from app.participants.doors import Filtered, Ordering
from app.participants.models import Participant
from app.participants.schemas import (
    ParticipantIn,
    ParticipantOut,
    ParticipantRow,
    Reason,
)
from app.web.doors import Reading, Writing
from app.web.idempotency import IdempotentRoute

router = APIRouter(
    route_class=IdempotentRoute, prefix="/conferences/{slug}/participants", tags=["participants"]
)
_PICTURE = {
    "requestBody": {
        "required": True,
        "content": {
            f"image/{kind}": {"schema": {"type": "string", "format": "binary"}}
            for kind in ("jpeg", "png", "webp")
        },
    }
}


def shown(
    person: Participant, delegation: Delegation, position: int | None = None
) -> ParticipantOut:
    """A person as the API shows it."""
    return ParticipantOut.model_validate(
        {
            **person.model_dump(),
            "delegation": delegation.code,
            "delegation_name": delegation.name,
            "iso3": delegation.iso3,
            "kind": delegation.kind,
            "photo": person.photo_id is not None,
            "waiting_list_position": position,
        }
    )


@router.get("", response_model=Page[ParticipantRow])
async def list_participants(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    paging: Paged,
    narrowed: Filtered,
    ordering: Ordering = "delegation",
) -> Page[ParticipantRow]:
    """The participants you may see, with filters and search."""
    actor.require(conference.id, service.READERS)
    count = await store.count(session, actor, conference.id, narrowed)
    found = await store.rows(
        session,
        actor,
        conference.id,
        narrowed,
        ordering=ordering,
        offset=paging.offset,
        limit=paging.size,
    )
    return paging.of([ParticipantRow.model_validate(row) for row in found], count)


@router.post("", status_code=201, response_model=ParticipantOut)
async def nominate(
    session: Writing, actor: CurrentActor, conference: InConference, given: ParticipantIn
) -> ParticipantOut:
    """Nominates a person in a delegation."""
    return shown(*await service.nominate(session, actor, conference, given))


@router.get("/{id}", response_model=ParticipantOut)
async def show_participant(
    session: Reading, actor: CurrentActor, conference: InConference, id: UUID, response: Response
) -> ParticipantOut:
    """One person."""
    actor.require(conference.id, service.READERS)
    person, delegation = await service.find(session, actor, conference.id, id)
    response.headers["ETag"] = f'"{person.version}"'
    positions = await approval.waiting_positions(session, conference.id)
    return shown(person, delegation, positions.get(person.id))


@router.post("/{id}/submit", response_model=ParticipantOut)
async def submit(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID
) -> ParticipantOut:
    """Hands a nomination to the officers."""
    return shown(*await approval.submit(session, actor, conference, id))


@router.post("/{id}/approve", response_model=ParticipantOut)
async def approve(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID
) -> ParticipantOut:
    """Approves, taking a place in every covering quota; `waitlisted` where one must wait."""
    decision = await approval.approve(session, actor, conference, id)
    return shown(decision.person, decision.delegation, decision.waiting_list_position)


@router.post("/{id}/refuse", response_model=ParticipantOut)
async def refuse(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID, given: Reason
) -> ParticipantOut:
    """Refuses, with the reason that the delegation reads."""
    return shown(*await approval.refuse(session, actor, conference, id, reason=given.reason))


@router.post("/{id}/withdraw", response_model=ParticipantOut)
async def withdraw(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID, given: Reason
) -> ParticipantOut:
    """Withdraws; the freed place promotes whoever waits first."""
    return shown(*await approval.withdraw(session, actor, conference, id, reason=given.reason))


@router.post("/{id}/reinstate", response_model=ParticipantOut)
async def reinstate(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID
) -> ParticipantOut:
    """Brings a withdrawn or refused registration back to `submitted`."""
    return shown(*await approval.reinstate(session, actor, conference, id))


@router.put("/{id}/photo", status_code=204, openapi_extra=_PICTURE)
async def put_photo(
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    id: UUID,
    request: Request,
) -> None:
    """The photo as the request's body: JPEG, PNG or WebP, at most 10 MB."""
    await service.set_photo(session, actor, conference, id, await request.body())


@router.get(
    "/{id}/photo",
    response_class=Response,
    responses={200: {"description": "The photo", "content": {"image/jpeg": {}}}},
)
async def get_photo(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """The photo; each look is in the audit trail."""
    data = await service.view_photo(session, actor, conference, id)
    return Response(data, media_type="image/jpeg")
