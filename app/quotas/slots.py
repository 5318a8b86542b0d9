"""Slots: places held for a delegation before the names are known."""

from collections.abc import Collection, Sequence
from uuid import UUID

from app.accounts import audit
from app.accounts.rules import Actor, Role
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession, WriteSession
from app.core.errors import Clash, NotFound
from app.core.events import publish
from app.delegations import service as delegations
from app.delegations.models import Delegation
from app.quotas import rules, store
from app.quotas.events import QuotaChanged
from app.quotas.models import Slot
from app.quotas.rules import Registration
from app.quotas.schemas import SlotIn, SlotOut
from app.quotas.service import OFFICERS, READERS, covering

HOLDERS = OFFICERS | {Role.focal_point}


async def hold(
    session: WriteSession, actor: Actor, conference: Conference, given: SlotIn
) -> list[SlotOut]:
    """Holds places for a delegation: each slot takes one in every quota that covers its role.

    Raises `Clash` (`quota-exhausted`, naming the quota) where one is full: then none is held.
    """
    actor.require(conference.id, HOLDERS)
    delegation = await delegations.find(session, actor, conference.id, given.delegation)
    actor.require_own(conference.id, delegation.id, OFFICERS)
    now = clock.now()
    slots = [
        Slot(
            conference_id=conference.id,
            delegation_id=delegation.id,
            role=given.role,
            held_at=now,
        )
        for _ in range(given.number)
    ]
    session.add_all(slots)
    await session.flush()
    await _take(session, conference.id, [store.as_registration(s, delegation.kind) for s in slots])
    for slot in slots:
        _note(session, actor, "slot.hold", slot)
    return [_shown(slot, delegation) for slot in slots]


async def _take(session: WriteSession, conference_id: UUID, asked: Sequence[Registration]) -> None:
    capacities = await covering(session, conference_id, asked)
    allotments, used = rules.allot(capacities, asked)
    if full := [a.blocking for a in allotments if a.blocking]:
        raise Clash(
            f"No place to hold: of “{full[0].name}” {full[0].used} of {full[0].capacity} places "
            "are used.",
            code="quota-exhausted",
            members={"quota": {"id": str(full[0].id), "name": full[0].name}},
        )
    changed = {q.id: used[q.id] for q in capacities if used.get(q.id, q.used) != q.used}
    await store.keep_slots(session, conference_id, allotments, changed)


async def release(session: WriteSession, actor: Actor, conference: Conference, id: UUID) -> None:
    """Gives a held place back; it goes to who waits first. Raises `NotFound`, `Forbidden`."""
    actor.require(conference.id, HOLDERS)
    await store.lock(session, conference.id)
    found = await store.slot(session, conference.id, id)
    if found is None or (
        not actor.may(conference.id, OFFICERS)
        and (found.delegation_id not in actor.delegations_in(conference.id))
    ):
        raise NotFound
    _note(session, actor, "slot.release", found)
    await store.free_slots(session, conference.id, [id])
    await publish(session, QuotaChanged(conference.id))


async def listed(
    session: ReadSession, actor: Actor, conference_id: UUID, code: str | None = None
) -> list[SlotOut]:
    """The slots held, of the delegations that the actor may see, or of one of them."""
    actor.require(conference_id, READERS | {Role.focal_point})
    found = await store.slots_of(session, actor, conference_id, code)
    return [_shown(slot, delegation) for slot, delegation in found]


async def name(session: WriteSession, conference_id: UUID, people: Sequence[Registration]) -> None:
    """Gives people nominated now the slots held for their delegation and role, first held first."""
    bodies = {person.delegation_id for person in people}
    free: dict[tuple[UUID, str], list[UUID]] = {}
    for row in await store.unnamed(session, conference_id, bodies, lock=True):
        free.setdefault((row.delegation_id, row.role), []).append(row.id)
    if not free:
        return
    for person in people:
        if slots := free.get((person.delegation_id, person.role)):
            await store.set_name(session, slots.pop(0), person.participant_id)


async def exchange(session: WriteSession, delegation: Delegation) -> None:
    """Moves a delegation's slots to the quotas of its new kind. Raises `Clash` without places."""
    conference_id = delegation.conference_id
    mine = [
        r for r in await store.slots(session, conference_id) if r.delegation_id == delegation.id
    ]
    ids = [registration.participant_id for registration in mine]
    await store.free_slots(session, conference_id, ids, forget=False)
    await _take(session, conference_id, mine)


async def unname(
    session: WriteSession, conference_id: UUID, participants: Collection[UUID]
) -> None:
    """Keeps for their delegations the slots of people who leave before they were approved."""
    await store.unname(session, conference_id, participants)


def _shown(slot: Slot, delegation: Delegation) -> SlotOut:
    return SlotOut.model_validate(
        {**slot.model_dump(), "delegation": delegation.code, "delegation_name": delegation.name}
    )


def _note(session: WriteSession, actor: Actor, action: str, slot: Slot) -> None:
    audit.record(
        session,
        actor,
        action,
        conference_id=slot.conference_id,
        target=("slot", slot.id),
        fields={"delegation": slot.delegation_id, "role": slot.role},
    )
