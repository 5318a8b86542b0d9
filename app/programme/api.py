"""Rooms, sessions and speakers under `/api/v1/conferences/{slug}/`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference
from app.conferences.models import Conference
from app.core.db import ReadSession
from app.core.paging import Page, Paged
from app.core.text import fold
from app.programme import service, store
from app.programme.models import Room, Session
from app.programme.rules import SessionStatus
from app.programme.schemas import (
    RoomEdit,
    RoomIn,
    RoomOut,
    SessionEdit,
    SessionIn,
    SessionOut,
    SpeakerIn,
    SpeakerOut,
)
from app.web.doors import Reading, Writing
from app.web.etag import IfMatch, version_of
from app.web.idempotency import IdempotentRoute

router = APIRouter(route_class=IdempotentRoute, prefix="/conferences/{slug}", tags=["programme"])
Search = Annotated[str, Query(max_length=200)]


@router.get("/rooms", response_model=Page[RoomOut])
async def list_rooms(
    session: Reading, actor: CurrentActor, conference: InConference, paging: Paged
) -> Page[Room]:
    """The rooms, in their order."""
    actor.require(conference.id, service.READERS)
    found = await store.rooms(session, conference.id)
    return paging.of(found[paging.offset : paging.offset + paging.size], len(found))


@router.post("/rooms", status_code=201, response_model=RoomOut)
async def create_room(
    session: Writing, actor: CurrentActor, conference: InConference, given: RoomIn
) -> Room:
    """Adds a room."""
    return await service.create_room(session, actor, conference, given)


@router.patch("/rooms/{id}", response_model=RoomOut)
async def edit_room(
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    id: UUID,
    given: RoomEdit,
    response: Response,
    if_match: IfMatch = None,
) -> Room:
    """Changes a room. `If-Match` guards against lost updates."""
    room = await service.edit_room(
        session, actor, conference, id, given, version=version_of(if_match)
    )
    response.headers["ETag"] = f'"{room.version}"'
    return room


def _shown(
    found: Session, room_name: str | None, conference: Conference, warnings: list[str]
) -> SessionOut:
    return SessionOut.model_validate(
        {
            **found.model_dump(),
            "room": found.room_id,
            "room_name": room_name,
            "timezone": conference.timezone,
            "warnings": warnings,
        }
    )


async def _answer(
    session: ReadSession, conference: Conference, found: Session, response: Response
) -> SessionOut:
    room = await store.room(session, conference.id, found.room_id) if found.room_id else None
    response.headers["ETag"] = f'"{found.sequence}"'
    collisions = await service.warnings(session, conference)
    warnings = service.warnings_of(found, conference, collisions)
    return _shown(found, room.name if room else None, conference, warnings)


@router.get("/sessions", response_model=Page[SessionOut])
async def list_sessions(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    paging: Paged,
    search: Search = "",
    room: UUID | None = None,
    status: SessionStatus | None = None,
) -> Page[SessionOut]:
    """The sessions by time, drafts and cancelled ones too, each with what collides with it."""
    actor.require(conference.id, service.READERS)
    words = fold(search).split()
    found = [
        (one, name)
        for one, name in await store.sessions(session, conference.id)
        if (room is None or one.room_id == room)
        and (status is None or one.status is status)
        and all(word in fold(" ".join(one.title.values())) for word in words)
    ]
    collisions = await service.warnings(session, conference)
    shown = [
        _shown(one, name, conference, service.warnings_of(one, conference, collisions))
        for one, name in found[paging.offset : paging.offset + paging.size]
    ]
    return paging.of(shown, len(found))


@router.post("/sessions", status_code=201, response_model=SessionOut)
async def create_session(
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    given: SessionIn,
    response: Response,
) -> SessionOut:
    """Adds a session at wall-clock times of the conference; what collides is said, not refused."""
    made = await service.create_session(session, actor, conference, given)
    return await _answer(session, conference, made, response)


@router.get("/sessions/{id}", response_model=SessionOut)
async def show_session(
    session: Reading, actor: CurrentActor, conference: InConference, id: UUID, response: Response
) -> SessionOut:
    """One session."""
    actor.require(conference.id, service.READERS)
    found = await service.find(session, conference.id, id)
    return await _answer(session, conference, found, response)


@router.patch("/sessions/{id}", response_model=SessionOut)
async def edit_session(
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    id: UUID,
    given: SessionEdit,
    response: Response,
    if_match: IfMatch = None,
) -> SessionOut:
    """Changes a session, never its id. `If-Match` guards against lost updates."""
    found = await service.edit_session(
        session, actor, conference, id, given, version=version_of(if_match)
    )
    return await _answer(session, conference, found, response)


@router.post("/sessions/{id}/cancel", response_model=SessionOut)
async def cancel_session(
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    id: UUID,
    response: Response,
    if_match: IfMatch = None,
) -> SessionOut:
    """Cancels a session; calendars that have it show it as cancelled."""
    found = await service.cancel_session(
        session, actor, conference, id, version=version_of(if_match)
    )
    return await _answer(session, conference, found, response)


@router.get("/speakers", response_model=Page[SpeakerOut])
async def list_speakers(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    paging: Paged,
    of: Annotated[UUID | None, Query(alias="session")] = None,
) -> Page[SpeakerOut]:
    """Who is in the sessions, or in one of them, in order."""
    actor.require(conference.id, service.SPEAKER_READERS)
    found = await store.speakers(session, conference.id, of)
    shown = found[paging.offset : paging.offset + paging.size]
    return paging.of([SpeakerOut.model_validate(row) for row in shown], len(found))


@router.post("/speakers", status_code=201, response_model=SpeakerOut)
async def add_speaker(
    session: Writing, actor: CurrentActor, conference: InConference, given: SpeakerIn
) -> SpeakerOut:
    """Puts a person into a session."""
    speaker = await service.add_speaker(session, actor, conference, given)
    rows = await store.speakers(session, conference.id, given.session)
    return SpeakerOut.model_validate(next(row for row in rows if row.id == speaker.id))


@router.delete("/speakers/{id}", status_code=204)
async def remove_speaker(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID
) -> None:
    """Takes a person out of a session."""
    await service.remove_speaker(session, actor, conference, id)
