"""Use cases of the programme: rooms, sessions and who speaks in them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from app.accounts import audit
from app.accounts.rules import DESK, Actor, Role
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession, WriteSession
from app.core.errors import Clash, NotFound, Outdated
from app.participants.events import ParticipantEdited, StatusChanged
from app.participants.rules import ACTIVE
from app.participants.service import find as find_person
from app.programme import store
from app.programme.models import Room, Session, Speaker
from app.programme.rules import (
    SessionStatus,
    SpeakerRole,
    check_status,
    check_times,
    conflicts,
    outside,
)
from app.programme.schemas import RoomEdit, RoomIn, SessionEdit, SessionIn, SpeakerIn

OFFICERS = frozenset({Role.programme_officer})
SPEAKER_EDITORS = OFFICERS | {Role.protocol_officer}
READERS = DESK
SPEAKER_READERS = SPEAKER_EDITORS | {Role.registration_officer, Role.auditor}

_SHOWN_OF_PEOPLE = frozenset({"name", "given_names", "family_name", "names", "style", "function"})
_EMPTYABLE = frozenset({"venue", "capacity", "room_id"})


def _changes(thing: object, given: dict[str, object]) -> dict[str, object]:
    """What an edit really changes; null empties only what may be empty."""
    return {
        field: value
        for field, value in given.items()
        if getattr(thing, field) != value and (value is not None or field in _EMPTYABLE)
    }


async def create_room(
    session: WriteSession, actor: Actor, conference: Conference, given: RoomIn
) -> Room:
    """Adds a room. Raises `Clash` where the name is taken."""
    actor.require(conference.id, OFFICERS)
    await _require_free_name(session, conference, given.name)
    room = Room(**given.model_dump(), conference_id=conference.id)
    session.add(room)
    audit.record(
        session,
        actor,
        "room.create",
        conference_id=conference.id,
        target=("room", room.id),
        fields=given.model_dump(),
    )
    await session.flush()
    return room


async def _require_free_name(
    session: ReadSession, conference: Conference, name: str, *, but: UUID | None = None
) -> None:
    if await store.room_named(session, conference.id, name) not in (None, but):
        raise Clash(f"There is a room “{name}” already.", code="name-taken")


async def edit_room(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    given: RoomEdit,
    *,
    version: int | None = None,
) -> Room:
    """Changes a room; its sessions rise in sequence. Raises `Outdated`, `Clash`, `NotFound`."""
    actor.require(conference.id, OFFICERS)
    room = await store.room(session, conference.id, id, lock=True)
    if room is None:
        raise NotFound
    if version is not None and room.version != version:
        raise Outdated("Somebody changed this room meanwhile; read it again.")
    changes = _changes(room, given.model_dump(exclude_unset=True))
    if not changes:
        return room
    if "name" in changes:
        await _require_free_name(session, conference, str(changes["name"]), but=room.id)
    for field, value in changes.items():
        setattr(room, field, value)
    room.version += 1
    await session.flush()
    if changes.keys() & {"name", "names", "venue", "position"}:
        await store.touch(session, conference.id, store.S.c.room_id == room.id, now=clock.now())
    audit.record(
        session,
        actor,
        "room.edit",
        conference_id=conference.id,
        target=("room", room.id),
        fields=changes,
    )
    return room


async def _require_room(session: ReadSession, conference: Conference, id: object) -> None:
    if id is not None and await store.room(session, conference.id, UUID(str(id))) is None:
        raise Clash("There is no such room in this conference.", code="unknown-room")


def _derive(session: Session, conference: Conference) -> None:
    """Sets the instants that the local times mean, and when the public first saw it."""
    session.starts_at = clock.local_to_utc(session.local_start, conference.timezone)
    session.ends_at = clock.local_to_utc(session.local_end, conference.timezone)
    check_times(session.starts_at, session.ends_at)
    if session.status is SessionStatus.confirmed and session.published_at is None:
        session.published_at = session.changed_at


async def create_session(
    session: WriteSession, actor: Actor, conference: Conference, given: SessionIn
) -> Session:
    """Adds a session at local times. Raises `Invalid` for an end before the start, `Clash`."""
    actor.require(conference.id, OFFICERS)
    await _require_room(session, conference, given.room)
    now = clock.now()
    made = Session(
        **given.model_dump(exclude={"room"}),
        room_id=given.room,
        conference_id=conference.id,
        starts_at=now,
        ends_at=now,
        changed_at=now,
    )
    _derive(made, conference)
    session.add(made)
    audit.record(
        session,
        actor,
        "session.create",
        conference_id=conference.id,
        target=("session", made.id),
        fields=given.model_dump(mode="json"),
    )
    await session.flush()
    return made


async def find(
    session: ReadSession, conference_id: UUID, id: UUID, *, lock: bool = False
) -> Session:
    """A session. Raises `NotFound`."""
    found = await store.by_id(session, conference_id, id, lock=lock)
    if found is None:
        raise NotFound
    return found


async def edit_session(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    given: SessionEdit,
    *,
    version: int | None = None,
) -> Session:
    """Changes a session and raises its sequence; its id, and so its UID, stays.

    `version` is the sequence that was read. Raises `Outdated`, `Clash`, `Invalid`, `NotFound`.
    """
    actor.require(conference.id, OFFICERS)
    found = await find(session, conference.id, id, lock=True)
    if version is not None and found.sequence != version:
        raise Outdated("Somebody changed this session meanwhile; read it again.")
    wanted = given.model_dump(exclude_unset=True)
    if "room" in wanted:
        wanted["room_id"] = wanted.pop("room")
        await _require_room(session, conference, wanted["room_id"])
    changes = _changes(found, wanted)
    if not changes:
        return found
    if given.status:
        check_status(found.status, given.status)
    for field, value in changes.items():
        setattr(found, field, value)
    found.sequence += 1
    found.changed_at = clock.now()
    _derive(found, conference)
    audit.record(
        session,
        actor,
        "session.edit",
        conference_id=conference.id,
        target=("session", found.id),
        fields=changes,
    )
    await session.flush()
    return found


async def cancel_session(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    *,
    version: int | None = None,
) -> Session:
    """Cancels a session: calendars that have it show it as cancelled. Twice is once."""
    given = SessionEdit(status=SessionStatus.cancelled)
    return await edit_session(session, actor, conference, id, given, version=version)


async def add_speaker(
    session: WriteSession, actor: Actor, conference: Conference, given: SpeakerIn
) -> Speaker:
    """Puts a person into a session, after the last. Raises `Clash`, `NotFound`."""
    actor.require(conference.id, SPEAKER_EDITORS)
    # People before sessions, as when somebody withdraws: the two never wait for each other.
    person, _ = await find_person(session, actor, conference.id, given.participant, lock=True)
    await find(session, conference.id, given.session, lock=True)
    if person.status not in ACTIVE:
        raise Clash(f"{person.name} is {person.status}, and cannot speak.", code="not-taking-part")
    if await store.is_in(session, conference.id, given.session, person.id):
        raise Clash(f"{person.name} is in this session already.", code="speaks-already")
    position = given.position
    if position is None:
        position = await store.next_position(session, conference.id, given.session)
    speaker = Speaker(
        conference_id=conference.id,
        session_id=given.session,
        participant_id=person.id,
        role=given.role,
        position=position,
    )
    session.add(speaker)
    await session.flush()
    await _touch(session, conference.id, given.session)
    audit.record(
        session,
        actor,
        "speaker.add",
        conference_id=conference.id,
        target=("session", given.session),
        fields={"participant": person.id, "role": given.role},
    )
    return speaker


async def remove_speaker(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID
) -> None:
    """Takes a person out of a session. Raises `NotFound`."""
    actor.require(conference.id, SPEAKER_EDITORS)
    speaker = await store.speaker(session, conference.id, id)
    if speaker is None:
        raise NotFound
    await store.remove(session, conference.id, id)
    await _touch(session, conference.id, speaker.session_id)
    audit.record(
        session,
        actor,
        "speaker.remove",
        conference_id=conference.id,
        target=("session", speaker.session_id),
        fields={"participant": speaker.participant_id},
    )


async def _touch(session: WriteSession, conference_id: UUID, id: UUID) -> None:
    await store.touch(session, conference_id, store.S.c.id == id, now=clock.now())


async def on_status_changed(session: WriteSession, event: StatusChanged) -> None:
    """Sessions rise in sequence when a speaker leaves the conference or comes back."""
    moved = [
        person
        for person, _, before in event.changes
        if (before in ACTIVE) != (person.status in ACTIVE)
    ]
    if moved:
        conference_id, ids = moved[0].conference_id, [person.id for person in moved]
        which = store.of_people(conference_id, ids)
        await store.touch(session, conference_id, which, now=clock.now())


async def on_participant_edited(session: WriteSession, event: ParticipantEdited) -> None:
    """Sessions rise in sequence when a speaker's name or function is corrected."""
    if event.fields & _SHOWN_OF_PEOPLE:
        conference_id = event.person.conference_id
        which = store.of_people(conference_id, [event.person.id])
        await store.touch(session, conference_id, which, now=clock.now())


async def warnings(session: ReadSession, conference: Conference) -> dict[UUID, list[str]]:
    """What collides, by session, in words; two queries at any size."""
    return conflicts(*await store.bodies(session, conference.id))


def warnings_of(
    found: Session, conference: Conference, collisions: dict[UUID, list[str]]
) -> list[str]:
    """All warnings of one session."""
    beyond = outside(found.local_start, found.local_end, conference.starts, conference.ends)
    return [*collisions.get(found.id, []), *([beyond] if beyond else [])]


async def sessions_of(
    session: ReadSession, conference_id: UUID, participant_ids: Collection[UUID]
) -> dict[UUID, list[tuple[UUID, str, datetime, SpeakerRole]]]:
    """Where people speak: (session id, title, start, role), per person, by time, not cancelled."""
    return await store.spoken_by(session, conference_id, participant_ids)
