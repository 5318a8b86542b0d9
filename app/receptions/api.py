"""Receptions and invitations under `/api/v1/conferences/{slug}/receptions`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference
from app.conferences.models import Conference
from app.core.db import ReadSession
from app.core.paging import Page, Paged
from app.core.text import fold
from app.receptions import service
from app.receptions.rules import Reply
from app.receptions.schemas import (
    InvitationEdit,
    InvitationOut,
    Invited,
    InviteIn,
    ReceptionEdit,
    ReceptionIn,
    ReceptionOut,
)
from app.receptions.service import Listed
from app.web.doors import Reading, Writing
from app.web.etag import IfMatch, version_of
from app.web.idempotency import IdempotentRoute

router = APIRouter(
    route_class=IdempotentRoute, prefix="/conferences/{slug}/receptions", tags=["receptions"]
)


def _shown(conference: Conference, one: Listed) -> ReceptionOut:
    return ReceptionOut.model_validate(
        {
            **one.reception.model_dump(),
            "room": one.reception.room_id,
            "timezone": conference.timezone,
            "invited": one.counts.total(),
            **{reply.value: one.counts[reply] for reply in Reply},
        }
    )


async def _answer(
    session: ReadSession, conference: Conference, id: UUID, response: Response
) -> ReceptionOut:
    reception = await service.find(session, conference.id, id)
    response.headers["ETag"] = f'"{reception.version}"'
    found = await service.listed(session, conference)
    return _shown(conference, next(one for one in found if one.reception.id == id))


@router.get("", response_model=Page[ReceptionOut])
async def list_receptions(
    session: Reading, actor: CurrentActor, conference: InConference, paging: Paged
) -> Page[ReceptionOut]:
    """The receptions by time, with how many replied what."""
    actor.require(conference.id, service.READERS)
    found = await service.listed(session, conference)
    shown = found[paging.offset : paging.offset + paging.size]
    return paging.of([_shown(conference, one) for one in shown], len(found))


@router.post("", status_code=201, response_model=ReceptionOut)
async def create_reception(
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    given: ReceptionIn,
    response: Response,
) -> ReceptionOut:
    """Adds a reception."""
    made = await service.create(session, actor, conference, given)
    return await _answer(session, conference, made.id, response)


@router.get("/{id}", response_model=ReceptionOut)
async def show_reception(
    session: Reading, actor: CurrentActor, conference: InConference, id: UUID, response: Response
) -> ReceptionOut:
    """One reception."""
    actor.require(conference.id, service.READERS)
    return await _answer(session, conference, id, response)


@router.patch("/{id}", response_model=ReceptionOut)
async def edit_reception(
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    id: UUID,
    given: ReceptionEdit,
    response: Response,
    if_match: IfMatch = None,
) -> ReceptionOut:
    """Changes a reception. `If-Match` guards against lost updates."""
    await service.edit(session, actor, conference, id, given, version=version_of(if_match))
    return await _answer(session, conference, id, response)


@router.get("/{id}/invitations", response_model=Page[InvitationOut])
async def list_invitations(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    id: UUID,
    paging: Paged,
    search: Annotated[str, Query(max_length=200)] = "",
    reply: Reply | None = None,
) -> Page[InvitationOut]:
    """The guests by name, with their replies as they stand."""
    actor.require(conference.id, service.READERS)
    reception = await service.find(session, conference.id, id)
    words = fold(search).split()
    found = [
        guest
        for guest, text, _ in await service.guests_of(session, conference, reception)
        if reply in (None, guest.reply) and all(word in text for word in words)
    ]
    return paging.of(found[paging.offset : paging.offset + paging.size], len(found))


@router.post("/{id}/invitations", status_code=201, response_model=Invited)
async def invite(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID, given: InviteIn
) -> Invited:
    """Invites people by id, or everybody approved of the reception's ranks; twice is once."""
    return await service.invite(session, actor, conference, id, given)


@router.patch("/{id}/invitations/{invitation}", response_model=InvitationOut)
async def record_reply(
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    id: UUID,
    invitation: UUID,
    given: InvitationEdit,
) -> InvitationOut:
    """Records the reply of a guest, or changes how many companions may come."""
    await service.record_reply(session, actor, conference, id, invitation, given)
    reception = await service.find(session, conference.id, id)
    guests = await service.guests_of(session, conference, reception)
    return next(guest for guest, _, _ in guests if guest.id == invitation)
