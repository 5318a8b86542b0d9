"""Use cases of zone passes: open a zone to somebody, take it back, keep the zone's quotas true."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import Row

from app.accounts import audit
from app.accounts.rules import Actor, Role
from app.badges import service as badges
from app.badges.passes import store
from app.badges.passes.models import ZonePass
from app.badges.passes.schemas import PassOut
from app.badges.rules import zones
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession, WriteSession
from app.core.errors import Clash, NotFound
from app.participants.events import StatusChanged
from app.participants.rules import Status
from app.participants.service import find, find_unchanged
from app.quotas import service as quotas
from app.quotas import store as quota_store
from app.quotas.rules import Registration, Thing

KIND = "zone"
OFFICERS = frozenset({Role.registration_officer, Role.protocol_officer})
READERS = OFFICERS | {Role.auditor}


def thing_of(bit: int) -> Thing:
    """A zone as the quotas know it: zones are data, so their ids are made of their bits."""
    return (KIND, uuid5(NAMESPACE_OID, f"plenary:zone:{bit}"))


def words(key: str) -> str:
    """A zone's key as people read it."""
    return key.replace("_", " ").capitalize()


async def things(_: ReadSession, __: UUID) -> list[tuple[UUID, str]]:
    """The zones that a quota can be set for."""
    return [(thing_of(bit)[1], words(key)) for bit, key in zones().items()]


async def held(
    session: ReadSession, conference_id: UUID, id: UUID
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Who has a pass for a zone, for the quotas."""
    bits = {thing_of(bit)[1]: bit for bit in zones()}
    return await store.holders(session, conference_id, bits[id])


async def name_of(session: ReadSession, conference_id: UUID, id: UUID) -> str | None:
    """A zone's name, for the quotas."""
    return dict(await things(session, conference_id)).get(id)


def _bit(zone: str) -> int:
    bits = {key: bit for bit, key in zones().items()}
    if zone not in bits:
        raise NotFound
    return bits[zone]


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone for one person: opened by the category, by a pass, or not at all."""

    key: str
    name: str
    by_category: bool
    granted: PassOut | None


async def of_person(
    session: ReadSession, actor: Actor, conference: Conference, id: UUID
) -> list[Zone]:
    """Every zone, and what opens it to a person. Raises `NotFound`."""
    actor.require(conference.id, READERS)
    person, body = await find(session, actor, conference.id, id)
    category = badges.Holder(
        person.id, person.rank, person.role, body.kind, person.overflow
    ).category
    passes = {
        row.bit: PassOut(
            zone=zones()[row.bit], granted_at=row.granted_at, granted_by=row.granted_by
        )
        for row in await store.of_person(session, conference.id, id)
    }
    return [
        Zone(key, words(key), bool(category.zones >> bit & 1), passes.get(bit))
        for bit, key in zones().items()
    ]


async def grant(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    zone: str,
    *,
    version: int | None = None,
) -> None:
    """Opens a zone to somebody approved; the badge is replaced by one that opens it.

    Raises `Clash`: `not-approved`, `opens-already`, `quota-exhausted` naming the zone's quota.
    """
    actor.require(conference.id, OFFICERS)
    await quota_store.lock(session, conference.id)
    person, body = await find_unchanged(session, actor, conference.id, id, version)
    bit = _bit(zone)
    if person.status is not Status.approved:
        raise Clash(
            f"{person.name} is {person.status}; a pass is for who is approved.",
            code="not-approved",
        )
    holder = badges.Holder(person.id, person.rank, person.role, body.kind, person.overflow)
    held = (await store.bitmaps(session, conference.id, [id])).get(id, 0)
    if (holder.category.zones | held) >> bit & 1:
        raise Clash(f"The badge of {person.name} opens it already.", code="opens-already")
    asked = Registration(person.id, body.id, body.kind, person.role, thing_of(bit))
    await quotas.take_in(session, conference.id, asked, who=person.name, where=words(zone))
    session.add(
        ZonePass(
            conference_id=conference.id,
            participant_id=id,
            bit=bit,
            granted_at=clock.now(),
            granted_by=actor.name[:200],
        )
    )
    _note(session, actor, conference, "badge.zone-grant", id, zone)
    await session.flush()
    await badges.renew(session, conference.id, holder, f"{words(zone)} was opened.")


async def take_back(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    zone: str,
    *,
    version: int | None = None,
) -> None:
    """Takes a pass back; the badge is replaced by one that no longer opens the zone."""
    actor.require(conference.id, OFFICERS)
    await quota_store.lock(session, conference.id)
    person, body = await find_unchanged(session, actor, conference.id, id, version)
    bit = _bit(zone)
    if not await store.remove(session, conference.id, [id], bit):
        raise NotFound
    await quotas.free_places(session, conference.id, [id], thing_of(bit))
    _note(session, actor, conference, "badge.zone-take-back", id, zone)
    holder = badges.Holder(person.id, person.rank, person.role, body.kind, person.overflow)
    await badges.renew(session, conference.id, holder, f"{words(zone)} was closed.")


def _note(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    action: str,
    id: UUID,
    zone: str,
) -> None:
    audit.record(
        session,
        actor,
        action,
        conference_id=conference.id,
        target=("participant", id),
        fields={"zone": zone},
    )


async def on_status_changed(session: WriteSession, event: StatusChanged) -> None:
    """Who is no longer approved has no pass; the places are given back with all the others."""
    gone = [person for person, _, before in event.changes if before is Status.approved]
    if gone:
        await store.remove(session, gone[0].conference_id, [person.id for person in gone])
