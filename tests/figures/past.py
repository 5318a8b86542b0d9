"""What was so before: a world made before its conference, and presences told at any time."""

from datetime import datetime, timedelta
from uuid import UUID

from app.core import clock
from app.core.db import Database
from app.gates.models import Attestation
from app.gates.rules import Source
from tests.world import World, make_world


async def made_before(database: Database, start: datetime) -> World:
    """Made a month before, so that figures of the conference's days find its delegations."""
    with clock.frozen(start - timedelta(days=30)):
        return await make_world(database)


async def attested(
    world: World,
    who: UUID,
    at: datetime,
    *,
    told: datetime | None = None,
    source: Source = Source.attested,
) -> None:
    """An officer's word, entered at once or when it was `told`."""
    async with world.database.writing() as session:
        session.add(
            Attestation(
                conference_id=world.conference.id,
                participant_id=who,
                source=source,
                place="VIP entrance",
                at=at,
                recorded_at=told or at,
                attested_by="Officer",
            )
        )
