"""A delegation at a glance: invitation, places, people in their order."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference
from app.core.dates import zone_city
from app.core.db import ReadSession
from app.core.schemas import Nothing
from app.core.text import joined, native_name
from app.delegations.invitations.schemas import ReplyIn
from app.participants.models import Participant
from app.participants.rules import ACTIVE, Status
from app.portal import service
from app.portal.doors import (
    InPortal,
    Language,
    Portal,
    act,
    keep_paper,
    of_delegation,
    page,
    shown,
    spoken,
)
from app.portal.schemas import GiveBack, HoldIn, Move, Paper
from app.web.doors import Reading
from app.web.flash import went
from app.web.forms import Attempt, read_form
from app.web.labels import label
from app.web.render import in_language

router = APIRouter()


def in_words(lacking: list[str], lang: str) -> str:
    """What is missing, as one phrase."""
    return joined([label(key, "missing", lang) for key in lacking], lang)


def _line(person: Participant, portal: Portal) -> dict[str, object]:
    lacking = service.lacks(person, portal.who.conference)
    return {
        **person.model_dump(),
        "native_name": native_name(person.names),
        "missing": in_words(lacking, portal.lang),
    }


async def _page(
    request: Request, session: ReadSession, portal: Portal, refused: Attempt[Any] | None = None
) -> Response:
    who = portal.who
    found = await service.people(session, who)
    lines = [_line(person, portal) for person in found]
    return shown(
        request,
        portal,
        "overview.html",
        refused.status if refused else 200,
        values=refused.values if refused else None,
        errors=refused.errors if refused else None,
        name=in_language(who.delegation.names, portal.lang) or who.delegation.name,
        people=[line for line in lines if line["status"] in ACTIVE],
        out=[line for line in lines if line["status"] not in ACTIVE],
        complete=sum(one["status"] is Status.nominated and not one["missing"] for one in lines),
        places=await service.places(session, who),
        held=await service.held(session, who),
        zone_name=zone_city(who.conference.timezone, portal.lang),
    )


@router.get("/")
async def choose(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    lang: Language,
    delegation: Annotated[str, Query(max_length=16)] = "",
) -> Response:
    """The delegation of who acts for one; else the choice among several."""
    found = await service.choices(session, actor, conference)
    codes = {one.code for one in found}
    if delegation in codes:
        return RedirectResponse(f"/c/{conference.slug}/portal/{delegation}/", 303)
    if len(found) == 1:
        who = await service.acting(session, actor, conference, found[0].code)
        return await _page(request, session, of_delegation(request, who, lang))
    return page(request, conference, lang, "choose.html", delegations=found)


@router.get("/{code}/")
async def overview(request: Request, session: Reading, portal: InPortal) -> Response:
    """One delegation."""
    return await _page(request, session, portal)


@router.post("/{code}/paper")
async def paper(request: Request, session: Reading, portal: InPortal) -> Response:
    """Takes the paper on which an officer acts; each act then repeats it."""
    given, values, errors = await read_form(request, Paper)
    if given is None or not portal.officer:
        refused: Attempt[Any] = Attempt(None, values, spoken(errors, portal.lang))
        return await _page(request, session, portal, refused)
    return keep_paper(portal, given)


@router.post("/{code}/invitation")
async def answer(request: Request, session: Reading, portal: InPortal) -> Response:
    """Accepts or declines the invitation."""
    sent = await act(request, portal, ReplyIn, service.reply)
    if sent.errors:
        return await _page(request, session, portal, sent)
    return went(f"{portal.base}/", "invitation")


@router.post("/{code}/submit")
async def submit_complete(request: Request, session: Reading, portal: InPortal) -> Response:
    """Hands over whoever lacks nothing."""
    sent = await act(request, portal, Nothing, service.submit_complete)
    if sent.done is None:
        return await _page(request, session, portal, sent)
    return went(f"{portal.base}/", "submitted_some" if sent.done else "submitted_all")


@router.post("/{code}/slots")
async def hold(request: Request, session: Reading, portal: InPortal) -> Response:
    """Holds places for names to come."""
    sent = await act(request, portal, HoldIn, service.hold)
    if sent.done is None:
        return await _page(request, session, portal, sent)
    return went(f"{portal.base}/", "slots_held")


@router.post("/{code}/slots/release")
async def give_back(request: Request, session: Reading, portal: InPortal) -> Response:
    """Gives a held place back."""
    sent = await act(request, portal, GiveBack, service.give_back)
    if sent.done is None:
        return await _page(request, session, portal, sent)
    return went(f"{portal.base}/", "slot_released")


@router.post("/{code}/order")
async def order(request: Request, session: Reading, portal: InPortal) -> Response:
    """Moves somebody up or down."""
    sent = await act(request, portal, Move, service.move)
    if sent.errors:
        return await _page(request, session, portal, sent)
    return RedirectResponse(f"{portal.base}/#person-{sent.values['id']}", 303)
