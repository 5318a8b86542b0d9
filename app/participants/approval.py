"""Changes of status, for every door: one mechanism over the status table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as replaced
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_

from app.accounts import audit
from app.accounts.rules import Actor
from app.conferences.models import Conference
from app.core.db import WriteSession
from app.core.errors import AppError, Clash, NotFound
from app.delegations.events import KindChanged
from app.delegations.models import Delegation
from app.participants import service, store, waiting
from app.participants.events import ParticipantEdited
from app.participants.models import Participant
from app.participants.moving import move
from app.participants.places import exchange, refusal, registration, require_open
from app.participants.rules import ACTIVE, Role, Status, transition
from app.participants.rules import Place as Effect
from app.participants.schemas import ParticipantIn
from app.quotas import service as quotas
from app.quotas import slots
from app.quotas import store as capacities
from app.quotas.events import QuotaChanged
from app.quotas.rules import Allotment, Place, refusing
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


def _open(actor: Actor, person: Participant, override: str | None) -> bool:
    """False for somebody settled, where asking again changes nothing; an override does not wait.

    Raises `Clash` where the status table has no approval for this one.
    """
    if person.status is Status.waitlisted:
        return override is not None
    if person.status is not Status.approved:
        transition(person.status, Status.approved, by=_side(actor, person.conference_id))
    return person.status is not Status.approved


async def _decide(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    people: Sequence[Registered],
    *,
    valid_from: datetime | None = None,
    override: str | None = None,
) -> tuple[list[Decision], list[Allotment]]:
    """Approves, or puts on the waiting list, whom it may; and tells who found no place at all."""
    asked = [pair for pair in people if _open(actor, pair[0], override)]
    allotments = await quotas.take_places(
        session,
        conference.id,
        [registration(*pair) for pair in asked],
        override=override is not None,
    )
    moves = []
    for (person, delegation), one in zip(asked, allotments, strict=True):
        person.overflow = bool(one.overflow)
        if one.overflow:
            audit.record(
                session,
                actor,
                "participant.override",
                conference_id=conference.id,
                target=("participant", person.id),
                fields={"quotas": [quota.name for quota in one.overflow], "reason": override},
            )
        if one.place is not Place.exhausted:
            after = Status.approved if one.place is Place.taken else Status.waitlisted
            moves.append((person, delegation, after))
    await move(session, actor, moves, reason=override, valid_from=valid_from)
    waits = [person.id for person, _ in people if person.status is Status.waitlisted]
    found = await waiting.positions(session, conference.id, waits) if waits else {}
    decisions = [Decision(*pair, found.get(pair[0].id)) for pair in people]
    return decisions, [one for one in allotments if one.place is Place.exhausted]


async def approve_many(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    people: Sequence[Registered],
    *,
    valid_from: datetime | None = None,
    override: str | None = None,
) -> list[Decision]:
    """Approves registrations in order; without a place they wait, where the quota lets them.

    Raises `Clash` (`quota-exhausted`, naming people and quota) where one may not even wait: then
    nobody of them is approved. Asking again for someone approved or waiting changes nothing. An
    `override` is an officer's reason to approve beyond full quotas.
    """
    actor.require(conference.id, service.OFFICERS)
    decisions, spent = await _decide(
        session, actor, conference, people, valid_from=valid_from, override=override
    )
    if spent:
        raise refusal(spent, {person.id: person.name for person, _ in people})
    return decisions


async def approve_each(
    session: WriteSession, actor: Actor, conference: Conference, ids: Sequence[UUID]
) -> list[Decision | AppError]:
    """Approves registrations asked for at the same moment, in order, each for itself."""
    actor.require(conference.id, service.OFFICERS)
    await lock_quotas(session, conference.id)
    people = await store.people(session, conference.id, store.P.c.id.in_(ids), lock=True)
    by_id = {person.id: (person, delegation) for person, delegation in people}
    outcome: dict[UUID, Decision | AppError] = {}
    asked: list[Registered] = []
    for id in dict.fromkeys(ids):
        try:
            if id not in by_id:
                raise NotFound
            _open(actor, by_id[id][0], None)
            asked.append(by_id[id])
        except (NotFound, Clash) as error:
            outcome[id] = error
    decisions, spent = await _decide(session, actor, conference, asked)
    outcome |= {one.person.id: one for one in decisions}
    for one in spent:
        id = one.registration.participant_id
        outcome[id] = refusal([one], {id: by_id[id][0].name})
    return [outcome[id] for id in ids]


async def enter(
    session: WriteSession, actor: Actor, conference: Conference, given: ParticipantIn
) -> Decision:
    """Nominates one person, and submits or approves at once where that is asked for."""
    if given.up_to is Status.approved:
        actor.require(conference.id, service.OFFICERS)
        await lock_quotas(session, conference.id)
    pair = await service.nominate(session, actor, conference, given)
    if given.up_to is not Status.nominated:
        await submit_many(session, actor, conference, [pair])
    if given.up_to is Status.approved:
        [decision] = await approve_many(session, actor, conference, [pair])
        return decision
    return Decision(*pair)


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
    for person, delegation in people:
        actor.require_own(conference.id, delegation.id, service.OFFICERS)
        _submittable(actor, person)
    if not actor.may(conference.id, service.OFFICERS):
        await require_open(session, conference, [registration(*pair) for pair in people])
    moves = [(*pair, Status.submitted) for pair in people]
    await move(session, actor, moves, valid_from=valid_from)


async def submit_each(
    session: WriteSession, actor: Actor, conference: Conference, ids: Sequence[UUID]
) -> list[Registered | AppError]:
    """Hands nominations to the officers, in order; only for who may submit for all delegations."""
    actor.require(conference.id, service.OFFICERS)
    people = await store.people(session, conference.id, store.P.c.id.in_(ids), lock=True)
    by_id = {person.id: (person, delegation) for person, delegation in people}
    outcome: list[Registered | AppError] = []
    moves: dict[UUID, Registered] = {}
    for id in ids:
        try:
            if id not in by_id:
                raise NotFound
            if id in moves:
                transition(Status.submitted, Status.submitted, by="officer")
            _submittable(actor, by_id[id][0])
            moves[id] = by_id[id]
            outcome.append(by_id[id])
        except (NotFound, Clash) as error:
            outcome.append(error)
    await move(session, actor, [(*pair, Status.submitted) for pair in moves.values()])
    return outcome


def _submittable(actor: Actor, person: Participant) -> None:
    if person.status in OUT:
        raise Clash(
            f"A {person.status} registration is reinstated, not submitted.", code="wrong-status"
        )
    transition(person.status, Status.submitted, by=_side(actor, person.conference_id))


async def submit(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID
) -> Registered:
    """Hands a nomination to the officers."""
    actor.require(conference.id, DELEGATION_SIDE)
    pair = await service.find(session, actor, conference.id, id, lock=True)
    await submit_many(session, actor, conference, [pair])
    return pair


async def approve(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    *,
    override: str | None = None,
) -> Decision:
    """Approves one registration, or puts it on the waiting list; with an override, beyond it."""
    actor.require(conference.id, service.OFFICERS)
    # Quotas before people, in every use case: two approvals can then never wait for each other.
    await lock_quotas(session, conference.id)
    pair = await service.find(session, actor, conference.id, id, lock=True)
    [decision] = await approve_many(session, actor, conference, [pair], override=override)
    return decision


async def hold(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID, version: int | None
) -> Registered:
    """Locks a registration for a decision, quotas first, if it is as the officer saw it.

    Raises `Outdated`: of two officers who decide at the same instant, the second looks again.
    """
    await lock_quotas(session, conference.id)
    return await service.find_unchanged(session, actor, conference.id, id, version)


async def approve_chosen(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    ids: Sequence[UUID],
    *,
    seen: Mapping[UUID, int] | None = None,
) -> list[Decision]:
    """Approves several registrations, first submitted first; all of them or none.

    Raises `Outdated` where one has no longer the version that was `seen`.
    """
    actor.require(conference.id, service.OFFICERS)
    await lock_quotas(session, conference.id)
    people = await store.people(session, conference.id, store.P.c.id.in_(ids), lock=True)
    if len(people) != len(set(ids)):
        raise NotFound
    for person, _ in people:
        service.require_version(person, seen[person.id] if seen else None)
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
    actor.require_own(conference.id, pair[1].id, service.OFFICERS)
    row = transition(pair[0].status, after, by=_side(actor, conference.id))
    await move(session, actor, [(*pair, after)], reason=reason, valid_from=valid_from)
    if row.place is Effect.freed and await quotas.free_places(session, conference.id, [id]):
        await waiting.promote(session, conference.id)
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
    beyond = await capacities.beyond(session, conference.id, leaving[0].id)
    # Under the lock of the quotas nobody else can take the place between these two.
    await quotas.free_places(session, conference.id, [leaving[0].id])
    [passed] = await quotas.take_places(
        session, conference.id, [registration(*successor)], override=bool(beyond)
    )
    if full := refusing(passed, beyond):
        raise refusal([replaced(passed, blocking=full)], {successor[0].id: successor[0].name})
    successor[0].overflow = bool(passed.overflow)
    moves = [(*leaving, Status.substituted), (*successor, Status.approved)]
    await move(session, actor, moves)
    await waiting.promote(session, conference.id)


async def return_for_correction(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID, *, reason: str
) -> Registered:
    """Gives a submitted registration back to its delegation, with what is to be corrected."""
    actor.require(conference.id, service.OFFICERS)
    pair = await service.find(session, actor, conference.id, id, lock=True)
    transition(pair[0].status, Status.nominated, by="officer")
    await move(session, actor, [(*pair, Status.nominated)], reason=reason)
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
    await move(session, actor, [(*pair, Status.submitted)])
    return pair


async def on_quota_changed(session: WriteSession, event: QuotaChanged) -> None:
    """More places go to who waits first, before anybody else can ask for them."""
    await waiting.promote(session, event.conference_id)


async def on_edited(session: WriteSession, event: ParticipantEdited) -> None:
    """A new role may have freed a place, or need one that is free; an offer was for the old one."""
    if "role" in event.fields and event.person.status in (Status.approved, Status.waitlisted):
        await waiting.retract(session, event.person.conference_id, [event.person])
        await waiting.promote(session, event.person.conference_id)


async def on_kind_changed(session: WriteSession, event: KindChanged) -> None:
    """A delegation of another kind needs its places in other quotas. Raises `Clash` without."""
    delegation = event.delegation
    holding = or_(store.P.c.status == Status.approved, store.P.c.offered_until.is_not(None))
    mine = and_(store.P.c.delegation_id == delegation.id, holding)
    await lock_quotas(session, delegation.conference_id)
    people = await store.people(session, delegation.conference_id, mine, lock=True)
    approved = [pair for pair in people if pair[0].status is Status.approved]
    await waiting.retract(session, delegation.conference_id, [person for person, _ in people])
    await slots.exchange(session, delegation)
    await exchange(session, delegation.conference_id, approved)
    await waiting.promote(session, delegation.conference_id)
