"""One renderer of refusals: a problem document for scripts, a calm page for people."""

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from starlette.types import Scope

from app.core.errors import AppError
from app.web.render import render


def is_api(path: str) -> bool:
    """Whether a script asks: such paths are answered in JSON."""
    return path.startswith(("/api/", "/openapi.json", "/livez", "/readyz", "/metrics"))


def problem(error: AppError) -> JSONResponse:
    """The refusal as `application/problem+json` (RFC 9457)."""
    body = {
        "type": "about:blank",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        **error.members,
    }
    return JSONResponse(
        body, error.status, headers=error.headers, media_type="application/problem+json"
    )


def refusal(scope: Scope, error: AppError) -> Response:
    """The refusal in the form that this request's sender reads."""
    if is_api(scope["path"]):
        return problem(error)
    request = Request(scope)
    context = {
        "error": {
            "status": error.status,
            "title": error.title,
            "detail": error.detail,
            "code": error.code,
        },
        "request_id": scope.get("state", {}).get("request_id", ""),
    }
    return render(request, "error.html", error.status, error.headers, **context)
