"""Queries of accounts."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from app.accounts.models import Grant, SignIn, Token, User
from app.accounts.rules import Permit
from app.core.db import ReadSession, WriteSession, table

U, G, S, T = table(User), table(Grant), table(SignIn), table(Token)


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


async def live_tokens(session: ReadSession, hashes: Collection[str]) -> dict[str, Token]:
    """The tokens behind secrets, by their hashes, unless revoked."""
    found = await session.execute(
        select(Token).where(T.c.token_hash.in_(hashes), T.c.revoked_at.is_(None))
    )
    return {row.token_hash: row for row in found.scalars()}
