"""Queries of documents, look-alikes and the queue; each carries the tenant predicate."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, or_, select, update

from app.accounts.rules import Actor
from app.core import clock
from app.core.db import ReadSession, WriteSession, table
from app.delegations import store as delegations
from app.participants.rules import Status
from app.participants.store import D, Filters, P
from app.participants.vetting.keys import K
from app.participants.vetting.models import DistinctPair, IdentityDocument

N, S = table(IdentityDocument), table(DistinctPair)
_AT_ONCE = 10_000
"""A statement takes 32,766 values at most."""


async def document(
    session: ReadSession, conference_id: UUID, participant_id: UUID
) -> IdentityDocument | None:
    """A person's identity document."""
    mine = (N.c.conference_id == conference_id, N.c.participant_id == participant_id)
    return (await session.execute(select(IdentityDocument).where(*mine))).scalar_one_or_none()


async def digests(
    session: ReadSession, conference_id: UUID, ids: Collection[UUID]
) -> dict[UUID, str]:
    """The digests of some people's documents."""
    mine = (N.c.conference_id == conference_id, N.c.participant_id.in_(ids))
    found = await session.execute(select(N.c.participant_id, N.c.digest).where(*mine))
    return {row.participant_id: row.digest for row in found}


async def set_active(
    session: WriteSession, conference_id: UUID, ids: Collection[UUID], active: bool
) -> None:
    """Notes of some people's documents whether their registrations are active."""
    mine = (N.c.conference_id == conference_id, N.c.participant_id.in_(ids))
    await session.execute(update(N).where(*mine).values(active=active))


async def holder(
    session: ReadSession, conference_id: UUID, digests: Collection[str]
) -> Row[UUID, str, str] | None:
    """Who has one of some documents in an active registration: id, name and delegation."""
    found = await session.execute(
        select(P.c.id, P.c.name, D.c.name.label("delegation"))
        .select_from(N.join(P, P.c.id == N.c.participant_id).join(D, D.c.id == P.c.delegation_id))
        .where(N.c.conference_id == conference_id, N.c.digest.in_(digests), N.c.active)
    )
    return found.first()


async def namesakes(
    session: ReadSession, conference_id: UUID, ids: Sequence[UUID]
) -> list[Row[*tuple[Any, ...]]]:
    """Some people and all who share a name key with them, a row for each key; first come first."""
    found: list[Row[*tuple[Any, ...]]] = []
    for start in range(0, len(ids), _AT_ONCE):
        mine = K.c.participant_id.in_(ids[start : start + _AT_ONCE])
        rows = await session.execute(
            select(K.c.key, P.c.id, P.c.name, P.c.names, P.c.status, D.c.name.label("delegation"))
            .select_from(
                K.join(P, P.c.id == K.c.participant_id).join(D, D.c.id == P.c.delegation_id)
            )
            .where(
                K.c.conference_id == conference_id,
                K.c.key.in_(select(K.c.key).where(K.c.conference_id == conference_id, mine)),
            )
            .order_by(P.c.created_at, P.c.id)
        )
        found += rows
    return found


async def told_apart(
    session: ReadSession, conference_id: UUID, ids: Sequence[UUID]
) -> set[frozenset[UUID]]:
    """The pairs told apart in which some people are."""
    pairs: set[frozenset[UUID]] = set()
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        found = await session.execute(
            select(S.c.first_id, S.c.second_id).where(
                S.c.conference_id == conference_id,
                or_(S.c.first_id.in_(some), S.c.second_id.in_(some)),
            )
        )
        pairs |= {frozenset((row.first_id, row.second_id)) for row in found}
    return pairs


async def tell_apart(session: WriteSession, conference_id: UUID, pair: frozenset[UUID]) -> None:
    """Keeps a pair told apart."""
    first, second = sorted(pair)
    await session.execute(
        insert(S).values(
            conference_id=conference_id,
            first_id=first,
            second_id=second,
            decided_at=clock.now(),
        )
    )


async def submitted(
    session: ReadSession, actor: Actor, conference_id: UUID, filters: Filters
) -> list[UUID]:
    """Who waits for a decision, first submitted first."""
    found = await session.execute(
        select(P.c.id)
        .select_from(P.join(D, D.c.id == P.c.delegation_id))
        .where(
            P.c.conference_id == conference_id,
            P.c.status == Status.submitted,
            delegations.visible_to(actor, conference_id),
            filters.clause(),
        )
        .order_by(P.c.status_at, P.c.id)
    )
    return list(found.scalars())
