"""Style, script and pictures of ours: read once, served under names that carry their hash."""

import gzip
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

_FOLDER = Path(__file__).parent / "static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_YEAR = "public, max-age=31536000, immutable"


class Asset(NamedTuple):
    """One file as it goes out, plain and compressed."""

    address: str
    media_type: str
    body: bytes
    zipped: bytes


@cache
def _assets() -> dict[str, Asset]:
    found = {}
    for file in sorted(_FOLDER.iterdir()):
        if file.suffix in _TYPES:
            body = file.read_bytes()
            address = f"{file.stem}.{sha256(body).hexdigest()[:12]}{file.suffix}"
            zipped = gzip.compress(body, 9, mtime=0)
            found[file.name] = Asset(address, _TYPES[file.suffix], body, zipped)
    return found


@cache
def _by_address() -> dict[str, Asset]:
    return {asset.address: asset for asset in _assets().values()}


def static(name: str) -> str:
    """The address of one of our files, new whenever its bytes are; `KeyError` if there is none."""
    return f"/static/{_assets()[name].address}"


async def serve_static(scope: Scope, receive: Receive, send: Send) -> None:
    """An ASGI application to mount at `/static`; only hashed names exist, cached for ever."""
    name = scope["path"].removeprefix(scope.get("root_path", "")).removeprefix("/static")
    asset = _by_address().get(name.lstrip("/"))
    if asset is None or scope["method"] not in {"GET", "HEAD"}:
        await PlainTextResponse("There is no such file.", 404)(scope, receive, send)
        return
    zips = "gzip" in Headers(scope=scope).get("accept-encoding", "")
    headers = {"Cache-Control": _YEAR, "Vary": "Accept-Encoding"}
    if zips:
        headers["Content-Encoding"] = "gzip"
    body = asset.zipped if zips else asset.body
    response = Response(body, media_type=asset.media_type, headers=headers)
    await response(scope, receive, send)
