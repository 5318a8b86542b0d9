"""What one change would touch, by area and in words, before it is made.

Each feature registers a source that speaks of its own area; this one speaks of places, of the head
of the delegation and of requests that wait. A test holds each sentence against what then happens.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from itertools import groupby
from uuid import UUID

from app.accounts.rules import Actor
from app.accounts.rules import Role as Grant
from app.conferences.models import Conference
from app.core.db import ReadSession
from app.delegations.models import Delegation
from app.participants import change_store as beside
from app.participants import service, store, waiting
from app.participants.change_rules import Change, Proposed, check_succession
from app.participants.change_schemas import ImpactArea
from app.participants.models import Participant
from app.participants.places import registration
from app.participants.rules import Role, Status, transition
from app.quotas import rules
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
    """What happens to places: quotas with `used` before and after; who is promoted or offered."""

    quotas: list[tuple[rules.Capacity, int]]
    kept: list[str]
    promoted: list[store.Waiting]
    offered: list[store.Waiting] = field(default_factory=list)
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
    line = [
        row
        for row in await store.waiting(session, conference.id, offered=False)
        if row.id not in (person.id, change.successor)
    ]
    asking = [waiting.asking(row) for row in line]
    bodies = {delegation.id, *(one.delegation_id for one in asking)}
    found = await quotas.capacities(session, conference.id, bodies)
    found = [*found, *rules.missing(found, [registration(person, delegation), *asking])]
    asked = [person.id, *([change.successor] if change.successor else [])]
    held = await quotas.held(session, conference.id, asked)
    mine = held.get(person.id, frozenset())
    names = {q.id: q.name for q in found}
    if not change.leaves or (change.kind is Change.substitute and change.successor is None):
        return Exchange([], [names[id] for id in mine] if change.leaves else [], [])
    free = [replace(q, used=q.used - (q.id in mine)) for q in found]
    kept: frozenset[UUID] = frozenset()
    if follows := await successor_of(session, conference, change):
        beyond = await quotas.beyond(session, conference.id, person.id)
        [passed], used = rules.allot(
            free, [registration(follows, delegation)], held, override=bool(beyond)
        )
        kept = mine.intersection(passed.quotas)
        if full := rules.refusing(passed, beyond):
            return Exchange([], [], [], blocking=full)
        free = [replace(q, used=used.get(q.id, q.used)) for q in free]
    allotments, final = rules.allot(free, asking)
    offering = {q.id for q in found if q.offer_hours}
    next_ = [
        (row, bool(offering.intersection(a.quotas)))
        for row, a in zip(line, allotments, strict=True)
        if a.place is rules.Place.taken and (mine or follows)
    ]
    touched = [
        (q, final[q.id])
        for q in found
        if q.id in final and q.id not in kept and (q.id in mine or final[q.id] != q.used)
    ]
    return Exchange(
        touched,
        sorted(names[id] for id in kept),
        promoted=[row for row, offer in next_ if not offer],
        offered=[row for row, offer in next_ if offer],
    )


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
        who = follows.name if follows else "the successor"
        said = [f"“{name}”: the place is kept for {who}." for name in found.kept]
    if found.blocking:
        said.append(f"“{found.blocking.name}” is spent: the substitution would be refused.")
    said += [
        f"“{q.name}”: places used {q.used} → {after} of {q.capacity}." for q, after in found.quotas
    ]
    said += [
        f"{one.name} ({one.code}) is promoted from the waiting list and gets a badge."
        for one in found.promoted
    ]
    said += [f"{one.name} ({one.code}) is offered the place." for one in found.offered]
    positions = await waiting.positions(session, conference.id)
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
