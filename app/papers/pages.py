"""The ministers' page of the desk."""

from collections.abc import Awaitable
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.core.db import ReadSession, WriteSession
from app.core.schemas import Choice
from app.core.text import fold, native_name, searchable
from app.gates import service as gates
from app.gates.schemas import AttestIn
from app.papers import photo_pages
from app.papers.ministers import ministers
from app.papers.schemas import Minister
from app.participants import service as participants
from app.participants.schemas import ParticipantEdit, RankDecision
from app.web.doors import Reading
from app.web.flash import went
from app.web.forms import Attempt, attempt
from app.web.render import render

router = APIRouter(prefix="/c/{slug}/desk/ministers", dependencies=[Depends(desk("ministers"))])


class Attested(AttestIn):
    """Whose presence is attested, and where, when."""

    participant: UUID


class Decided(RankDecision):
    """Whose rank is decided."""

    participant: UUID


def _matches(one: Minister, words: list[str], presence: str | None) -> bool:
    if presence is not None and one.is_present is not (presence == "present"):
        return False
    text = searchable(one.name, *one.names.values(), one.function, one.delegation_name)
    return all(word in text for word in words)


def _shown(one: Minister) -> dict[str, object]:
    return {**dict(one), "native_name": native_name(one.names)}


async def _page(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    *,
    search: str = "",
    presence: str | None = None,
    refused: Attempt[object] | None = None,
) -> Response:
    found = await ministers(session, actor, conference)
    words = fold(search).split()
    return render(
        request,
        "desk/ministers.html",
        refused.status if refused else 200,
        ministers=[_shown(one) for one in found.listed if _matches(one, words, presence)],
        to_decide=[_shown(one) for one in found.to_decide if _matches(one, words, None)],
        total=len(found.listed),
        present=sum(one.is_present for one in found.listed),
        filters={"search": search, "presence": presence},
        attester=actor.may(conference.id, gates.OFFICERS),
        editor=actor.may(conference.id, participants.EDITORS),
        values=refused.values if refused else {},
        errors=refused.errors if refused else {},
    )


@router.get("/")
async def listing(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    search: Annotated[str, Query(max_length=200)] = "",
    presence: Choice[Literal["present", "absent"]] = None,
) -> Response:
    """Ministers and above, in order; apart from them, those whose rank waits for a decision."""
    return await _page(request, session, actor, conference, search=search, presence=presence)


@router.post("/attest")
async def attest(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference
) -> Response:
    """Notes that an officer saw a principal, who passes no scanner."""

    def work(writing: WriteSession, given: Attested, _: int | None) -> Awaitable[object]:
        seen = AttestIn.model_validate(given.model_dump(exclude={"participant"}))
        return gates.attest(writing, actor, conference, given.participant, seen)

    sent = await attempt(request, Attested, work)
    if sent.done is None:
        return await _page(request, session, actor, conference, refused=sent)
    return went(f"/c/{conference.slug}/desk/ministers/", "attested")


@router.post("/decide")
async def decide(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference
) -> Response:
    """Decides a rank that a title suggests."""

    def work(writing: WriteSession, given: Decided, version: int | None) -> Awaitable[object]:
        edit, id = ParticipantEdit(rank=given.rank), given.participant
        return participants.edit(writing, actor, conference, id, edit, version=version)

    sent = await attempt(request, Decided, work)
    if sent.done is None:
        return await _page(request, session, actor, conference, refused=sent)
    return went(f"/c/{conference.slug}/desk/ministers/", "rank")


router.include_router(photo_pages.router)
