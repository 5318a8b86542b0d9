"""Who knocks: the actor of a request, from its `Authorization` header or its cookie."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Request

from app.accounts import service, store
from app.accounts.rules import NOBODY, Actor
from app.core import clock
from app.core.db import Database
from app.core.errors import AppError, NotSignedIn
from app.core.settings import settings
from app.core.together import Together
from app.web.doors import database
from app.web.idempotency import before_repeating


def cookie_name() -> str:
    """`__Host-` where pages come over HTTPS: no sibling host can then set the cookie."""
    return "__Host-plenary" if settings().secure else "plenary"


async def _tokens(
    database: Database, given: Sequence[tuple[str, str]]
) -> Sequence[Actor | AppError]:
    async with database.reading() as session:
        return await service.actors_of_tokens(session, given)


# Read at each request, so that a revoked token ends at once; those of one moment in one query.
_token: Together[tuple[str, str], Actor] = Together(_tokens)


async def current_actor(request: Request) -> Actor:
    """The actor of this request; `NOBODY` without one. Raises `NotSignedIn` for a bad one."""
    # The header decides alone, even an empty one: requests that carry it pass the cross-site guard,
    # so that a cookie beside it must not act.
    header = request.headers.get("authorization")
    if header is not None:
        scheme, _, secret = header.partition(" ")
        kind = {"token": service.PERSON, "device": service.DEVICE}.get(scheme.lower())
        if kind is None or not secret:
            raise NotSignedIn("Send “Authorization: Token …” or “Authorization: Device …”.")
        actor = await _token(database(request), (kind, secret.strip()))
    elif cookie := request.cookies.get(cookie_name()):
        async with database(request).reading() as session:
            actor, stale = await service.actor_of_cookie(session, cookie)
        if stale:
            async with database(request).writing() as writing:
                await store.touch_sign_in(writing, service.hash_secret(cookie), now=clock.now())
    else:
        actor = NOBODY
    request.state.actor = actor if actor is not NOBODY else None
    return actor


@before_repeating
async def _still_signed_in(request: Request) -> None:
    if await current_actor(request) is NOBODY:
        raise NotSignedIn("Sign in first.")


CurrentActor = Annotated[Actor, Depends(current_actor)]
