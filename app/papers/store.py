"""Queries of the ministers' list and of a person's presence."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, func, or_, select

from app.core.db import ReadSession, table
from app.delegations.models import Delegation
from app.gates.models import Attestation, Gate, Scan
from app.gates.rules import Source
from app.gates.store import PRESENT
from app.papers.schemas import Presence
from app.participants.models import Participant
from app.participants.rules import ACTIVE, Rank

P, D = table(Participant), table(Delegation)
G, S, A = table(Gate), table(Scan), table(Attestation)


async def people(
    session: ReadSession, conference_id: UUID, ranks: Collection[Rank]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Active people of these ranks, decided or suggested."""
    suggested = and_(P.c.rank.is_(None), P.c.rank_suggested.in_(ranks))
    query = (
        select(
            P.c.id,
            P.c.version,
            P.c.position,
            P.c.name,
            P.c.names,
            P.c.style,
            P.c.function,
            P.c.rank,
            P.c.rank_suggested,
            P.c.acting,
            P.c.status,
            D.c.code.label("delegation"),
            D.c.name.label("delegation_name"),
            D.c.iso3,
            D.c.kind,
        )
        .select_from(P.join(D, D.c.id == P.c.delegation_id))
        .where(
            P.c.conference_id == conference_id,
            P.c.status.in_(ACTIVE),
            or_(P.c.rank.in_(ranks), suggested),
        )
    )
    return (await session.execute(query)).all()


async def presences(
    session: ReadSession, conference_id: UUID, ids: Collection[UUID]
) -> dict[UUID, list[Presence]]:
    """Per person the first scan at each counting gate and every attestation, earliest first."""
    scanned = await session.execute(
        select(S.c.participant_id, G.c.name.label("place"), func.min(S.c.at).label("at"))
        .select_from(S.join(G, G.c.id == S.c.gate_id))
        .where(S.c.conference_id == conference_id, PRESENT, S.c.participant_id.in_(ids))
        .group_by(S.c.participant_id, G.c.name)
    )
    attested = await session.execute(
        select(A.c.participant_id, A.c.source, A.c.place, A.c.at, A.c.attested_by).where(
            A.c.conference_id == conference_id, A.c.participant_id.in_(ids)
        )
    )
    found: dict[UUID, list[Presence]] = defaultdict(list)
    for person, place, at in scanned:
        found[person].append(Presence(source=Source.scan, at=at, place=place, by=None))
    for person, source, place, at, by in attested:
        found[person].append(Presence(source=source, at=at, place=place, by=by))
    for each in found.values():
        each.sort(key=lambda seen: seen.at)
    return dict(found)


async def last_seen(
    session: ReadSession, conference_id: UUID, ids: Collection[UUID]
) -> dict[UUID, datetime]:
    """When people were seen in person for the last time, by scan or by an officer."""
    found: dict[UUID, datetime] = {}
    for facts, is_one in ((S, PRESENT), (A, A.c.source != Source.remote)):
        rows = await session.execute(
            select(facts.c.participant_id, func.max(facts.c.at))
            .where(facts.c.conference_id == conference_id, is_one, facts.c.participant_id.in_(ids))
            .group_by(facts.c.participant_id)
        )
        for id, at in rows:
            found[id] = max(at, found.get(id, at))
    return found


async def photo_ids(
    session: ReadSession, conference_id: UUID, ids: Collection[UUID]
) -> dict[UUID, UUID]:
    """The photos of those who have one, by person."""
    found = await session.execute(
        select(P.c.id, P.c.photo_id).where(
            P.c.conference_id == conference_id, P.c.id.in_(ids), P.c.photo_id.is_not(None)
        )
    )
    return {row.id: row.photo_id for row in found}
