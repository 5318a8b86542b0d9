"""Participants under `/api/v1/conferences/{slug}/participants`."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.conferences.doors import InConference
from app.conferences.models import Conference
from app.core.paging import Page, Paged
from app.delegations.models import Delegation
from app.participants import approval, crowd, service, store, waiting
from app.participants.columns.doors import Narrowed
from app.participants.crowd import Asked
from app.participants.doors import Ordering
from app.participants.models import Participant
from app.participants.schemas import (
    Override,
    ParticipantIn,
    ParticipantOut,
    ParticipantRow,
    Reason,
)
from app.web.doors import Reading, Writing, database
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
    narrowed: Narrowed,
    ordering: Ordering = "delegation",
) -> Page[ParticipantRow]:
    """The participants you may see, with filters and search.

    Columns of the conference's own narrow too: `column.hotel=Palm` (text: its words; a day for an
    instant: all of it), `column.arrival.from=`, `.to=` for dates, `.empty=1`, `.filled=1`.
    """
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


def _in_line(request: Request, actor: Actor, conference: Conference) -> bool:
    """Whether this is done together with what others ask for at the moment.

    The answer kept for an `Idempotency-Key` is a row of the effect's own transaction: that one is
    done alone, as is what a focal point asks for.
    """
    return "idempotency-key" not in request.headers and actor.may(conference.id, service.OFFICERS)


@router.post("", status_code=201, response_model=ParticipantOut)
async def nominate(
    request: Request,
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    given: ParticipantIn,
) -> ParticipantOut:
    """Enters a person in a delegation: nominated, submitted, or (officers) approved at once."""
    if _in_line(request, actor, conference):
        done = await crowd.register(database(request), Asked(actor, conference, given))
    else:
        done = await approval.enter(session, actor, conference, given)
    return shown(done.person, done.delegation, done.waiting_list_position)


@router.get("/{id}", response_model=ParticipantOut)
async def show_participant(
    session: Reading, actor: CurrentActor, conference: InConference, id: UUID, response: Response
) -> ParticipantOut:
    """One person."""
    actor.require(conference.id, service.READERS)
    person, delegation = await service.find(session, actor, conference.id, id)
    response.headers["ETag"] = f'"{person.version}"'
    positions = await waiting.positions(session, conference.id, [id])
    return shown(person, delegation, positions.get(person.id))


@router.post("/{id}/submit", response_model=ParticipantOut)
async def submit(
    request: Request, session: Writing, actor: CurrentActor, conference: InConference, id: UUID
) -> ParticipantOut:
    """Hands a nomination to the officers."""
    if _in_line(request, actor, conference):
        return shown(*await crowd.submit(database(request), Asked(actor, conference, id)))
    return shown(*await approval.submit(session, actor, conference, id))


@router.post("/{id}/approve", response_model=ParticipantOut)
async def approve(
    request: Request,
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    id: UUID,
    given: Override | None = None,
) -> ParticipantOut:
    """Approves, taking a place in every covering quota; `waitlisted` where one must wait.

    With an override, and its reason, approved beyond the full ones: the badge does not take the
    floor.
    """
    override = given.reason if given else None
    if override is None and _in_line(request, actor, conference):
        decision = await crowd.approve(database(request), Asked(actor, conference, id))
    else:
        decision = await approval.approve(session, actor, conference, id, override=override)
    return shown(decision.person, decision.delegation, decision.waiting_list_position)


@router.post("/{id}/refuse", response_model=ParticipantOut)
async def refuse(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID, given: Reason
) -> ParticipantOut:
    """Refuses, with the reason that the delegation reads."""
    return shown(*await approval.refuse(session, actor, conference, id, reason=given.reason))


@router.post("/{id}/return", response_model=ParticipantOut)
async def give_back(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID, given: Reason
) -> ParticipantOut:
    """Asks the delegation for a correction, with the reason that it reads."""
    reason = given.reason
    return shown(
        *await approval.return_for_correction(session, actor, conference, id, reason=reason)
    )


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
