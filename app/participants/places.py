"""Between registrations and quotas: who asks for a place, and the sentence where there is none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_

from app.accounts.rules import Actor
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession, WriteSession
from app.core.errors import Clash, Invalid
from app.delegations import service as delegations
from app.delegations.models import Delegation
from app.delegations.rules import Kind
from app.participants import store
from app.participants.models import Participant
from app.participants.rules import Role, Status
from app.quotas import service as quotas
from app.quotas import slots
from app.quotas import store as quota_store
from app.quotas.events import QuotaCreated
from app.quotas.models import Quota
from app.quotas.rules import Allotment, Capacity, Place, Registration, missing
from app.quotas.schemas import SlotIn, SlotOut
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


async def require_open(
    session: ReadSession, conference: Conference, asked: Sequence[Registration]
) -> None:
    """Raises `Clash` (`registration-closed`) before or after the instants of a covering quota."""
    now, zone = clock.now(), conference.timezone
    bodies = {registration.delegation_id for registration in asked}
    for quota in await quota_store.capacities(session, conference.id, bodies):
        if not any(quota.covers(registration) for registration in asked):
            continue
        word, at = "opens", quota.opens_at
        if at is None or at <= now:
            word, at = "closed", quota.closes_at
            if at is None or now <= at:
                continue
        raise Clash(
            f"Registration in “{quota.name}” {word} on {clock.told(at, zone)}; "
            "a registration officer can still enter somebody.",
            code="registration-closed",
            members={"quota": {"id": str(quota.id), "name": quota.name}, word: at.isoformat()},
        )


async def require_slot(
    session: WriteSession,
    conference: Conference,
    delegation: Delegation,
    role: Role,
    *,
    holding: int = 0,
) -> None:
    """Raises `Clash` for a nomination by a focal point that no slot is left for.

    Counted are all who are not out, whom a quota without a waiting list covers, and the slots held
    without a name; a slot of the delegation's own for this role is there to be named. With
    `holding`, so many places are to be held without names instead.
    """
    one = Registration(delegation.id, delegation.id, delegation.kind, role)
    await require_open(session, conference, [one])
    await quota_store.lock(session, conference.id)
    found = await quota_store.capacities(session, conference.id, [delegation.id])
    covering = [q for q in [*found, *missing(found, [one])] if q.covers(one)]
    if holding and not any(q.per_delegation or q.delegation_id for q in covering):
        raise Clash(
            f"{delegation.name} has no places of its own as {role.replace('_', ' ')}, so none can "
            "be held; nominate by name.",
            code="no-own-quota",
        )
    strict = [q for q in covering if not (q.waiting_list or q.per_delegation)]
    if not strict:
        return
    narrow = all(quota.delegation_id for quota in strict)
    people = await store.active_like(session, conference.id, delegation.id if narrow else None)
    unnamed = await quota_store.unnamed(session, conference.id, [delegation.id] if narrow else None)
    counted = [
        (Registration(row.delegation_id, row.delegation_id, row.kind, row.role), many)
        for rows, many_of in ((people, lambda row: row.people), (unnamed, lambda row: 1))
        for row in rows
        for many in [many_of(row)]
    ]
    own = any(row.delegation_id == delegation.id and row.role == role for row in unnamed)
    for quota in strict:
        used = sum(many for who, many in counted if quota.covers(who))
        if used + (holding or not own) > quota.capacity:
            raise Clash(
                f"No place is left for {delegation.name} in “{quota.name}”: {used} of "
                f"{quota.capacity} are nominated or held, and it keeps no waiting list. "
                "Withdraw or replace somebody, or ask the registration desk.",
                code="slots-exhausted",
                members={
                    "quota": {
                        "id": str(quota.parent_id or quota.id),
                        "name": quota.name,
                        "capacity": quota.capacity,
                    }
                },
            )


async def hold(
    session: WriteSession, actor: Actor, conference: Conference, given: SlotIn
) -> list[SlotOut]:
    """Holds places before their names are known: an officer anywhere, a focal point its own.

    A focal point holds within the portal's instants, and only where a quota is the delegation's
    own: who could hold in a quota that all share would keep the others out without one name.
    Raises `Clash` (`quota-exhausted`, `slots-exhausted`, `no-own-quota`, `registration-closed`).
    """
    actor.require(conference.id, slots.HOLDERS)
    if given.role not in set(Role):
        raise Invalid("There is no such role.", errors=[("/role", "There is no such role.")])
    role = Role(given.role)
    delegation = await delegations.find(session, actor, conference.id, given.delegation)
    if not actor.may(conference.id, quotas.OFFICERS):
        actor.require_own(conference.id, delegation.id, ())
        await require_slot(session, conference, delegation, role, holding=given.number)
    return await slots.hold(session, actor, conference, given)


async def exchange(
    session: WriteSession, conference_id: UUID, people: Sequence[tuple[Participant, Delegation]]
) -> None:
    """Gives approved people the places that they need now. Raises `Clash` without one.

    Who was let in beyond a capacity stays so where the places needed now are full as well.
    """
    ids = [person.id for person, _ in people]
    things = await quota_store.things_of(session, conference_id, ids)
    await quotas.free_places(session, conference_id, ids)
    for over in (False, True):
        some = [pair for pair in people if pair[0].overflow is over]
        asked = [registration(*pair) for pair in some]
        asked += [replace(r, thing=t) for r in asked for t in things.get(r.participant_id, ())]
        allotments = await quotas.take_places(session, conference_id, asked, override=over)
        if full := [a for a in allotments if a.place is not Place.taken]:
            raise refusal(full, {person.id: person.name for person, _ in people})
        beyond = {a.registration.participant_id for a in allotments if a.overflow}
        for person, _ in some:
            person.overflow = person.id in beyond


async def on_quota_created(session: WriteSession, event: QuotaCreated) -> None:
    """A new quota counts whom it covers from the first moment, or is refused as too small.

    A place that is offered counts like one that is taken: it was promised.
    """
    counts = or_(store.P.c.status == Status.approved, store.P.c.offered_until.is_not(None))
    approved = await store.people(session, event.conference_id, counts)
    await quotas.occupy(
        session, event.conference_id, event.quota_id, [registration(*pair) for pair in approved]
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """A quota with whom it covers, those who wait, and those approved beyond its capacity."""

    id: UUID
    name: str
    capacity: int
    used: int
    waiting: int
    overflow: int
    waiting_list: bool
    kind: Kind | None
    delegation_id: UUID | None
    roles: list[str]
    thing_id: UUID | None
    per_delegation: bool
    offer_hours: int | None
    opens_at: datetime | None
    closes_at: datetime | None


async def standing(
    session: ReadSession,
    conference_id: UUID,
    found: Sequence[Quota],
    delegation: Delegation | None = None,
) -> list[Standing]:
    """How quotas stand; those per delegation as sums and exceptions, or as one delegation's own."""
    waiting = [
        (Registration(row.delegation_id, row.delegation_id, row.kind.value, row.role.value), row)
        for row in await store.waiting_like(session, conference_id)
    ]
    beyond = await quota_store.overflows(session, conference_id)
    own: dict[UUID | None, list[Quota]] = {}
    for quota in found:
        own.setdefault(quota.parent_id, []).append(quota)

    def shown(quota: Quota, counted: Sequence[Quota], scope: Capacity) -> Standing:
        return Standing(
            **quota.model_dump(include=set(Standing.__slots__) - {"used", "delegation_id"}),
            used=sum(one.used for one in counted),
            waiting=sum(row.people for who, row in waiting if scope.covers(who)),
            overflow=sum(beyond.get(one.id, 0) for one in counted),
            delegation_id=scope.delegation_id,
        )

    result = []
    for quota in own.get(None, []):
        scope, mine = capacity(quota), own.get(quota.id, [])
        if delegation is None:
            result.append(shown(quota, [quota, *mine], scope))
            result += [shown(one, [one], capacity(one)) for one in mine if one.exception]
        elif quota.kind in (None, delegation.kind):
            if quota.per_delegation:
                its = [one for one in mine if one.delegation_id == delegation.id]
                narrow = replace(scope, delegation_id=delegation.id)
                result.append(shown(its[0] if its else quota, its, narrow))
            elif quota.delegation_id in (None, delegation.id):
                result.append(shown(quota, [quota], scope))
    return result
