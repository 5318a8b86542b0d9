"""Reading the audit trail: entries with the names of who acted."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from app.accounts import audit
from app.accounts.audit import E
from app.accounts.rules import Actor, Role
from app.accounts.store import T, U
from app.core.db import ReadSession

READERS = frozenset({Role.auditor})


async def entries(
    session: ReadSession, actor: Actor, conference_id: UUID, *, offset: int = 0, limit: int = 50
) -> tuple[Sequence[Row[*tuple[Any, ...]]], int]:
    """A conference's entries, newest first, with the actor's present name; and how many."""
    actor.require(conference_id, READERS)
    where = E.c.chain == str(conference_id)
    found = await session.execute(
        select(
            E.c.seq,
            E.c.at,
            E.c.actor_kind,
            E.c.action,
            E.c.target_kind,
            E.c.target_id,
            E.c.fields,
            func.coalesce(U.c.name, T.c.name).label("actor_name"),
        )
        .select_from(E.outerjoin(U, U.c.id == E.c.actor_id).outerjoin(T, T.c.id == E.c.actor_id))
        .where(where)
        .order_by(E.c.seq.desc())
        .offset(offset)
        .limit(limit)
    )
    count = await session.execute(select(func.count()).select_from(E).where(where))
    return found.all(), count.scalar_one()


async def faults(session: ReadSession, actor: Actor, conference_id: UUID) -> list[str]:
    """What is wrong with a conference's chain, in sentences; empty where every link holds."""
    actor.require(conference_id, READERS)
    chain = f"{conference_id}: "
    found = await audit.verify(session, audit.checkpoints())
    return [fault.removeprefix(chain) for fault in found if fault.startswith(chain)]
