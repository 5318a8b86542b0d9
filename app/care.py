"""Health, metrics and the description of the API."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from app.core import heartbeat, migrate
from app.core.errors import Unavailable
from app.web.described import describe
from app.web.doors import Writing, database
from app.web.render import render

router = APIRouter(include_in_schema=False)


@router.get("/livez")
async def livez() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(request: Request, session: Writing) -> dict[str, str]:
    """The database takes writes and has the schema this code expects; it really writes a row.

    Raises `Unavailable`.
    """
    found, wanted = await migrate.current(database(request)), migrate.newest()
    if found != wanted:
        raise Unavailable(f"The database is at revision {found or 'none'}; run plenary db upgrade.")
    await heartbeat.beat(session)
    return {"status": "ok"}


@router.get("/docs")
async def docs(request: Request) -> Response:
    """The description of the API as a page; the same words as `/openapi.json`."""
    answer = render(
        request,
        "docs.html",
        title=request.app.title,
        description=request.app.description,
        tags=describe(request.app.openapi()),
    )
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


@router.get("/metrics")
async def metrics() -> Response:
    """Counters and durations for Prometheus; no personal data."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
