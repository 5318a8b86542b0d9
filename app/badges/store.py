"""Queries of badges; each carries the tenant predicate."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, insert, select, true, update

from app.badges.models import Badge
from app.badges.rules import BadgeState
from app.conferences.models import Conference, StoredFile
from app.core.db import ReadSession, WriteSession, table
from app.core.text import fold
from app.delegations.models import Delegation
from app.participants.models import Participant

B, P, D = table(Badge), table(Participant), table(Delegation)
C, F = table(Conference), table(StoredFile)

CHUNK = 10_000
"""Ids in one statement: both drivers stop near 32,000 parameters."""

HELD_BY = B.outerjoin(
    P, and_(P.c.id == B.c.participant_id, P.c.conference_id == B.c.conference_id)
).outerjoin(
    D,
    and_(
        D.c.id == func.coalesce(P.c.delegation_id, B.c.delegation_id),
        D.c.conference_id == B.c.conference_id,
    ),
)

_STATE: dict[BadgeState, ColumnElement[bool]] = {
    BadgeState.issued: B.c.printed_at.is_(None)
    & B.c.handed_over_at.is_(None)
    & B.c.collected_at.is_(None),
    BadgeState.printed: B.c.printed_at.is_not(None)
    & B.c.handed_over_at.is_(None)
    & B.c.collected_at.is_(None),
    BadgeState.handed_over: B.c.handed_over_at.is_not(None) & B.c.collected_at.is_(None),
    BadgeState.collected: B.c.collected_at.is_not(None),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Which badges are meant; without a state, or with any but `revoked`, active ones only."""

    delegation: str | None = None
    category: str | None = None
    state: BadgeState | None = None
    unprinted: bool = False
    search: str = ""
    serials: tuple[int, ...] = ()
    participant: UUID | None = None
    photoless: bool = False
    any_state: bool = False
    nobodys: bool = False

    def clause(self, conference_id: UUID) -> ColumnElement[bool]:
        """The condition on badges joined with their holders."""
        revoked = B.c.revoked_at.is_not(None)
        conditions: list[ColumnElement[bool]] = [
            B.c.conference_id == conference_id,
            *(
                []
                if self.any_state
                else [revoked if self.state is BadgeState.revoked else ~revoked]
            ),
            *(
                P.c.search.contains(word, autoescape=True)
                | func.lower(B.c.label).contains(word, autoescape=True)
                for word in fold(self.search).split()
            ),
        ]
        if self.state and self.state is not BadgeState.revoked:
            conditions.append(_STATE[self.state])
        if self.delegation:
            conditions.append(D.c.code == self.delegation)
        if self.category:
            conditions.append(B.c.category == self.category)
        if self.unprinted:
            conditions.append(B.c.printed_at.is_(None))
        if self.serials:
            conditions.append(B.c.serial.in_(self.serials))
        if self.participant:
            conditions.append(B.c.participant_id == self.participant)
        if self.photoless:
            conditions.append(B.c.participant_id.is_not(None) & P.c.photo_id.is_(None))
        if self.nobodys:
            conditions.append(B.c.participant_id.is_(None))
        return and_(true(), *conditions)


_ROW = (
    B.c.id,
    B.c.serial,
    B.c.code,
    B.c.participant_id.label("participant"),
    P.c.name,
    D.c.code.label("delegation"),
    D.c.name.label("delegation_name"),
    B.c.category,
    B.c.issued_at,
    B.c.printed_at,
    B.c.handed_over_at,
    B.c.handed_over_to,
    B.c.collected_at,
    B.c.collected_by,
    B.c.revoked_at,
    B.c.revoked_reason,
    B.c.label,
    B.c.valid_from,
    B.c.valid_until,
    B.c.collected_letter,
    B.c.identity_check,
    P.c.function,
    P.c.rank,
    P.c.photo_id,
    P.c.version,
)
_PRINTED = (
    B.c.id,
    B.c.serial,
    B.c.matrix,
    B.c.category,
    B.c.label,
    B.c.valid_from,
    B.c.valid_until,
    B.c.participant_id.label("participant"),
    P.c.name,
    P.c.names,
    P.c.style,
    P.c.function,
    P.c.rank,
    P.c.role,
    P.c.overflow,
    P.c.photo_id,
    D.c.kind,
    D.c.code.label("delegation"),
    D.c.name.label("delegation_name"),
    D.c.names.label("delegation_names"),
    B.c.printed_at,
    B.c.collected_at,
)
_ORDER = (D.c.search, D.c.code, P.c.position, B.c.id)
ORDERINGS: dict[str, tuple[ColumnElement[object], ...]] = {
    "delegation": _ORDER,
    "name": (P.c.sort_key, B.c.id),
    "-issued": (B.c.issued_at.desc(), B.c.id),
}
"""In what order badges may be listed."""
Rows = Sequence[Row[*tuple[Any, ...]]]


async def rows(
    session: ReadSession,
    conference_id: UUID,
    choice: Choice,
    *,
    offset: int = 0,
    limit: int | None = None,
    lock: bool = False,
    ordering: str = "delegation",
) -> Rows:
    """The lines of the list, by column, in an order; locked in the order in which gates lock."""
    query = select(*_ROW).select_from(HELD_BY).where(choice.clause(conference_id))
    if lock:
        query = query.order_by(B.c.id).with_for_update(of=B, key_share=True)
    return (
        await session.execute(query.order_by(*ORDERINGS[ordering]).offset(offset).limit(limit))
    ).all()


async def lock(session: WriteSession, conference_id: UUID, choice: Choice) -> None:
    """Keeps badges as they are until the transaction ends; in the order in which gates lock."""
    query = select(B.c.id).select_from(HELD_BY).where(choice.clause(conference_id))
    await session.execute(query.order_by(B.c.id).with_for_update(of=B, key_share=True))


async def printed(session: ReadSession, conference_id: UUID, choice: Choice) -> Rows:
    """What the paper shows of each badge, without the photos' bytes."""
    query = select(*_PRINTED).select_from(HELD_BY).where(choice.clause(conference_id))
    return (await session.execute(query.order_by(*_ORDER))).all()


async def photos(
    session: ReadSession, conference_id: UUID, ids: Collection[UUID]
) -> dict[UUID, bytes]:
    """Sealed photos by id."""
    found = await session.execute(
        select(F.c.id, F.c.sealed).where(F.c.conference_id == conference_id, F.c.id.in_(ids))
    )
    return {row.id: row.sealed for row in found}


async def count(session: ReadSession, conference_id: UUID, choice: Choice) -> int:
    """How many lines the list has."""
    query = select(func.count()).select_from(HELD_BY).where(choice.clause(conference_id))
    return int((await session.execute(query)).scalar_one())


async def state_counts(session: ReadSession, conference_id: UUID) -> dict[BadgeState, int]:
    """How many badges stand where."""
    active = B.c.revoked_at.is_(None)
    columns = [func.count().filter(active, clause) for clause in _STATE.values()]
    row = (
        await session.execute(
            select(*columns, func.count().filter(~active)).where(B.c.conference_id == conference_id)
        )
    ).one()
    return dict(zip((*_STATE, BadgeState.revoked), row, strict=True))


async def delegations(session: ReadSession, conference_id: UUID) -> list[tuple[str, str]]:
    """Code and name of the delegations that have badges."""
    found = await session.execute(
        select(D.c.code, D.c.name)
        .select_from(HELD_BY)
        .where(B.c.conference_id == conference_id, B.c.revoked_at.is_(None), D.c.code.is_not(None))
        .group_by(D.c.code, D.c.name, D.c.search)
        .order_by(D.c.search, D.c.code)
    )
    return [(row.code, row.name) for row in found]


async def period(session: ReadSession, conference_id: UUID) -> tuple[date, date, bool]:
    """First and last day of the conference, and whether it is a sample."""
    row = (
        await session.execute(
            select(C.c.starts, C.c.ends, C.c.sample).where(C.c.id == conference_id)
        )
    ).one()
    return row.starts, row.ends, row.sample


async def add(session: WriteSession, badges: Sequence[dict[str, object]]) -> None:
    """Inserts many badges in one statement."""
    if badges:
        await session.execute(insert(B), badges)


async def active_of(session: ReadSession, conference_id: UUID, participant_id: UUID) -> str | None:
    """The category of a person's active badge, if there is one."""
    found = await session.execute(
        select(B.c.category).where(
            B.c.conference_id == conference_id,
            B.c.participant_id == participant_id,
            B.c.revoked_at.is_(None),
        )
    )
    return found.scalar_one_or_none()


async def by_serial(session: ReadSession, conference_id: UUID, serial: int) -> Badge | None:
    """The badge of a serial, locked until the transaction ends."""
    query = (
        select(Badge)
        .where(B.c.conference_id == conference_id, B.c.serial == serial)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.execute(query)).scalar_one_or_none()


async def holder(
    session: ReadSession, conference_id: UUID, participant_id: UUID
) -> Row[*tuple[Any, ...]]:
    """Rank, role, delegation's kind and overflow of a participant."""
    query = (
        select(P.c.rank, P.c.role, D.c.kind, P.c.overflow)
        .join(D, D.c.id == P.c.delegation_id)
        .where(P.c.conference_id == conference_id, P.c.id == participant_id)
    )
    return (await session.execute(query)).one()


async def revoke(
    session: WriteSession,
    conference_id: UUID,
    participants: Sequence[UUID],
    *,
    at: datetime,
    reason: str | None,
) -> None:
    """Revokes the active badges of people."""
    for start in range(0, len(participants), CHUNK):
        await session.execute(
            update(B)
            .where(
                B.c.conference_id == conference_id,
                B.c.participant_id.in_(participants[start : start + CHUNK]),
                B.c.revoked_at.is_(None),
            )
            .values(revoked_at=at, revoked_reason=reason)
        )


async def mark_printed(
    session: WriteSession, conference_id: UUID, ids: Sequence[UUID], *, at: datetime
) -> int:
    """Notes that badges are on paper; returns how many of them were not before."""
    marked = 0
    for start in range(0, len(ids), CHUNK):
        found = await session.execute(
            update(B)
            .where(
                B.c.conference_id == conference_id,
                B.c.id.in_(ids[start : start + CHUNK]),
                B.c.printed_at.is_(None),
            )
            .values(printed_at=at)
            .returning(B.c.id)
        )
        marked += len(found.all())
    return marked


async def mark(
    session: WriteSession, conference_id: UUID, ids: Sequence[UUID], **values: object
) -> None:
    """Sets columns of badges."""
    for start in range(0, len(ids), CHUNK):
        await session.execute(
            update(B)
            .where(B.c.conference_id == conference_id, B.c.id.in_(ids[start : start + CHUNK]))
            .values(**values)
        )
