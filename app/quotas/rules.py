"""Whether there is a place: one decision for every door."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


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

    def covers(self, registration: "Registration") -> bool:
        """True if the registration needs a place here."""
        return (
            self.kind in (None, registration.kind)
            and self.delegation_id in (None, registration.delegation_id)
            and (not self.roles or registration.role in self.roles)
        )


@dataclass(frozen=True, slots=True)
class Registration:
    """Who asks for a place."""

    participant_id: UUID
    delegation_id: UUID
    kind: str
    role: str


@dataclass(frozen=True, slots=True)
class Allotment:
    """What a registration got: places in `quotas`, or nothing because `blocking` is full."""

    registration: Registration
    place: Place
    quotas: tuple[UUID, ...] = ()
    blocking: Capacity | None = None


def allot(
    capacities: Iterable[Capacity], registrations: Sequence[Registration]
) -> tuple[list[Allotment], Mapping[UUID, int]]:
    """Places for registrations in their order, each in every quota that covers it or in none.

    A registration is waitlisted only where every full quota keeps a waiting list. Returns the
    allotments and the new `used` of each quota.
    """
    quotas = list(capacities)
    used = {quota.id: quota.used for quota in quotas}
    result: list[Allotment] = []
    for registration in registrations:
        covering = [quota for quota in quotas if quota.covers(registration)]
        places = [
            (
                decide(capacity=q.capacity, used=used[q.id], waitlist=q.waiting_list),
                q,
            )
            for q in covering
        ]
        full = [(place, quota) for place, quota in places if place is not Place.taken]
        if full:
            # A quota without a waiting list refuses even if another would have let one wait.
            place, quota = min(full, key=lambda pair: pair[0] is not Place.exhausted)
            result.append(Allotment(registration, place, blocking=quota))
            continue
        for quota in covering:
            used[quota.id] += 1
        result.append(Allotment(registration, Place.taken, tuple(q.id for q in covering)))
    return result, used
