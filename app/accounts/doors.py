"""Who knocks: the actor of a request, from its `Authorization` header or its cookie."""

from typing import Annotated

from fastapi import Depends, Request

from app.accounts import service, store
from app.accounts.rules import NOBODY, Actor
from app.core import clock
from app.core.errors import NotSignedIn
from app.core.settings import settings
from app.web.doors import database
from app.web.idempotency import before_repeating


def cookie_name() -> str:
    """`__Host-` where pages come over HTTPS: no sibling host can then set the cookie."""
    return "__Host-plenary" if settings().secure else "plenary"


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
        async with database(request).reading() as session:
            actor = await service.actor_of_token(session, secret.strip(), kind=kind)
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
