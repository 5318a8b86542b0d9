"""Changes of status, for every door: one mechanism over the status table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_

from app.accounts import audit
from app.accounts.rules import INSTALLATION, Actor
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession, WriteSession
from app.core.errors import Clash, NotFound
from app.core.events import publish
from app.delegations.events import KindChanged
from app.delegations.models import Delegation
from app.participants import history, service, store
from app.participants.events import ParticipantEdited, StatusChanged
from app.participants.models import Participant
from app.participants.places import exchange, refusal, registration
from app.participants.rules import ACTIVE, Role, Status, transition
from app.participants.rules import Place as Effect
from app.quotas import passing as quotas_passing
from app.quotas import service as quotas
from app.quotas.events import QuotaChanged
from app.quotas.rules import Place
from app.quotas.store import lock as lock_quotas

Registered = tuple[Participant, Delegation]
DELEGATION_SIDE = service.NOMINATORS
OUT = frozenset(Status) - ACTIVE


@dataclass(frozen=True, slots=True)
class Decision:
    """What an approval came to."""

    person: Participant
    delegation: Delegation
    waiting_list_position: int | None = None


def _side(actor: Actor, conference_id: UUID) -> str:
    return "officer" if actor.may(conference_id, service.OFFICERS) else "focal_point"


async def _move(
    session: WriteSession,
    actor: Actor,
    moves: Sequence[tuple[Participant, Delegation, Status]],
    *,
    reason: str | None = None,
    valid_from: datetime | None = None,
) -> None:
    """Gives registrations their new statuses: rows, versions, events and audit entries.

    Their order is kept in `status_at`, a microsecond apart, so that a waiting list has one.
    """
    if not moves:
        return
    now = valid_from or clock.now()
    changes: list[tuple[Participant, Delegation, Status]] = []
    for place, (person, delegation, after) in enumerate(moves):
        changes.append((person, delegation, person.status))
        person.status = after
        person.status_reason = reason
        person.status_at = now + timedelta(microseconds=place)
        person.version += 1
        audit.record(
            session,
            actor,
            f"participant.{after.value}",
            conference_id=person.conference_id,
            target=("participant", person.id),
            fields={"status": after, "reason": reason},
        )
    await session.flush()
    await history.record(session, [person for person, _, _ in moves], {"status"}, valid_from)
    await publish(session, StatusChanged(actor, tuple(changes), reason))


async def approve_many(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    people: Sequence[Registered],
    *,
    valid_from: datetime | None = None,
) -> list[Decision]:
    """Approves registrations in order; without a place they wait, where the quota lets them.

    Raises `Clash` (`quota-exhausted`, naming people and quota) where one may not even wait: then
    nobody of them is approved. Asking again for someone approved or waiting changes nothing.
    """
    actor.require(conference.id, service.OFFICERS)
    settled = (Status.approved, Status.waitlisted)
    asked = [pair for pair in people if pair[0].status not in settled]
    for person, _ in asked:
        transition(person.status, Status.approved, by=_side(actor, conference.id))
    allotments = await quotas.take_places(
        session, conference.id, [registration(*pair) for pair in asked]
    )
    if spent := [a for a in allotments if a.place is Place.exhausted]:
        raise refusal(spent, {person.id: person.name for person, _ in asked})
    moves = [
        (*pair, Status.approved if a.place is Place.taken else Status.waitlisted)
        for pair, a in zip(asked, allotments, strict=True)
    ]
    await _move(session, actor, moves, valid_from=valid_from)
    positions = await waiting_positions(session, conference.id)
    return [Decision(p, d, positions.get(p.id)) for p, d in people]


async def waiting_positions(session: ReadSession, conference_id: UUID) -> dict[UUID, int]:
    """Each waiting registration's place among those that wait, first come first served."""
    waiting = await store.people(session, conference_id, store.P.c.status == Status.waitlisted)
    return {person.id: place for place, (person, _) in enumerate(waiting, start=1)}


async def submit_many(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    people: Sequence[Registered],
    *,
    valid_from: datetime | None = None,
) -> None:
    """Hands nominations to the officers, in order. Who was out is reinstated, not submitted."""
    actor.require(conference.id, DELEGATION_SIDE)
    for person, _ in people:
        if person.status in OUT:
            raise Clash(
                f"A {person.status} registration is reinstated, not submitted.", code="wrong-status"
            )
        transition(person.status, Status.submitted, by=_side(actor, conference.id))
    moves = [(*pair, Status.submitted) for pair in people]
    await _move(session, actor, moves, valid_from=valid_from)


async def submit(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID
) -> Registered:
    """Hands a nomination to the officers."""
    actor.require(conference.id, DELEGATION_SIDE)
    pair = await service.find(session, actor, conference.id, id, lock=True)
    await submit_many(session, actor, conference, [pair])
    return pair


async def approve(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID
) -> Decision:
    """Approves one registration, or puts it on the waiting list."""
    actor.require(conference.id, service.OFFICERS)
    # Quotas before people, in every use case: two approvals can then never wait for each other.
    await lock_quotas(session, conference.id)
    pair = await service.find(session, actor, conference.id, id, lock=True)
    [decision] = await approve_many(session, actor, conference, [pair])
    return decision


async def approve_chosen(
    session: WriteSession, actor: Actor, conference: Conference, ids: Sequence[UUID]
) -> list[Decision]:
    """Approves several registrations, first submitted first; all of them or none."""
    actor.require(conference.id, service.OFFICERS)
    await lock_quotas(session, conference.id)
    people = await store.people(session, conference.id, store.P.c.id.in_(ids), lock=True)
    if len(people) != len(set(ids)):
        raise NotFound
    return await approve_many(session, actor, conference, people)


async def _leave(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    after: Status,
    reason: str | None,
    valid_from: datetime | None,
) -> Registered:
    await lock_quotas(session, conference.id)
    pair = await service.find(session, actor, conference.id, id, lock=True)
    row = transition(pair[0].status, after, by=_side(actor, conference.id))
    await _move(session, actor, [(*pair, after)], reason=reason, valid_from=valid_from)
    if row.place is Effect.freed and await quotas.free_places(session, conference.id, [id]):
        await promote(session, conference.id)
    return pair


async def refuse(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    *,
    reason: str,
    valid_from: datetime | None = None,
) -> Registered:
    """Refuses a registration; frees its place, revokes its badge, promotes who waits."""
    actor.require(conference.id, service.OFFICERS)
    return await _leave(session, actor, conference, id, Status.refused, reason, valid_from)


async def withdraw(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    *,
    reason: str,
    valid_from: datetime | None = None,
) -> Registered:
    """Withdraws a registration; frees its place, revokes its badge, promotes who waits."""
    actor.require(conference.id, DELEGATION_SIDE)
    return await _leave(session, actor, conference, id, Status.withdrawn, reason, valid_from)


async def replace(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    leaving: Registered,
    successor: Registered,
) -> None:
    """Gives an approved person's place to a successor, told as one event; promotes who waits.

    Raises `Clash` (`quota-exhausted`) where the successor's role needs a place that is not free.
    Call with quotas and both people locked.
    """
    actor.require(conference.id, service.OFFICERS)
    transition(leaving[0].status, Status.substituted, by="officer")
    if successor[0].status is Status.nominated:
        await submit_many(session, actor, conference, [successor])
    by = "promotion" if successor[0].status is Status.waitlisted else "officer"
    transition(successor[0].status, Status.approved, by=by)
    passed = await quotas_passing.pass_on(
        session, conference.id, leaving[0].id, registration(*successor)
    )
    if passed.blocking:
        raise refusal([passed], {successor[0].id: successor[0].name})
    moves = [(*leaving, Status.substituted), (*successor, Status.approved)]
    await _move(session, actor, moves)
    await promote(session, conference.id)


async def return_for_correction(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID, *, reason: str
) -> Registered:
    """Gives a submitted registration back to its delegation, with what is to be corrected."""
    actor.require(conference.id, service.OFFICERS)
    pair = await service.find(session, actor, conference.id, id, lock=True)
    transition(pair[0].status, Status.nominated, by="officer")
    await _move(session, actor, [(*pair, Status.nominated)], reason=reason)
    return pair


async def reinstate(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID
) -> Registered:
    """Brings a withdrawn, substituted or refused registration back to `submitted`."""
    actor.require(conference.id, service.OFFICERS)
    pair = await service.find(session, actor, conference.id, id, lock=True)
    person, delegation = pair
    if person.status is Status.nominated:
        raise Clash("A nominated registration is submitted, not reinstated.", code="wrong-status")
    transition(person.status, Status.submitted, by="officer")
    if person.role is Role.head:
        await service.require_no_head(session, delegation)
    await _move(session, actor, [(*pair, Status.submitted)])
    return pair


async def promote(session: WriteSession, conference_id: UUID) -> list[Participant]:
    """Approves from the waiting list, in its order, everybody for whom there is a place now.

    Call with the quotas locked.
    """
    waiting = await store.people(
        session, conference_id, store.P.c.status == Status.waitlisted, lock=True
    )
    allotments = await quotas.take_places(
        session, conference_id, [registration(*pair) for pair in waiting]
    )
    moves = [
        (*pair, Status.approved)
        for pair, a in zip(waiting, allotments, strict=True)
        if a.place is Place.taken
    ]
    await _move(session, _PROMOTION, moves)
    return [person for person, _, _ in moves]


async def on_quota_changed(session: WriteSession, event: QuotaChanged) -> None:
    """More places go to who waits first, before anybody else can ask for them."""
    await promote(session, event.conference_id)


async def on_edited(session: WriteSession, event: ParticipantEdited) -> None:
    """A new role may have freed a place, or need one that is free."""
    if "role" in event.fields and event.person.status in (Status.approved, Status.waitlisted):
        await promote(session, event.person.conference_id)


async def on_kind_changed(session: WriteSession, event: KindChanged) -> None:
    """A delegation of another kind needs its places in other quotas. Raises `Clash` without."""
    delegation = event.delegation
    mine = and_(store.P.c.delegation_id == delegation.id, store.P.c.status == Status.approved)
    await lock_quotas(session, delegation.conference_id)
    approved = await store.people(session, delegation.conference_id, mine, lock=True)
    await exchange(session, delegation.conference_id, approved)
    await promote(session, delegation.conference_id)


_PROMOTION = Actor(kind="promotion", id=None, name="waiting list", permits=INSTALLATION.permits)
