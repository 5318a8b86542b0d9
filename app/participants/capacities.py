"""Further capacities of a person: they print, speak and sit, and are never counted."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.accounts import audit
from app.accounts.rules import Actor
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession, WriteSession
from app.core.errors import Clash, NotFound
from app.delegations import service as delegations
from app.participants import change_store as store
from app.participants import service
from app.participants.change_models import FurtherCapacity
from app.participants.change_schemas import CapacityIn

MOST = 20


async def listed(
    session: ReadSession, actor: Actor, conference: Conference, id: UUID
) -> Sequence[Row[*tuple[Any, ...]]]:
    """A person's further capacities. Raises `NotFound`."""
    actor.require(conference.id, service.READERS)
    await service.find(session, actor, conference.id, id)
    return await store.capacities(session, conference.id, id)


async def add(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID, given: CapacityIn
) -> Row[*tuple[Any, ...]]:
    """Adds a capacity in another delegation or body. Raises `Clash`, `NotFound`."""
    actor.require(conference.id, service.EDITORS)
    person, own = await service.find(session, actor, conference.id, id, lock=True)
    body = None
    if given.delegation:
        body = await delegations.find(session, actor, conference.id, given.delegation)
        if body.id == own.id:
            raise Clash(
                f"{person.name} is counted in {own.name} already; name another body.",
                code="same-delegation",
            )
    if len(await store.capacities(session, conference.id, id)) >= MOST:
        raise Clash(f"A person has at most {MOST} further capacities.", code="too-many")
    made = FurtherCapacity(
        conference_id=conference.id,
        participant_id=id,
        kind=given.kind,
        delegation_id=body.id if body else None,
        organization=given.organization,
        function=given.function,
        created_at=clock.now(),
    )
    session.add(made)
    audit.record(
        session,
        actor,
        "participant.capacity-add",
        conference_id=conference.id,
        target=("participant", id),
        fields=given.model_dump(mode="json"),
    )
    await session.flush()
    return next(r for r in await store.capacities(session, conference.id, id) if r.id == made.id)


async def remove(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID, capacity: UUID
) -> None:
    """Removes a capacity of a person. Raises `NotFound`."""
    actor.require(conference.id, service.EDITORS)
    await service.find(session, actor, conference.id, id)
    if not await store.remove_capacity(session, conference.id, id, capacity):
        raise NotFound
    audit.record(
        session,
        actor,
        "participant.capacity-remove",
        conference_id=conference.id,
        target=("participant", id),
        fields={"capacity": capacity},
    )
