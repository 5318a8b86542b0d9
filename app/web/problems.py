"""Errors as their reader expects them: problem documents under `/api/`, pages elsewhere."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import IntegrityError
from starlette.exceptions import HTTPException
from starlette.types import Scope

from app.core.db import is_away
from app.core.errors import AppError, Clash, Invalid, NotFound, Unavailable
from app.web.errors import refusal
from app.web.slashes import other_spelling

log = structlog.get_logger()


class _Plain(AppError):
    """An HTTP error that the framework raised, in our shape."""


def respond(request: Request, error: AppError) -> Response:
    """The answer for an expected error, in the shape of the door that was knocked at."""
    return refusal(request.scope, error)


def pointers(errors: Sequence[dict[str, object]]) -> list[tuple[str, str]]:
    """Validation errors as (JSON pointer, message), without the value that was sent."""
    found = []
    for error in errors:
        place = error["loc"]
        assert isinstance(place, tuple)
        parts = [str(part) for part in place if part not in ("body", "query", "path", "header")]
        pointer = "".join("/" + p.replace("~", "~0").replace("/", "~1") for p in parts)
        found.append((pointer, str(error["msg"]).removeprefix("Value error, ")))
    return found


class _Broken(AppError):
    """A fault of ours."""

    status = 500
    code = "error"
    title = "Our mistake"


def unexpected(scope: Scope, error: Exception) -> Response:
    """The answer to an exception that nobody caught; it goes to the log, not to the client."""
    if is_away(error):
        return refusal(scope, Unavailable("The database does not answer; nothing was changed."))
    log.error("unexpected", exc_info=error)
    return refusal(
        scope, _Broken("Something went wrong here; nothing was changed. It has been noted.")
    )


def install(app: FastAPI) -> None:
    """Registers one renderer for every error."""

    @app.exception_handler(AppError)
    async def expected(request: Request, error: AppError) -> Response:
        return respond(request, error)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> Response:
        found = pointers(error.errors())
        detail = f"{found[0][0] or 'The request'}: {found[0][1]}" if found else "Malformed request."
        return respond(request, Invalid(detail[:500], errors=found[:50]))

    @app.exception_handler(HTTPException)
    async def raised(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404:
            return other_spelling(request) or respond(request, NotFound())
        phrase = HTTPStatus(error.status_code).phrase
        plain = type("HTTP", (_Plain,), {"status": error.status_code, "title": phrase})
        made = plain(str(error.detail or phrase) + ".", code=phrase.lower().replace(" ", "-"))
        made.headers.update(error.headers or {})
        return respond(request, made)

    @app.exception_handler(IntegrityError)
    async def clashed(request: Request, error: IntegrityError) -> Response:
        return respond(
            request,
            Clash("Somebody else changed the same thing at the same moment; look again and retry."),
        )


_PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "A refusal (RFC 9457); `code` is for scripts, `detail` for people.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "message"],
                "properties": {"pointer": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}


def describe(app: FastAPI) -> None:
    """Says in the API's description how every operation refuses, and who may call."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = plain()
            parts = found.setdefault("components", {})
            schemas = parts.setdefault("schemas", {})
            schemas["Problem"] = _PROBLEM
            schemas.pop("HTTPValidationError", None)
            schemas.pop("ValidationError", None)
            parts["securitySchemes"] = {
                "Authorization": {"type": "apiKey", "in": "header", "name": "Authorization"}
            }
            found["security"] = [{"Authorization": []}]
            refused = {"application/problem+json": {"schema": {"$ref": _REF}}}
            for methods in found["paths"].values():
                if "post" in methods:
                    methods["post"].setdefault("parameters", []).append(_KEY)
                for operation in methods.values():
                    answers = operation["responses"]
                    answers.pop("422", None)
                    for status, answer in answers.items():
                        # An operation may refuse in its own shape too, as the gates do.
                        if status.startswith("4"):
                            answer.setdefault("content", {}).update(refused)
                    answers["4XX"] = {"description": "Refused", "content": refused}
                    answers["503"] = {"description": "Try again", "content": refused}
        return app.openapi_schema or {}

    app.openapi = described  # type: ignore[method-assign]


_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same body within 24 hours has the same answer.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}
_REF = "#/components/schemas/Problem"
