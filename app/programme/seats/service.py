"""Use cases of seats: take one, give it up, and keep the quotas of a session true."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.accounts import audit
from app.accounts.rules import Actor, Role
from app.conferences.models import Conference
from app.conferences.rules import in_language
from app.core import clock
from app.core.db import ReadSession, WriteSession
from app.core.errors import Clash, NotFound
from app.participants.events import StatusChanged
from app.participants.rules import Status
from app.participants.service import find as find_person
from app.programme import service as programme
from app.programme import store as sessions
from app.programme.rules import SessionStatus
from app.programme.seats import store
from app.programme.seats.models import Seat
from app.quotas import service as quotas
from app.quotas import store as quota_store
from app.quotas.rules import Registration

KIND = "session"
OFFICERS = frozenset({Role.programme_officer, Role.protocol_officer, Role.registration_officer})
SEATERS = OFFICERS | {Role.focal_point}
READERS = SEATERS | {Role.auditor}


async def name_of(session: ReadSession, conference_id: UUID, id: UUID) -> str | None:
    """A session's title, for the quotas."""
    found = await sessions.by_id(session, conference_id, id)
    return in_language(found.title, "en") if found else None


async def things(session: ReadSession, conference_id: UUID) -> list[tuple[UUID, str]]:
    """The sessions that a quota can be set for, by time."""
    return [
        (one.id, in_language(one.title, "en"))
        for one, _ in await sessions.sessions(session, conference_id)
        if one.status is not SessionStatus.cancelled
    ]


async def listed(
    session: ReadSession, actor: Actor, conference: Conference, id: UUID
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Who sits in a session, of the delegations that the actor may see. Raises `NotFound`."""
    actor.require(conference.id, READERS)
    await programme.find(session, conference.id, id)
    return await store.seats(session, actor, conference.id, id)


async def take(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID, participant: UUID
) -> None:
    """Seats somebody approved, an officer anybody, a focal point its own. Twice is once.

    Raises `Clash`: `not-approved`, `cancelled`, `quota-exhausted` naming the session's quota.
    """
    actor.require(conference.id, SEATERS)
    await quota_store.lock(session, conference.id)
    person, body = await find_person(session, actor, conference.id, participant, lock=True)
    actor.require_own(conference.id, body.id, OFFICERS)
    found = await programme.find(session, conference.id, id)
    title = in_language(found.title, "en")
    if found.status is SessionStatus.cancelled:
        raise Clash(f"“{title}” is cancelled.", code="cancelled")
    if person.status is not Status.approved:
        raise Clash(
            f"{person.name} is {person.status}; a seat is for who is approved.",
            code="not-approved",
        )
    if any(
        row.session_id == id for row in await store.of_people(session, conference.id, [person.id])
    ):
        return
    asked = Registration(person.id, body.id, body.kind, person.role, (KIND, id))
    await quotas.take_in(session, conference.id, asked, who=person.name, where=f"“{title}”")
    session.add(
        Seat(
            conference_id=conference.id,
            session_id=id,
            participant_id=person.id,
            taken_at=clock.now(),
        )
    )
    _note(session, actor, conference, "session.seat", id, person.id)
    await session.flush()


async def give_up(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID, participant: UUID
) -> None:
    """Gives a seat up; its place in the session's quotas is free. Raises `NotFound`."""
    actor.require(conference.id, SEATERS)
    await quota_store.lock(session, conference.id)
    person, body = await find_person(session, actor, conference.id, participant, lock=True)
    actor.require_own(conference.id, body.id, OFFICERS)
    if not await store.remove(session, conference.id, [person.id], id):
        raise NotFound
    await quotas.free_places(session, conference.id, [person.id], (KIND, id))
    _note(session, actor, conference, "session.unseat", id, person.id)


def _note(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    action: str,
    id: UUID,
    participant: UUID,
) -> None:
    audit.record(
        session,
        actor,
        action,
        conference_id=conference.id,
        target=("session", id),
        fields={"participant": participant},
    )


async def on_status_changed(session: WriteSession, event: StatusChanged) -> None:
    """Who is no longer approved sits nowhere; the places are given back with all the others."""
    gone = [person for person, _, before in event.changes if before is Status.approved]
    if gone:
        await store.remove(session, gone[0].conference_id, [person.id for person in gone])
