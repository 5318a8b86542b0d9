"""Between registrations and quotas: who asks for a place, and the sentence where there is none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.core.db import ReadSession, WriteSession
from app.core.errors import Clash
from app.delegations.models import Delegation
from app.delegations.rules import Kind
from app.participants import store
from app.participants.models import Participant
from app.participants.rules import Status
from app.quotas import service as quotas
from app.quotas.events import QuotaCreated
from app.quotas.models import Quota
from app.quotas.rules import Allotment, Place, Registration
from app.quotas.store import capacity


def registration(person: Participant, delegation: Delegation) -> Registration:
    """The person as the quotas see it."""
    return Registration(person.id, delegation.id, delegation.kind.value, person.role.value)


def refusal(allotments: list[Allotment], names: Mapping[UUID, str]) -> Clash:
    """The clash for registrations that may not even wait, naming people and quotas."""
    full = [(a.registration.participant_id, a.blocking) for a in allotments if a.blocking]
    quota = full[0][1]
    who = ", ".join(names[id] for id, _ in full[:5]) + (" …" if len(full) > 5 else "")
    return Clash(
        f"No place for {who}: the quota “{quota.name}” is spent "
        f"({quota.capacity} of {quota.capacity}) and keeps no waiting list.",
        code="quota-exhausted",
        members={
            "quota": {"id": str(quota.id), "name": quota.name, "capacity": quota.capacity},
            "refused": [{"id": str(id), "name": names[id], "quota": q.name} for id, q in full],
        },
    )


async def exchange(
    session: WriteSession, conference_id: UUID, people: Sequence[tuple[Participant, Delegation]]
) -> None:
    """Gives approved people the places that they need now. Raises `Clash` without one."""
    await quotas.free_places(session, conference_id, [person.id for person, _ in people])
    allotments = await quotas.take_places(
        session, conference_id, [registration(*pair) for pair in people]
    )
    if full := [a for a in allotments if a.place is not Place.taken]:
        raise refusal(full, {person.id: person.name for person, _ in people})


async def on_quota_created(session: WriteSession, event: QuotaCreated) -> None:
    """A new quota counts whom it covers from the first moment, or is refused as too small."""
    approved = await store.people(session, event.conference_id, store.P.c.status == Status.approved)
    await quotas.occupy(
        session, event.conference_id, event.quota_id, [registration(*pair) for pair in approved]
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """A quota with the number of those who wait and whom it covers."""

    id: UUID
    name: str
    capacity: int
    used: int
    waiting: int
    waiting_list: bool
    kind: Kind | None
    delegation_id: UUID | None
    roles: list[str]


async def standing(
    session: ReadSession, conference_id: UUID, found: Iterable[Quota]
) -> list[Standing]:
    """How quotas stand."""
    waiting = [
        (Registration(row.delegation_id, row.delegation_id, row.kind.value, row.role.value), row)
        for row in await store.waiting_like(session, conference_id)
    ]
    return [
        Standing(
            **q.model_dump(include=set(Standing.__slots__)),
            waiting=sum(row.people for who, row in waiting if capacity(q).covers(who)),
        )
        for q in found
    ]
