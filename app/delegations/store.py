"""Queries of delegations; each carries the tenant predicate."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, false, func, insert, select, true
from sqlalchemy.sql import Select

from app.accounts.rules import Actor, Role
from app.core.db import ReadSession, WriteSession, table
from app.core.text import fold
from app.delegations.models import Delegation, DelegationVersion
from app.delegations.rules import InvitationStatus, Kind

D, V = table(Delegation), table(DelegationVersion)
BY_NAME = (D.c.search, D.c.code)
"""What is searched begins with the folded name that lists file under: Türkiye then stands before
Turkmenistan, Iran (Islamic Republic of) before Iraq."""


def visible_to(actor: Actor, conference_id: UUID) -> ColumnElement[bool]:
    """The delegations of a conference that an actor may see: all at the desk, else their own."""
    roles = actor.roles_in(conference_id)
    if roles - {Role.focal_point, Role.delegate, Role.gate_operator}:
        return and_(D.c.conference_id == conference_id, true())
    own = actor.delegations_in(conference_id)
    return and_(D.c.conference_id == conference_id, D.c.id.in_(own) if own else false())


def matching(
    *,
    search: str | None = None,
    kind: Kind | None = None,
    invitation_status: InvitationStatus | None = None,
) -> ColumnElement[bool]:
    """The filters of the list."""
    conditions: list[ColumnElement[bool]] = [
        D.c.search.contains(word, autoescape=True) for word in fold(search or "").split()
    ]
    if kind:
        conditions.append(D.c.kind == kind)
    if invitation_status:
        conditions.append(D.c.invitation_status == invitation_status)
    return and_(true(), *conditions)


async def by_code(
    session: ReadSession, actor: Actor, conference_id: UUID, code: str, *, lock: bool = False
) -> Delegation | None:
    """The delegation of a code, if the actor may see it; locked until the transaction ends."""
    query = select(Delegation).where(visible_to(actor, conference_id), D.c.code == code)
    if lock:
        query = query.with_for_update(key_share=True)
    found = await session.execute(query.execution_options(populate_existing=lock))
    return found.scalar_one_or_none()


async def by_id(session: ReadSession, conference_id: UUID, id: UUID) -> Delegation | None:
    """The delegation of an id."""
    return (
        await session.execute(
            select(Delegation).where(D.c.conference_id == conference_id, D.c.id == id)
        )
    ).scalar_one_or_none()


async def identities(
    session: ReadSession, conference_id: UUID
) -> Sequence[Row[UUID, str, str, Kind, str | None]]:
    """Id, code, name, kind and ISO code of every delegation, for matching whole files."""
    return (
        await session.execute(
            select(D.c.id, D.c.code, D.c.name, D.c.kind, D.c.iso3)
            .where(D.c.conference_id == conference_id)
            .order_by(D.c.created_at, D.c.code)
        )
    ).all()


async def count(session: ReadSession, where: ColumnElement[bool]) -> int:
    """How many delegations a condition holds for."""
    return (await session.execute(select(func.count()).select_from(D).where(where))).scalar_one()


def listing(where: ColumnElement[bool]) -> Select[Delegation]:
    """The delegations a condition holds for."""
    return select(Delegation).where(where)


async def add(
    session: WriteSession, rows: Sequence[Delegation], versions: Sequence[dict[str, object]]
) -> None:
    """Inserts many delegations and their first versions in two statements."""
    await session.execute(insert(D), [row.model_dump() for row in rows])
    await session.execute(insert(V), versions)
