"""Queries of the door of the hall: what a scan is decided on, and where it is kept.

Each looks by ids that the decision has checked against the gate's conference. The statements are
built once: building and keying them costs more than running.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Row,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    text,
    tuple_,
    update,
)

from app.badges.models import Badge
from app.conferences.models import Conference
from app.core.db import ReadSession, WriteSession, table
from app.delegations.models import Delegation
from app.gates.models import Gate, Scan
from app.gates.rules import NO_RULES, GateKind, GateRules
from app.participants.models import Participant
from app.receptions.models import ReceptionInvitation
from app.receptions.rules import Reply

G, S, B, N = table(Gate), table(Scan), table(Badge), table(ReceptionInvitation)
P, D, C = table(Participant), table(Delegation), table(Conference)

Line = Row[*tuple[Any, ...]]
Nonce = tuple[UUID, str]


@dataclass(frozen=True, slots=True)
class Door:
    """A gate as a scan sees it, with what it needs of its conference."""

    id: UUID
    conference_id: UUID
    name: str
    kind: GateKind
    zone: int
    counts: bool
    reception_id: UUID | None
    slug: str
    timezone: str
    rules: GateRules


_DOORS = (
    select(
        G.c.id,
        G.c.conference_id,
        G.c.name,
        G.c.kind,
        G.c.zone,
        G.c.counts,
        G.c.reception_id,
        C.c.slug,
        C.c.timezone,
        G.c.rules,
    )
    .join(C, C.c.id == G.c.conference_id)
    .where(G.c.id.in_(bindparam("ids", expanding=True)))
)
_LOCKS = (
    select(G.c.id)
    .where(G.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(G.c.id)
    .with_for_update(key_share=True)
)
_HOLD = text("SELECT pg_advisory_xact_lock(k) FROM unnest(CAST(:keys AS bigint[])) AS k")
_HOLDERS = select(
    B.c.id,
    B.c.conference_id,
    B.c.serial,
    B.c.code,
    B.c.participant_id,
    D.c.id.label("delegation_id"),
    B.c.category,
    B.c.zones,
    B.c.takes_floor,
    B.c.valid_from,
    B.c.valid_until,
    B.c.revoked_at,
    P.c.name,
    P.c.style,
    P.c.function,
    P.c.status,
    P.c.role,
    P.c.rank,
    D.c.code.label("delegation"),
    D.c.name.label("delegation_name"),
).select_from(
    B.outerjoin(
        P, and_(P.c.conference_id == B.c.conference_id, P.c.id == B.c.participant_id)
    ).outerjoin(D, D.c.id == func.coalesce(P.c.delegation_id, B.c.delegation_id))
)
_BADGES = (
    _HOLDERS.where(
        B.c.conference_id.in_(bindparam("conferences", expanding=True)),
        B.c.serial.in_(bindparam("serials", expanding=True)),
    )
    .order_by(B.c.id)
    .with_for_update(of=B, key_share=True)
)
_HOLDERS_OF = _HOLDERS.where(B.c.id.in_(bindparam("ids", expanding=True)))
_BY_NONCE = select(
    S.c.device_id, S.c.nonce, S.c.gate_id, S.c.badge_id, S.c.result, S.c.explanation
).where(tuple_(S.c.device_id, S.c.nonce).in_(bindparam("nonces", expanding=True)))
_PASSAGES = select(
    S.c.id,
    S.c.badge_id,
    S.c.gate_id,
    S.c.local_day,
    S.c.at,
    S.c.device_id,
    S.c.nonce,
    S.c.direction,
    S.c.passed,
    S.c.forced,
    S.c.offline_result,
    S.c.conflict,
).where(
    S.c.gate_id.in_(bindparam("gates", expanding=True)),
    S.c.local_day.in_(bindparam("days", expanding=True)),
    or_(S.c.passed, S.c.offline_result.is_not(None)),
    S.c.annulled_at.is_(None),
)
_OF_BADGES = _PASSAGES.where(S.c.badge_id.in_(bindparam("badges", expanding=True)))
_OF_DELEGATIONS = _PASSAGES.where(
    S.c.badge_id.in_(
        select(B.c.id)
        .outerjoin(P, and_(P.c.conference_id == B.c.conference_id, P.c.id == B.c.participant_id))
        .where(
            B.c.conference_id == S.c.conference_id,
            func.coalesce(P.c.delegation_id, B.c.delegation_id).in_(
                bindparam("delegations", expanding=True)
            ),
        )
        .correlate(S)
    )
)
_CONFLICTS = update(S).where(S.c.id == bindparam("scan")).values(conflict=bindparam("found"))


async def doors(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, Door]:
    """Gates by id, of any conference: whoever asks checks the actor against each."""
    found = await session.execute(_DOORS, {"ids": list(ids)})
    return {
        row.id: Door(
            **dict(row._mapping) | {"rules": GateRules.of(row.rules) if row.rules else NO_RULES}
        )
        for row in found
    }


async def lock(session: WriteSession, gates: Collection[UUID]) -> None:
    """Holds gates at which others have a say: two of a delegation are decided one by one there."""
    await session.execute(_LOCKS, {"ids": list(gates)})


async def hold(session: WriteSession, devices: Collection[UUID]) -> None:
    """Holds devices until the transaction ends: of two with one nonce the second sees the first.

    SQLite has one writer anyway. In sorted order, so that two batches never wait for each other.
    """
    if session.get_bind().dialect.name == "postgresql":
        keys = sorted({device.int % 2**63 for device in devices})
        await session.execute(_HOLD, {"keys": keys})


async def badges(
    session: WriteSession, conferences: Collection[UUID], serials: Collection[int]
) -> dict[tuple[UUID, int], Line]:
    """Badges with their holders, by conference and serial.

    On PostgreSQL they are locked in the order of their ids, so that two scans of one badge are
    decided one after the other, and two batches never wait for each other.
    """
    given = {"conferences": list(conferences), "serials": list(serials)}
    return {(row.conference_id, row.serial): row for row in await session.execute(_BADGES, given)}


async def by_nonce(session: ReadSession, nonces: Collection[Nonce]) -> dict[Nonce, Line]:
    """Scans that were recorded before, by device and nonce."""
    if not nonces:
        return {}
    found = await session.execute(_BY_NONCE, {"nonces": list(nonces)})
    return {(row.device_id, row.nonce): row for row in found}


async def holders(session: ReadSession, badges: Collection[UUID]) -> dict[UUID, Line]:
    """Badges with their holders, by id."""
    return {row.id: row for row in await session.execute(_HOLDERS_OF, {"ids": list(badges)})}


async def passages(
    session: ReadSession,
    badges: Collection[UUID],
    gates: Collection[UUID],
    days: Collection[date],
) -> Sequence[Line]:
    """Passages of badges at gates on local days, and what devices decided alone."""
    given = {"badges": list(badges), "gates": list(gates), "days": list(days)}
    return (await session.execute(_OF_BADGES, given)).all()


async def passages_of(
    session: ReadSession,
    delegations: Collection[UUID],
    gates: Collection[UUID],
    days: Collection[date],
) -> Sequence[Line]:
    """The same of everybody of some delegations."""
    given = {"delegations": list(delegations), "gates": list(gates), "days": list(days)}
    return (await session.execute(_OF_DELEGATIONS, given)).all()


async def mark(session: WriteSession, conflicts: Sequence[dict[str, object]]) -> None:
    """Notes of scans (`scan`) the conflict that is `found` now, or none."""
    if conflicts:
        await session.execute(_CONFLICTS, conflicts)


async def replies(
    session: ReadSession, receptions: Collection[UUID], participants: Collection[UUID]
) -> dict[tuple[UUID, UUID], Reply]:
    """Replies to invitations, by reception and person."""
    found = await session.execute(
        select(N.c.reception_id, N.c.participant_id, N.c.reply).where(
            N.c.reception_id.in_(receptions), N.c.participant_id.in_(participants)
        )
    )
    return {(row.reception_id, row.participant_id): row.reply for row in found}


async def named(
    session: ReadSession, conference_id: UUID, words: Sequence[str], most: int
) -> Sequence[Line]:
    """Active badges whose holder's name has all words, by name."""
    found = await session.execute(
        _HOLDERS.where(
            B.c.conference_id == conference_id,
            B.c.revoked_at.is_(None),
            *(P.c.search.contains(word, autoescape=True) for word in words),
        )
        .order_by(P.c.name, B.c.id)
        .limit(most)
    )
    return found.all()


async def own(session: WriteSession, device_id: UUID, nonce: str) -> Line | None:
    """A scan of a device, by its nonce."""
    found = await session.execute(
        select(S.c.id, S.c.conference_id, S.c.gate_id, S.c.at, S.c.annulled_at)
        .where(S.c.device_id == device_id, S.c.nonce == nonce)
        .with_for_update()
    )
    return found.first()


async def annul(session: WriteSession, id: int, at: datetime) -> None:
    """Takes the passage of a scan back; figures as known before still count its presence."""
    await session.execute(
        update(S)
        .where(S.c.id == id)
        .values(annulled_at=at, passed=False, present=False, was_present=S.c.present, conflict=None)
    )


async def load(session: WriteSession, rows: Sequence[dict[str, object]]) -> None:
    """Inserts scans that nobody has brought before: their devices are held, or they are new."""
    if rows:
        await session.execute(insert(S), rows)
