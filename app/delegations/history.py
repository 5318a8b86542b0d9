"""Versions of what figures count of a delegation, written with the change itself."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from app.core import clock
from app.core.db import WriteSession, table
from app.delegations.models import Delegation, DelegationVersion

V = table(DelegationVersion)
FIGURED = frozenset({"kind", "reach", "invitation_status"})


def version_of(delegation: Delegation, valid_from: datetime | None = None) -> dict[str, object]:
    """The row that keeps the delegation's present state, from an instant on (default now)."""
    now = clock.now()
    return {
        "conference_id": delegation.conference_id,
        "delegation_id": delegation.id,
        "valid_from": valid_from or now,
        "recorded_at": now,
        **{field: getattr(delegation, field) for field in FIGURED},
    }


async def record(
    session: WriteSession,
    delegation: Delegation,
    changed: Collection[str],
    valid_from: datetime | None = None,
) -> None:
    """Adds what `changed` has become, from an instant on (default now), and nothing else.

    A correction of the past keeps what was true then besides: each later version is repeated with
    the change, the one before keeps standing until the instant.
    """
    row = version_of(delegation, valid_from)
    rows = [row]
    if valid_from:
        timeline = await _known(session, delegation)
        before = [at for at in timeline if at <= valid_from]
        states = {valid_from: timeline[max(before)] if before else {}}
        states |= {at: state for at, state in timeline.items() if at > valid_from}
        change = {field: row[field] for field in changed}
        rows = [{**row, **state, **change, "valid_from": at} for at, state in states.items()]
    await session.execute(insert(V), rows)


async def _known(session: WriteSession, delegation: Delegation) -> dict[datetime, dict[str, Any]]:
    """The delegation's states by the instant from which they hold, as known now."""
    found = await session.execute(
        select(V.c.valid_from, *(V.c[field] for field in sorted(FIGURED)))
        .where(V.c.conference_id == delegation.conference_id, V.c.delegation_id == delegation.id)
        .order_by(V.c.recorded_at, V.c.id)
    )
    # Of two versions from one instant the later known holds.
    return {row["valid_from"]: {field: row[field] for field in FIGURED} for row in found.mappings()}
