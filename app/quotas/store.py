"""Queries of quotas and places."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from app.accounts.rules import Actor
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession, WriteSession, new_id, table
from app.delegations.models import Delegation
from app.delegations.store import visible_to
from app.quotas.models import Quota, QuotaPlace, Slot, SlotPlace
from app.quotas.rules import Allotment, Capacity, Registration, Thing

Q, P, C, S, SP = table(Quota), table(QuotaPlace), table(Conference), table(Slot), table(SlotPlace)
D = table(Delegation)
_LOCKED = "quotas locked"


def capacity(quota: Quota | Row[*tuple[Any, ...]]) -> Capacity:
    """A quota as the decision needs it."""
    return Capacity(
        id=quota.id,
        name=quota.name,
        capacity=quota.capacity,
        used=quota.used,
        waiting_list=quota.waiting_list,
        kind=quota.kind,
        delegation_id=quota.delegation_id,
        roles=frozenset(quota.roles),
        thing=(quota.thing_kind, quota.thing_id) if quota.thing_kind and quota.thing_id else None,
        per_delegation=quota.per_delegation,
        parent_id=quota.parent_id,
        offer_hours=quota.offer_hours,
        opens_at=quota.opens_at,
        closes_at=quota.closes_at,
    )


async def quotas(session: ReadSession, conference_id: UUID) -> list[Quota]:
    """All quotas of a conference."""
    return list(
        (
            await session.execute(
                select(Quota).where(Q.c.conference_id == conference_id).order_by(Q.c.name)
            )
        ).scalars()
    )


async def by_id(session: ReadSession, conference_id: UUID, id: UUID) -> Quota | None:
    """The quota of an id."""
    return (
        await session.execute(select(Quota).where(Q.c.conference_id == conference_id, Q.c.id == id))
    ).scalar_one_or_none()


async def lock(session: WriteSession, conference_id: UUID) -> None:
    """Locks the conference's quotas until the transaction ends; asking twice costs nothing.

    The lock is the conference's own row, so that it also holds where there is no quota yet; it does
    not hinder rows that refer to it. SQLite needs none: a writing transaction began with the lock
    of the whole database.
    """
    locked: set[UUID] = session.info.setdefault(_LOCKED, set())
    if conference_id in locked or session.get_bind().dialect.name == "sqlite":
        return
    await session.execute(
        select(C.c.id).where(C.c.id == conference_id).with_for_update(key_share=True)
    )
    if not session.in_nested_transaction():  # rolled back, a savepoint gives its locks back
        locked.add(conference_id)


# Built once: the hot path of every approval.
_CAPACITIES = (
    select(
        Q.c.id,
        Q.c.name,
        Q.c.capacity,
        Q.c.used,
        Q.c.waiting_list,
        Q.c.kind,
        Q.c.delegation_id,
        Q.c.roles,
        Q.c.thing_kind,
        Q.c.thing_id,
        Q.c.per_delegation,
        Q.c.parent_id,
        Q.c.offer_hours,
        Q.c.opens_at,
        Q.c.closes_at,
    )
    .where(
        Q.c.conference_id == bindparam("conference"),
        or_(
            Q.c.delegation_id.is_(None),
            Q.c.delegation_id.in_(bindparam("delegations", expanding=True)),
        ),
    )
    .order_by(Q.c.id)
)


async def capacities(
    session: ReadSession, conference_id: UUID, delegations: Collection[UUID]
) -> list[Capacity]:
    """The quotas that may cover registrations of some delegations."""
    given = {"conference": conference_id, "delegations": list(delegations)}
    return [capacity(row) for row in await session.execute(_CAPACITIES, given)]


async def add_own(
    session: WriteSession, conference_id: UUID, made: Sequence[Capacity]
) -> list[Capacity]:
    """Stores delegations' own quotas of quotas per delegation; returns them as they are called."""
    if not made:
        return []
    found = await session.execute(
        select(D.c.id, D.c.code).where(
            _of(D, conference_id, D.c.id, [q.delegation_id for q in made])
        )
    )
    codes = {row.id: row.code for row in found}
    named = [replace(one, name=own_name(one.name, codes[one.delegation_id])) for one in made]
    rows = [
        {
            **{
                field: getattr(one, field)
                for field in (
                    *("id", "name", "capacity", "used", "kind", "delegation_id", "parent_id"),
                    *("waiting_list", "offer_hours", "opens_at", "closes_at"),
                )
            },
            "conference_id": conference_id,
            "roles": sorted(one.roles),
            "thing_kind": one.thing[0] if one.thing else None,
            "thing_id": one.thing[1] if one.thing else None,
            "per_delegation": False,
            "exception": False,
            "version": 1,
        }
        for one in named
    ]
    await session.execute(insert(Q), rows)
    return named


def own_name(name: str, code: str) -> str:
    """What a delegation's own quota is called."""
    return f"{name[:180]} · {code}"


async def keep(
    session: WriteSession,
    conference_id: UUID,
    allotments: Sequence[Allotment],
    changed: Mapping[UUID, int],
    held: Mapping[UUID, frozenset[UUID]],
) -> None:
    """Writes what was allotted: the places, and the new `used` of the quotas that changed."""
    places = [
        {
            "id": new_id(),
            "conference_id": conference_id,
            "quota_id": quota_id,
            "participant_id": one.registration.participant_id,
            "taken_at": clock.now(),
            "overflow": overflow,
        }
        for one in allotments
        for ids, overflow in ((one.quotas, False), ([q.id for q in one.overflow], True))
        for quota_id in ids
    ]
    asked = (one.registration.participant_id for one in allotments if one.blocking is None)
    if passed := [id for id in asked if id in held]:
        kept = frozenset().union(*(held[id] for id in passed))
        of_passed = _of(P, conference_id, P.c.participant_id, passed)
        await session.execute(delete(P).where(of_passed, P.c.quota_id.in_(kept)))
        slots = select(S.c.id).where(_of(S, conference_id, S.c.participant_id, passed))
        await session.execute(delete(SP).where(SP.c.slot_id.in_(slots)))
        await session.execute(delete(S).where(_of(S, conference_id, S.c.participant_id, passed)))
    if places:
        await session.execute(insert(P), places)
    await _set_used(session, changed)


async def _set_used(session: WriteSession, changed: Mapping[UUID, int]) -> None:
    if changed:
        await (await session.connection()).execute(
            update(Q).where(Q.c.id == bindparam("quota")).values(used=bindparam("now_used")),
            [{"quota": id, "now_used": used} for id, used in sorted(changed.items())],
        )


def _of(
    kept: Table, conference_id: UUID, column: ColumnElement[Any], ids: Collection[UUID | None]
) -> ColumnElement[bool]:
    return and_(kept.c.conference_id == conference_id, column.in_(ids))


async def held(
    session: ReadSession, conference_id: UUID, participants: Collection[UUID]
) -> dict[UUID, frozenset[UUID]]:
    """The quotas in which a named slot or an offer keeps a place, by participant."""
    mine = (
        select(P.c.participant_id, P.c.quota_id)
        .join(Q, Q.c.id == P.c.quota_id)
        .where(
            _of(P, conference_id, P.c.participant_id, participants),
            P.c.overflow.is_(False),
            Q.c.thing_kind.is_(None),
        )
    )
    named = (
        select(S.c.participant_id, SP.c.quota_id)
        .outerjoin(SP, SP.c.slot_id == S.c.id)
        .where(_of(S, conference_id, S.c.participant_id, participants))
    )
    found: dict[UUID, set[UUID]] = {}
    for participant, quota in await session.execute(mine.union_all(named)):
        found.setdefault(participant, set()).update({quota} if quota else ())
    return {participant: frozenset(quotas) for participant, quotas in found.items()}


async def free(
    session: WriteSession,
    conference_id: UUID,
    participant_ids: Collection[UUID],
    thing: Thing | None = None,
) -> int:
    """Frees places of some registrations, all or those of a thing; returns how many.

    Call with the quotas locked.
    """
    mine = _of(P, conference_id, P.c.participant_id, participant_ids)
    if thing:
        of_thing = select(Q.c.id).where(Q.c.thing_kind == thing[0], Q.c.thing_id == thing[1])
        mine &= P.c.quota_id.in_(of_thing)
    return await _free(session, P, mine)


async def free_slots(
    session: WriteSession, conference_id: UUID, slot_ids: Collection[UUID], *, forget: bool = True
) -> None:
    """Frees the places of slots, and forgets the slots. Call with the quotas locked."""
    await _free(session, SP, _of(SP, conference_id, SP.c.slot_id, slot_ids))
    if forget:
        await session.execute(delete(S).where(_of(S, conference_id, S.c.id, slot_ids)))


async def keep_slots(
    session: WriteSession,
    conference_id: UUID,
    allotments: Sequence[Allotment],
    changed: Mapping[UUID, int],
) -> None:
    """Writes what slots hold, and the new `used` of the quotas that changed."""
    places = [
        {
            "id": new_id(),
            "conference_id": conference_id,
            "quota_id": quota_id,
            "slot_id": one.registration.participant_id,
        }
        for one in allotments
        for quota_id in one.quotas
    ]
    if places:
        await session.execute(insert(SP), places)
    await _set_used(session, changed)


def as_registration(slot: Slot | Row[*tuple[Any, ...]], kind: str) -> Registration:
    """A slot as the quotas see it."""
    return Registration(slot.id, slot.delegation_id, kind, slot.role)


async def slots(session: ReadSession, conference_id: UUID) -> list[Registration]:
    """All slots held in a conference, as the quotas see them."""
    found = await session.execute(
        select(S.c.id, S.c.delegation_id, S.c.role, S.c.participant_id, D.c.kind)
        .join(D, D.c.id == S.c.delegation_id)
        .where(S.c.conference_id == conference_id)
        .order_by(S.c.held_at, S.c.id)
    )
    return [as_registration(row, row.kind) for row in found]


async def slot(session: ReadSession, conference_id: UUID, id: UUID) -> Slot | None:
    """The slot of an id."""
    query = select(Slot).where(S.c.conference_id == conference_id, S.c.id == id)
    return (await session.execute(query)).scalar_one_or_none()


async def slots_of(
    session: ReadSession, actor: Actor, conference_id: UUID, code: str | None
) -> list[tuple[Slot, Delegation]]:
    """Slots with their delegations, as far as the actor may see them."""
    query = (
        select(Slot, Delegation)
        .join(D, D.c.id == S.c.delegation_id)
        .where(S.c.conference_id == conference_id, visible_to(actor, conference_id))
        .order_by(D.c.code, S.c.held_at, S.c.id)
    )
    if code:
        query = query.where(D.c.code == code)
    return [(row[0], row[1]) for row in await session.execute(query)]


async def unnamed(
    session: ReadSession,
    conference_id: UUID,
    delegations: Collection[UUID] | None = None,
    *,
    lock: bool = False,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Slots without a name, first held first: id, delegation, its kind and the role."""
    query = (
        select(S.c.id, S.c.delegation_id, S.c.role, D.c.kind)
        .join(D, D.c.id == S.c.delegation_id)
        .where(S.c.conference_id == conference_id, S.c.participant_id.is_(None))
        .order_by(S.c.held_at, S.c.id)
    )
    if delegations is not None:
        query = query.where(S.c.delegation_id.in_(delegations))
    if lock:
        query = query.with_for_update(of=S, skip_locked=True)
    return (await session.execute(query)).all()


async def set_name(session: WriteSession, slot_id: UUID, participant_id: UUID) -> None:
    """Names who takes a slot."""
    await session.execute(update(S).where(S.c.id == slot_id).values(participant_id=participant_id))


async def unname(
    session: WriteSession, conference_id: UUID, participants: Collection[UUID]
) -> None:
    """Takes the names off slots."""
    mine = _of(S, conference_id, S.c.participant_id, participants)
    await session.execute(update(S).where(mine).values(participant_id=None))


async def own(
    session: ReadSession, conference_id: UUID, parent_id: UUID, delegation_id: UUID
) -> Quota | None:
    """A delegation's own quota of one per delegation."""
    query = select(Quota).where(
        Q.c.conference_id == conference_id,
        Q.c.parent_id == parent_id,
        Q.c.delegation_id == delegation_id,
    )
    return (await session.execute(query)).scalar_one_or_none()


async def _free(session: WriteSession, kept: Table, mine: ColumnElement[bool]) -> int:
    counted = mine if kept is SP else mine & P.c.overflow.is_(False)
    freed = (
        await session.execute(
            select(kept.c.quota_id, func.count().label("places"))
            .where(counted)
            .group_by(kept.c.quota_id)
        )
    ).all()
    await session.execute(delete(kept).where(mine))
    if freed:
        by_quota = Q.c.id == bindparam("quota")
        await (await session.connection()).execute(
            update(Q).where(by_quota).values(used=Q.c.used - bindparam("places")),
            [{"quota": row.quota_id, "places": row.places} for row in freed],
        )
    return sum(row.places for row in freed)


async def beyond(
    session: ReadSession, conference_id: UUID, participant_id: UUID
) -> frozenset[UUID]:
    """The quotas that somebody was let in beyond."""
    found = await session.execute(
        select(P.c.quota_id).where(
            P.c.conference_id == conference_id, P.c.participant_id == participant_id, P.c.overflow
        )
    )
    return frozenset(found.scalars())


async def overflows(session: ReadSession, conference_id: UUID) -> dict[UUID, int]:
    """How many were let in beyond the capacity, by quota."""
    found = await session.execute(
        select(P.c.quota_id, func.count())
        .where(P.c.conference_id == conference_id, P.c.overflow)
        .group_by(P.c.quota_id)
    )
    return {row[0]: row[1] for row in found}


async def things_of(
    session: ReadSession, conference_id: UUID, participants: Collection[UUID]
) -> dict[UUID, set[Thing]]:
    """The receptions, or what else has places, where people have one."""
    found = await session.execute(
        select(P.c.participant_id, Q.c.thing_kind, Q.c.thing_id)
        .join(Q, Q.c.id == P.c.quota_id)
        .where(_of(P, conference_id, P.c.participant_id, participants), Q.c.thing_id.is_not(None))
    )
    things: dict[UUID, set[Thing]] = {}
    for row in found:
        things.setdefault(row.participant_id, set()).add((row.thing_kind, row.thing_id))
    return things
