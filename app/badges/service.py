"""Use cases of badges: issued and revoked with the status, handed over, collected, replaced."""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.accounts import audit
from app.accounts.rules import Actor, Role
from app.badges import modules, store
from app.badges.codes import Payload, encode
from app.badges.models import Badge
from app.badges.passes import store as opened
from app.badges.rules import (
    FLAG_FLOOR,
    Category,
    category_of,
    collected_too_early,
    may_print,
    validity,
)
from app.badges.store import Choice
from app.conferences.models import Conference
from app.conferences.rules import policies_of
from app.core import clock
from app.core.db import WriteSession, new_id
from app.core.errors import Clash, NotFound
from app.core.keys import keyring
from app.participants.events import ParticipantEdited, StatusChanged
from app.participants.rules import TABLE, BadgeEffect, Status

OFFICERS = frozenset({Role.registration_officer})
KEY = "badges"

_REASONS = {
    Status.refused: "The registration was refused.",
    Status.withdrawn: "The registration was withdrawn.",
    Status.substituted: "Another person took the place.",
}


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a badge is for, and what decides its category."""

    participant_id: UUID
    rank: str | None
    role: str
    kind: str
    overflow: bool = False

    @property
    def category(self) -> Category:
        """The category of the badge that is due."""
        return category_of(rank=self.rank, role=self.role, kind=self.kind, overflow=self.overflow)


async def issue(
    session: WriteSession, conference_id: UUID, holders: Sequence[Holder], *, at: datetime
) -> list[int]:
    """Issues a badge to each, in one statement; returns their serials in that order.

    Nobody of them may have an active one.
    """
    if not holders:
        return []
    starts, ends, sample = await store.period(session, conference_id)
    sign = signer(conference_id, validity(starts, ends, sample=sample), at=at)

    passes = await opened.bitmaps(session, conference_id, [one.participant_id for one in holders])

    def made() -> list[dict[str, object]]:
        return [
            sign(_with(one.category, passes.get(one.participant_id, 0)))
            | {"participant_id": one.participant_id}
            for one in holders
        ]

    # Signing thousands takes seconds: the gates of this process must not wait for it.
    rows = await asyncio.to_thread(made)
    await store.add(session, rows)
    return [int(str(row["serial"])) for row in rows]


def _with(category: Category, zones: int) -> Category:
    return replace(category, zones=category.zones | zones)


async def renew(session: WriteSession, conference_id: UUID, holder: Holder, reason: str) -> None:
    """Replaces a person's badge, where there is one, by one that says what is true now."""
    if await store.active_of(session, conference_id, holder.participant_id) is None:
        return
    now = clock.now()
    await store.revoke(session, conference_id, [holder.participant_id], at=now, reason=reason)
    await issue(session, conference_id, [holder], at=now)


def signer(
    conference_id: UUID, days: tuple[date, date], *, at: datetime
) -> Callable[[Category], dict[str, object]]:
    """Makes new badges as rows, each with a serial and a signed code of its own, for nobody yet."""
    key_id, key = keyring().signing_key(str(conference_id), KEY)

    def signed(category: Category) -> dict[str, object]:
        payload = Payload(
            key_id=key_id,
            serial=secrets.randbits(63),
            category=category.number,
            zones=category.zones,
            valid_from=days[0],
            valid_until=days[1],
            flags=FLAG_FLOOR if category.takes_floor else 0,
        )
        code = encode(payload, key)
        return {
            "id": new_id(),
            "conference_id": conference_id,
            "serial": payload.serial,
            "category": category.key,
            "zones": category.zones,
            "takes_floor": category.takes_floor,
            "valid_from": days[0],
            "valid_until": days[1],
            "key_id": key_id,
            "code": code,
            "matrix": modules.matrix(code),
            "issued_at": at,
        }

    return signed


async def on_status_changed(session: WriteSession, event: StatusChanged) -> None:
    """Issues for approvals, revokes for who left: what the status table says of badges."""
    issued: dict[UUID, list[Holder]] = {}
    revoked: dict[tuple[UUID, Status], list[UUID]] = {}
    for person, delegation, before in event.changes:
        effect = TABLE[before, person.status].badge
        if effect is BadgeEffect.issued:
            holder = Holder(person.id, person.rank, person.role, delegation.kind, person.overflow)
            issued.setdefault(person.conference_id, []).append(holder)
        elif effect is BadgeEffect.revoked:
            revoked.setdefault((person.conference_id, person.status), []).append(person.id)
    now = clock.now()
    for (conference_id, status), people in revoked.items():
        reason = " ".join(filter(None, (_REASONS[status], event.reason)))[:200]
        await store.revoke(session, conference_id, people, at=now, reason=reason)
    for conference_id, holders in issued.items():
        await issue(session, conference_id, holders, at=now)


async def on_participant_edited(session: WriteSession, event: ParticipantEdited) -> None:
    """A new rank or role of another category replaces the badge."""
    person = event.person
    if not event.fields & {"rank", "role"}:
        return
    present = await store.active_of(session, person.conference_id, person.id)
    kind = event.delegation.kind
    holder = Holder(person.id, person.rank, person.role, kind, person.overflow)
    due = holder.category
    if present is None or present == due.key:
        return
    reason = f"The category changed from {present} to {due.key}."
    await renew(session, person.conference_id, holder, reason)


async def active(session: WriteSession, conference_id: UUID, serial: int) -> Badge:
    badge = await store.by_serial(session, conference_id, serial)
    if badge is None:
        raise NotFound
    if badge.revoked_at is not None:
        raise Clash("This badge was revoked before; it cannot be used.", code="badge-revoked")
    return badge


async def revoke(
    session: WriteSession, actor: Actor, conference: Conference, serial: int, *, reason: str
) -> Badge:
    """Stops a badge at once. Raises `NotFound`, or `Clash` where it was revoked before."""
    actor.require(conference.id, OFFICERS)
    badge = await active(session, conference.id, serial)
    badge.revoked_at = clock.now()
    badge.revoked_reason = reason
    note(session, actor, "badge.revoke", badge, {"reason": reason})
    await session.flush()
    return badge


async def reissue(
    session: WriteSession, actor: Actor, conference: Conference, serial: int, *, reason: str
) -> Badge:
    """Replaces a participant's badge by one with a new serial; the old one scans `revoked`."""
    actor.require(conference.id, OFFICERS)
    badge = await revoke(session, actor, conference, serial, reason=reason)
    if badge.participant_id is None:
        raise Clash("Only a participant's badge is replaced; issue a new card instead.")
    found = await store.holder(session, conference.id, badge.participant_id)
    holder = Holder(badge.participant_id, *found)
    await issue(session, conference.id, [holder], at=clock.now())
    choice = Choice(participant=badge.participant_id)
    [made] = await store.rows(session, conference.id, choice)
    return await active(session, conference.id, made.serial)


async def reprint(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    holders: Sequence[Holder],
    before: Sequence[int],
) -> list[int]:
    """New serials for people whose badges `before` are printed again; the old ones scan `revoked`.

    All at once, in the order of the holders.
    """
    now = clock.now()
    people = [one.participant_id for one in holders]
    await store.revoke(session, conference.id, people, at=now, reason="Printed again.")
    made = await issue(session, conference.id, holders, at=now)
    audit.record(
        session,
        actor,
        "badge.reprint",
        conference_id=conference.id,
        target=("conference", conference.id),
        fields={"revoked": [str(one) for one in before], "serials": [str(one) for one in made]},
    )
    return made


def waits_for_photo(conference: Conference, row: Row[*tuple[Any, ...]]) -> bool:
    """Whether a badge is on no paper yet because it is held: nobody can have it."""
    exempt = policies_of(conference.policies).photo_exempt_ranks
    return (
        row.printed_at is None
        and row.participant is not None
        and may_print(row.rank, row.photo_id is not None, exempt) is not None
    )


def at_the_counter(row: Row[*tuple[Any, ...]]) -> bool:
    """Whether a badge was given to nobody yet."""
    return row.handed_over_at is None and row.collected_at is None


def _there(
    conference: Conference, choice: Choice, rows: Sequence[Row[*tuple[Any, ...]]]
) -> list[Row[*tuple[Any, ...]]]:
    """Those of the badges that may be on paper; a whole delegation goes without those held.

    Raises `Clash` for one asked for by serial or person, and where no other is left.
    """
    there: list[Row[*tuple[Any, ...]]] = []
    held: list[Row[*tuple[Any, ...]]] = []
    for row in rows:
        (held if waits_for_photo(conference, row) else there).append(row)
    if held and (choice.serials or choice.participant or not there):
        who = f"The badge of {held[0].name} is"
        if len(held) > 1:
            who = f"{len(held)} badges are"
        raise Clash(
            f"{who} not printed: there is no photo yet, and the rank is not exempt from one.",
            code="badge-held",
        )
    return there


async def hand_over(
    session: WriteSession, actor: Actor, conference: Conference, choice: Choice, *, to: str
) -> int:
    """Gives badges in bulk to somebody who distributes them; returns how many. Collects none.

    Of a delegation those that wait for a photo stay behind; raises `Clash` for one asked for.
    """
    actor.require(conference.id, OFFICERS)
    chosen = list(
        filter(at_the_counter, await store.rows(session, conference.id, choice, lock=True))
    )
    chosen = _there(conference, choice, chosen)
    values = {"handed_over_at": clock.now(), "handed_over_to": to}
    await store.mark(session, conference.id, [row.id for row in chosen], **values)
    audit.record(
        session,
        actor,
        "badge.hand-over",
        conference_id=conference.id,
        target=("conference", conference.id),
        fields={"to": to, "serials": [str(row.serial) for row in chosen]},
    )
    return len(chosen)


async def collect(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    choice: Choice,
    *,
    by: str | None = None,
    letter: str | None = None,
    at: datetime | None = None,
) -> int:
    """Notes that people, or the proxy `by`, have their badges; returns how many had not before.

    `letter` says on what paper the proxy acts.

    Raises `NotFound` for a choice without an active badge, `Clash` for one that waits for a photo,
    for an instant to come and for one before the badge was issued.
    """
    actor.require(conference.id, OFFICERS)
    now = clock.now()
    if at is not None and at > now:
        raise Clash("A badge cannot be collected in the future.", code="invalid-time")
    found = await store.rows(session, conference.id, choice, lock=True)
    if not found:
        raise NotFound
    chosen = _there(conference, choice, [row for row in found if row.collected_at is None])
    if at is not None and any(collected_too_early(at, row.issued_at) for row in chosen):
        raise Clash("A badge cannot be collected before it was issued.", code="invalid-time")
    values = {
        "collected_at": at or now,
        "collected_recorded_at": now,
        "collected_by": by,
        "collected_letter": letter,
    }
    await store.mark(session, conference.id, [row.id for row in chosen], **values)
    for row in chosen:
        audit.record(
            session,
            actor,
            "badge.collect",
            conference_id=conference.id,
            target=("badge", row.id),
            fields={"by": by, "letter": letter},
        )
    return len(chosen)


def note(
    session: WriteSession, actor: Actor, action: str, badge: Badge, fields: dict[str, object]
) -> None:
    """Writes into the audit trail what was done with a badge."""
    audit.record(
        session,
        actor,
        action,
        conference_id=badge.conference_id,
        target=("badge", badge.id),
        fields=fields,
    )
