"""Queries of pairing codes, devices and what a device decides by; all within the conference."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, delete, func, or_, select, true, update

from app.accounts.models import Token
from app.accounts.service import DEVICE
from app.badges.models import Badge
from app.conferences.models import Conference
from app.core.db import ReadSession, WriteSession, table
from app.gates.models import Gate, Scan
from app.gates.scanner.models import PairingCode
from app.participants.models import Participant
from app.participants.rules import Status
from app.receptions.models import ReceptionInvitation

K, T, G, S, B = table(PairingCode), table(Token), table(Gate), table(Scan), table(Badge)
P, N, C = table(Participant), table(ReceptionInvitation), table(Conference)

Line = Row[*tuple[Any, ...]]


async def add_code(session: WriteSession, code: PairingCode, *, now: datetime) -> None:
    """Adds a code, and forgets those of all that ended."""
    await session.execute(delete(K).where(K.c.expires_at <= now))
    session.add(code)


async def use_code(
    session: WriteSession, code_hash: str, slug: str | None, *, now: datetime
) -> Line | None:
    """Uses a code up and returns its `id`, `conference_id`, `slug`, `gate_id` and `gate_name`.

    Of two who try at once one succeeds. None where it was used, has ended, is of another
    conference than the one named, or never was.
    """
    live = and_(K.c.code_hash == code_hash, K.c.used_at.is_(None), K.c.expires_at > now)
    if slug is not None:
        live = and_(live, K.c.conference_id.in_(select(C.c.id).where(C.c.slug == slug)))
    used = await session.execute(update(K).where(live).values(used_at=now).returning(K.c.id))
    if (id := used.scalar()) is None:
        return None
    found = await session.execute(
        select(K.c.id, K.c.conference_id, C.c.slug, K.c.gate_id, G.c.name.label("gate_name"))
        .join(C, C.c.id == K.c.conference_id)
        .join(G, G.c.id == K.c.gate_id)
        .where(K.c.id == id)
    )
    return found.one()


def _device(conference_id: UUID) -> ColumnElement[bool]:
    return and_(T.c.conference_id == conference_id, T.c.kind == DEVICE, T.c.revoked_at.is_(None))


async def devices(session: ReadSession, conference_id: UUID, gate_id: UUID) -> list[Token]:
    """The devices of a gate that may scan, the newest first."""
    found = await session.execute(
        select(Token)
        .where(_device(conference_id), T.c.gate_id == gate_id)
        .order_by(T.c.created_at.desc(), T.c.id)
    )
    return list(found.scalars())


async def heard(
    session: ReadSession, conference_id: UUID, gate_id: UUID, *, since: datetime
) -> dict[UUID, datetime]:
    """When each device last brought a scan of this gate that is not older than that."""
    found = await session.execute(
        select(S.c.device_id, func.max(S.c.received_at))
        .where(S.c.conference_id == conference_id, S.c.gate_id == gate_id, S.c.at >= since)
        .group_by(S.c.device_id)
    )
    return {row[0]: row[1] for row in found}


async def device(session: ReadSession, conference_id: UUID, id: UUID) -> Token | None:
    """A device of this conference, unless revoked."""
    found = await session.execute(select(Token).where(_device(conference_id), T.c.id == id))
    return found.scalar_one_or_none()


async def touch(session: WriteSession, id: UUID, *, now: datetime) -> None:
    """Notes that a device is in use."""
    await session.execute(update(T).where(T.c.id == id).values(last_seen_at=now))


async def badges(
    session: ReadSession, conference_id: UUID, reception_id: UUID | None, *, all: bool = False
) -> Sequence[Line]:
    """What a gate's rules may ask of each badge; those that they ask nothing of are left out."""
    asked: ColumnElement[bool] = or_(B.c.revoked_at.is_not(None), P.c.status != Status.approved)
    query = select(
        B.c.serial,
        B.c.revoked_at,
        B.c.participant_id,
        func.coalesce(P.c.delegation_id, B.c.delegation_id).label("delegation_id"),
        P.c.status,
        P.c.rank,
        P.c.role,
        N.c.reply.label("reply"),
    ).select_from(
        B.outerjoin(
            P, and_(P.c.conference_id == B.c.conference_id, P.c.id == B.c.participant_id)
        ).outerjoin(
            N,
            and_(
                N.c.conference_id == B.c.conference_id,
                N.c.participant_id == B.c.participant_id,
                N.c.reception_id == reception_id,
            ),
        )
    )
    if reception_id is not None:
        asked = or_(asked, P.c.id.is_not(None))
    if all:
        asked = true()
    found = await session.execute(query.where(B.c.conference_id == conference_id, asked))
    return found.all()


async def passages(
    session: ReadSession, conference_id: UUID, gate_id: UUID, day: date
) -> Sequence[Line]:
    """The admitted passages at a gate on a local day by the serial, in the order of time."""
    found = await session.execute(
        select(B.c.serial, S.c.direction)
        .join(B, B.c.id == S.c.badge_id)
        .where(
            S.c.conference_id == conference_id,
            S.c.gate_id == gate_id,
            S.c.local_day == day,
            S.c.passed,
        )
        .order_by(S.c.at, S.c.device_id, S.c.nonce)
    )
    return found.all()


async def scanned(
    session: ReadSession,
    conference_id: UUID,
    gate_id: UUID,
    participant_id: UUID,
    device_id: UUID,
    since: datetime,
) -> UUID | None:
    """The photo of a person whom this device scanned at the gate since then, if there is one."""
    found = await session.execute(
        select(P.c.photo_id)
        .join(S, and_(S.c.conference_id == P.c.conference_id, S.c.participant_id == P.c.id))
        .where(
            P.c.conference_id == conference_id,
            P.c.id == participant_id,
            S.c.gate_id == gate_id,
            S.c.device_id == device_id,
            S.c.received_at > since,
        )
        .limit(1)
    )
    photo: UUID | None = found.scalar()
    return photo
