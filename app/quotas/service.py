"""Use cases of quotas; `take_places` is the one function that takes places, for every door."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from app.accounts import audit
from app.accounts.rules import Actor, Role
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession, WriteSession
from app.core.errors import Clash, NotFound, Outdated
from app.core.events import publish
from app.delegations import service as delegations
from app.quotas import rules, scopes, store
from app.quotas.events import QuotaChanged, QuotaCreated
from app.quotas.models import Quota
from app.quotas.rules import Allotment, Capacity, Registration
from app.quotas.schemas import QuotaEdit, QuotaIn

OFFICERS = frozenset({Role.registration_officer})
READERS = OFFICERS | {Role.protocol_officer, Role.auditor}
_EMPTYABLE = frozenset({"offer_hours", "opens_at", "closes_at"})


def _instant(given: datetime | None, conference: Conference) -> datetime | None:
    """An instant as given, a time without a zone by the conference's clocks."""
    if given is None or given.tzinfo:
        return given
    return clock.local_to_utc(given, conference.timezone)


async def create(
    session: WriteSession, actor: Actor, conference: Conference, given: QuotaIn
) -> Quota:
    """Creates a quota; it counts who is approved already. Raises `Clash` for a name taken.

    The name of a quota per delegation, with a delegation as scope, makes the exception for it.
    """
    actor.require(conference.id, OFFICERS)
    # Locked before looking: an approval at the same moment is counted, or waits and sees the quota.
    await store.lock(session, conference.id)
    scope = given.scope
    delegation = (
        await delegations.find(session, actor, conference.id, scope.delegation)
        if scope.delegation
        else None
    )
    named = [q for q in await store.quotas(session, conference.id) if q.name == given.name]
    if named and named[0].per_delegation and delegation:
        who = Registration(delegation.id, delegation.id, delegation.kind, "")
        return await _except(session, actor, conference, named[0], who, given)
    if named:
        raise Clash(f"There is a quota “{given.name}” already.", code="name-taken")
    if given.per_delegation and delegation:
        raise Clash("A quota per delegation is not that of one delegation.", code="wrong-scope")
    thing = (scope.thing.kind, scope.thing.id) if scope.thing else None
    if thing:
        await scopes.name_of(session, conference.id, thing)
    quota = Quota(
        **given.model_dump(exclude={"scope", "opens_at", "closes_at"}),
        conference_id=conference.id,
        kind=scope.kind,
        delegation_id=delegation.id if delegation else None,
        roles=sorted(set(scope.roles)),
        thing_kind=thing[0] if thing else None,
        thing_id=thing[1] if thing else None,
        opens_at=_instant(given.opens_at, conference),
        closes_at=_instant(given.closes_at, conference),
    )
    session.add(quota)
    _note(session, actor, "quota.create", quota, given.model_dump(mode="json"))
    await session.flush()
    await publish(session, QuotaCreated(conference.id, quota.id))
    if thing:
        await count_holders(session, conference.id, quota.id, thing)
    await session.refresh(quota)
    return quota


async def count_holders(
    session: WriteSession, conference_id: UUID, quota_id: UUID, thing: rules.Thing
) -> None:
    """A new quota of a session, a reception or a zone counts who holds a place there already.

    Raises `Clash` where it is too small.
    """
    holders = await scopes.holders(session, conference_id, thing)
    await occupy(session, conference_id, quota_id, holders)


async def _except(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    parent: Quota,
    who: Registration,
    given: QuotaIn,
) -> Quota:
    if parent.kind not in (None, who.kind) or given.scope.roles not in ([], parent.roles):
        raise Clash(
            f"An exception to “{parent.name}” has its roles, for a delegation of its kind.",
            code="wrong-scope",
        )
    found = await store.own(session, conference.id, parent.id, who.delegation_id)
    if found is None:
        default = store.capacity(parent)
        like = replace(who, role=(parent.roles or [""])[0], thing=default.thing)
        await store.add_own(session, conference.id, rules.missing([default], [like]))
        found = await store.own(session, conference.id, parent.id, who.delegation_id)
    assert found is not None
    return await edit(session, actor, conference, found.id, QuotaEdit(capacity=given.capacity))


async def edit(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    given: QuotaEdit,
    *,
    version: int | None = None,
) -> Quota:
    """Changes a quota, and with one per delegation those of the delegations but the exceptions.

    Raises `Clash` for a capacity below the places already used, `Outdated`.
    """
    actor.require(conference.id, OFFICERS)
    await store.lock(session, conference.id)
    quota = await store.by_id(session, conference.id, id)
    if quota is None:
        raise NotFound
    if version is not None and quota.version != version:
        raise Outdated("Somebody changed this quota meanwhile; look again.")
    changes = {
        field: value
        for field, value in given.model_dump(exclude_unset=True).items()
        if value is not None or field in _EMPTYABLE
    }
    for field in changes.keys() & {"opens_at", "closes_at"}:
        changes[field] = _instant(changes[field], conference)
    others = await store.quotas(session, conference.id)
    if changes.get("name", quota.name) != quota.name and any(
        q.name == changes["name"] for q in others
    ):
        raise Clash(f"There is a quota “{given.name}” already.", code="name-taken")
    own = [q for q in others if q.parent_id == quota.id]
    concerned = [quota, *(q for q in own if not q.exception)] if "capacity" in changes else []
    for one in concerned:
        if changes["capacity"] < one.used:
            raise Clash(
                f"{one.used} places of “{one.name}” are used; its capacity cannot be less.",
                code="capacity-below-used",
            )
    for field, value in changes.items():
        setattr(quota, field, value)
        for child in own:
            if field == "name":
                child.name = store.own_name(quota.name, child.name.rsplit(" · ", 1)[-1])
            elif not (field == "capacity" and child.exception):
                setattr(child, field, value)
    quota.exception = quota.exception or (quota.parent_id is not None and "capacity" in changes)
    quota.version += 1
    _note(session, actor, "quota.edit", quota, changes)
    await session.flush()
    await publish(session, QuotaChanged(conference.id))
    await session.refresh(quota)
    return quota


def _note(
    session: WriteSession, actor: Actor, action: str, quota: Quota, fields: dict[str, object]
) -> None:
    audit.record(
        session,
        actor,
        action,
        conference_id=quota.conference_id,
        target=("quota", quota.id),
        fields=fields,
    )


async def listed(session: ReadSession, actor: Actor, conference_id: UUID) -> list[Quota]:
    """The quotas of a conference, by name; of those per delegation also each delegation's own."""
    actor.require(conference_id, READERS)
    return await store.quotas(session, conference_id)


async def one(session: ReadSession, actor: Actor, conference_id: UUID, id: UUID) -> Quota:
    """One quota. Raises `NotFound`."""
    actor.require(conference_id, READERS)
    found = await store.by_id(session, conference_id, id)
    if found is None:
        raise NotFound
    return found


async def covering(
    session: WriteSession, conference_id: UUID, registrations: Sequence[Registration]
) -> list[Capacity]:
    """The quotas that may cover registrations, locked; delegations' own are made where missing."""
    await store.lock(session, conference_id)
    bodies = {registration.delegation_id for registration in registrations}
    found = await store.capacities(session, conference_id, bodies)
    made = rules.missing(found, registrations)
    return [*found, *await store.add_own(session, conference_id, made)]


async def take_places(
    session: WriteSession,
    conference_id: UUID,
    registrations: Sequence[Registration],
    *,
    override: bool = False,
) -> list[Allotment]:
    """Takes a place in every covering quota for each registration, in order, or tells what is full.

    The quotas stay locked until the transaction ends, so nobody takes the same place meanwhile.
    The places of a slot or an offer pass to the registration that they were kept for. `override`
    lets registrations into full quotas, beyond the capacity.
    """
    if not registrations:
        return []
    capacities = await covering(session, conference_id, registrations)
    asking = [r.participant_id for r in registrations if r.thing is None]
    held = await store.held(session, conference_id, asking) if capacities and asking else {}
    allotments, used = rules.allot(capacities, registrations, held, override=override)
    changed = {q.id: used[q.id] for q in capacities if used.get(q.id, q.used) != q.used}
    await store.keep(session, conference_id, allotments, changed, held)
    return allotments


async def take_in(
    session: WriteSession,
    conference_id: UUID,
    asked: Registration,
    *,
    who: str,
    where: str,
    override: bool = False,
) -> None:
    """Takes a place in the quotas of a thing, a session or a reception say, for one person.

    Raises `Clash` (`quota-exhausted`) in words that name the person, the thing and the quota.
    """
    [one] = await take_places(session, conference_id, [asked], override=override)
    if one.blocking:
        raise Clash(
            f"No place for {who} in {where}: the quota “{one.blocking.name}” is spent "
            f"({one.blocking.used} of {one.blocking.capacity}).",
            code="quota-exhausted",
            members={"quota": {"id": str(one.blocking.id), "name": one.blocking.name}},
        )


async def free_places(
    session: WriteSession,
    conference_id: UUID,
    participant_ids: Collection[UUID],
    thing: rules.Thing | None = None,
) -> int:
    """Frees the places of some registrations, all or those of a thing; returns how many."""
    await store.lock(session, conference_id)
    return await store.free(session, conference_id, participant_ids, thing)


async def occupy(
    session: WriteSession,
    conference_id: UUID,
    quota_id: UUID,
    registrations: Sequence[Registration],
) -> None:
    """Counts registrations approved and slots held before a quota.

    Raises `Clash` where it is too small.
    """
    slots = await store.slots(session, conference_id)
    asked = [*registrations, *slots]
    found = await covering(session, conference_id, asked)
    mine = [q for q in found if quota_id in (q.id, q.parent_id)]
    allotments, used = rules.allot(mine, asked)
    for one in allotments:
        if one.blocking:
            quota = one.blocking
            covered = sum(quota.covers(r) for r in asked)
            raise Clash(
                f"{covered} registrations and slots need a place in “{quota.name}” already; "
                f"its capacity cannot be {quota.capacity}.",
                code="capacity-below-used",
            )
    changed = {id: count for id, count in used.items() if count}
    await store.keep(session, conference_id, allotments[: len(registrations)], changed, {})
    await store.keep_slots(session, conference_id, allotments[len(registrations) :], {})
