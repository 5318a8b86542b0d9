"""A page asked for with or without its last slash is the same page."""

from urllib.parse import quote

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.routing import Match

_PAGES = "/c/"


def other_spelling(request: Request) -> RedirectResponse | None:
    """The redirect to the page whose address differs by the last slash only, if there is one.

    Only a path of ours goes into it: the framework's own redirect copies the Host header.
    """
    path = request.url.path
    if request.method not in {"GET", "HEAD"} or not path.startswith(_PAGES):
        return None
    other = path.rstrip("/") if path.endswith("/") else f"{path}/"
    scope = dict(request.scope) | {"path": other, "raw_path": other.encode()}
    if not any(route.matches(scope)[0] is Match.FULL for route in request.app.router.routes):
        return None
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(quote(other) + query, 308)
