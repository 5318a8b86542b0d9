"""The audit trail: one chain per conference and one for the installation.

Each entry is an HMAC over the one before it, ids, field names and salted digests: altering,
deleting or reordering a row breaks the chain, and no entry repeats personal data. A cut tail shows
against the checkpoints that `checkpoint` appends to a file outside the database.
"""

import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, insert, select, update

from app.accounts.models import AuditEntry, AuditHead
from app.accounts.rules import Actor
from app.core import clock
from app.core.db import Database, ReadSession, WriteSession, before_commit, insert_into, table
from app.core.keys import keyring
from app.core.settings import settings

INSTALLATION_CHAIN = "installation"
_START = "0" * 64
_PENDING = "audit"
_AT_ONCE = 1_000

E, H = table(AuditEntry), table(AuditHead)


@dataclass(frozen=True, slots=True)
class _Pending:
    chain: str
    at: datetime
    actor_kind: str
    actor_id: UUID | None
    action: str
    target_kind: str
    target_id: str
    fields: Mapping[str, object]


def record(
    session: WriteSession,
    actor: Actor,
    action: str,
    *,
    conference_id: UUID | None,
    target: tuple[str, UUID | str],
    fields: Mapping[str, object] | None = None,
) -> None:
    """Notes who did what to which thing; written with the change, in the same transaction.

    `fields` are the new values by name; only their salted digests are stored.
    """
    pending: list[_Pending] = session.info.setdefault(_PENDING, [])
    pending.append(
        _Pending(
            str(conference_id) if conference_id else INSTALLATION_CHAIN,
            clock.now(),
            actor.kind,
            actor.id,
            action,
            target[0],
            str(target[1]),
            fields or {},
        )
    )


async def record_view(
    session: WriteSession,
    actor: Actor,
    action: str,
    *,
    conference_id: UUID,
    target: tuple[str, UUID | str],
) -> None:
    """Notes that somebody looked: one entry per actor, thing and hour."""
    known = await session.execute(
        select(E.c.seq).where(
            E.c.chain == str(conference_id),
            E.c.target_id == str(target[1]),
            E.c.at > clock.now() - timedelta(hours=1),
            E.c.action == action,
            E.c.actor_id == actor.id,
        )
    )
    if known.first() is None:
        record(session, actor, action, conference_id=conference_id, target=target)


def _key() -> bytes:
    return keyring().derive("audit")


# Made once: json.dumps makes one for every call, and a large import makes 60,000 digests.
_value = json.JSONEncoder(sort_keys=True, default=str, ensure_ascii=False).encode
_entry = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def _digest(key: bytes, salt: str, value: object) -> str:
    return hmac.digest(key, f"{salt}\0{_value(value)}".encode(), "sha256").hex()[:32]


def _mac(key: bytes, before: str, row: Mapping[str, Any] | RowMapping) -> str:
    at = row["at"]
    assert isinstance(at, datetime)
    body = [
        row["chain"],
        row["seq"],
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        row["actor_kind"],
        str(row["actor_id"] or ""),
        row["action"],
        row["target_kind"],
        row["target_id"],
        row["fields"],
        row["salt"],
    ]
    return hmac.digest(key, _entry([before, *body]).encode(), "sha256").hex()


@before_commit
async def _append(session: WriteSession) -> None:
    """Writes what was noted; the heads are locked last, in sorted order, and for a moment only."""
    pending: list[_Pending] = session.info.pop(_PENDING, [])
    if not pending:
        return
    key = _key()
    rows: list[dict[str, object]] = []
    on_conflict = insert_into(session.get_bind().dialect.name, H)
    for chain in sorted({entry.chain for entry in pending}):
        await session.execute(
            on_conflict.values(chain=chain, seq=0, mac=_START).on_conflict_do_nothing()
        )
        head = (
            await session.execute(
                select(H.c.seq, H.c.mac).where(H.c.chain == chain).with_for_update()
            )
        ).one()
        seq, mac = int(head.seq), str(head.mac)
        for entry in pending:
            if entry.chain != chain:
                continue
            seq += 1
            salt = secrets.token_hex(8)
            row: dict[str, object] = {
                "chain": chain,
                "seq": seq,
                "at": entry.at,
                "actor_kind": entry.actor_kind,
                "actor_id": entry.actor_id,
                "action": entry.action,
                "target_kind": entry.target_kind,
                "target_id": entry.target_id,
                "fields": {n: _digest(key, salt, v) for n, v in sorted(entry.fields.items())},
                "salt": salt,
            }
            mac = row["mac"] = _mac(key, mac, row)
            rows.append(row)
            if len(rows) == _AT_ONCE:
                await session.execute(insert(E), rows)
                rows.clear()
        await session.execute(update(H).where(H.c.chain == chain).values(seq=seq, mac=mac))
    if rows:
        await session.execute(insert(E), rows)


async def verify(session: ReadSession, checkpoints: Path | None = None) -> list[str]:
    """What is wrong with the trail, in sentences; an empty list where every link holds."""
    faults: list[str] = []
    key = _key()
    heads = {
        str(row.chain): (int(row.seq), str(row.mac)) for row in await session.execute(select(H))
    }
    last: dict[str, tuple[int, str]] = {}
    macs: dict[tuple[str, int], str] = {}
    noted, unreadable = _checkpoints(checkpoints)
    if unreadable:
        faults.append(f"{unreadable} lines of the checkpoint file cannot be read.")
    for row in (await session.execute(select(E).order_by(E.c.chain, E.c.seq))).mappings():
        chain, seq = str(row["chain"]), int(row["seq"])
        before_seq, before_mac = last.get(chain, (0, _START))
        if seq != before_seq + 1:
            faults.append(f"{chain}: entries {before_seq + 1} to {seq - 1} are missing.")
        elif not hmac.compare_digest(_mac(key, before_mac, row), str(row["mac"])):
            faults.append(f"{chain}: entry {seq} was altered or moved.")
        last[chain] = (seq, str(row["mac"]))
        if (chain, seq) in noted:
            macs[chain, seq] = str(row["mac"])
    for chain in sorted(heads.keys() | last.keys()):
        if heads.get(chain) != last.get(chain, (0, _START)):
            faults.append(f"{chain}: the tail was cut after entry {last.get(chain, (0, ''))[0]}.")
    for place, mac in noted.items():
        if macs.get(place) != mac:
            faults.append(f"{place[0]}: entry {place[1]} differs from its checkpoint or is gone.")
    return faults


def checkpoints() -> Path:
    """Where the heads of the chains are noted, outside the database."""
    return settings().data_dir / "audit" / "checkpoints.jsonl"


def _checkpoints(path: Path | None) -> tuple[dict[tuple[str, int], str], int]:
    """The noted heads, and how many lines are broken: a power cut may leave half a line."""
    noted: dict[tuple[str, int], str] = {}
    broken = 0
    for line in path.read_text().splitlines() if path and path.exists() else ():
        try:
            note = json.loads(line)
            noted[str(note["chain"]), int(note["seq"])] = str(note["mac"])
        except (ValueError, KeyError, TypeError):
            broken += 1
    return noted, broken


async def checkpoint(database: Database, path: Path) -> None:
    """Appends the head of every chain that grew to a file outside the database."""
    known = dict(sorted(_checkpoints(path)[0]))
    async with database.reading() as session:
        heads = (await session.execute(select(H).order_by(H.c.chain))).all()
    lines = [
        json.dumps({"chain": h.chain, "seq": h.seq, "mac": h.mac, "at": str(clock.now())})
        for h in heads
        if h.seq > known.get(h.chain, 0)
    ]
    if lines:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "a") as file:
            file.write("\n".join(lines) + "\n")
