"""Use cases of quotas; `take_places` is the one function that takes places, for every door."""

from collections.abc import Collection, Sequence
from uuid import UUID

from app.accounts import audit
from app.accounts.rules import Actor, Role
from app.conferences.models import Conference
from app.core.db import ReadSession, WriteSession
from app.core.errors import Clash, NotFound
from app.core.events import publish
from app.delegations import service as delegations
from app.quotas import rules, store
from app.quotas.events import QuotaChanged, QuotaCreated
from app.quotas.models import Quota
from app.quotas.rules import Allotment, Registration
from app.quotas.schemas import QuotaEdit, QuotaIn

OFFICERS = frozenset({Role.registration_officer})
READERS = OFFICERS | {Role.protocol_officer, Role.auditor}


async def create(
    session: WriteSession, actor: Actor, conference: Conference, given: QuotaIn
) -> Quota:
    """Creates a quota; it counts who is approved already. Raises `Clash` for a name taken."""
    actor.require(conference.id, OFFICERS)
    # Locked before looking: an approval at the same moment is counted, or waits and sees the quota.
    await store.lock(session, conference.id)
    if any(q.name == given.name for q in await store.quotas(session, conference.id)):
        raise Clash(f"There is a quota “{given.name}” already.", code="name-taken")
    scope = given.scope
    delegation = (
        await delegations.find(session, actor, conference.id, scope.delegation)
        if scope.delegation
        else None
    )
    quota = Quota(
        conference_id=conference.id,
        name=given.name,
        capacity=given.capacity,
        kind=scope.kind,
        delegation_id=delegation.id if delegation else None,
        roles=sorted(set(scope.roles)),
        waiting_list=given.waiting_list,
    )
    session.add(quota)
    audit.record(
        session,
        actor,
        "quota.create",
        conference_id=conference.id,
        target=("quota", quota.id),
        fields=given.model_dump(mode="json"),
    )
    await session.flush()
    await publish(session, QuotaCreated(conference.id, quota.id))
    await session.refresh(quota)
    return quota


async def edit(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID, given: QuotaEdit
) -> Quota:
    """Changes a quota. Raises `Clash` for a capacity below the places already used."""
    actor.require(conference.id, OFFICERS)
    await store.lock(session, conference.id)
    quota = await store.by_id(session, conference.id, id)
    if quota is None:
        raise NotFound
    changes = given.model_dump(exclude_none=True)
    if changes.get("name", quota.name) != quota.name and any(
        q.name == changes["name"] for q in await store.quotas(session, conference.id)
    ):
        raise Clash(f"There is a quota “{given.name}” already.", code="name-taken")
    if changes.get("capacity", quota.used) < quota.used:
        raise Clash(
            f"{quota.used} places of “{quota.name}” are used; its capacity cannot be less.",
            code="capacity-below-used",
        )
    for field, value in changes.items():
        setattr(quota, field, value)
    quota.version += 1
    audit.record(
        session,
        actor,
        "quota.edit",
        conference_id=conference.id,
        target=("quota", quota.id),
        fields=changes,
    )
    await session.flush()
    await publish(session, QuotaChanged(conference.id))
    await session.refresh(quota)
    return quota


async def listed(session: ReadSession, actor: Actor, conference_id: UUID) -> list[Quota]:
    """The quotas of a conference, by name."""
    actor.require(conference_id, READERS)
    return await store.quotas(session, conference_id)


async def take_places(
    session: WriteSession, conference_id: UUID, registrations: Sequence[Registration]
) -> list[Allotment]:
    """Takes a place in every covering quota for each registration, in order, or tells what is full.

    The quotas stay locked until the transaction ends, so nobody takes the same place meanwhile.
    """
    capacities = await store.lock(session, conference_id)
    allotments, used = rules.allot(capacities, registrations)
    await store.keep(session, conference_id, allotments, used)
    return allotments


async def free_places(
    session: WriteSession, conference_id: UUID, participant_ids: Collection[UUID]
) -> int:
    """Frees every place of some registrations; returns how many."""
    await store.lock(session, conference_id)
    return await store.free(session, conference_id, participant_ids)


async def occupy(
    session: WriteSession,
    conference_id: UUID,
    quota_id: UUID,
    registrations: Sequence[Registration],
) -> None:
    """Counts registrations approved before a quota. Raises `Clash` where it is too small."""
    [quota] = [q for q in await store.lock(session, conference_id) if q.id == quota_id]
    allotments, used = rules.allot([quota], registrations)
    if any(a.blocking for a in allotments):
        covered = sum(quota.covers(r) for r in registrations)
        raise Clash(
            f"{covered} approved registrations need a place in “{quota.name}” already; "
            f"its capacity cannot be {quota.capacity}.",
            code="capacity-below-used",
        )
    await store.keep(session, conference_id, allotments, used)
