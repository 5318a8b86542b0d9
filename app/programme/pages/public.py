"""The public programme: its page and its calendar."""

from datetime import date
from itertools import groupby
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from app.accounts.doors import CurrentActor
from app.conferences.doors import conference_of
from app.conferences.models import Conference
from app.conferences.rules import in_language
from app.core import dates
from app.core.settings import settings
from app.core.text import fold
from app.programme import feeds, published, store
from app.programme.rules import SessionStatus
from app.programme.store import PublicSession
from app.web.cached import cached
from app.web.doors import database
from app.web.labels import LANGUAGES
from app.web.render import render

router = APIRouter(prefix="/c/{slug}")
Slug = Annotated[str, Path(max_length=64, pattern=r"^[a-z0-9-]+$")]
Lang = Annotated[str, Query(max_length=35)]
HTML = "text/html; charset=utf-8"
PAGE_VARIES = "X-Fragment, Cookie, Authorization"


def languages_of(conference: Conference) -> list[str]:
    """The conference's languages that the pages speak; English where it has none of them."""
    return [code for code in conference.languages if code in LANGUAGES] or ["en"]


def language_of(conference: Conference, asked: str) -> str:
    """The language asked for, if the conference has it, else its first."""
    offered = languages_of(conference)
    return asked if asked in offered else offered[0]


def _speaker(one: store.PublicSpeaker, lang: str) -> dict[str, object]:
    return {
        "name": one.names.get(lang) or one.name,
        "style": one.style,
        "function": one.function or "",
        "delegation": in_language(one.delegation_names, lang, one.delegation),
        "capacity": one.role.value,
    }


def _session(one: PublicSession, lang: str) -> dict[str, object]:
    room = in_language(one.room, lang)
    return {
        "id": one.id,
        "title": one.title,
        "starts": one.starts_at,
        "ends": one.ends_at,
        "room": ", ".join(filter(None, (room, one.venue))),
        "kind": feeds.kind_words(one.kind, lang),
        "abstract": one.abstract,
        "speakers": [_speaker(speaker, lang) for speaker in one.speakers],
        "languages": [],
        "closed": False,
        "cancelled": one.status is SessionStatus.cancelled,
        "moved": False,
        "files": [],
    }


def _matches(one: PublicSession, room: UUID | None, words: list[str]) -> bool:
    if room is not None and one.room_id != room:
        return False
    if not words:
        return True
    names = [n for s in one.speakers for n in (s.name, *s.names.values(), s.delegation)]
    text = fold(" ".join((*one.title.values(), *names)))
    return all(word in text for word in words)


def _day(one: PublicSession) -> date:
    return one.local_start.date()


def _room_id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


@router.get("/")
async def programme(
    request: Request,
    actor: CurrentActor,
    slug: Slug,
    lang: Lang = "",
    room: Annotated[str, Query(max_length=36)] = "",
    search: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """The programme by day, in the conference's languages; caches may keep it for nobody."""
    common = actor.kind == "nobody" and not (room or search or "x-fragment" in request.headers)
    key = (slug, "page", lang if lang in LANGUAGES else "")
    made = published.at_hand(database(request), key) if common else None
    if made is None:
        conference = await conference_of(request, actor, slug)

        def page(sessions: list[PublicSession]) -> bytes:
            return _page(request, conference, sessions, lang=lang, room=room, search=search)

        async with database(request).reading() as session:
            if not common:
                body = page(await store.public_sessions(session, conference.id))
                return Response(body, media_type=HTML, headers={"Vary": PAGE_VARIES})
            made = await published.ready(database(request), session, conference, key, page)
    return cached(request, made.body, HTML, etag=made.etag, changed=made.changed, vary=PAGE_VARIES)


def _page(
    request: Request,
    conference: Conference,
    sessions: list[PublicSession],
    *,
    lang: str,
    room: str,
    search: str,
) -> bytes:
    language = language_of(conference, lang)
    words = fold(search).split()
    shown = [one for one in sessions if _matches(one, _room_id(room), words)]
    rooms = {one.room_id: in_language(one.room, language) for one in sessions if one.room_id}
    feed = f"/c/{conference.slug}/schedule.ics"
    answer = render(
        request,
        "programme.html",
        lang=language,
        languages=languages_of(conference),
        days=[
            {"date": day, "sessions": [_session(one, language) for one in group]}
            for day, group in groupby(shown, key=_day)
        ],
        rooms=list(rooms.items()),
        filters={"room": room, "search": search},
        feeds=[(feed, "iCalendar")],
        subscribe=f"webcal://{urlsplit(settings().base_url).netloc}{feed}",
        zone_name=dates.zone_city(conference.timezone, language),
    )
    return bytes(answer.body)


@router.get("/schedule.ics")
async def schedule_ics(
    request: Request, actor: CurrentActor, slug: Slug, lang: Lang = ""
) -> Response:
    """The programme as a calendar to subscribe to."""
    key = (slug, "ics", lang if lang in LANGUAGES else "")
    made = published.at_hand(database(request), key)
    if made is None:
        conference = await conference_of(request, actor, slug)
        async with database(request).reading() as session:
            made = await published.ready(
                database(request),
                session,
                conference,
                key,
                lambda sessions: feeds.calendar(
                    conference, sessions, language_of(conference, lang)
                ),
            )
    return cached(request, made.body, feeds.ICS_TYPE, etag=made.etag, changed=made.changed)
