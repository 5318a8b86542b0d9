"""The list of people, and the forms that add and edit one."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy import Row

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.core.db import ReadSession
from app.core.paging import Paged, Paging
from app.core.text import native_name, sort_key
from app.delegations import store as delegations
from app.participants import approval, service, store
from app.participants.approval import Decision
from app.participants.change_schemas import ImpactArea
from app.participants.columns import service as columns
from app.participants.columns.doors import Narrowed
from app.participants.columns.export import words
from app.participants.doors import Ordering
from app.participants.models import Participant
from app.participants.pages.changes import touched_by_form
from app.participants.rules import Status
from app.participants.schemas import Chosen, ParticipantEdit, ParticipantIn
from app.participants.store import Filters
from app.web.doors import Reading
from app.web.flash import went
from app.web.forms import Attempt, Errors, Values, attempt
from app.web.render import render

router = APIRouter(prefix="/participants", dependencies=[Depends(desk("participants"))])
_LATIN = frozenset({"en", "fr", "es"})


def shown(row: Row[*tuple[object, ...]]) -> dict[str, object]:
    """A line of a list as templates show it."""
    return {**row._mapping, "native_name": native_name(row.names)}


async def delegation_choices(session: ReadSession, conference: Conference) -> list[tuple[str, str]]:
    """Every delegation by its name, for a select."""
    found = await delegations.identities(session, conference.id)
    return sorted(((row.code, row.name) for row in found), key=lambda pair: sort_key(pair[1]))


async def _list(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    paging: Paging,
    filters: Filters,
    ordering: Ordering,
    *,
    refused: Attempt[list[Decision]] | None = None,
) -> Response:
    found = await store.rows(
        session,
        actor,
        conference.id,
        filters,
        ordering=ordering,
        offset=paging.offset,
        limit=paging.size,
    )
    count = await store.count(session, actor, conference.id, filters)
    officer = actor.may(conference.id, service.OFFICERS)
    return render(
        request,
        "desk/participants.html",
        refused.status if refused else 200,
        page=paging.sheet([shown(row) for row in found], count),
        filters=asdict(filters) | dict(request.query_params),
        columns=[(c.key, words(c)) for c in await columns.readable(session, actor, conference)],
        query=request.url.query,
        ordering=ordering,
        delegations=await delegation_choices(session, conference),
        officer=officer,
        approving=officer and filters.status is Status.submitted,
        chosen=refused.values.get("chosen", []) if refused else [],
        errors=refused.errors if refused else {},
    )


@router.get("/")
async def listing(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    paging: Paged,
    filters: Narrowed,
    ordering: Ordering = "delegation",
) -> Response:
    """Everybody, narrowed by search and filters; whoever is submitted can be ticked."""
    return await _list(request, session, actor, conference, paging, filters, ordering)


@router.post("/")
async def approve_chosen(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    paging: Paged,
    filters: Narrowed,
    ordering: Ordering = "delegation",
) -> Response:
    """Approves those ticked, all of them or none."""
    sent = await attempt(
        request,
        Chosen,
        lambda writing, given, _: approval.approve_chosen(writing, actor, conference, given.chosen),
    )
    if sent.done is None:
        return await _list(
            request, session, actor, conference, paging, filters, ordering, refused=sent
        )
    waits = any(decision.waiting_list_position for decision in sent.done)
    word = "some_waitlisted" if waits else "approved"
    return went(f"{request.url.path}?{request.url.query}", word)


async def _form(
    request: Request,
    session: ReadSession,
    conference: Conference,
    person: Participant | None,
    values: Values,
    errors: Errors,
    status: int = 200,
    touched: Sequence[ImpactArea] = (),
) -> Response:
    other = [language for language in conference.languages if language not in _LATIN]
    return render(
        request,
        "desk/participant_form.html",
        status,
        person=person,
        values=values,
        touched=touched,
        errors=errors,
        delegations=[] if person else await delegation_choices(session, conference),
        languages_of_name=[*dict.fromkeys([*other, *(person.names if person else {})])],
    )


def _typed(person: Participant) -> Values:
    """A person as the form shows one."""
    plain = person.model_dump(mode="json", exclude={"names"})
    return {
        **{name: "" if value is None else str(value) for name, value in plain.items()},
        **{f"names.{language}": name for language, name in person.names.items()},
    }


@router.get("/new")
async def new(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    delegation: Annotated[str, Query(max_length=16)] = "",
) -> Response:
    """The form for a new person."""
    actor.require(conference.id, service.NOMINATORS)
    values: Values = {"delegation": delegation, "role": "delegate"}
    return await _form(request, session, conference, None, values, {})


@router.post("/new")
async def add(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference
) -> Response:
    """Nominates a person; the second button goes on to another of the same delegation."""
    actor.require(conference.id, service.NOMINATORS)
    sent = await attempt(
        request,
        ParticipantIn,
        lambda writing, given, _: service.nominate(writing, actor, conference, given),
    )
    if sent.done is None:
        return await _form(
            request, session, conference, None, sent.values, sent.errors, sent.status
        )
    person, delegation = sent.done
    people = f"/c/{conference.slug}/desk/participants"
    if sent.values.get("then") == "another":
        return went(f"{people}/new?delegation={delegation.code}", "person_added")
    return went(f"{people}/{person.id}", "person_added")


@router.get("/{id}/edit")
async def form(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """A person's form."""
    actor.require(conference.id, service.EDITORS)
    person, _ = await service.find(session, actor, conference.id, id)
    return await _form(request, session, conference, person, _typed(person), {})


@router.post("/{id}/edit")
async def edit(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Changes a person's data, once the form says that what it touches was seen."""
    actor.require(conference.id, service.EDITORS)
    touched, values = await touched_by_form(request, session, actor, conference, id)
    if touched:
        person, _ = await service.find(session, actor, conference.id, id)
        return await _form(request, session, conference, person, values, {}, touched=touched)
    sent = await attempt(
        request,
        ParticipantEdit,
        lambda writing, given, version: service.edit(
            writing, actor, conference, id, given, version=version
        ),
    )
    if sent.done is None:
        person, _ = await service.find(session, actor, conference.id, id)
        return await _form(
            request, session, conference, person, sent.values, sent.errors, sent.status
        )
    return went(f"/c/{conference.slug}/desk/participants/{id}", "saved")
