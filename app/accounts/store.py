"""Queries of accounts."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from app.accounts.models import Grant, Link, SignIn, Token, User
from app.accounts.rules import LinkPurpose, Permit, Role
from app.core.db import ReadSession, WriteSession, among, table
from app.core.direct import Asks, Line

U, G, S, T, L = table(User), table(Grant), table(SignIn), table(Token), table(Link)
_LIVE_TOKENS = {
    dialect: select(
        T.c.token_hash,
        T.c.kind,
        T.c.id,
        T.c.name,
        T.c.role,
        T.c.conference_id,
        T.c.delegation_id,
        T.c.gate_id,
    ).where(among(T.c.token_hash, "hashes", dialect), T.c.revoked_at.is_(None))
    for dialect in ("sqlite", "postgresql")
}


async def user_by_email(session: ReadSession, email: str) -> User | None:
    """The user of a folded address."""
    return (await session.execute(select(User).where(U.c.email == email))).scalar_one_or_none()


async def permits(session: ReadSession, user_id: UUID) -> tuple[Permit, ...]:
    """All that a user may."""
    rows = await session.execute(
        select(G.c.role, G.c.conference_id, G.c.delegation_id).where(G.c.user_id == user_id)
    )
    return tuple(Permit(r.role, r.conference_id, r.delegation_id) for r in rows)


async def live_sign_in(
    session: ReadSession, token_hash: str, *, now: datetime, idle_since: datetime
) -> tuple[SignIn, User] | None:
    """The sign-in behind a cookie and its user, unless ended, expired or idle too long."""
    row = (
        await session.execute(
            select(SignIn, User)
            .join(U, U.c.id == S.c.user_id)
            .where(
                S.c.token_hash == token_hash,
                S.c.expires_at > now,
                S.c.last_seen_at > idle_since,
                U.c.is_active,
            )
        )
    ).one_or_none()
    return (row[0], row[1]) if row else None


async def touch_sign_in(session: WriteSession, token_hash: str, *, now: datetime) -> None:
    """Notes that a sign-in is in use."""
    await session.execute(update(S).where(S.c.token_hash == token_hash).values(last_seen_at=now))


async def end_sign_ins(
    session: WriteSession, *, user_id: UUID | None = None, token_hash: str | None = None
) -> None:
    """Ends one sign-in, or all of a user."""
    condition = S.c.user_id == user_id if user_id else S.c.token_hash == token_hash
    await session.execute(delete(S).where(condition))


def live_tokens(asks: Asks, hashes: Collection[str]) -> dict[str, Line]:
    """The tokens behind secrets, by their hashes, unless revoked; by column: gates ask often."""
    found = asks.ask(_LIVE_TOKENS[asks.kind], {"hashes": list(hashes)})
    return {row.token_hash: row for row in found}


async def focal_points(
    session: ReadSession, conference_id: UUID, delegation_ids: Collection[UUID] | None = None
) -> dict[UUID, list[User]]:
    """The focal points of some delegations, or of all, by delegation; who is out is left out."""
    where = [G.c.conference_id == conference_id, G.c.role == Role.focal_point, U.c.is_active]
    if delegation_ids is not None:
        where.append(G.c.delegation_id.in_(delegation_ids))
    rows = await session.execute(
        select(G.c.delegation_id, User)
        .join(U, U.c.id == G.c.user_id)
        .where(*where)
        .order_by(U.c.email)
    )
    found: dict[UUID, list[User]] = {}
    for delegation_id, user in rows:
        found.setdefault(delegation_id, []).append(user)
    return found


async def end_grant(
    session: WriteSession, user_id: UUID, conference_id: UUID, delegation_id: UUID
) -> bool:
    """Ends a focal point's grant; whether there was one."""
    ended = await session.execute(
        delete(G)
        .where(
            G.c.user_id == user_id,
            G.c.conference_id == conference_id,
            G.c.delegation_id == delegation_id,
        )
        .returning(G.c.id)
    )
    return ended.first() is not None


async def end_links(session: WriteSession, user_id: UUID, delegation_id: UUID) -> None:
    """Ends a user's invitations to a delegation, and all links to sign in."""
    await session.execute(
        delete(L).where(
            L.c.user_id == user_id,
            or_(L.c.delegation_id == delegation_id, L.c.purpose == LinkPurpose.sign_in),
        )
    )


def _live(token_hash: str, purpose: LinkPurpose, now: datetime) -> ColumnElement[bool]:
    return and_(
        L.c.token_hash == token_hash,
        L.c.purpose == purpose,
        L.c.used_at.is_(None),
        L.c.expires_at > now,
    )


async def live_link(
    session: ReadSession, token_hash: str, purpose: LinkPurpose, *, now: datetime
) -> tuple[Link, User] | None:
    """A link that may still be used, and whose it is."""
    row = (
        await session.execute(
            select(Link, User)
            .join(U, U.c.id == L.c.user_id)
            .where(_live(token_hash, purpose, now), U.c.is_active)
        )
    ).one_or_none()
    return (row[0], row[1]) if row else None


async def use_link(
    session: WriteSession, token_hash: str, purpose: LinkPurpose, *, now: datetime
) -> bool:
    """Uses a link up; of two who try at once one succeeds."""
    used = await session.execute(
        update(L)
        .where(_live(token_hash, purpose, now))
        .values(used_at=now)
        .returning(L.c.token_hash)
    )
    return used.first() is not None


async def add_links(session: WriteSession, links: Sequence[Link], *, now: datetime) -> None:
    """Adds links, and forgets those of all that ended."""
    await session.execute(delete(L).where(L.c.expires_at <= now))
    session.add_all(links)
