"""The programme at the desk: rooms, sessions, and who speaks in them."""

from itertools import groupby
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.conferences.doors import SECTIONS, InConference
from app.conferences.models import Conference
from app.core.db import ReadSession
from app.core.errors import Clash, Invalid
from app.core.text import fold
from app.participants import store as people
from app.participants.rules import ACTIVE
from app.programme import feeds, service, store
from app.programme.models import Session
from app.programme.rules import SessionKind, SessionStatus, SpeakerRole
from app.programme.schemas import RoomIn, SessionEdit, SessionIn, SpeakerIn
from app.programme.seats import service as seats
from app.programme.seats.schemas import SeatIn
from app.web.doors import Reading, Writing, database
from app.web.etag import version_of
from app.web.forms import Errors, Values, parse_form, read_form
from app.web.labels import LANGUAGES
from app.web.render import render

router = APIRouter(prefix="/c/{slug}/desk/programme")
Search = Annotated[str, Query(max_length=200)]

_KINDS = [(kind.value, feeds.kind_words(kind, "en")) for kind in SessionKind]
_STATUSES = [(status.value, status.value.capitalize()) for status in SessionStatus]
_ROLES = [(role.value, role.value.capitalize()) for role in SpeakerRole]
_LOCAL = "%Y-%m-%dT%H:%M"


def _at(conference: Conference, path: str = "") -> str:
    return f"/c/{conference.slug}/desk/programme{path}"


def _said(error: Clash | Invalid) -> Errors:
    """An error of a rule beside the field it names, or above the form."""
    if isinstance(error, Invalid) and error.errors:
        return {pointer.strip("/").replace("/", "."): words for pointer, words in error.errors}
    return {"": error.detail}


async def _overview(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    *,
    status: int = 200,
    values: Values | None = None,
    errors: Errors | None = None,
    search: str = "",
    room: str = "",
) -> Response:
    actor.require(conference.id, SECTIONS["programme"])
    sought = fold(search).split()
    collisions = await service.warnings(session, conference)
    lines = [
        {
            "id": one.id,
            "date": one.local_start.date(),
            "title": one.title,
            "starts": one.starts_at,
            "ends": one.ends_at,
            "room": room_name or "",
            "kind": feeds.kind_words(one.kind, "en"),
            "status": one.status.value,
            "warnings": service.warnings_of(one, conference, collisions),
        }
        for one, room_name in await store.sessions(session, conference.id)
        if (not room or str(one.room_id) == room)
        and all(word in fold(" ".join(one.title.values())) for word in sought)
    ]
    rooms = await store.rooms(session, conference.id)
    return render(
        request,
        "desk/programme.html",
        status=status,
        days=[
            {"date": day, "sessions": list(group)}
            for day, group in groupby(lines, key=lambda line: line["date"])
        ],
        rooms=rooms,
        room_choices=[(str(one.id), one.name) for one in rooms],
        filters={"search": search, "room": room},
        may_edit=actor.may(conference.id, service.OFFICERS),
        values=values or {},
        errors=errors or {},
    )


async def _form(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    found: Session | None = None,
    *,
    status: int = 200,
    values: Values | None = None,
    errors: Errors | None = None,
    search: str = "",
) -> Response:
    may_speakers = actor.may(conference.id, service.SPEAKER_EDITORS)
    named = actor.may(conference.id, seats.READERS)
    speakers = await store.speakers(session, conference.id, found.id) if found else []
    matches = []
    if found and search and may_speakers:
        known = {one.participant for one in speakers}
        narrowed = people.Filters(search=search)
        rows = await people.rows(session, actor, conference.id, narrowed, limit=30)
        matches = [row for row in rows if row.status in ACTIVE and row.id not in known]
    rooms = await store.rooms(session, conference.id)
    collisions = await service.warnings(session, conference) if found else {}
    return render(
        request,
        "desk/session_form.html",
        status=status,
        session=found,
        values=values if values is not None else _values(found),
        errors=errors or {},
        kinds=_KINDS,
        statuses=_STATUSES,
        roles=_ROLES,
        rooms=[(room.id, room.name) for room in rooms],
        tongues=[(code, LANGUAGES.get(code, code)) for code in conference.languages],
        speakers=speakers,
        warnings=service.warnings_of(found, conference, collisions) if found else [],
        may_edit=actor.may(conference.id, service.OFFICERS),
        may_speakers=may_speakers,
        seats=await seats.listed(session, actor, conference, found.id) if found and named else [],
        named=named,
        filters={"search": search},
        matches=matches,
    )


def _values(found: Session | None) -> Values:
    if found is None:
        return {"kind": SessionKind.plenary.value, "status": SessionStatus.draft.value}
    values: Values = {f"title.{code}": text for code, text in found.title.items()}
    values |= {f"abstract.{code}": text for code, text in found.abstract.items()}
    return values | {
        "kind": found.kind.value,
        "status": found.status.value,
        "room": str(found.room_id or ""),
        "local_start": found.local_start.strftime(_LOCAL),
        "local_end": found.local_end.strftime(_LOCAL),
        "version": str(found.sequence),
    }


@router.get("")
@router.get("/")
async def overview(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    search: Search = "",
    room: Annotated[str, Query(max_length=36)] = "",
) -> Response:
    """All sessions by day, with what collides, and the rooms."""
    return await _overview(request, session, actor, conference, search=search, room=room)


@router.post("/rooms")
async def add_room(request: Request, actor: CurrentActor, conference: InConference) -> Response:
    """Adds a room."""
    actor.require(conference.id, service.OFFICERS)
    given, values, errors = await read_form(request, RoomIn)
    if given is not None:
        try:
            async with database(request).writing() as writing:
                await service.create_room(writing, actor, conference, given)
            return RedirectResponse(_at(conference), 303)
        except (Clash, Invalid) as error:
            errors = {"name": error.detail}
    async with database(request).reading() as session:
        return await _overview(
            request, session, actor, conference, status=422, values=values, errors=errors
        )


@router.get("/sessions/new")
async def new_session(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference
) -> Response:
    """The empty form."""
    actor.require(conference.id, service.OFFICERS)
    return await _form(request, session, actor, conference)


@router.post("/sessions/new")
async def add_session(request: Request, actor: CurrentActor, conference: InConference) -> Response:
    """Adds a session."""
    actor.require(conference.id, service.OFFICERS)
    given, values, errors = await read_form(request, SessionIn)
    if given is not None:
        try:
            async with database(request).writing() as writing:
                made = await service.create_session(writing, actor, conference, given)
            return RedirectResponse(_at(conference, f"/sessions/{made.id}"), 303)
        except (Clash, Invalid) as error:
            errors = _said(error)
    async with database(request).reading() as session:
        return await _form(
            request, session, actor, conference, status=422, values=values, errors=errors
        )


@router.get("/sessions/{id}")
async def show_session(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    id: UUID,
    search: Search = "",
) -> Response:
    """One session with its speakers, and people to add found by name."""
    actor.require(conference.id, SECTIONS["programme"])
    found = await service.find(session, conference.id, id)
    return await _form(request, session, actor, conference, found, search=search)


@router.post("/sessions/{id}")
async def edit_session(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Changes a session; the form carries the version it was read at."""
    actor.require(conference.id, service.OFFICERS)
    given, values, errors = await read_form(request, SessionEdit)
    if given is not None:
        try:
            version = version_of(str(values.get("version", "")))
            async with database(request).writing() as writing:
                await service.edit_session(writing, actor, conference, id, given, version=version)
            return RedirectResponse(_at(conference, f"/sessions/{id}"), 303)
        except (Clash, Invalid) as error:
            errors = _said(error)
    async with database(request).reading() as session:
        found = await service.find(session, conference.id, id)
        return await _form(
            request, session, actor, conference, found, status=422, values=values, errors=errors
        )


@router.post("/sessions/{id}/cancel")
async def cancel_session(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Cancels a session."""
    await service.cancel_session(session, actor, conference, id)
    return RedirectResponse(_at(conference, f"/sessions/{id}"), 303)


@router.post("/sessions/{id}/speakers")
async def add_speaker(
    request: Request, session: Writing, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Puts a person into the session."""
    form = await request.form()
    pairs = [(name, str(form.get(name, ""))) for name in ("participant", "role")]
    given, _, errors = parse_form([("session", str(id)), *pairs], SpeakerIn)
    if given is None:
        raise Invalid(f"The speaker was not added: {next(iter(errors.values()))}")
    await service.add_speaker(session, actor, conference, given)
    return RedirectResponse(_at(conference, f"/sessions/{id}"), 303)


@router.post("/sessions/{id}/seats")
async def take_seat(
    request: Request, session: Writing, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Seats a person in the session."""
    form = await request.form()
    given, _, errors = parse_form([("participant", str(form.get("participant", "")))], SeatIn)
    if given is None:
        raise Invalid(f"Nobody was seated: {next(iter(errors.values()))}")
    await seats.take(session, actor, conference, id, given.participant)
    return RedirectResponse(_at(conference, f"/sessions/{id}#seats"), 303)


@router.post("/sessions/{id}/seats/{participant}/remove")
async def give_seat_up(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID, participant: UUID
) -> Response:
    """Frees a person's seat."""
    await seats.give_up(session, actor, conference, id, participant)
    return RedirectResponse(_at(conference, f"/sessions/{id}#seats"), 303)


@router.post("/sessions/{id}/speakers/{speaker}/remove")
async def remove_speaker(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID, speaker: UUID
) -> Response:
    """Takes a person out of the session."""
    await service.remove_speaker(session, actor, conference, speaker)
    return RedirectResponse(_at(conference, f"/sessions/{id}"), 303)
