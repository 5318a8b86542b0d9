"""Delegations with their people: the list, and one of them."""

from typing import Annotated, Any
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
from app.delegations.invitations import focal_points
from app.delegations.invitations import store as invitations
from app.delegations.letters import store as letters
from app.delegations.models import Delegation
from app.delegations.rules import InvitationStatus, Kind
from app.participants import places, service, store
from app.participants.change_store import acting_head
from app.participants.pages.people import shown
from app.participants.store import Filters
from app.quotas import service as quotas
from app.quotas import slots
from app.quotas.schemas import SlotIn
from app.web.doors import Reading, Writing
from app.web.flash import went
from app.web.forms import Attempt, attempt
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


async def page(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    code: str,
    sent: Attempt[Any] | None = None,
    refused: str = "",
) -> Response:
    """All that the desk knows of a delegation; `refused` is the form that `sent` came from."""
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
    officer = actor.may(conference.id, delegations.OFFICERS)
    return render(
        request,
        "desk/delegation.html",
        sent.status if sent else 200,
        delegation=delegation,
        native_name=native_name(delegation.names),
        warnings=delegations.standing(conference, delegation),
        people=[shown(row) for row in people],
        acting_head=await acting_head(session, conference.id, delegation.id) if named else None,
        counts=counts.get(delegation.id, (0, 0)),
        quotas=await places.standing(session, conference.id, covering, delegation),
        slots=await slots.listed(session, actor, conference.id, code) if covering else [],
        named=named,
        officer=officer,
        correspondence=await _correspondence(session, actor, conference, delegation)
        if officer
        else None,
        refused=refused,
        values=sent.values if sent else {},
        errors=sent.errors if sent else {},
    )


async def _correspondence(
    session: ReadSession, actor: Actor, conference: Conference, delegation: Delegation
) -> dict[str, object]:
    """What officers see of a delegation's invitation, focal points and letters."""
    return {
        "focal_points": await focal_points.listed(session, actor, conference, delegation.code),
        "steps": await invitations.steps(session, conference.id, delegation.id),
        "letters": await letters.of_delegation(session, conference.id, delegation.id),
    }


@router.get("/{code}")
async def detail(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, code: ByCode
) -> Response:
    """One delegation, its people and the quotas that cover it."""
    return await page(request, session, actor, conference, code)


@router.post("/{code}/slots")
async def hold_slots(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, code: ByCode
) -> Response:
    """Holds places for people who are not named yet."""
    sent = await attempt(
        request, SlotIn, lambda writing, given, _: slots.hold(writing, actor, conference, given)
    )
    if sent.done is None:
        return await page(request, session, actor, conference, code, sent, refused="slots")
    return went(f"/c/{conference.slug}/desk/delegations/{code}", "slots_held")


@router.post("/{code}/slots/{id}/release")
async def release_slot(
    session: Writing, actor: CurrentActor, conference: InConference, code: ByCode, id: UUID
) -> Response:
    """Gives a held place back."""
    await slots.release(session, actor, conference, id)
    return went(f"/c/{conference.slug}/desk/delegations/{code}", "slot_released")
