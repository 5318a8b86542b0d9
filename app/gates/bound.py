"""What a blank badge's scans were worth once it is known whose it is.

Scans are facts and stay as they were; the officer who binds the badge attests what they show.
"""

from sqlalchemy import func, select

from app.badges.events import BadgeBound
from app.core import clock
from app.core.db import WriteSession, table
from app.core.events import publish
from app.gates.events import Seen
from app.gates.models import Attestation, Gate, Scan
from app.gates.rules import Direction, Result

G, S = table(Gate), table(Scan)


async def on_badge_bound(session: WriteSession, event: BadgeBound) -> None:
    """Attests the person's presence from the first admitted entry at each counting gate."""
    badge = event.badge
    entries = await session.execute(
        select(G.c.name, func.min(S.c.at).label("at"))
        .join(G, G.c.id == S.c.gate_id)
        .where(
            S.c.conference_id == badge.conference_id,
            S.c.badge_id == badge.id,
            S.c.result == Result.ok,
            S.c.direction == Direction.entry,
            G.c.counts,
        )
        .group_by(G.c.name)
    )
    session.add_all(
        Attestation(
            conference_id=badge.conference_id,
            participant_id=event.participant_id,
            place=row.name,
            note=f"Scanned with the day badge {badge.serial}.",
            at=row.at,
            recorded_at=clock.now(),
            attested_by=event.actor.name,
        )
        for row in entries.all()
    )
    await session.flush()
    await publish(session, Seen(frozenset({badge.conference_id})))
