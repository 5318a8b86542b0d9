"""Queries of the programme; each carries the tenant predicate."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, delete, func, select, update

from app.core.db import ReadSession, WriteSession, table
from app.delegations.models import Delegation
from app.participants.models import Participant
from app.participants.rules import ACTIVE
from app.programme.models import Room, Session, Speaker
from app.programme.rules import Part, SessionKind, SessionStatus, Slot, SpeakerRole

R, S, K = table(Room), table(Session), table(Speaker)
P, D = table(Participant), table(Delegation)

STANDING = P.c.status.in_(sorted(ACTIVE))
"""People who are not out of the conference; others stay in the history and leave the programme."""


@dataclass(frozen=True, slots=True)
class PublicSpeaker:
    """A speaker as the public sees one."""

    name: str
    names: dict[str, str]
    style: str | None
    function: str | None
    delegation: str
    delegation_names: dict[str, str]
    role: SpeakerRole


@dataclass(frozen=True, slots=True)
class PublicSession:
    """A session as the public sees it."""

    id: UUID
    title: dict[str, str]
    abstract: dict[str, str]
    kind: SessionKind
    status: SessionStatus
    room_id: UUID | None
    room: dict[str, str]
    venue: str | None
    local_start: datetime
    local_end: datetime
    starts_at: datetime
    ends_at: datetime
    sequence: int
    changed_at: datetime
    speakers: list[PublicSpeaker] = field(default_factory=list)


def _public(conference_id: UUID) -> ColumnElement[bool]:
    return and_(
        S.c.conference_id == conference_id,
        S.c.published_at.is_not(None),
        S.c.status != SessionStatus.draft,
    )


async def stamp(session: ReadSession, conference_id: UUID) -> tuple[object, ...]:
    """What the public programme was made of, in one row: while it stays, so does the programme.

    The first value is the last change of a session. Changes of people and rooms raise the
    sequence of their sessions; delegations are lower than that and are asked for their versions.
    """
    named = select(func.sum(D.c.version)).where(D.c.conference_id == conference_id)
    row = await session.execute(
        select(
            func.max(S.c.changed_at),
            func.count(),
            func.sum(S.c.sequence),
            named.scalar_subquery(),
        ).where(_public(conference_id))
    )
    return tuple(row.one())


async def public_sessions(session: ReadSession, conference_id: UUID) -> list[PublicSession]:
    """What the public programme shows, in order of time and room: two queries at any size."""
    rows = await session.execute(
        select(
            S.c.id,
            S.c.title,
            S.c.abstract,
            S.c.kind,
            S.c.status,
            S.c.room_id,
            R.c.name,
            R.c.names,
            R.c.venue,
            S.c.local_start,
            S.c.local_end,
            S.c.starts_at,
            S.c.ends_at,
            S.c.sequence,
            S.c.changed_at,
        )
        .select_from(S.outerjoin(R, R.c.id == S.c.room_id))
        .where(_public(conference_id))
        .order_by(S.c.starts_at, R.c.position, R.c.name, S.c.id)
    )
    found = {
        row.id: PublicSession(
            row.id,
            row.title,
            row.abstract,
            row.kind,
            row.status,
            row.room_id,
            {"en": row.name, **row.names} if row.name else {},
            row.venue,
            row.local_start,
            row.local_end,
            row.starts_at,
            row.ends_at,
            row.sequence,
            row.changed_at,
        )
        for row in rows
    }
    people = await session.execute(
        select(
            K.c.session_id,
            P.c.name,
            P.c.names,
            P.c.style,
            P.c.function,
            D.c.name,
            D.c.names,
            K.c.role,
        )
        .select_from(
            K.join(S, S.c.id == K.c.session_id)
            .join(P, P.c.id == K.c.participant_id)
            .join(D, D.c.id == P.c.delegation_id)
        )
        .where(K.c.conference_id == conference_id, _public(conference_id), STANDING)
        .order_by(K.c.position, K.c.id)
    )
    for id, *columns in people:
        found[id].speakers.append(PublicSpeaker(*columns))
    return list(found.values())


async def rooms(session: ReadSession, conference_id: UUID) -> list[Room]:
    """The rooms, in their order."""
    found = await session.execute(
        select(Room)
        .where(R.c.conference_id == conference_id)
        .order_by(R.c.position, R.c.name, R.c.id)
    )
    return list(found.scalars())


async def room(
    session: ReadSession, conference_id: UUID, id: UUID, *, lock: bool = False
) -> Room | None:
    """The room of an id."""
    query = select(Room).where(R.c.conference_id == conference_id, R.c.id == id)
    if lock:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one_or_none()


async def room_named(session: ReadSession, conference_id: UUID, name: str) -> UUID | None:
    """The id of the room of that name."""
    query = select(R.c.id).where(R.c.conference_id == conference_id, R.c.name == name)
    return (await session.execute(query)).scalar_one_or_none()


async def sessions(session: ReadSession, conference_id: UUID) -> list[tuple[Session, str | None]]:
    """All sessions, drafts and cancelled ones too, each with the name of its room."""
    found = await session.execute(
        select(Session, R.c.name)
        .outerjoin(R, R.c.id == S.c.room_id)
        .where(S.c.conference_id == conference_id)
        .order_by(S.c.starts_at, R.c.position, R.c.name, S.c.id)
    )
    return [(row[0], row[1]) for row in found]


async def by_id(
    session: ReadSession, conference_id: UUID, id: UUID, *, lock: bool = False
) -> Session | None:
    """The session of an id."""
    query = select(Session).where(S.c.conference_id == conference_id, S.c.id == id)
    if lock:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one_or_none()


async def bodies(session: ReadSession, conference_id: UUID) -> tuple[list[Slot], list[Part]]:
    """What can collide: sessions that are to be held, and the people in them."""
    held = and_(S.c.conference_id == conference_id, S.c.status != SessionStatus.cancelled)
    slots = await session.execute(
        select(S.c.id, S.c.title, S.c.starts_at, S.c.ends_at, S.c.room_id, R.c.name)
        .select_from(S.outerjoin(R, R.c.id == S.c.room_id))
        .where(held)
    )
    parts = await session.execute(
        select(K.c.session_id, K.c.participant_id, P.c.name)
        .select_from(K.join(S, S.c.id == K.c.session_id).join(P, P.c.id == K.c.participant_id))
        .where(K.c.conference_id == conference_id, held, STANDING)
    )
    return (
        [
            Slot(r.id, _words(r.title), r.starts_at, r.ends_at, r.room_id, r.name or "")
            for r in slots
        ],
        [Part(*row) for row in parts],
    )


def _words(title: dict[str, str]) -> str:
    return title.get("en") or next(iter(title.values()), "")


async def speakers(
    session: ReadSession, conference_id: UUID, session_id: UUID | None = None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The people in one session, or in all, with whether they are still shown."""
    query = (
        select(
            K.c.id,
            K.c.session_id.label("session"),
            K.c.participant_id.label("participant"),
            P.c.name,
            P.c.style,
            P.c.function,
            D.c.name.label("delegation"),
            K.c.role,
            K.c.position,
            STANDING.label("shown"),
        )
        .select_from(K.join(P, P.c.id == K.c.participant_id).join(D, D.c.id == P.c.delegation_id))
        .where(K.c.conference_id == conference_id)
        .order_by(K.c.session_id, K.c.position, K.c.id)
    )
    if session_id:
        query = query.where(K.c.session_id == session_id)
    return (await session.execute(query)).all()


async def speaker(session: ReadSession, conference_id: UUID, id: UUID) -> Speaker | None:
    """The speaker of an id."""
    query = select(Speaker).where(K.c.conference_id == conference_id, K.c.id == id)
    return (await session.execute(query)).scalar_one_or_none()


async def is_in(
    session: ReadSession, conference_id: UUID, session_id: UUID, participant_id: UUID
) -> bool:
    """Whether a person is in a session already."""
    query = select(K.c.id).where(
        K.c.conference_id == conference_id,
        K.c.session_id == session_id,
        K.c.participant_id == participant_id,
    )
    return (await session.execute(query)).first() is not None


async def next_position(session: ReadSession, conference_id: UUID, session_id: UUID) -> int:
    """The place after the last of a session."""
    last = await session.execute(
        select(func.max(K.c.position)).where(
            K.c.conference_id == conference_id, K.c.session_id == session_id
        )
    )
    return int(last.scalar() or 0) + 1


async def remove(session: WriteSession, conference_id: UUID, id: UUID) -> None:
    """Takes a speaker out."""
    await session.execute(delete(K).where(K.c.conference_id == conference_id, K.c.id == id))


async def spoken_by(
    session: ReadSession, conference_id: UUID, participant_ids: Collection[UUID]
) -> dict[UUID, list[tuple[UUID, str, datetime, SpeakerRole]]]:
    """Per person the sessions to be held: (id, title, start, role), in order of time."""
    rows = await session.execute(
        select(K.c.participant_id, S.c.id, S.c.title, S.c.starts_at, K.c.role)
        .select_from(K.join(S, S.c.id == K.c.session_id))
        .where(
            K.c.conference_id == conference_id,
            K.c.participant_id.in_(participant_ids),
            S.c.status != SessionStatus.cancelled,
        )
        .order_by(S.c.starts_at, S.c.id)
    )
    found: dict[UUID, list[tuple[UUID, str, datetime, SpeakerRole]]] = defaultdict(list)
    for person, id, title, starts_at, role in rows:
        found[person].append((id, _words(title), starts_at, role))
    return dict(found)


async def touch(
    session: WriteSession, conference_id: UUID, which: ColumnElement[bool], *, now: datetime
) -> None:
    """Raises the sequence of sessions of which the public sees something else from now on."""
    # Locked in the order of ids: two changes that concern the same sessions wait in line.
    locked = await session.execute(
        select(S.c.id)
        .where(S.c.conference_id == conference_id, which)
        .order_by(S.c.id)
        .with_for_update(key_share=True)
    )
    await session.execute(
        update(S)
        .where(S.c.conference_id == conference_id, S.c.id.in_(list(locked.scalars())))
        .values(sequence=S.c.sequence + 1, changed_at=now)
        .execution_options(synchronize_session=False)
    )


def of_people(conference_id: UUID, participant_ids: Collection[UUID]) -> ColumnElement[bool]:
    """The sessions in which some people are."""
    return S.c.id.in_(
        select(K.c.session_id).where(
            K.c.conference_id == conference_id, K.c.participant_id.in_(participant_ids)
        )
    )
