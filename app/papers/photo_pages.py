"""The photo sheet of principals at the desk."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.conferences.doors import InConference
from app.conferences.models import Conference
from app.core.db import ReadSession, WriteSession
from app.core.schemas import Input
from app.core.text import native_name
from app.gates import service as gates
from app.gates.schemas import AttestIn
from app.papers import photo_sheet
from app.papers.schemas import TallyIn
from app.participants.service import EDITORS
from app.web.doors import Reading, database
from app.web.flash import went
from app.web.forms import Attempt, attempt
from app.web.render import render

router = APIRouter()
Given = TypeVar("Given", bound=Input)


class Seen(Input):
    """Who was seen entering, just now."""

    participant: UUID


async def _page(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    refused: Attempt[object] | None = None,
) -> Response:
    found, photos = await photo_sheet.principals(session, actor, conference)
    seen = await photo_sheet.last_seen(session, conference, found)
    return render(
        request,
        "desk/photo_sheet.html",
        refused.status if refused else 200,
        people=[
            {
                **dict(one),
                "native_name": native_name(one.names),
                "seen": seen.get(one.id),
            }
            for one in found
        ],
        photos=photos,
        attester=actor.may(conference.id, gates.OFFICERS),
        editor=actor.may(conference.id, EDITORS),
        values=refused.values if refused else {},
        errors=refused.errors if refused else {},
    )


@router.get("/photos")
async def photos(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference
) -> Response:
    """The faces of principals, each with one tap to attest."""
    return await _page(request, session, actor, conference)


@router.get("/photos.pdf")
async def photos_pdf(request: Request, actor: CurrentActor, conference: InConference) -> Response:
    """The sheet on paper."""
    pdf = await photo_sheet.sheet(database(request), actor, conference)
    disposition = {"Content-Disposition": 'attachment; filename="photo-sheet.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=disposition)


async def _act(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    schema: type[Given],
    work: Callable[[WriteSession, Given], Awaitable[object]],
    said: str,
) -> Response:
    sent = await attempt(request, schema, lambda writing, given, _: work(writing, given))
    if sent.done is None:
        return await _page(request, session, actor, conference, sent)
    return went(f"/c/{conference.slug}/desk/ministers/photos", said)


@router.post("/photos")
async def attest(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference
) -> Response:
    """Notes that an officer sees a principal enter, now."""

    def work(writing: WriteSession, given: Seen) -> Awaitable[object]:
        seen = AttestIn(place=photo_sheet.ENTRANCE)
        return gates.attest(writing, actor, conference, given.participant, seen)

    return await _act(request, session, actor, conference, Seen, work, "attested")


@router.post("/photos/tally")
async def tally(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference
) -> Response:
    """Enters what was ticked on paper, with its witness."""

    def work(writing: WriteSession, given: TallyIn) -> Awaitable[object]:
        return photo_sheet.tally(writing, actor, conference, given)

    return await _act(request, session, actor, conference, TallyIn, work, "tallied")
