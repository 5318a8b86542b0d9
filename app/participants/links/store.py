"""Queries of personal links; each carries the tenant predicate."""

from uuid import UUID

from sqlalchemy import select

from app.core.db import ReadSession, table
from app.delegations.models import Delegation
from app.participants.links.models import PersonalLink, Purpose
from app.participants.models import Participant
from app.participants.rules import ACTIVE

L, P, D = table(PersonalLink), table(Participant), table(Delegation)
Holder = tuple[PersonalLink, Participant, Delegation]


async def live(
    session: ReadSession, conference_id: UUID, participant_id: UUID, purpose: Purpose
) -> PersonalLink | None:
    """The link of a person for a purpose, unless revoked."""
    query = select(PersonalLink).where(
        L.c.conference_id == conference_id,
        L.c.participant_id == participant_id,
        L.c.purpose == purpose,
        L.c.revoked_at.is_(None),
    )
    return (await session.execute(query)).scalar_one_or_none()


async def holder(
    session: ReadSession, conference_id: UUID, token_hash: str, purpose: Purpose
) -> Holder | None:
    """Whose live link this is, if it is for the purpose and its person is not out."""
    query = (
        select(PersonalLink, Participant, Delegation)
        .join(P, P.c.id == L.c.participant_id)
        .join(D, D.c.id == P.c.delegation_id)
        .where(
            L.c.conference_id == conference_id,
            L.c.token_hash == token_hash,
            L.c.purpose == purpose,
            L.c.revoked_at.is_(None),
            P.c.status.in_(ACTIVE),
        )
    )
    row = (await session.execute(query)).one_or_none()
    return (row[0], row[1], row[2]) if row else None
