"""What a device decides by without a network: keys, rules and hashes; no name, no photo."""

import base64
import hashlib
import json
from uuid import UUID

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.accounts.rules import Actor
from app.badges.service import KEY
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession
from app.core.errors import NotFound
from app.core.keys import keyring
from app.gates import scanning
from app.gates import service as gates
from app.gates.rules import Direction
from app.gates.scanner import store
from app.gates.scanner.service import gate_of
from app.participants.rules import HIGH_LEVEL, Role, Status


def salt_of(conference_id: UUID) -> bytes:
    """The conference's salt: hashes of one conference say nothing in another."""
    return keyring().derive(f"snapshot {conference_id}")[:16]


def hashed(salt: bytes, serial: int) -> str:
    """How a snapshot names a serial: 64 bits of SHA-256, as 11 letters of Base64."""
    digest = hashlib.sha256(salt + serial.to_bytes(8, "big")).digest()
    return base64.urlsafe_b64encode(digest[:8]).rstrip(b"=").decode()


async def snapshot(
    session: ReadSession, actor: Actor, conference: Conference, gate_id: UUID
) -> bytes:
    """A gate's snapshot as JSON; the same bytes while nothing has changed. Raises `NotFound`."""
    actor.require(conference.id, gates.OPERATORS)
    if actor.gate_id not in (None, gate_id):
        raise NotFound
    gate = await gate_of(session, conference.id, gate_id)
    salt = salt_of(conference.id)
    revoked, badges = [], {}
    for row in await store.badges(session, conference.id, gate.reception_id):
        key = hashed(salt, row.serial)
        if row.revoked_at is not None:
            revoked.append(key)
            continue
        facts: dict[str, object] = {}
        if row.status not in (None, Status.approved):
            facts["status"] = row.status
        if row.reply is not None:
            facts["reply"] = row.reply
        if gate.reception_id and (row.rank in HIGH_LEVEL or row.role is Role.head):
            facts["principal"] = True
        if facts:
            badges[key] = facts
    day = scanning.local_day(clock.now(), conference.timezone)
    last = {
        row.serial: row.direction
        for row in await store.passages(session, conference.id, gate.id, day)
    }
    keys = keyring().public_keys(str(conference.id), KEY)
    told = {
        "conference": conference.slug,
        "timezone": conference.timezone,
        "gate": {"id": str(gate.id), "name": gate.name, "kind": gate.kind, "zone": gate.zone},
        "keys": {
            str(id): base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
            for id, key in keys.items()
        },
        "salt": base64.b64encode(salt).decode(),
        "revoked": sorted(revoked),
        "badges": dict(sorted(badges.items())),
        "day": day.isoformat(),
        "inside": sorted(hashed(salt, s) for s, way in last.items() if way is Direction.entry),
    }
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()
