"""What every answer carries, what every request must pass."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from app.web.assets import serve_static, static
from app.web.security import (
    AccessLog,
    BodyLimit,
    CrossSiteGuard,
    SecurityHeaders,
    body_limit,
    is_cross_site,
)

SAME = "https://plenary.example"


def client(application: object, base: str = SAME) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=application, raise_app_exceptions=False)  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url=base)


def site() -> FastAPI:
    application = FastAPI()
    application.mount("/static", serve_static)

    @application.get("/c/{slug}/page")
    async def page(slug: str) -> PlainTextResponse:
        return PlainTextResponse(slug)

    @application.get("/feed")
    async def feed() -> PlainTextResponse:
        return PlainTextResponse("x", headers={"Cache-Control": "public, max-age=60"})

    @application.post("/sink/{rest:path}")
    @application.post("/api/v1/{rest:path}")
    async def post(rest: str, request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(len(await request.body())))

    for guard in (BodyLimit, CrossSiteGuard, SecurityHeaders, AccessLog):
        application.add_middleware(guard)  # type: ignore[arg-type]
    return application


@pytest.mark.parametrize("path", ["/c/kuwait-2024/page", "/nothing-here", "/static/none.css"])
async def test_every_answer_carries_the_headers(path: str) -> None:
    async with client(site()) as http:
        answer = await http.get(path)
    csp = answer.headers["content-security-policy"]
    for part in (
        "default-src 'self'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
    ):
        assert part in csp
    assert "unsafe" not in csp
    assert "data:" not in csp
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "camera=(self)" in answer.headers["permissions-policy"]
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["strict-transport-security"].startswith("max-age=")


async def test_hsts_is_for_https_only_and_a_cache_rule_of_the_answer_stands() -> None:
    async with client(site(), "http://plenary.example") as http:
        answer = await http.get("/feed")
    assert "strict-transport-security" not in answer.headers
    assert answer.headers["cache-control"] == "public, max-age=60"


@pytest.mark.parametrize(
    ("method", "headers", "refused"),
    [
        ("GET", {"sec-fetch-site": "cross-site", "cookie": "s=1"}, False),
        ("HEAD", {"origin": "https://evil.example"}, False),
        ("POST", {"sec-fetch-site": "same-origin", "cookie": "s=1"}, False),
        ("POST", {"sec-fetch-site": "none"}, False),
        ("POST", {"sec-fetch-site": "same-site", "cookie": "s=1"}, True),
        ("POST", {"sec-fetch-site": "cross-site"}, True),
        ("POST", {"sec-fetch-site": "cross-site", "origin": SAME}, True),
        ("PUT", {"sec-fetch-site": "cross-site"}, True),
        ("DELETE", {"sec-fetch-site": "cross-site"}, True),
        ("POST", {"origin": SAME, "cookie": "s=1"}, False),
        ("POST", {"origin": "http://plenary.example"}, True),
        ("POST", {"origin": "https://plenary.example.evil.example"}, True),
        ("POST", {"origin": "https://plenary.example:8443"}, True),
        ("POST", {"origin": "null", "cookie": "s=1"}, True),
        ("POST", {"cookie": "s=1"}, True),
        ("POST", {}, False),
        ("POST", {"authorization": "Token abc", "origin": "https://evil.example"}, False),
        ("POST", {"authorization": "Device abc"}, False),
    ],
)
def test_cross_site_table(method: str, headers: dict[str, str], refused: bool) -> None:
    given = Headers({"host": "plenary.example", **headers})
    assert is_cross_site(method, "https", given) is refused


@pytest.mark.parametrize(
    ("path", "kind"), [("/api/v1/x", "application/problem+json"), ("/sink/x", "text/html")]
)
async def test_a_cross_site_post_is_refused_in_the_form_its_sender_reads(
    path: str, kind: str
) -> None:
    async with client(site()) as http:
        answer = await http.post(path, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith(kind)
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize(
    ("path", "megabytes"),
    [
        ("/sign-in", 1),
        ("/c/k/desk/import", 21),
        ("/api/v1/conferences/k/imports", 21),
        ("/c/k/portal/p/photo", 21),
    ],
)
def test_files_may_be_larger_than_forms(path: str, megabytes: int) -> None:
    assert body_limit(path) == megabytes * 1_000_000


async def test_a_body_at_the_limit_passes_and_one_byte_more_does_not() -> None:
    async with client(site()) as http:
        fits = await http.post("/sink/x", content=b"a" * 1_000_000)
        over = await http.post("/sink/x", content=b"a" * 1_000_001)
    assert (fits.status_code, fits.text) == (200, "1000000")
    assert over.status_code == 413
    assert "1 MB" in over.text


async def test_a_streamed_body_is_cut_at_the_limit() -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 1
            yield b"a" * 1_000_000

    async with client(site()) as http:
        answer = await http.post("/api/v1/x", content=endless())
    assert answer.status_code == 413
    assert answer.json()["code"] == "too-large"
    assert answer.headers["connection"] == "close"
    assert sent <= 3


@pytest.mark.parametrize("length", ["99999999999999999999", "9" * 5000, "-5", "ten"])
async def test_an_odd_length_is_refused_unread(length: str) -> None:
    async def never(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError("the application was reached")

    async with client(BodyLimit(never)) as http:
        answer = await http.post("/api/v1/x", headers={"Content-Length": length})
    assert answer.status_code == 413


async def test_the_log_names_the_template_and_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    async with client(site()) as http:
        answer = await http.get("/c/kuwait-2024/page?search=Al-Mutairi")
        await http.get("/lost?email=a@example.org")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert lines[0]["request_id"] == answer.headers["x-request-id"]
    assert (lines[0]["event"], lines[0]["level"]) == ("request", "info")
    assert lines[0]["path"] == "/c/{slug}/page"
    assert lines[0]["status"] == 200
    assert lines[1]["path"] == "-"
    assert lines[1]["status"] == 404
    assert "Mutairi" not in str(lines)
    assert "example.org" not in str(lines)
    assert len(answer.headers["x-request-id"]) == 32


async def test_static_files_live_for_ever_under_their_hash_and_nowhere_else() -> None:
    async with client(site()) as http:
        plain = await http.get(static("plenary.css"), headers={"Accept-Encoding": "identity"})
        zipped = await http.get(static("plenary.css"), headers={"Accept-Encoding": "gzip"})
        others = [
            (await http.get(path)).status_code
            for path in ("/static/plenary.css", "/static/../render.py", "/static/%2e%2e/render.py")
        ]
    assert "immutable" in plain.headers["cache-control"]
    assert plain.headers["content-type"] == "text/css; charset=utf-8"
    assert zipped.headers["content-encoding"] == "gzip"
    assert zipped.text == plain.text
    assert others == [404, 404, 404]
