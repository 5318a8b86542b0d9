"""One of a delegation's people: the form, what is still missing, and what can be done."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.badges.rules import categories, category_of
from app.core.db import ReadSession
from app.core.schemas import Input, Nothing
from app.core.text import joined, native_name
from app.participants.models import Participant
from app.participants.rules import ACTIVE, Status
from app.participants.schemas import Reason
from app.participants.vetting import documents
from app.participants.vetting.schemas import DocumentIn
from app.portal import service
from app.portal.doors import Given, InPortal, Portal, act, shown
from app.portal.pages.overview import in_words
from app.portal.rules import OPEN, STYLES
from app.portal.schemas import PersonIn, Replacement, Sitting
from app.portal.service import Outcome
from app.web.doors import Reading, database
from app.web.flash import went
from app.web.forms import Attempt, Values
from app.web.labels import LANGUAGES, label

router = APIRouter(prefix="/{code}/people")
Work = Callable[..., Awaitable[Outcome]]
_ACTS: dict[str, tuple[type[Input], Work]] = {
    "submit": (Nothing, service.submit),
    "withdraw": (Reason, service.withdraw),
    "replace": (Replacement, service.replace_person),
    "document": (DocumentIn, service.put_document),
    "seat": (Sitting, service.sit),
}
_LATIN = frozenset({"en", "fr", "es"})


def typed(person: Participant) -> Values:
    """Somebody as the form shows them."""
    plain = person.model_dump(mode="json", exclude={"names", "languages"})
    return {
        **{name: "" if value is None else str(value) for name, value in plain.items()},
        **{f"names.{language}": name for language, name in person.names.items()},
        "languages": person.languages or [],
    }


def _fields(portal: Portal, person: Participant | None) -> dict[str, object]:
    spoken = [one for one in portal.who.conference.languages if one not in _LATIN]
    return {
        "languages_of_name": [*dict.fromkeys([*spoken, *(person.names if person else {})])],
        "styles": STYLES,
        "tongues": list(LANGUAGES),
    }


def badge(portal: Portal, person: Participant) -> dict[str, object]:
    """What the badge would show, its code aside."""
    who = portal.who
    category = category_of(rank=person.rank, role=person.role, kind=who.delegation.kind)
    languages = who.conference.languages[:2]
    names = [who.delegation.names.get(one) or who.delegation.name for one in languages]
    return {
        "native_name": native_name(person.names),
        "delegation": list(dict.fromkeys(names)),
        "category": " · ".join(dict.fromkeys(map(category.words, languages))),
        "color": categories()[category.key].color,
    }


async def _page(
    request: Request,
    session: ReadSession,
    portal: Portal,
    person: Participant,
    *,
    refused: str = "",
    sent: Attempt[Outcome] | None = None,
) -> Response:
    values, errors = (sent.values, sent.errors) if sent else ({}, {})
    others = await service.people(session, portal.who)
    waiting = await service.asked(session, portal.who, person.id)
    return shown(
        request,
        portal,
        "person.html",
        sent.status if sent else 200,
        values=values if sent and not refused else typed(person),
        errors={} if refused else errors,
        refused=refused,
        given=values if refused else {},
        mistakes=errors if refused else {},
        person=person,
        missing=in_words(service.lacks(person, portal.who.conference), portal.lang),
        open=person.status in OPEN or portal.officer,
        active=person.status in ACTIVE,
        approved=person.status is Status.approved and not portal.officer,
        photo_open=service.photo_open(portal.who, person),
        successors=[(p.id, p.name) for p in others if p.status in OPEN and p.id != person.id],
        badge=badge(portal, person),
        sittings=await service.sittings(session, portal.who, person)
        if person.status is Status.approved
        else [],
        asked=joined([label(field, "field", portal.lang) for field in waiting], portal.lang),
        document=await documents.shown(session, portal.who.actor, portal.who.conference, person.id),
        **_fields(portal, person),
    )


def _new(request: Request, portal: Portal, sent: Attempt[Participant] | None = None) -> Response:
    return shown(
        request,
        portal,
        "new.html",
        sent.status if sent else 200,
        values=sent.values if sent else {"role": "delegate"},
        errors=sent.errors if sent else {},
        **_fields(portal, None),
    )


@router.get("/new")
async def new(request: Request, portal: InPortal) -> Response:
    """The form for somebody new."""
    return _new(request, portal)


@router.post("/new")
async def add(request: Request, portal: InPortal) -> Response:
    """Nominates somebody; the second button goes on to another."""
    sent = await act(request, portal, PersonIn, service.nominate)
    if sent.done is None:
        return _new(request, portal, sent)
    on = "new" if sent.values.get("then") == "another" else str(sent.done.id)
    return went(f"{portal.base}/people/{on}", "person_added")


@router.get("/{id}")
async def detail(request: Request, session: Reading, portal: InPortal, id: UUID) -> Response:
    """One person."""
    return await _page(request, session, portal, await service.person(session, portal.who, id))


async def _done(
    request: Request,
    portal: Portal,
    id: UUID,
    schema: type[Given],
    work: Work,
    name: str = "",
) -> Response:
    """Does one thing with a person who is as the page showed; else shows the page again."""
    sent = await act(request, portal, schema, partial(work, id=id))
    if sent.done is None:
        async with database(request).reading() as session:
            person = await service.person(session, portal.who, id)
            return await _page(request, session, portal, person, refused=name, sent=sent)
    person, said = sent.done
    return went(f"{portal.base}/people/{person.id}", said)


@router.post("/{id}")
async def edit(request: Request, portal: InPortal, id: UUID) -> Response:
    """Changes somebody's data."""
    return await _done(request, portal, id, PersonIn, service.change)


@router.post("/{id}/{name}")
async def decide(
    request: Request,
    portal: InPortal,
    id: UUID,
    name: Literal["submit", "withdraw", "replace", "document", "seat"],
) -> Response:
    """Submits somebody, takes them back, keeps a document, seats or replaces them."""
    return await _done(request, portal, id, *_ACTS[name], name)
