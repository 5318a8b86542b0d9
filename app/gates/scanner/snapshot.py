"""What a device decides by without a network: keys, rules and hashes; no name, no photo."""

import base64
import hashlib
import json
from uuid import UUID

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.accounts.rules import Actor
from app.badges.rules import categories
from app.badges.service import KEY
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession
from app.core.errors import NotFound
from app.core.keys import keyring
from app.gates import scanning
from app.gates import service as gates
from app.gates.rules import Direction, GateRules
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
    rules = GateRules.of(gate.rules)
    revoked, badges = [], {}
    everybody = rules.counted or bool(rules.ranks)
    for row in await store.badges(session, conference.id, gate.reception_id, all=everybody):
        key = hashed(salt, row.serial)
        if row.revoked_at is not None:
            revoked.append(key)
            continue
        facts: dict[str, object] = {}
        if row.status not in (None, Status.approved):
            facts["status"] = row.status
        if row.reply is not None:
            facts["reply"] = row.reply
        principal = row.rank in HIGH_LEVEL or row.role is Role.head
        if principal and (gate.reception_id or rules.counted):
            facts["principal"] = True
        if rules.ranks and row.rank:
            facts["rank"] = row.rank
        if rules.counted and row.delegation_id:
            facts["group"] = hashed(salt, row.delegation_id.int >> 64)
            if row.participant_id is None:
                facts["card"] = True
        if facts:
            badges[key] = facts
    day = scanning.local_day(clock.now(), conference.timezone)
    last: dict[int, Direction] = {}
    came: set[int] = set()
    for row in await store.passages(session, conference.id, gate.id, day):
        last[row.serial] = row.direction
        came |= {row.serial} if row.direction is Direction.entry else set()
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
        "left": []
        if rules.reentry
        else sorted(hashed(salt, s) for s in came if last[s] is Direction.exit),
        "rules": gate.rules,
        "categories": {str(one.number): key for key, one in categories().items()},
    }
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()
