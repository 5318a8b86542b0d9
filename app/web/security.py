"""What every answer carries and every request must pass, as plain ASGI.

Order, outermost first: `AccessLog`, `SecurityHeaders` (between them and the rest the quick way of
scans), the framework's own, `LastResort`, `CrossSiteGuard`, `BodyLimit`.
"""

import time
from collections.abc import Callable
from functools import cache
from secrets import token_hex

from prometheus_client import Histogram
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import logs
from app.core.errors import Forbidden, TooLarge
from app.web.errors import refusal

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
MEGABYTE = 1_000_000

_CSP = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}
_PLAIN = [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items()]
_SECURE = [*_PLAIN, (b"strict-transport-security", b"max-age=63072000; includeSubDomains")]


class SecurityHeaders:
    """Adds the security headers, and `private, no-store` wherever an answer says nothing else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = message["headers"]
                names = {name for name, _ in said}
                wanted = _SECURE if scope["scheme"] == "https" else _PLAIN
                message["headers"] = [*said, *(one for one in wanted if one[0] not in names)]
            await send(message)

        await self.app(scope, receive, with_headers)


class LastResort:
    """Answers what nobody expected with a sentence, inside the headers that every answer carries.

    The framework's own last resort stands outside all of them: its answer would say nothing of
    caches or scripts.
    """

    def __init__(self, app: ASGIApp, answer: Callable[[Scope, Exception], Response]) -> None:
        self.app = app
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            if started:
                raise
            await self.answer(scope, error)(scope, receive, send)


def is_cross_site(method: str, scheme: str, headers: Headers) -> bool:
    """Whether another site may have made a browser send this, in the name of who is signed in.

    `Authorization` cannot be added across sites without a permission we never give. A request
    with neither `Sec-Fetch-Site` nor `Origin` is no browser's of today: it passes only if it
    carries no cookie.
    """
    if method in SAFE_METHODS or "authorization" in headers:
        return False
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    if origin is not None:
        return origin != f"{scheme}://{headers.get('host', '')}"
    return "cookie" in headers


class CrossSiteGuard:
    """Refuses, with 403, what another site's page tries to do here."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and is_cross_site(
            scope["method"], scope["scheme"], Headers(scope=scope)
        ):
            error = Forbidden(
                "This request did not come from a page of this site, so nothing was done. "
                "Open the page here and send it again.",
                code="cross-site",
            )
            await refusal(scope, error)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def body_limit(path: str) -> int:
    """How many bytes a body may have: files need more than forms."""
    if any(f"/{part}" in path for part in ("imports", "import", "photo", "letter")):
        return 21 * MEGABYTE
    return MEGABYTE


class _Overflow(Exception):
    """The body grew over the limit while it was read."""


class BodyLimit:
    """Answers 413 without reading more than the limit, whatever Content-Length claims."""

    def __init__(self, app: ASGIApp, limit: Callable[[str], int] = body_limit) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.limit(scope["path"])
        claimed = Headers(scope=scope).get("content-length", "0")
        if not claimed.isdecimal() or len(claimed) > 12 or int(claimed) > limit:
            await self._refuse(scope, receive, send, limit)
            return
        seen, overflowed, answered = 0, False, False

        async def counted() -> Message:
            nonlocal seen, overflowed
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                overflowed = True
                raise _Overflow
            return message

        async def guarded(message: Message) -> None:
            nonlocal answered
            # The framework makes a 400 of whatever fails while it reads; ours says why.
            if not overflowed:
                answered = True
                await send(message)

        try:
            await self.app(scope, counted, guarded)
        except _Overflow:
            if answered:
                raise
        if overflowed and not answered:
            await self._refuse(scope, receive, send, limit)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        error = TooLarge(
            f"What was sent is larger than {limit // MEGABYTE} MB, the limit here. "
            "Nothing was stored; send a smaller file."
        )
        # The rest of the body is not read, so the connection cannot be used again.
        error.headers["Connection"] = "close"
        await refusal(scope, error)(scope, receive, send)


DURATION = Histogram(
    "plenary_request_seconds", "Duration of requests.", ["method", "path", "status"]
)


@cache
def _duration(method: str, path: str, status: int) -> Histogram:
    return DURATION.labels(method, path, str(status))


def template_of(scope: Scope) -> str:
    """The path with its parameters' names for their values; `-` where no route was met."""
    if scope.get("route") is None:
        return "-"
    names = {str(value): name for name, value in scope.get("path_params", {}).items()}
    if not names:
        return str(scope["path"])
    steps = scope["path"].split("/")
    shown = [f"{{{names[step]}}}" if step in names else step for step in steps]
    # A value in another spelling was not found among the steps: say less rather than too much.
    return "/".join(shown) if sum(step in names for step in steps) >= len(names) else "-"


class AccessLog:
    """Gives each request an id and one line: method, path *template*, status, milliseconds.

    No query, no ids, no addresses of people: the log is kept longer than personal data.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        id = token_hex(16)
        scope.setdefault("state", {})["request_id"] = id
        started, status = time.perf_counter(), 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", id.encode())]
            await send(message)

        token = logs.request_id.set(id)
        try:
            await self.app(scope, receive, watched)
        finally:
            seconds, path = time.perf_counter() - started, template_of(scope)
            _duration(scope["method"], path, status).observe(seconds)
            logs.answered(scope["method"], path, status, seconds)
            logs.request_id.reset(token)
