"""Changes at the desk: requests old beside new, and what a change touches before it is made."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy import Row

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.core.db import ReadSession, WriteSession
from app.core.paging import Paged, Paging
from app.core.schemas import Choice, Input, Nothing
from app.participants import change_store as beside
from app.participants import changes, impact, service, store, succession
from app.participants.approval import Registered
from app.participants.change_models import ActingHead
from app.participants.change_rules import SUCCESSORS, Change, Proposed, RequestStatus
from app.participants.change_schemas import ImpactArea, Successor
from app.participants.models import Participant
from app.participants.rules import Rank, Status
from app.participants.schemas import ParticipantEdit, Reason
from app.web.doors import Reading, database
from app.web.flash import went
from app.web.forms import Attempt, Values, attempt, read_form
from app.web.render import render

requests = APIRouter(prefix="/changes", dependencies=[Depends(desk("changes"))])
router = APIRouter(prefix="/participants/{id}", dependencies=[Depends(desk("participants"))])
Given = TypeVar("Given", bound=Input)


async def _requests(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    paging: Paging,
    status: RequestStatus | None,
    *,
    refused: Attempt[object] | None = None,
    of: UUID | None = None,
) -> Response:
    where = beside.asked(actor, conference.id, status=status)
    found = await beside.requests(session, where, offset=paging.offset, limit=paging.size)
    rows = await changes.shown(session, conference.id, found)
    return render(
        request,
        "desk/changes.html",
        refused.status if refused else 200,
        page=paging.sheet(rows, await beside.count(session, where)),
        filters={"status": status},
        officer=actor.may(conference.id, service.OFFICERS),
        refused=of,
        values=refused.values if refused else {},
        errors=refused.errors if refused else {},
    )


@requests.get("/")
async def listing(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    paging: Paged,
    status: Choice[RequestStatus] = RequestStatus.pending,
) -> Response:
    """What delegations ask to change of approved people."""
    return await _requests(request, session, actor, conference, paging, status)


async def _decide(
    request: Request,
    actor: Actor,
    conference: Conference,
    paging: Paging,
    id: UUID,
    schema: type[Given],
    work: Callable[[WriteSession, Given, int | None], Awaitable[object]],
    said: str,
) -> Response:
    sent = await attempt(request, schema, work)
    if sent.done is not None:
        return went(f"/c/{conference.slug}/desk/changes/", said)
    async with database(request).reading() as session:
        pending = RequestStatus.pending
        return await _requests(
            request, session, actor, conference, paging, pending, refused=sent, of=id
        )


@requests.post("/{id}/accept")
async def accept(
    request: Request, actor: CurrentActor, conference: InConference, paging: Paged, id: UUID
) -> Response:
    """Makes the change, of a person who is as the page showed."""

    def work(session: WriteSession, _: Nothing, version: int | None) -> Awaitable[object]:
        return changes.accept(session, actor, conference, id, version=version)

    return await _decide(request, actor, conference, paging, id, Nothing, work, "change_accepted")


@requests.post("/{id}/decline")
async def decline(
    request: Request, actor: CurrentActor, conference: InConference, paging: Paged, id: UUID
) -> Response:
    """Leaves the person as is, with the reason that the delegation reads."""

    def work(session: WriteSession, given: Reason, _: int | None) -> Awaitable[object]:
        return changes.decline(session, actor, conference, id, reason=given.reason)

    return await _decide(request, actor, conference, paging, id, Reason, work, "change_declined")


async def _impact(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    change: Proposed,
    *,
    refused: Attempt[Registered] | None = None,
) -> Response:
    person, delegation = await service.find(session, actor, conference.id, id)
    able = (store.P.c.delegation_id == delegation.id) & store.P.c.status.in_(SUCCESSORS)
    follow = await store.people(session, conference.id, able)
    return render(
        request,
        "desk/impact.html",
        refused.status if refused else 200,
        person=person,
        delegation=delegation,
        change=change,
        areas=[] if refused else await impact.impact(session, actor, conference, id, change),
        successors=[(one.id, f"{one.name} ({one.function or one.role})") for one, _ in follow],
        successor=next((one for one, _ in follow if one.id == change.successor), None),
        values=refused.values if refused else {},
        errors=refused.errors if refused else {},
    )


@router.get("/impact")
async def show_impact(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    id: UUID,
    change: Annotated[Change, Query()],
    rank: Choice[Rank] = None,
    successor: Choice[UUID] = None,
) -> Response:
    """All that a change touches, with the button that makes it."""
    actor.require(conference.id, service.EDITORS)
    proposed = Proposed(change, rank, successor)
    return await _impact(request, session, actor, conference, id, proposed)


@router.post("/substitute")
async def substitute(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Replaces the person by the successor whom the page named."""
    sent = await attempt(
        request,
        Successor,
        lambda session, given, version: succession.substitute(
            session, actor, conference, id, given, version=version
        ),
    )
    if sent.done is not None:
        return went(f"/c/{conference.slug}/desk/participants/{id}", "substituted")
    async with database(request).reading() as session:
        proposed = Proposed(Change.substitute)
        return await _impact(request, session, actor, conference, id, proposed, refused=sent)


async def touched_by_form(
    request: Request, session: ReadSession, actor: Actor, conference: Conference, id: UUID
) -> tuple[list[ImpactArea], Values]:
    """What a form's changes of an approved person touch, until the form repeats that it was seen.

    The values to show again carry what is confirmed then.
    """
    given, values, _ = await read_form(request, ParticipantEdit)
    person, _delegation = await service.find(session, actor, conference.id, id)
    if given is None or person.status is not Status.approved:
        return [], values
    edited = service.changes_of(person, given)
    proposed = []
    if edited.keys() & {"name", "given_names", "family_name"}:
        proposed.append(Proposed(Change.name))
    if "function" in edited:
        proposed.append(Proposed(Change.function))
    if "rank" in edited:
        proposed.append(Proposed(Change.rank, given.rank))
    seen = " ".join(f"{one.kind}:{one.rank or ''}" for one in proposed)
    if values.get("confirmed", "") == seen:
        return [], values
    areas = [
        area
        for one in proposed
        for area in await impact.impact(session, actor, conference, id, one)
    ]
    return areas, {**values, "confirmed": seen}


@dataclass(frozen=True, slots=True)
class Beside:
    """What a person's page shows beside the data."""

    acting_head: tuple[ActingHead, str] | None
    acts: bool
    requested: int
    capacities: Sequence[Row[*tuple[Any, ...]]]


async def beside_of(
    session: ReadSession, actor: Actor, conference: Conference, person: Participant
) -> Beside:
    """Requests that wait, who acts as head, further capacities."""
    acting = await beside.acting_head(session, conference.id, person.delegation_id)
    pending = RequestStatus.pending
    asked = beside.asked(actor, conference.id, status=pending, participant=person.id)
    return Beside(
        acting_head=acting,
        acts=acting is not None and acting[0].participant_id == person.id,
        requested=await beside.count(session, asked),
        capacities=await beside.capacities(session, conference.id, person.id),
    )
