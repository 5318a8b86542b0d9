"""The way to `redeem` and `batch` past what a scan needs not: the framework takes longer than it.

A scanner's plain request is read, decided and answered here, inside the log and the headers of all
requests. It carries its credential in a header and says how long it is, so that the guards against
other sites and endless bodies have nothing to ask. Whatever is unusual (a cookie, an
`Idempotency-Key`, a malformed body, a refusal, a failure) goes the ordinary way, from which it has
its answer; the document of the API describes that one.
"""

from typing import Final

from pydantic_core import to_json
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.accounts.service import DEVICE, PERSON
from app.core.db import Database
from app.gates import answers, checkin
from app.gates.answers import language_of
from app.gates.schemas import BatchIn, RedeemIn
from app.web.security import body_limit

PATHS: Final = {f"/api/v1/checkinrpc/{door}/": door for door in ("redeem", "batch")}
_KINDS: Final = {"device": DEVICE, "token": PERSON}


class QuickScans:
    """Answers scans; everything else is the application's."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in PATHS or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        scheme, _, secret = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        kind, secret = _KINDS.get(scheme.lower()), secret.strip()
        plain = headers.get(b"content-type", b"").startswith(b"application/json")
        length = headers.get(b"content-length", b"").decode("latin-1")
        short = length.isdecimal() and len(length) < 12 and int(length) <= body_limit(scope["path"])
        if not (kind and secret and plain and short) or b"idempotency-key" in headers:
            await self.app(scope, receive, send)
            return
        first = message = await receive()
        body: bytes = message.get("body", b"")
        while message.get("more_body"):
            message = await receive()
            body += message.get("body", b"")
        tongue = language_of(headers.get(b"accept-language", b"").decode("latin-1"))
        answer = _redeem if PATHS[scope["path"]] == "redeem" else _batch
        try:
            status, told = await answer(scope["app"].state.database, (kind, secret), body, tongue)
        except Exception:  # whatever it is, the ordinary way has the words for it
            first["body"], first["more_body"] = body, False
            await self.app(scope, _again(first, receive), send)
            return
        scope["route"] = scope["path"]  # what the log names it by
        written = to_json(told)
        said = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(written)).encode()),
        ]
        await send({"type": "http.response.start", "status": status, "headers": said})
        await send({"type": "http.response.body", "body": written})


async def _redeem(
    database: Database, by: checkin.By, body: bytes, language: str
) -> tuple[int, dict[str, object]]:
    asked = checkin.Asked(by, RedeemIn.model_validate_json(body))
    return answers.told(await checkin.redeem(database, asked), language)


async def _batch(
    database: Database, by: checkin.By, body: bytes, language: str
) -> tuple[int, dict[str, object]]:
    given = BatchIn.model_validate_json(body)
    return 200, answers.results_of(await checkin.tell_at_once(database, by, given), language)


def _again(message: Message, receive: Receive) -> Receive:
    """What was read, to be read once more."""
    waiting = [message]

    async def read() -> Message:
        return waiting.pop() if waiting else await receive()

    return read
