"""Whether there is a place: one decision for every door."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

Thing = tuple[str, UUID]
"""What has places of its own: a kind that a feature registered, and an id."""


class Place(StrEnum):
    """What an approval gets."""

    taken = "taken"
    waitlisted = "waitlisted"
    exhausted = "exhausted"


def decide(*, capacity: int, used: int, waitlist: bool) -> Place:
    """One place of one quota."""
    if used < capacity:
        return Place.taken
    return Place.waitlisted if waitlist else Place.exhausted


@dataclass(frozen=True, slots=True)
class Capacity:
    """A quota as the decision needs it; an absent scope covers all."""

    id: UUID
    name: str
    capacity: int
    used: int
    waiting_list: bool
    kind: str | None = None
    delegation_id: UUID | None = None
    roles: frozenset[str] = frozenset()
    thing: Thing | None = None
    per_delegation: bool = False
    parent_id: UUID | None = None
    offer_hours: int | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None

    def covers(self, registration: "Registration") -> bool:
        """True if the registration needs a place here."""
        return (
            self.kind in (None, registration.kind)
            and self.delegation_id in (None, registration.delegation_id)
            and (not self.roles or registration.role in self.roles)
            and self.thing == registration.thing
        )


@dataclass(frozen=True, slots=True)
class Registration:
    """Who asks for a place; a slot, whose person is not known, asks by its own id."""

    participant_id: UUID
    delegation_id: UUID
    kind: str
    role: str
    thing: Thing | None = None


@dataclass(frozen=True, slots=True)
class Allotment:
    """What a registration got: places in `quotas`, or nothing because `blocking` is full.

    `overflow` are full quotas in which an officer let it in beyond the capacity.
    """

    registration: Registration
    place: Place
    quotas: tuple[UUID, ...] = ()
    blocking: Capacity | None = None
    overflow: tuple[Capacity, ...] = ()


def missing(
    capacities: Sequence[Capacity], registrations: Iterable[Registration]
) -> list[Capacity]:
    """The delegations' own quotas that are not there yet, of quotas per delegation."""
    known = {(quota.parent_id, quota.delegation_id) for quota in capacities}
    found: list[Capacity] = []
    for parent in (quota for quota in capacities if quota.per_delegation):
        for registration in registrations:
            body = registration.delegation_id
            if (parent.id, body) not in known and parent.covers(registration):
                known.add((parent.id, body))
                found.append(
                    replace(
                        parent,
                        id=uuid4(),
                        used=0,
                        delegation_id=body,
                        parent_id=parent.id,
                        per_delegation=False,
                    )
                )
    return found


def refusing(passed: Allotment, beyond: frozenset[UUID]) -> Capacity | None:
    """The full quota that refuses a successor, if one does.

    Only where the one before was let in `beyond` a capacity may the successor be so too.
    """
    unforeseen = (quota for quota in passed.overflow if quota.id not in beyond)
    return passed.blocking or next(unforeseen, None)


def allot(
    capacities: Iterable[Capacity],
    registrations: Sequence[Registration],
    held: Mapping[UUID, frozenset[UUID]] | None = None,
    *,
    override: bool = False,
) -> tuple[list[Allotment], Mapping[UUID, int]]:
    """Places for registrations in their order, each in every quota that covers it or in none.

    A registration is waitlisted only where every full quota keeps a waiting list. `held` are places
    that a slot or an offer keeps for it: it takes no second one there, and gives back those that it
    does not need. Returns the allotments and the new `used` of each quota.
    """
    quotas = [quota for quota in capacities if not quota.per_delegation]
    used = {quota.id: quota.used for quota in quotas}
    by_body: dict[UUID | None, list[Capacity]] = {}
    for quota in quotas:
        by_body.setdefault(quota.delegation_id, []).append(quota)
    result: list[Allotment] = []
    for registration in registrations:
        mine = (held or {}).get(registration.participant_id, frozenset())
        near = (*by_body.get(None, ()), *by_body.get(registration.delegation_id, ()))
        covering = [quota for quota in near if quota.covers(registration)]
        places = [
            (decide(capacity=q.capacity, used=used[q.id], waitlist=q.waiting_list), q)
            for q in covering
            if q.id not in mine
        ]
        full = [(place, quota) for place, quota in places if place is not Place.taken]
        if full and not override:
            # A quota without a waiting list refuses even if another would have let one wait.
            place, quota = min(full, key=lambda pair: pair[0] is not Place.exhausted)
            result.append(Allotment(registration, place, blocking=quota))
            continue
        overflow = tuple(quota for _, quota in full)
        taken = [quota.id for quota in covering if quota not in overflow]
        for id in taken:
            used[id] += id not in mine
        for id in mine.difference(taken):
            used[id] -= 1
        result.append(Allotment(registration, Place.taken, tuple(taken), overflow=overflow))
    return result, used
