"""The list of conferences, each one's colour, its mails and its audit trail."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.accounts import trail
from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor, Role
from app.conferences import service, store
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.core import clock
from app.core.paging import Paged
from app.core.schemas import Choice
from app.core.settings import settings
from app.web.accent import accent_css
from app.web.doors import Reading
from app.web.render import render

router = APIRouter()


@dataclass(frozen=True, slots=True)
class _Entry:
    slug: str
    title: dict[str, str]
    starts: date
    ends: date
    venue: dict[str, str]
    sample: bool
    held_here: bool
    status: str
    portal: bool


def _entry(conference: Conference, actor: Actor) -> _Entry:
    today = clock.utc_to_local(clock.now(), conference.timezone).date()
    if today < conference.starts:
        status = "upcoming"
    else:
        status = "running" if today <= conference.ends else "closed"
    return _Entry(
        conference.slug,
        conference.title,
        conference.starts,
        conference.ends,
        conference.city or conference.venue,
        conference.sample,
        conference.held_here,
        status,
        Role.focal_point in actor.roles_in(conference.id),
    )


@router.get("/")
async def home(request: Request, actor: CurrentActor, session: Reading) -> Response:
    """All conferences by their series, newest first."""
    groups: dict[str, dict[str, object]] = {}
    for conference, series in await store.conferences(session):
        key = series.slug if series else ""
        title = series.title if series else {}
        group = groups.setdefault(key, {"series": title, "conferences": []})
        listed = group["conferences"]
        assert isinstance(listed, list)
        listed.append(_entry(conference, actor))
    return render(request, "home.html", groups=list(groups.values()))


@router.get("/c/{slug}/accent.css")
async def accent(conference: InConference) -> Response:
    """The conference's colour as a style sheet of its own, named by its hash."""
    return Response(
        accent_css(conference.accent),
        media_type="text/css",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )


@router.get("/c/{slug}/desk/outbox/", dependencies=[Depends(desk("outbox"))])
async def outbox(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    paging: Paged,
    state: Annotated[str, Query(max_length=16)] = "",
) -> Response:
    """Mails written for the conference, and what became of each."""
    found, count = await service.mails(
        session, actor, conference.id, state=state, offset=paging.offset, limit=paging.size
    )
    return render(
        request,
        "desk/outbox.html",
        page=paging.sheet(found, count),
        filters={"state": state},
        kept=settings().smtp_url is None,
    )


@router.get("/c/{slug}/desk/audit/", dependencies=[Depends(desk("audit"))])
async def audit_trail(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    paging: Paged,
    verify: Choice[bool] = None,
) -> Response:
    """Who did what, newest first; on request, whether the chain holds."""
    found, count = await trail.entries(
        session, actor, conference.id, offset=paging.offset, limit=paging.size
    )
    return render(
        request,
        "desk/audit.html",
        page=paging.sheet(found, count),
        faults=await trail.faults(session, actor, conference.id) if verify else None,
    )
