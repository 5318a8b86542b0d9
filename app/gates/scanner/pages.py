"""The scanner page and its files, which a device keeps to work without a network."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from fastapi import APIRouter, Request, Response

from app.conferences.doors import InConference
from app.conferences.models import Conference
from app.core.errors import NotFound
from app.web.cached import cached, etag_of
from app.web.labels import LANGUAGES, label, sentences, words_of
from app.web.render import environment, in_language

router = APIRouter(prefix="/c/{slug}/gate")
_FOLDER = Path(__file__).parent / "static"
_WORKER = "sw.js"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    "": "text/html; charset=utf-8",
}


@cache
def _files() -> dict[str, bytes]:
    """What is the same for every conference, by name."""
    files = {file.name: file.read_bytes() for file in sorted(_FOLDER.iterdir())}
    words: dict[str, dict[str, object]] = {
        tongue: {key: label(key, "gate", tongue) for key in words_of("gate")}
        | {"sentences": sentences(tongue)}
        for tongue in LANGUAGES
    }
    return files | {"words.json": json.dumps(words, ensure_ascii=False).encode()}


def _page(conference: Conference) -> bytes:
    page = environment().get_template("gate.html")
    context = {"conference": conference, "lang": "en", "tongues": LANGUAGES}
    return page.render(context).encode()


def _manifest(conference: Conference) -> bytes:
    title = in_language(conference.title, "en")
    icons = [
        {"src": f"icon-{side}.png", "sizes": f"{side}x{side}", "type": "image/png"}
        for side in (192, 512)
    ]
    icons.append({"src": "icon.svg", "sizes": "any", "type": "image/svg+xml"})
    told = {
        "name": f"{label('title', 'gate')} – {title}",
        "short_name": label("title", "gate"),
        "id": f"/c/{conference.slug}/gate/",
        "start_url": "./",
        "scope": "./",
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#f5f6f7",
        "theme_color": "#14334f",
        "icons": [icon | {"purpose": "any maskable"} for icon in icons],
    }
    return json.dumps(told, ensure_ascii=False).encode()


def _worker(conference: Conference) -> bytes:
    """The service worker, new whenever anything is that it keeps."""
    kept = {"./": _page(conference), "manifest.webmanifest": _manifest(conference)}
    kept |= {name: body for name, body in _files().items() if name != _WORKER}
    version = sha256(b"".join(kept.values()) + _files()[_WORKER]).hexdigest()[:12]
    names = {"VERSION": version, "NAME": f"gate-{conference.slug}", "FILES": list(kept)}
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in names.items())
    return head.encode() + _files()[_WORKER]


@router.get("/")
async def page(request: Request, conference: InConference) -> Response:
    """The page, the same for everybody: whoever has paired it says so with each request."""
    return _answer(request, "", _page(conference))


@router.get("/{name}")
async def file(request: Request, conference: InConference, name: str) -> Response:
    """One of the page's files. Raises `NotFound`."""
    if name == _WORKER:
        body = _worker(conference)
    elif name == "manifest.webmanifest":
        body = _manifest(conference)
    elif name in _files():
        body = _files()[name]
    else:
        raise NotFound
    return _answer(request, name, body)


def _answer(request: Request, name: str, body: bytes) -> Response:
    media_type = _TYPES[Path(name).suffix]
    return cached(request, body, media_type, etag=etag_of(body), changed=None)
