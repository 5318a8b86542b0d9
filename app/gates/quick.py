"""The way to `redeem` past everything that a scan needs not, inside the guards of all requests.

A scanner's plain request is read, decided and answered here. Whatever is unusual (a cookie, an
`Idempotency-Key`, a malformed body, a refusal of who asks) goes the ordinary way, from which it has
its answer; the document of the API describes that one.
"""

from typing import Final

from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.accounts.service import DEVICE, PERSON
from app.core.errors import AppError
from app.gates import checkin, scanning
from app.gates.checkin_api import language_of
from app.gates.schemas import RedeemIn

PATH: Final = "/api/v1/checkinrpc/redeem/"
_KINDS: Final = {"device": DEVICE, "token": PERSON}


class QuickRedeem:
    """Answers scans; everything else is the application's."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        scheme, _, secret = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        kind, secret = _KINDS.get(scheme.lower()), secret.strip()
        plain = headers.get(b"content-type", b"").startswith(b"application/json")
        if not (kind and secret and plain) or b"idempotency-key" in headers:
            await self.app(scope, receive, send)
            return
        first = message = await receive()
        body: bytes = message.get("body", b"")
        while message.get("more_body"):
            message = await receive()
            body += message.get("body", b"")
        try:
            asked = checkin.Asked((kind, secret), RedeemIn.model_validate_json(body))
            answer = await checkin.redeem(scope["app"].state.database, asked)
        except (ValidationError, AppError):
            first["body"], first["more_body"] = body, False
            await self.app(scope, _again(first, receive), send)
            return
        tongue = headers.get(b"accept-language", b"").decode("latin-1")
        status, told = scanning.told(answer, language_of(tongue))
        scope["route"] = PATH  # what the log names it by
        await JSONResponse(told, status)(scope, receive, send)


def _again(message: Message, receive: Receive) -> Receive:
    """What was read, to be read once more."""
    waiting = [message]

    async def read() -> Message:
        return waiting.pop() if waiting else await receive()

    return read
