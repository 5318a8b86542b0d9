"""Queries of receptions and invitations; each carries the tenant predicate."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, insert, or_, select

from app.core.db import ReadSession, WriteSession, table
from app.delegations.models import Delegation
from app.participants.models import Participant
from app.participants.rules import Role
from app.participants.store import holding
from app.receptions.models import Reception, ReceptionInvitation
from app.receptions.rules import Reply

C, I = table(Reception), table(ReceptionInvitation)  # noqa: E741 - invitations
P, D = table(Participant), table(Delegation)


def principal(ranks: Collection[str]) -> ColumnElement[bool]:
    """`rules.is_principal` as the database decides it."""
    return or_(P.c.role == Role.head, func.coalesce(P.c.rank, "").in_(list(ranks)))


async def receptions(session: ReadSession, conference_id: UUID) -> list[Reception]:
    """The receptions, by time."""
    found = await session.execute(
        select(Reception).where(C.c.conference_id == conference_id).order_by(C.c.starts_at, C.c.id)
    )
    return list(found.scalars())


async def by_ids(
    session: ReadSession, conference_id: UUID, ids: Collection[UUID], *, lock: bool = False
) -> list[Reception]:
    """Receptions by id; locked in the order of their ids, so that two can not wait in a circle."""
    query = (
        select(Reception)
        .where(C.c.conference_id == conference_id, C.c.id.in_(ids))
        .order_by(C.c.id)
    )
    if lock:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return list((await session.execute(query)).scalars())


async def replies(
    session: ReadSession, conference_id: UUID, ranks: Collection[str]
) -> list[tuple[UUID, Reply, bool, int]]:
    """(reception, reply, principal, how many)."""
    guests = (
        select(I.c.reception_id, I.c.reply, principal(ranks).label("principal"))
        .select_from(I.join(P, P.c.id == I.c.participant_id))
        .where(I.c.conference_id == conference_id)
        .subquery()
    )
    found = await session.execute(select(*guests.c, func.count()).group_by(*guests.c))
    return [(row[0], row[1], bool(row[2]), row[3]) for row in found]


async def invitations(
    session: ReadSession, conference_id: UUID, reception_id: UUID, ranks: Collection[str]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The guests of a reception, in the order of their names, by column."""
    found = await session.execute(
        select(
            I.c.id,
            I.c.participant_id.label("participant"),
            P.c.name,
            P.c.names,
            P.c.style,
            P.c.function,
            P.c.rank,
            P.c.search,
            D.c.code.label("delegation"),
            D.c.name.label("delegation_name"),
            I.c.reply,
            I.c.companions_allowed,
            I.c.companions,
            principal(ranks).label("principal"),
            I.c.invited_at,
            I.c.replied_at,
            I.c.replied_by,
        )
        .select_from(I.join(P, P.c.id == I.c.participant_id).join(D, D.c.id == P.c.delegation_id))
        .where(I.c.conference_id == conference_id, I.c.reception_id == reception_id)
        .order_by(P.c.sort_key, I.c.id)
    )
    return found.all()


async def invitation(
    session: ReadSession, conference_id: UUID, reception_id: UUID, id: UUID
) -> tuple[ReceptionInvitation, Participant] | None:
    """An invitation of a reception with its guest, as stored now."""
    found = await session.execute(
        select(ReceptionInvitation, Participant)
        .join(P, P.c.id == I.c.participant_id)
        .where(I.c.conference_id == conference_id, I.c.reception_id == reception_id, I.c.id == id)
        .execution_options(populate_existing=True)
    )
    row = found.one_or_none()
    return (row[0], row[1]) if row else None


async def invited(session: ReadSession, conference_id: UUID, reception_id: UUID) -> set[UUID]:
    """Who is invited already."""
    found = await session.execute(
        select(I.c.participant_id).where(
            I.c.conference_id == conference_id, I.c.reception_id == reception_id
        )
    )
    return set(found.scalars())


async def open_of_people(
    session: ReadSession, conference_id: UUID, participant_ids: Collection[UUID]
) -> list[ReceptionInvitation]:
    """The invitations of people that are accepted or without a reply."""
    found = await session.execute(
        select(ReceptionInvitation)
        .where(
            I.c.conference_id == conference_id,
            I.c.participant_id.in_(participant_ids),
            I.c.reply.in_([Reply.accepted, Reply.no_reply]),
        )
        .order_by(I.c.id)
        .execution_options(populate_existing=True)
    )
    return list(found.scalars())


async def guests(
    session: ReadSession, conference_id: UUID, where: ColumnElement[bool]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """People to invite: id, name, style, status, e-mail, by name; none can leave meanwhile."""
    found = await session.execute(
        select(P.c.id, P.c.name, P.c.style, P.c.status, P.c.email)
        .where(P.c.conference_id == conference_id, where)
        .order_by(P.c.sort_key, P.c.id)
        .with_for_update(read=True, key_share=True)
    )
    return found.all()


async def coming(
    session: ReadSession, conference_id: UUID, reception_id: UUID
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Who accepted, by what quotas ask."""
    here = (I.c.conference_id == conference_id, I.c.reception_id == reception_id)
    return await holding(session, I, *here, I.c.reply == Reply.accepted, by=I.c.replied_at)


async def add(session: WriteSession, made: Sequence[ReceptionInvitation]) -> None:
    """Inserts many invitations in one statement."""
    if made:
        await session.execute(insert(I), [one.model_dump() for one in made])


async def replied_by_people(
    session: ReadSession, conference_id: UUID, participant_ids: Collection[UUID]
) -> dict[UUID, list[tuple[str, Reply]]]:
    """Per person the receptions and replies, by time."""
    rows = await session.execute(
        select(I.c.participant_id, C.c.title, I.c.reply)
        .select_from(I.join(C, C.c.id == I.c.reception_id))
        .where(I.c.conference_id == conference_id, I.c.participant_id.in_(participant_ids))
        .order_by(C.c.starts_at, C.c.id)
    )
    found: dict[UUID, list[tuple[str, Reply]]] = defaultdict(list)
    for person, title, reply in rows:
        found[person].append((title.get("en") or next(iter(title.values()), ""), reply))
    return dict(found)
