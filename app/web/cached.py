"""Public answers that caches may keep: `ETag`, `Last-Modified`, and 304 for who has them."""

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from fastapi import Request, Response

CACHE_CONTROL = "public, max-age=60, must-revalidate"


def etag_of(body: bytes) -> str:
    """The strong validator of these bytes."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _has(request: Request, etag: str, changed: datetime | None) -> bool:
    """Whether the client holds this answer; `If-None-Match` rules where both are sent."""
    known = request.headers.get("if-none-match")
    if known is not None:
        tags = [tag.strip().removeprefix("W/") for tag in known.split(",")]
        return "*" in tags or etag in tags
    since = request.headers.get("if-modified-since")
    if since is None or changed is None:
        return False
    try:
        return changed.replace(microsecond=0) <= parsedate_to_datetime(since).astimezone(UTC)
    except (ValueError, OverflowError):
        return False


def cached(
    request: Request,
    body: bytes,
    media_type: str,
    *,
    etag: str,
    changed: datetime | None,
    vary: str | None = None,
) -> Response:
    """The bytes, or 304; public for a minute, then to be asked for again."""
    headers = {"ETag": etag, "Cache-Control": CACHE_CONTROL}
    if changed is not None:
        headers["Last-Modified"] = format_datetime(changed.astimezone(UTC), usegmt=True)
    if vary:
        headers["Vary"] = vary
    if _has(request, etag, changed):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)
