"""Signing in, tokens and grants."""

import asyncio
import hashlib
import secrets
import time
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from app.accounts import audit, store
from app.accounts.models import Grant, SignIn, Token, User
from app.accounts.rules import NOBODY, Actor, Permit, Role, check_password
from app.core import clock
from app.core.db import ReadSession, WriteSession
from app.core.direct import Asks, Through
from app.core.errors import AppError, Clash, NotFound, NotSignedIn, TooMany
from app.core.text import clean

IDLE = timedelta(minutes=30)
LIFETIME = timedelta(hours=12)
PERSON, DEVICE = "person", "device"

_PER_ACCOUNT: RateLimitItem = parse("5/5 minutes")
_PER_NETWORK: RateLimitItem = parse("30/5 minutes")


class _Attempts(MemoryStorage):
    """Forgets in turn with the thread that ages attempts, which else stumbles: it looks twice.

    Its stumbling harms nothing, but says the address that somebody signed in with.
    """

    def clear(self, key: str) -> None:
        with self.locks[key]:
            super().clear(key)

    def reset(self) -> int | None:
        keys = {*self.storage, *self.events}
        for key in keys:
            self.clear(key)
        return len(keys)


_storage = _Attempts()
_attempts = MovingWindowRateLimiter(_storage)


@cache
def _hasher() -> PasswordHasher:
    # Argon2id with 19 MiB and two passes, the OWASP minimum: a sign-in costs about 20 ms of CPU.
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@cache
def _nobodys_hash() -> str:
    return _hasher().hash(secrets.token_hex(16))


def hash_secret(secret: str) -> str:
    """Stored form of a random secret of 256 bits; no salt needed at that length."""
    return hashlib.sha256(secret.encode()).hexdigest()


def fold_email(email: str) -> str:
    """The form in which addresses are compared."""
    return clean(email).casefold()


async def add_account(
    session: WriteSession,
    actor: Actor,
    *,
    email: str,
    name: str,
    role: Role,
    conference_id: UUID | None = None,
    delegation_id: UUID | None = None,
    password: str | None = None,
) -> User:
    """Adds a user or one more grant of an existing one; a password given replaces the old.

    A changed password or role ends the user's sign-ins. Raises `Clash` for a weak password or a
    grant without the conference or delegation that its role needs.
    """
    actor.require_administrator()
    if (role is Role.administrator) != (conference_id is None):
        raise Clash("A role is held in a conference, and only an administrator's in none.")
    if (role is Role.focal_point) != (delegation_id is not None):
        raise Clash("A focal point's role names its delegation, and no other role does.")
    user = await _user(session, email, name)
    if password is not None:
        check_password(password, email=email, name=name)
        user.password_hash = await asyncio.to_thread(_hasher().hash, password)
    await _grant(session, actor, user, Permit(role, conference_id, delegation_id))
    return user


async def _user(session: WriteSession, email: str, name: str) -> User:
    """The user of an address, made without a password where there is none."""
    user = await store.user_by_email(session, fold_email(email))
    if user is None:
        user = User(email=fold_email(email), name=name, created_at=clock.now())
        session.add(user)
        await session.flush()
    return user


async def _grant(session: WriteSession, actor: Actor, user: User, permit: Permit) -> None:
    """Adds a grant once; a changed role ends the user's sign-ins."""
    if permit not in await store.permits(session, user.id):
        session.add(
            Grant(
                user_id=user.id,
                role=permit.role,
                conference_id=permit.conference_id,
                delegation_id=permit.delegation_id,
            )
        )
    await store.end_sign_ins(session, user_id=user.id)
    audit.record(
        session,
        actor,
        "account.grant",
        conference_id=permit.conference_id,
        target=("user", user.id),
        fields={"role": permit.role, "delegation_id": permit.delegation_id},
    )
    await session.flush()


async def add_focal_point(
    session: WriteSession,
    actor: Actor,
    *,
    email: str,
    name: str,
    conference_id: UUID,
    delegation_id: UUID,
) -> User:
    """Makes somebody a focal point of a delegation; an account made for it has no password."""
    actor.require(conference_id, {Role.registration_officer})
    user = await _user(session, email, name)
    await _grant(session, actor, user, Permit(Role.focal_point, conference_id, delegation_id))
    return user


async def remove_focal_point(
    session: WriteSession, actor: Actor, user_id: UUID, *, conference_id: UUID, delegation_id: UUID
) -> None:
    """Ends a focal point's grant, sign-ins and links. Raises `NotFound`."""
    actor.require(conference_id, {Role.registration_officer})
    if not await store.end_grant(session, user_id, conference_id, delegation_id):
        raise NotFound
    await store.end_sign_ins(session, user_id=user_id)
    await store.end_links(session, user_id, delegation_id)
    audit.record(
        session,
        actor,
        "account.revoke",
        conference_id=conference_id,
        target=("user", user_id),
        fields={"role": Role.focal_point, "delegation_id": delegation_id},
    )


def forget_attempts() -> None:
    """Lets everybody try again at once."""
    _storage.reset()


async def sign_in(session: WriteSession, *, email: str, password: str, network: str) -> str:
    """Checks a password and opens a sign-in; returns its secret, for the cookie.

    Unknown accounts cost the same time as wrong passwords. Raises `NotSignedIn`, or `TooMany`
    after five failures of an account or thirty from a network within five minutes.
    """
    folded = fold_email(email)
    # An attempt counts before its password is checked: a burst would all pass a check made first.
    if not _attempts.test(_PER_NETWORK, network):
        raise _too_many(_PER_NETWORK, network)
    if not _attempts.hit(_PER_ACCOUNT, folded):
        raise _too_many(_PER_ACCOUNT, folded)
    user = await store.user_by_email(session, folded)
    known = user.password_hash if user and user.is_active else None
    try:
        await asyncio.to_thread(_hasher().verify, known or _nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        known = None
    if user is None or known is None:
        _attempts.hit(_PER_NETWORK, network)
        raise NotSignedIn("Address and password do not go together.", code="wrong-credentials")
    _attempts.clear(_PER_ACCOUNT, folded)
    return open_sign_in(session, user)


def count_attempt(what: str, account: str, network: str) -> None:
    """Counts one more try of something else than a password. Raises `TooMany`, as signing in."""
    for limit, name in ((_PER_NETWORK, f"{what} {network}"), (_PER_ACCOUNT, f"{what} {account}")):
        if not _attempts.hit(limit, name):
            raise _too_many(limit, name)


def _too_many(limit: RateLimitItem, name: str) -> TooMany:
    wait = _attempts.get_window_stats(limit, name).reset_time - time.time()
    return TooMany(
        "Too many attempts to sign in; wait a few minutes.", retry_after=max(1, int(wait))
    )


def open_sign_in(session: WriteSession, user: User) -> str:
    """Opens a sign-in of somebody who has proved who they are; returns its secret."""
    secret, now = secrets.token_urlsafe(32), clock.now()
    session.add(
        SignIn(
            token_hash=hash_secret(secret),
            user_id=user.id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + LIFETIME,
        )
    )
    actor = Actor(kind="user", id=user.id, name=user.name)
    audit.record(session, actor, "sign-in", conference_id=None, target=("user", user.id))
    return secret


async def sign_out(session: WriteSession, actor: Actor, *, secret: str) -> None:
    """Ends the sign-in behind a cookie, at once and everywhere."""
    await store.end_sign_ins(session, token_hash=hash_secret(secret))
    if actor.id is not None:
        audit.record(session, actor, "sign-out", conference_id=None, target=("user", actor.id))


async def actor_of_cookie(session: ReadSession, secret: str) -> tuple[Actor, bool]:
    """The user behind a cookie, and whether the sign-in's last use should be noted again."""
    now = clock.now()
    found = await store.live_sign_in(session, hash_secret(secret), now=now, idle_since=now - IDLE)
    if found is None:
        return NOBODY, False
    row, user = found
    permits = await store.permits(session, user.id)
    actor = Actor(kind="user", id=user.id, name=user.name, permits=permits)
    return actor, now - row.last_seen_at > timedelta(minutes=1)


async def create_token(
    session: WriteSession,
    actor: Actor,
    *,
    name: str,
    role: Role,
    kind: str = PERSON,
    conference_id: UUID | None = None,
    delegation_id: UUID | None = None,
    gate_id: UUID | None = None,
) -> str:
    """Makes a token and returns its secret, which is shown this once and never again."""
    if conference_id is None:
        actor.require_administrator()
    else:
        actor.require(conference_id, ())
    if role is not Role.administrator and conference_id is None and kind == PERSON:
        raise Clash("A role is held in a conference, and only an administrator's in none.")
    if role is Role.focal_point and delegation_id is None:
        raise Clash("A focal point's token names its delegation.")
    secret = secrets.token_urlsafe(32)
    row = Token(
        kind=kind,
        name=name,
        token_hash=hash_secret(secret),
        role=role,
        conference_id=conference_id,
        delegation_id=delegation_id,
        gate_id=gate_id,
        created_at=clock.now(),
    )
    session.add(row)
    audit.record(
        session,
        actor,
        "token.create",
        conference_id=conference_id,
        target=("token", row.id),
        fields={"kind": kind, "role": role},
    )
    await session.flush()
    return secret


async def actors_of_tokens(
    session: ReadSession, given: Sequence[tuple[str, str]]
) -> list[Actor | AppError]:
    """Whom tokens act as, by kind and secret; `NotSignedIn` for an unknown or revoked one."""
    return await session.run_sync(lambda plain: actors_behind(Through(plain.connection()), given))


def actors_behind(asks: Asks, given: Sequence[tuple[str, str]]) -> list[Actor | AppError]:
    """The same for a piece of work that is done at once."""
    hashes = [hash_secret(secret) for _, secret in given]
    rows = store.live_tokens(asks, set(hashes))
    answers: list[Actor | AppError] = []
    for (kind, _), key in zip(given, hashes, strict=True):
        row = rows.get(key)
        if row is None or row.kind != kind:
            answers.append(
                NotSignedIn("This token is unknown or was revoked.", code="wrong-credentials")
            )
            continue
        permit = Permit(row.role, row.conference_id, row.delegation_id)
        answers.append(
            Actor(kind=kind, id=row.id, name=row.name, permits=(permit,), gate_id=row.gate_id)
        )
    return answers
