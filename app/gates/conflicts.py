"""Where a device that was alone did otherwise than its gate finds: listed, alarming, settled.

A conflict alarms the desk until an officer says what was done about it; the scan stays as it was.
"""

from uuid import UUID

from app.accounts import audit
from app.accounts.rules import Actor
from app.conferences.alarms import Alarm
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession, WriteSession
from app.core.errors import Clash, NotFound
from app.core.events import publish
from app.gates import store
from app.gates.events import Seen
from app.gates.models import SettledConflict
from app.gates.service import OFFICERS
from app.gates.store import ScanFilter

OPEN = ScanFilter(conflict=True, settled=False)


async def count(session: ReadSession, conference_id: UUID) -> int:
    """How many wait for an officer."""
    return await store.count_scans(session, conference_id, OPEN)


ALARM = Alarm("conflicts", "gates", "gates/conflicts", "gates/live", count)


async def settle(
    session: WriteSession, actor: Actor, conference: Conference, scan: int, *, note: str
) -> SettledConflict:
    """Notes what was done about a conflict. Raises `NotFound`, or `Clash` for a settled one."""
    actor.require(conference.id, OFFICERS)
    found = await store.conflict_of(session, conference.id, scan)
    if found is None:
        raise NotFound
    settled = await session.get(SettledConflict, scan)
    if settled is not None and settled.found is found:
        raise Clash("This conflict was settled before.", code="settled-before")
    said = SettledConflict(
        scan_id=scan,
        conference_id=conference.id,
        found=found,
        note=note,
        settled_at=clock.now(),
        settled_by=actor.name,
    )
    settled = await session.merge(said)
    await publish(session, Seen(frozenset({conference.id})))
    audit.record(
        session,
        actor,
        "conflict.settle",
        conference_id=conference.id,
        target=("scan", str(scan)),
        fields={"found": found, "note": note},
    )
    await session.flush()
    return settled
