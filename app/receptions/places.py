"""Quotas of a reception, beside its own capacity: at most two of each delegation, say.

The capacity counts companions and lets principals in beyond it, which quotas do not know; it stays
with the reception. Quotas of a reception go through the one function that takes places.
"""

from uuid import UUID

from app.conferences.rules import in_language
from app.core.db import ReadSession, WriteSession
from app.delegations import store as delegations
from app.participants.models import Participant
from app.quotas import service as quotas
from app.quotas.rules import Registration
from app.receptions import store

KIND = "reception"


async def name_of(session: ReadSession, conference_id: UUID, id: UUID) -> str | None:
    """A reception's title, for the quotas."""
    found = await store.by_ids(session, conference_id, [id])
    return in_language(found[0].title, "en") if found else None


async def things(session: ReadSession, conference_id: UUID) -> list[tuple[UUID, str]]:
    """The receptions that a quota can be set for."""
    found = await store.receptions(session, conference_id)
    return [(one.id, in_language(one.title, "en")) for one in found]


async def take(
    session: WriteSession, guest: Participant, reception_id: UUID, *, comes: bool, principal: bool
) -> None:
    """Takes the guest's places in the reception's quotas, or gives them back.

    A principal is never turned away. Raises `Clash` (`quota-exhausted`) for others.
    """
    conference_id, thing = guest.conference_id, (KIND, reception_id)
    await quotas.free_places(session, conference_id, [guest.id], thing)
    if not comes:
        return
    body = await delegations.by_id(session, conference_id, guest.delegation_id)
    assert body is not None
    asked = Registration(guest.id, body.id, body.kind, guest.role, thing)
    await quotas.take_in(
        session,
        conference_id,
        asked,
        who=guest.name,
        where="this reception",
        override=principal,
    )
