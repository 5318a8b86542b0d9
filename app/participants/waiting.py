"""The waiting list: its order, promotion, offers that expire, and what officers and people do."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.accounts import audit
from app.accounts.rules import INSTALLATION, Actor
from app.conferences.models import Conference
from app.core import clock
from app.core.db import Database, ReadSession, WriteSession
from app.core.errors import Clash
from app.delegations.models import Delegation
from app.participants import service, store
from app.participants.models import Participant
from app.participants.moving import move
from app.participants.places import refusal, registration
from app.participants.rules import Status
from app.quotas import service as quotas
from app.quotas import store as capacities
from app.quotas.rules import Allotment, Capacity, Place, Registration, allot, missing

PROMOTION = Actor(kind="promotion", id=None, name="waiting list", permits=INSTALLATION.permits)


async def positions(
    session: ReadSession, conference_id: UUID, ids: Collection[UUID] | None = None
) -> dict[UUID, int]:
    """The places of those who wait, or of some of them: priority first, then first come."""
    return await store.waiting_positions(session, conference_id, ids)


async def promote(session: WriteSession, conference_id: UUID) -> list[UUID]:
    """Gives places, in the order of the list, to everybody for whom there is one now.

    Where a quota offers, the place is kept for the person until the offer ends. Call with the
    quotas locked. Returns who was approved.
    """
    await _lapse(session, conference_id)
    line = await store.waiting(session, conference_id, offered=False)
    allotments = await quotas.take_places(session, conference_id, [asking(row) for row in line])
    taken = {a.registration.participant_id: a for a in allotments if a.place is Place.taken}
    if not taken:
        return []
    hours = await _offer_hours(session, conference_id, list(taken.values()))
    people = await store.people(session, conference_id, store.P.c.id.in_(taken), lock=True)
    by_id = {person.id: (person, delegation) for person, delegation in people}
    approved = []
    for id in taken:
        person, delegation = by_id[id]
        if id in hours:
            _offer(session, person, hours[id])
        else:
            approved.append((person, delegation, Status.approved))
    await session.flush()
    await move(session, PROMOTION, approved)
    return [person.id for person, _, _ in approved]


def asking(row: store.Waiting) -> Registration:
    """Somebody who waits, as the quotas see it."""
    return Registration(row.id, row.delegation_id, row.kind.value, row.role.value)


async def _offer_hours(
    session: WriteSession, conference_id: UUID, taken: list[Allotment]
) -> dict[UUID, int]:
    """For how long a place is offered, by person; nothing for those who are approved at once."""
    bodies = {a.registration.delegation_id for a in taken}
    found = await capacities.capacities(session, conference_id, bodies)
    hours = {quota.id: quota.offer_hours for quota in found if quota.offer_hours}
    return {
        a.registration.participant_id: min(hours[id] for id in a.quotas if id in hours)
        for a in taken
        if hours.keys() & set(a.quotas)
    }


def _offer(session: WriteSession, person: Participant, hours: int) -> None:
    person.offered_until = clock.now() + timedelta(hours=hours)
    person.version += 1
    _note(session, PROMOTION, "waiting.offer", person, {"until": person.offered_until.isoformat()})


async def retract(
    session: WriteSession, conference_id: UUID, people: Sequence[Participant]
) -> None:
    """Takes back what was offered to people whose role or delegation is now another: they wait on.

    Call with the quotas locked, and promote afterwards.
    """
    offered = [person for person in people if person.offered_until]
    for person in offered:
        person.offered_until = None
        person.version += 1
        _note(session, PROMOTION, "waiting.retract", person, {"offered_until": None})
    if offered:
        await session.flush()
        await quotas.free_places(session, conference_id, [person.id for person in offered])


async def _lapse(session: WriteSession, conference_id: UUID) -> int:
    """Frees the places of offers that ended; whom they were offered to goes to the end."""
    now = clock.now()
    due = store.P.c.offered_until <= now
    people = await store.people(session, conference_id, due, lock=True)
    for place, (person, _) in enumerate(people):
        person.offered_until, person.waiting_priority = None, 0
        person.status_at = now + timedelta(microseconds=place)
        person.version += 1
        _note(session, PROMOTION, "waiting.lapse", person, {"offered_until": None})
    if people:
        await session.flush()
        await quotas.free_places(session, conference_id, [person.id for person, _ in people])
    return len(people)


async def pass_on(database: Database) -> None:
    """Gives places whose offers ended to the next in line; for the worker."""
    async with database.reading() as session:
        due = await store.with_ended_offers(session, clock.now())
    for conference_id in due:
        async with database.writing() as writing:
            await capacities.lock(writing, conference_id)
            await promote(writing, conference_id)


async def accept(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID
) -> tuple[Participant, Delegation]:
    """Takes the place offered to somebody who waits. Raises `Clash` where none is, or no longer."""
    actor.require(conference.id, service.NOMINATORS)
    await capacities.lock(session, conference.id)
    person, delegation = await service.find(session, actor, conference.id, id, lock=True)
    actor.require_own(conference.id, delegation.id, service.OFFICERS)
    if person.offered_until is None:
        raise Clash(f"No place is offered to {person.name} now.", code="no-offer")
    if person.offered_until <= clock.now():
        raise Clash(
            f"The place was offered to {person.name} until "
            f"{clock.told(person.offered_until, conference.timezone)}; it goes to the next.",
            code="offer-ended",
        )
    [allotment] = await quotas.take_places(
        session, conference.id, [registration(person, delegation)]
    )
    if allotment.blocking:
        raise refusal([allotment], {person.id: person.name})
    await move(session, actor, [(person, delegation, Status.approved)])
    return person, delegation


async def set_priority(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID, *, priority: int
) -> tuple[Participant, Delegation]:
    """Moves somebody who waits before all of a lower priority. Raises `Clash` for who does not."""
    actor.require(conference.id, service.OFFICERS)
    await capacities.lock(session, conference.id)
    person, delegation = await service.find(session, actor, conference.id, id, lock=True)
    if person.status is not Status.waitlisted:
        raise Clash(f"{person.name} does not wait: {person.status}.", code="not-waiting")
    person.waiting_priority = priority
    person.version += 1
    _note(session, actor, "waiting.priority", person, {"priority": priority})
    await session.flush()
    return person, delegation


def _note(
    session: WriteSession,
    actor: Actor,
    action: str,
    person: Participant,
    fields: dict[str, object],
) -> None:
    audit.record(
        session,
        actor,
        action,
        conference_id=person.conference_id,
        target=("participant", person.id),
        fields=fields,
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of the list: the place in it, what is full, and until when a place is offered."""

    id: UUID
    position: int
    name: str
    delegation: str
    delegation_name: str
    role: str
    priority: int
    since: datetime
    offered_until: datetime | None
    blocked_by: str | None


async def listed(session: ReadSession, actor: Actor, conference_id: UUID) -> list[Waiting]:
    """Who waits, in order, as far as the actor may see them."""
    actor.require(conference_id, service.READERS)
    rows = await store.waiting(session, conference_id)
    registrations = [asking(row) for row in rows]
    found = await capacities.capacities(
        session, conference_id, {a.delegation_id for a in registrations}
    )
    found = [*found, *missing(found, registrations)]
    seen = await store.visible_delegations(session, actor, conference_id)
    return [
        Waiting(
            id=row.id,
            position=place,
            name=row.name,
            delegation=row.code,
            delegation_name=row.delegation_name,
            role=row.role.value,
            priority=row.waiting_priority,
            since=row.status_at,
            offered_until=row.offered_until,
            blocked_by=None if row.offered_until else _blocking(found, one),
        )
        for place, (row, one) in enumerate(zip(rows, registrations, strict=True), start=1)
        if row.delegation_id in seen
    ]


def _blocking(found: list[Capacity], one: Registration) -> str | None:
    [allotment], _ = allot(found, [one])
    return allotment.blocking.name if allotment.blocking else None
