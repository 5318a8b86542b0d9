"""`Idempotency-Key`: a POST sent twice is done once, and answered twice with the same bytes.

The answer is a row of the transaction that had the effect, so that neither can be without the
other. It is kept for 24 hours, for the credential and the address that it was given to.
"""

import hashlib
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from sqlalchemy import LargeBinary, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, SQLModel

from app.core import clock
from app.core.db import WriteSession, table
from app.core.errors import Clash, Invalid
from app.web.doors import database

KEPT = timedelta(hours=24)
_LONGEST = 200

_in_flight: set[str] = set()


class IdempotentAnswer(SQLModel, table=True):
    """What a request with a key was answered; `claim` is a hash of credential, address and key."""

    __tablename__ = "idempotent_answers"

    claim: str = Field(primary_key=True, max_length=64)
    request_hash: str = Field(max_length=64)
    status: int
    media_type: str | None = Field(default=None, max_length=100)
    body: bytes = Field(sa_type=LargeBinary)
    created_at: datetime = Field(index=True)


A = table(IdempotentAnswer)
Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Check = Callable[[Request], Awaitable[None]]
_checks: list[Check] = []


def before_repeating(check: Check) -> Check:
    """Registers what must pass before a kept answer goes out: a revoked token gets none."""
    _checks.append(check)
    return check


class IdempotentRoute(APIRoute):
    """A route whose POST may carry an `Idempotency-Key`.

    Raises `Invalid` where the key came with another body, `Clash` where its first request is not
    answered yet. Refusals are not kept: they had no effect, and may be mended by asking again.
    """

    def get_route_handler(self) -> Handler:
        """The plain handler, or around it for POST the look for an answer given before."""
        plain = super().get_route_handler()
        return _once(plain) if self.methods == {"POST"} else plain


def _once(plain: Handler) -> Handler:
    async def handler(request: Request) -> Response:
        key = request.headers.get("idempotency-key")
        if key is None:
            return await plain(request)
        if not 0 < len(key) <= _LONGEST:
            raise Invalid(f"Idempotency-Key has 1 to {_LONGEST} characters.", code="wrong-key")
        claim = _hash(_credential(request), request.url.path, key)
        sent = _hash(request.headers.get("content-type", ""), request.url.query)
        sent = hashlib.sha256(sent.encode() + await request.body()).hexdigest()
        if claim in _in_flight:
            raise _unanswered()
        _in_flight.add(claim)
        try:
            return await _known(request, claim, sent) or await _first(request, plain, claim, sent)
        finally:
            _in_flight.discard(claim)

    return handler


async def _known(request: Request, claim: str, sent: str) -> Response | None:
    async with database(request).reading() as session:
        row = (
            await session.execute(
                select(A).where(A.c.claim == claim, A.c.created_at > clock.now() - KEPT)
            )
        ).one_or_none()
    if row is None:
        return None
    for check in _checks:
        await check(request)
    if row.request_hash != sent:
        raise Invalid("This Idempotency-Key came with another body before.", code="key-reused")
    return Response(row.body, row.status, media_type=row.media_type)


async def _first(request: Request, plain: Handler, claim: str, sent: str) -> Response:
    response = await plain(request)
    if not isinstance(getattr(response, "body", None), bytes):
        return response  # a stream is not kept; what it reads from is
    answer = {
        "claim": claim,
        "request_hash": sent,
        "status": response.status_code,
        "media_type": response.headers.get("content-type"),
        "body": response.body,
        "created_at": clock.now(),
    }
    session: WriteSession | None = getattr(request.state, "writing", None)
    if session is not None:
        await _keep(session, answer)
    else:  # a use case with several transactions; it answers for their repetition itself
        async with database(request).writing() as own:
            await _keep(own, answer)
    return response


async def _keep(session: WriteSession, answer: dict[str, object]) -> None:
    await session.execute(delete(A).where(A.c.created_at <= clock.now() - KEPT))
    try:
        await session.execute(insert(A), [answer])
    except IntegrityError:
        # Another process was faster with the same key; this transaction goes back.
        raise _unanswered() from None


def _unanswered() -> Clash:
    return Clash(
        "The first request with this Idempotency-Key is still being done; ask again soon.",
        code="in-flight",
    )


def _credential(request: Request) -> str:
    return request.headers.get("authorization") or request.headers.get("cookie", "")


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
