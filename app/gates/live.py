"""Live occupancy: the hall's board, and the stream that keeps it and the desk's page true."""

import json
from collections.abc import AsyncGenerator, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.badges.rules import zones
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.conferences.rules import in_language
from app.core.db import Database
from app.core.errors import AppError
from app.core.together import Together
from app.gates import occupancy
from app.gates.store import board_sessions
from app.web.doors import Reading, database
from app.web.labels import LANGUAGES, label
from app.web.render import render

router = APIRouter(prefix="/c/{slug}")
_LIFETIME = 60.0


async def _count(
    database: Database, asked: Sequence[tuple[Conference, bool]]
) -> Sequence[str | AppError]:
    found: dict[tuple[UUID, bool], str] = {}
    async with database.reading() as session:
        for conference, public in asked:
            if (conference.id, public) not in found:
                told = await occupancy.counts(session, conference, public=public)
                found[conference.id, public] = json.dumps(told)
    return [found[conference.id, public] for conference, public in asked]


# Once for all who watch: they wake at the same moment, and counting reads every scan.
_counts: Together[tuple[Conference, bool], str] = Together(_count)


def _stream(database: Database, conference: Conference, *, public: bool) -> AsyncGenerator[str]:
    async def count() -> str:
        return await _counts(database, (conference, public))

    return occupancy.stream(database, conference.id, count, lifetime=_LIFETIME)


def _answer(request: Request, conference: Conference, *, public: bool) -> Response:
    return StreamingResponse(
        _stream(database(request), conference, public=public),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@router.get("/board/live")
async def board_stream(request: Request, conference: InConference) -> Response:
    """Who is inside by zone and session, as it changes."""
    return _answer(request, conference, public=True)


@router.get("/desk/gates/live", dependencies=[Depends(desk("gates"))])
async def desk_stream(request: Request, conference: InConference) -> Response:
    """The same by gate too, for the desk."""
    return _answer(request, conference, public=False)


@router.get("/board/")
async def board(
    request: Request,
    session: Reading,
    conference: InConference,
    lang: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """The hall's display: without JavaScript it is as of its loading."""
    languages = [code for code in conference.languages if code in LANGUAGES] or ["en"]
    lang = lang if lang in languages else languages[0]
    found = await occupancy.counts(session, conference, public=True)
    titles = await board_sessions(session, conference.id)
    names = {f"zone:{bit}": label(key, "zone", lang) for bit, key in zones().items()}
    names |= {f"session:{id}": in_language(title, lang) for id, title in titles.items()}
    places = [(key, names[key], count) for key, count in found.items() if key in names]
    return render(request, "board.html", places=places, lang=lang, languages=languages)
