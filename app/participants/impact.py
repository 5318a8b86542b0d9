"""What one change would touch, by area and in words, before it is made.

Each feature registers a source that speaks of its own area; this one speaks of places, of the head
of the delegation and of requests that wait. A test holds each sentence against what then happens.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from itertools import groupby
from uuid import UUID

from app.accounts.rules import Actor
from app.accounts.rules import Role as Grant
from app.conferences.models import Conference
from app.core.db import ReadSession
from app.delegations.models import Delegation
from app.participants import approval, service, store
from app.participants import change_store as beside
from app.participants.change_rules import Change, Proposed, check_succession
from app.participants.change_schemas import ImpactArea
from app.participants.models import Participant
from app.participants.places import registration
from app.participants.rules import Role, Status, transition
from app.quotas import passing, rules
from app.quotas import store as quotas


@dataclass(frozen=True, slots=True)
class Touched:
    """One thing that changes, in one sentence."""

    area: str
    text: str


Source = Callable[
    [ReadSession, Conference, Participant, Delegation, Proposed], Awaitable[list[Touched]]
]
_sources: list[Source] = []

READERS = service.READERS - {Grant.focal_point}
"""Who is promoted from another delegation, and the figures, are not a delegation's to see."""


def register(source: Source) -> None:
    """Adds a source; registering it twice changes nothing."""
    if source not in _sources:
        _sources.append(source)


async def impact(
    session: ReadSession, actor: Actor, conference: Conference, id: UUID, change: Proposed
) -> list[ImpactArea]:
    """All that a change of a person would touch, in the order in which sources were registered.

    Raises `Clash` for a change that the status table refuses, `NotFound`.
    """
    actor.require(conference.id, READERS)
    person, delegation = await service.find(session, actor, conference.id, id)
    if change.leaves:
        after = Status.withdrawn if change.kind is Change.withdraw else Status.substituted
        transition(person.status, after, by="officer")
    if change.successor:
        follows, of = await service.find(session, actor, conference.id, change.successor)
        check_succession(
            left=(person.id, delegation.id),
            right=(follows.id, of.id),
            status=follows.status,
            name=follows.name,
        )
    found = [
        touched
        for source in _sources
        for touched in await source(session, conference, person, delegation, change)
    ]
    return [
        ImpactArea(area=area, touched=[one.text for one in same])
        for area, same in groupby(found, key=lambda one: one.area)
    ]


async def successor_of(
    session: ReadSession, conference: Conference, change: Proposed
) -> Participant | None:
    """Who is to take the place, if the change names one."""
    if change.successor is None:
        return None
    found = await store.by_ids(session, conference.id, [change.successor])
    return found[change.successor][0]


@dataclass(frozen=True, slots=True)
class Exchange:
    """What happens to places: the quotas with `used` before and after, and who is promoted."""

    quotas: list[tuple[rules.Capacity, int]]
    kept: frozenset[UUID]
    promoted: list[tuple[Participant, Delegation]]
    blocking: rules.Capacity | None = None


async def exchange_of(
    session: ReadSession,
    conference: Conference,
    person: Participant,
    delegation: Delegation,
    change: Proposed,
) -> Exchange:
    """Plays a departure through the rules that decide it: same quotas, same line, nothing written.

    Without a named successor a substitution keeps every place.
    """
    capacities = [quotas.capacity(q) for q in await quotas.quotas(session, conference.id)]
    mine = await passing.held(session, conference.id, person.id)
    if not change.leaves or (change.kind is Change.substitute and change.successor is None):
        return Exchange([], mine if change.leaves else frozenset(), [])
    used = {q.id: q.used - (q.id in mine) for q in capacities}
    kept: frozenset[UUID] = frozenset()
    if follows := await successor_of(session, conference, change):
        kept, more = passing.needed(capacities, mine, registration(follows, delegation))
        if more.blocking:
            return Exchange([], kept, [], more.blocking)
        for id in (*kept, *more.quotas):
            used[id] += 1
    is_waiting = store.P.c.status == Status.waitlisted
    waiting = [
        pair
        for pair in await store.people(session, conference.id, is_waiting)
        if pair[0].id not in (person.id, change.successor)
    ]
    after = [replace(q, used=used[q.id]) for q in capacities]
    allotments, final = rules.allot(after, [registration(*pair) for pair in waiting])
    promoted = [
        pair
        for pair, a in zip(waiting, allotments, strict=True)
        if a.place is rules.Place.taken and (mine or change.successor)
    ]
    touched = [(q, final[q.id]) for q in capacities if q.id in mine or final[q.id] != q.used]
    return Exchange(touched, kept, promoted)


async def _places(
    session: ReadSession,
    conference: Conference,
    person: Participant,
    delegation: Delegation,
    change: Proposed,
) -> list[Touched]:
    if not change.leaves:
        return []
    found = await exchange_of(session, conference, person, delegation, change)
    follows = await successor_of(session, conference, change)
    said = []
    if change.kind is Change.substitute:
        names = {q.id: q.name for q in await quotas.quotas(session, conference.id)}
        who = follows.name if follows else "the successor"
        said = [f"“{names[id]}”: the place is kept for {who}." for id in sorted(found.kept)]
    if found.blocking:
        said.append(f"“{found.blocking.name}” is spent: the substitution would be refused.")
    said += [
        f"“{q.name}”: places used {q.used} → {after} of {q.capacity}."
        for q, after in found.quotas
        if q.id not in found.kept
    ]
    said += [
        f"{one.name} ({of.code}) is promoted from the waiting list and gets a badge."
        for one, of in found.promoted
    ]
    positions = await approval.waiting_positions(session, conference.id)
    for one in (person, follows):
        if one is not None and one.id in positions:
            said.append(f"{one.name} leaves the waiting list, at No. {positions[one.id]}.")
    return [Touched("places", text) for text in said]


async def _head(
    session: ReadSession,
    conference: Conference,
    person: Participant,
    delegation: Delegation,
    change: Proposed,
) -> list[Touched]:
    if not change.leaves:
        return []
    acting = await beside.acting_head(session, conference.id, delegation.id)
    said = []
    if person.role is Role.head:
        follows = await successor_of(session, conference, change)
        said.append(f"{delegation.name} has no head of delegation then.")
        if follows:
            said.append(f"{follows.name} keeps an own role and rank; neither is inherited.")
        if acting:
            said.append(f"{acting[1]} acts as head of delegation.")
    if acting and acting[0].participant_id == person.id:
        said.append(f"{person.name} acts as head of delegation; that ends.")
    return [Touched("head", text) for text in said]


async def _requests(
    session: ReadSession,
    conference: Conference,
    person: Participant,
    delegation: Delegation,
    change: Proposed,
) -> list[Touched]:
    if not change.leaves:
        return []
    n = len(await beside.pending_of(session, conference.id, [person.id]))
    words = "One change request" if n == 1 else f"{n} change requests"
    return [Touched("requests", f"{words} of this person: withdrawn.")] if n else []


def connect() -> None:
    """Registers what participants and their quotas have to say."""
    for source in (_places, _head, _requests):
        register(source)
