"""Delegations with their people: the list, and one of them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.core.db import ReadSession
from app.core.paging import Paged
from app.core.schemas import Choice
from app.core.text import native_name
from app.delegations import service as delegations
from app.delegations import store as bodies
from app.delegations.doors import ByCode
from app.delegations.rules import InvitationStatus, Kind
from app.delegations.schemas import InvitationAnswer
from app.participants import places, service, store
from app.participants.pages.people import shown
from app.participants.store import Filters
from app.quotas import service as quotas
from app.quotas import slots
from app.quotas.schemas import SlotIn
from app.web.doors import Reading, Writing
from app.web.flash import went
from app.web.forms import Errors, attempt
from app.web.render import render

router = APIRouter(prefix="/delegations", dependencies=[Depends(desk("delegations"))])


@router.get("/")
async def listing(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    paging: Paged,
    search: Annotated[str, Query(max_length=200)] = "",
    kind: Choice[Kind] = None,
    invitation_status: Choice[InvitationStatus] = None,
) -> Response:
    """What is invited, with how many people; heads' names for who may see people."""
    where = bodies.visible_to(actor, conference.id) & bodies.matching(
        search=search, kind=kind, invitation_status=invitation_status
    )
    query = bodies.listing(where).order_by(*bodies.BY_NAME)
    found = (await session.execute(query.offset(paging.offset).limit(paging.size))).scalars().all()
    ids = [delegation.id for delegation in found]
    people = await store.counts_by_delegation(session, conference.id, ids)
    named = actor.may(conference.id, service.READERS)
    heads = await store.heads(session, conference.id, ids) if named else {}
    rows = [
        {
            **delegation.model_dump(),
            "native_name": native_name(delegation.names),
            "head": heads.get(delegation.id),
            "people": people.get(delegation.id, (0, 0))[0],
            "approved": people.get(delegation.id, (0, 0))[1],
        }
        for delegation in found
    ]
    return render(
        request,
        "desk/delegations.html",
        page=paging.sheet(rows, await bodies.count(session, where)),
        filters={"search": search, "kind": kind, "invitation_status": invitation_status},
        named=named,
        officer=actor.may(conference.id, delegations.OFFICERS),
    )


async def _page(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    code: str,
    errors: Errors | None = None,
    status: int = 200,
) -> Response:
    delegation = await delegations.find(session, actor, conference.id, code)
    named = actor.may(conference.id, service.READERS)
    people = (
        await store.rows(session, actor, conference.id, Filters(delegation=code)) if named else []
    )
    covering = (
        await quotas.listed(session, actor, conference.id)
        if actor.may(conference.id, quotas.READERS)
        else []
    )
    counts = await store.counts_by_delegation(session, conference.id, [delegation.id])
    return render(
        request,
        "desk/delegation.html",
        status,
        delegation=delegation,
        native_name=native_name(delegation.names),
        warnings=delegations.standing(conference, delegation),
        people=[shown(row) for row in people],
        counts=counts.get(delegation.id, (0, 0)),
        quotas=await places.standing(session, conference.id, covering, delegation),
        slots=await slots.listed(session, actor, conference.id, code) if covering else [],
        named=named,
        officer=actor.may(conference.id, delegations.OFFICERS),
        errors=errors or {},
    )


@router.get("/{code}")
async def detail(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, code: ByCode
) -> Response:
    """One delegation, its people and the quotas that cover it."""
    return await _page(request, session, actor, conference, code)


@router.post("/{code}/slots")
async def hold_slots(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, code: ByCode
) -> Response:
    """Holds places for people who are not named yet."""
    sent = await attempt(
        request, SlotIn, lambda writing, given, _: slots.hold(writing, actor, conference, given)
    )
    if sent.done is None:
        return await _page(request, session, actor, conference, code, sent.errors, sent.status)
    return went(f"/c/{conference.slug}/desk/delegations/{code}", "slots_held")


@router.post("/{code}/slots/{id}/release")
async def release_slot(
    session: Writing, actor: CurrentActor, conference: InConference, code: ByCode, id: UUID
) -> Response:
    """Gives a held place back."""
    await slots.release(session, actor, conference, id)
    return went(f"/c/{conference.slug}/desk/delegations/{code}", "slot_released")


@router.post("/{code}/invitation")
async def record_answer(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, code: ByCode
) -> Response:
    """Records the answer to an invitation."""
    sent = await attempt(
        request,
        InvitationAnswer,
        lambda writing, given, version: delegations.edit(
            writing, actor, conference, code, given.as_edit(), version=version
        ),
    )
    if sent.done is None:
        return await _page(request, session, actor, conference, code, sent.errors, sent.status)
    return went(f"/c/{conference.slug}/desk/delegations/{code}", "invitation")
