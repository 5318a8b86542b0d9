"""The one function that gives registrations a new status."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.accounts import audit
from app.accounts.rules import Actor
from app.core import clock
from app.core.db import WriteSession
from app.core.events import publish
from app.delegations.models import Delegation
from app.participants import history
from app.participants.events import StatusChanged
from app.participants.models import Participant
from app.participants.rules import ACTIVE, Status
from app.quotas import slots


async def move(
    session: WriteSession,
    actor: Actor,
    moves: Sequence[tuple[Participant, Delegation, Status]],
    *,
    reason: str | None = None,
    valid_from: datetime | None = None,
) -> None:
    """Gives registrations their new statuses: rows, versions, events and audit entries.

    Their order is kept in `status_at`, a microsecond apart, so that a waiting list has one.
    """
    if not moves:
        return
    now = valid_from or clock.now()
    changes: list[tuple[Participant, Delegation, Status]] = []
    for place, (person, delegation, after) in enumerate(moves):
        changes.append((person, delegation, person.status))
        person.status = after
        person.status_reason = reason
        person.status_at = now + timedelta(microseconds=place)
        person.overflow = person.overflow and after is Status.approved
        person.offered_until, person.waiting_priority = None, 0
        person.version += 1
        audit.record(
            session,
            actor,
            f"participant.{after.value}",
            conference_id=person.conference_id,
            target=("participant", person.id),
            fields={"status": after, "reason": reason},
        )
    await session.flush()
    await history.record(session, [person for person, _, _ in moves], {"status"}, valid_from)
    if gone := [person.id for person, _, after in moves if after not in ACTIVE]:
        await slots.unname(session, moves[0][0].conference_id, gone)
    await publish(session, StatusChanged(actor, tuple(changes), reason))
