"""Queries of participants; each carries the tenant predicate."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Row, Select, Table, and_, func, insert, select, true

from app.accounts.rules import Actor
from app.core.db import ReadSession, WriteSession, table
from app.core.text import fold
from app.delegations import store as delegations
from app.delegations.models import Delegation
from app.delegations.rules import Kind
from app.participants.columns.store import Wanted
from app.participants.intake.stamps import STAMPED
from app.participants.models import Participant, ParticipantVersion
from app.participants.rules import ACTIVE, Rank, Role, Status
from app.participants.vetting import keys

P, D, V = table(Participant), table(Delegation), table(ParticipantVersion)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list of participants is narrowed to."""

    search: str = ""
    status: Status | None = None
    kind: Kind | None = None
    role: Role | None = None
    rank: Rank | None = None
    delegation: str | None = None
    undecided: bool = False
    columns: tuple[Wanted, ...] = ()

    def clause(self) -> ColumnElement[bool]:
        """The condition on participants joined with their delegations."""
        conditions: list[ColumnElement[bool]] = [
            P.c.search.contains(word, autoescape=True) for word in fold(self.search).split()
        ]
        if self.status:
            conditions.append(P.c.status == self.status)
        if self.kind:
            conditions.append(D.c.kind == self.kind)
        if self.role:
            conditions.append(P.c.role == self.role)
        if self.rank:
            conditions.append(P.c.rank == self.rank)
        if self.delegation:
            conditions.append(D.c.code == self.delegation)
        if self.undecided:
            conditions += [
                P.c.rank.is_(None),
                P.c.rank_suggested.is_not(None),
                P.c.status.in_(ACTIVE),
            ]
        conditions += [one.clause(P.c.conference_id, P.c.id) for one in self.columns]
        return and_(true(), *conditions)


ORDERINGS: dict[str, tuple[ColumnElement[object], ...]] = {
    "delegation": (*delegations.BY_NAME, P.c.position, P.c.id),
    "name": (P.c.sort_key, P.c.id),
    "status": (P.c.status, P.c.status_at, P.c.id),
    "-created": (P.c.created_at.desc(), P.c.id),
}

_ROW = (
    P.c.id,
    D.c.code.label("delegation"),
    D.c.name.label("delegation_name"),
    D.c.iso3,
    D.c.kind,
    P.c.name,
    P.c.names,
    P.c.style,
    P.c.function,
    P.c.role,
    P.c.rank,
    P.c.rank_suggested,
    P.c.sex,
    P.c.status,
)


def _joined(actor: Actor, conference_id: UUID, filters: Filters) -> Select[*tuple[Any, ...]]:
    return (
        select()
        .select_from(P.join(D, D.c.id == P.c.delegation_id))
        .where(
            P.c.conference_id == conference_id,
            delegations.visible_to(actor, conference_id),
            filters.clause(),
        )
    )


async def rows(
    session: ReadSession,
    actor: Actor,
    conference_id: UUID,
    filters: Filters,
    *,
    ordering: str = "delegation",
    offset: int = 0,
    limit: int | None = None,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The lines of the list, by column: no object per person."""
    query = _joined(actor, conference_id, filters).add_columns(*_ROW)
    query = query.order_by(*ORDERINGS[ordering]).offset(offset).limit(limit)
    return (await session.execute(query)).all()


async def count(session: ReadSession, actor: Actor, conference_id: UUID, filters: Filters) -> int:
    """How many lines the list has."""
    query = _joined(actor, conference_id, filters).add_columns(func.count())
    return int((await session.execute(query)).scalar_one())


async def status_counts(session: ReadSession, conference_id: UUID) -> dict[Status, int]:
    """How many people stand where."""
    found = await session.execute(
        select(P.c.status, func.count())
        .where(P.c.conference_id == conference_id)
        .group_by(P.c.status)
    )
    return {row[0]: row[1] for row in found}


async def counts_by_delegation(
    session: ReadSession, conference_id: UUID, ids: Collection[UUID]
) -> dict[UUID, tuple[int, int]]:
    """(people not out, approved) of some delegations."""
    active = P.c.status.in_(ACTIVE)
    found = await session.execute(
        select(
            P.c.delegation_id,
            func.count().filter(active),
            func.count().filter(P.c.status == Status.approved),
        )
        .where(P.c.conference_id == conference_id, P.c.delegation_id.in_(ids))
        .group_by(P.c.delegation_id)
    )
    return {row[0]: (row[1], row[2]) for row in found}


async def heads(
    session: ReadSession, conference_id: UUID, ids: Collection[UUID]
) -> dict[UUID, str]:
    """The names of the heads of some delegations."""
    found = await session.execute(
        select(P.c.delegation_id, P.c.name).where(
            P.c.conference_id == conference_id,
            P.c.delegation_id.in_(ids),
            P.c.role == Role.head,
            P.c.status.in_(ACTIVE),
        )
    )
    return {row.delegation_id: row.name for row in found}


async def latest(
    session: ReadSession, conference_id: UUID, *, limit: int
) -> Sequence[Row[UUID, str, Status, datetime]]:
    """Who changed status last: id, name, status and when."""
    found = await session.execute(
        select(P.c.id, P.c.name, P.c.status, P.c.status_at)
        .where(P.c.conference_id == conference_id)
        .order_by(P.c.status_at.desc(), P.c.id)
        .limit(limit)
    )
    return found.all()


async def waiting_like(
    session: ReadSession, conference_id: UUID
) -> Sequence[Row[Kind, UUID, Role, int]]:
    """How many wait for a place, by what quotas ask: kind, delegation and role."""
    traits = (D.c.kind, P.c.delegation_id, P.c.role)
    found = await session.execute(
        select(*traits, func.count().label("people"))
        .select_from(P.join(D, D.c.id == P.c.delegation_id))
        .where(P.c.conference_id == conference_id, P.c.status == Status.waitlisted)
        .group_by(*traits)
    )
    return found.all()


_LINE = (P.c.waiting_priority.desc(), P.c.status_at, P.c.id)
_WAITS = P.c.status == Status.waitlisted
Waiting = Row[*tuple[Any, ...]]
"""Somebody who waits: id, name, delegation, kind, role, priority, since when, offered until."""


async def waiting(
    session: ReadSession, conference_id: UUID, *, offered: bool = True
) -> Sequence[Waiting]:
    """Who waits, in the order of the list; those without an offer where `offered` is false."""
    query = (
        select(
            P.c.id,
            P.c.name,
            P.c.delegation_id,
            P.c.role,
            P.c.waiting_priority,
            P.c.status_at,
            P.c.offered_until,
            D.c.kind,
            D.c.code,
            D.c.name.label("delegation_name"),
        )
        .join(D, D.c.id == P.c.delegation_id)
        .where(P.c.conference_id == conference_id, _WAITS)
        .order_by(*_LINE)
    )
    if not offered:
        query = query.where(P.c.offered_until.is_(None))
    return (await session.execute(query)).all()


async def waiting_positions(
    session: ReadSession, conference_id: UUID, ids: Collection[UUID] | None = None
) -> dict[UUID, int]:
    """The places of those who wait, or of some of them; counted by the database."""
    line = (
        select(P.c.id, func.row_number().over(order_by=_LINE).label("place"))
        .where(P.c.conference_id == conference_id, _WAITS)
        .subquery()
    )
    query = select(line.c.id, line.c.place)
    if ids is not None:
        query = query.where(line.c.id.in_(ids))
    return {row.id: row.place for row in await session.execute(query)}


async def with_ended_offers(session: ReadSession, now: datetime) -> Sequence[UUID]:
    """The conferences in which a place was offered until an instant that has passed."""
    query = select(P.c.conference_id).where(P.c.offered_until <= now).distinct()
    return (await session.execute(query)).scalars().all()


async def visible_delegations(
    session: ReadSession, actor: Actor, conference_id: UUID
) -> frozenset[UUID]:
    """The delegations that an actor may see."""
    query = select(D.c.id).where(delegations.visible_to(actor, conference_id))
    return frozenset((await session.execute(query)).scalars())


async def active_like(
    session: ReadSession, conference_id: UUID, delegation_id: UUID | None
) -> Sequence[Row[Kind, UUID, Role, int]]:
    """How many are not out and need a place, by what quotas ask; of one delegation or of all."""
    traits = (D.c.kind, P.c.delegation_id, P.c.role)
    query = (
        select(*traits, func.count().label("people"))
        .select_from(P.join(D, D.c.id == P.c.delegation_id))
        .where(P.c.conference_id == conference_id, P.c.status.in_(ACTIVE), P.c.overflow.is_(False))
        .group_by(*traits)
    )
    if delegation_id is not None:
        query = query.where(P.c.delegation_id == delegation_id)
    return (await session.execute(query)).all()


async def by_id(
    session: ReadSession, actor: Actor, conference_id: UUID, id: UUID, *, lock: bool = False
) -> tuple[Participant, Delegation] | None:
    """A person with the delegation, if the actor may see it; locked until the transaction ends."""
    query = (
        select(Participant, Delegation)
        .join(D, D.c.id == P.c.delegation_id)
        .where(
            P.c.conference_id == conference_id,
            P.c.id == id,
            delegations.visible_to(actor, conference_id),
        )
    )
    if lock:
        query = query.with_for_update(of=P)
    row = (await session.execute(query.execution_options(populate_existing=lock))).one_or_none()
    return (row[0], row[1]) if row else None


async def people(
    session: ReadSession, conference_id: UUID, where: ColumnElement[bool], *, lock: bool = False
) -> list[tuple[Participant, Delegation]]:
    """People with their delegations, in the order in which their status changed."""
    query = (
        select(Participant, Delegation)
        .join(D, D.c.id == P.c.delegation_id)
        .where(P.c.conference_id == conference_id, where)
        .order_by(P.c.status_at, P.c.id)
    )
    if lock:
        query = query.with_for_update(of=P)
    found = await session.execute(query.execution_options(populate_existing=lock))
    return [(row[0], row[1]) for row in found]


async def holding(
    session: ReadSession, held: Table, *conditions: ColumnElement[bool], by: Column[Any]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Who holds a seat, a pass, a reply, by what quotas ask; in the order of the column."""
    found = await session.execute(
        select(P.c.id, P.c.delegation_id, D.c.kind, P.c.role)
        .select_from(
            held.join(P, P.c.id == held.c.participant_id).join(D, D.c.id == P.c.delegation_id)
        )
        .where(*conditions)
        .order_by(by, held.c.id)
    )
    return found.all()


_IMPORTED = (
    *(P.c.id, P.c.delegation_id, P.c.status, P.c.skeleton, P.c.acting),
    *(P.c.import_key, P.c.import_row),
    *(P.c[name] for name in STAMPED),
)


async def for_import(session: ReadSession, conference_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """What an import compares its lines with, in the order in which people came."""
    query = select(*_IMPORTED).where(P.c.conference_id == conference_id)
    return (await session.execute(query.order_by(P.c.created_at, P.c.position, P.c.id))).all()


async def by_ids(
    session: ReadSession, conference_id: UUID, ids: Sequence[UUID]
) -> dict[UUID, tuple[Participant, Delegation]]:
    """People by id, however many: a statement takes 32,766 values at most."""
    found: dict[UUID, tuple[Participant, Delegation]] = {}
    for start in range(0, len(ids), 10_000):
        some = await people(session, conference_id, P.c.id.in_(ids[start : start + 10_000]))
        found.update((person.id, (person, delegation)) for person, delegation in some)
    return found


async def next_position(session: ReadSession, conference_id: UUID, delegation_id: UUID) -> int:
    """The place after the last of a delegation."""
    last = await session.execute(
        select(func.max(P.c.position)).where(
            P.c.conference_id == conference_id, P.c.delegation_id == delegation_id
        )
    )
    return int(last.scalar() or 0) + 1


async def last_positions(session: ReadSession, conference_id: UUID) -> dict[UUID, int]:
    """The last place of each delegation."""
    found = await session.execute(
        select(P.c.delegation_id, func.max(P.c.position))
        .where(P.c.conference_id == conference_id)
        .group_by(P.c.delegation_id)
    )
    return {row[0]: row[1] for row in found}


async def active_head(
    session: ReadSession, conference_id: UUID, delegation_id: UUID
) -> tuple[UUID, str] | None:
    """Id and name of the delegation's head, if it has one."""
    row = (
        await session.execute(
            select(P.c.id, P.c.name).where(
                P.c.conference_id == conference_id,
                P.c.delegation_id == delegation_id,
                P.c.role == Role.head,
                P.c.status.in_(ACTIVE),
            )
        )
    ).one_or_none()
    return (row.id, row.name) if row else None


async def versions(
    session: ReadSession, conference_id: UUID, participant_id: UUID
) -> list[ParticipantVersion]:
    """A person's history, newest first."""
    return list(
        (
            await session.execute(
                select(ParticipantVersion)
                .where(V.c.conference_id == conference_id, V.c.participant_id == participant_id)
                .order_by(V.c.valid_from.desc(), V.c.recorded_at.desc(), V.c.id.desc())
            )
        ).scalars()
    )


async def add(session: WriteSession, people: Sequence[dict[str, Any]]) -> None:
    """Inserts many people in one statement, and the keys of their names."""
    if people:
        await session.execute(insert(P), people)
        await keys.keep(session, people)
