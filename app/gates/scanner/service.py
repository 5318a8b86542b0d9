"""Use cases of scanners: offer a code, pair by it, list, revoke, and show whom was scanned."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.accounts import audit
from app.accounts.models import Token
from app.accounts.rules import Actor, Permit, Role
from app.accounts.service import DEVICE, count_attempt, create_token
from app.conferences import service as conferences
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession, WriteSession
from app.core.errors import NotFound, NotSignedIn
from app.core.keys import keyring
from app.gates import service as gates
from app.gates import store as gate_store
from app.gates.models import Gate
from app.gates.scanner import store
from app.gates.scanner.models import PairingCode
from app.gates.scanner.rules import ALPHABET, LENGTH, LIFETIME, PHOTO_WINDOW, folded, shown

_NOTED = timedelta(minutes=1)
_HEARD_WITHIN = timedelta(days=1)


def _hashed(code: str) -> str:
    # Eight letters could be tried out against a plain hash; not without the installation's secret.
    key = keyring().derive("pairing codes")
    return hmac.new(key, folded(code).encode(), hashlib.sha256).hexdigest()


async def gate_of(session: ReadSession, conference_id: UUID, id: UUID) -> Gate:
    """A gate of the conference. Raises `NotFound`."""
    found = await gate_store.gate(session, conference_id, id)
    if found is None:
        raise NotFound
    return found


async def offer(
    session: WriteSession, actor: Actor, conference: Conference, gate_id: UUID
) -> tuple[str, datetime]:
    """A pairing code for a gate and when it ends; shown this once. Raises `NotFound`."""
    actor.require(conference.id, gates.OFFICERS)
    gate = await gate_of(session, conference.id, gate_id)
    code, now = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH)), clock.now()
    row = PairingCode(
        code_hash=_hashed(code),
        conference_id=conference.id,
        gate_id=gate.id,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    await store.add_code(session, row, now=now)
    audit.record(
        session,
        actor,
        "device.offer",
        conference_id=conference.id,
        target=("gate", gate.id),
        fields={"code": row.id},
    )
    await session.flush()
    return shown(code), row.expires_at


@dataclass(frozen=True, slots=True)
class Paired:
    """What a device is told when it was paired."""

    token: str
    conference: str
    gate: UUID
    gate_name: str


async def pair(
    session: WriteSession, code: str, *, slug: str | None = None, name: str = "", network: str
) -> Paired:
    """A token for whoever has a code, which is used up. Raises `NotSignedIn` or `TooMany`."""
    key = _hashed(code)
    count_attempt("pairing", key, network)
    found = await store.use_code(session, key, slug, now=clock.now())
    if found is None:
        raise NotSignedIn(
            "This code was used, has ended or never was; ask the desk for a new one.",
            code="code-ended",
        )
    # The code acts: the trail names it where it was offered, by whom.
    actor = Actor("pairing", found.id, found.gate_name, (Permit(Role.administrator),))
    token = await create_token(
        session,
        actor,
        name=(name or f"Scanner at {found.gate_name}")[:200],
        role=Role.gate_operator,
        kind=DEVICE,
        conference_id=found.conference_id,
        gate_id=found.gate_id,
    )
    return Paired(token, found.slug, found.gate_id, found.gate_name)


@dataclass(frozen=True, slots=True)
class Device:
    """A device as the desk sees it: seen when it asked what to decide by, or brought a scan."""

    id: UUID
    name: str
    created_at: datetime
    last_seen_at: datetime | None


async def listed(
    session: ReadSession, actor: Actor, conference: Conference, gate_id: UUID
) -> list[Device]:
    """The devices paired with a gate; scans of a day tell of those too that only scan.

    Raises `NotFound`.
    """
    actor.require(conference.id, gates.OFFICERS)
    gate = await gate_of(session, conference.id, gate_id)
    since = clock.now() - _HEARD_WITHIN
    heard = await store.heard(session, conference.id, gate.id, since=since)
    devices = await store.devices(session, conference.id, gate.id)
    return [
        Device(
            one.id,
            one.name,
            one.created_at,
            max(filter(None, (one.last_seen_at, heard.get(one.id))), default=None),
        )
        for one in devices
    ]


async def revoke(session: WriteSession, actor: Actor, conference: Conference, id: UUID) -> Token:
    """Ends a device's token at once. Raises `NotFound`."""
    actor.require(conference.id, gates.OFFICERS)
    found = await store.device(session, conference.id, id)
    if found is None:
        raise NotFound
    found.revoked_at = clock.now()
    audit.record(
        session, actor, "device.revoke", conference_id=conference.id, target=("token", found.id)
    )
    await session.flush()
    return found


async def is_news(session: ReadSession, actor: Actor, conference: Conference) -> bool:
    """Whether it is to be noted that this device is there: once a minute is enough."""
    if actor.kind != DEVICE or actor.id is None:
        return False
    found = await store.device(session, conference.id, actor.id)
    if found is None:
        return False
    return found.last_seen_at is None or found.last_seen_at <= clock.now() - _NOTED


async def note(session: WriteSession, actor: Actor) -> None:
    """Notes that a device is there."""
    if actor.id is not None:
        await store.touch(session, actor.id, now=clock.now())


async def photo(
    session: ReadSession, actor: Actor, conference: Conference, gate_id: UUID, person_id: UUID
) -> bytes:
    """The photo of a person whom the actor has just scanned at this gate: the scan is its record.

    Raises `NotFound` for everybody else, as where there is no photo.
    """
    actor.require(conference.id, gates.OPERATORS)
    since = clock.now() - PHOTO_WINDOW
    kept = actor.id and await store.scanned(
        session, conference.id, gate_id, person_id, actor.id, since
    )
    if not kept:
        raise NotFound
    data, _ = await conferences.read_file(session, conference.id, kept)
    return data
