"""Change requests, substitution, impact, acting heads and further capacities over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference
from app.conferences.models import Conference
from app.core.db import ReadSession
from app.core.errors import NotFound
from app.core.paging import Page, Paged
from app.core.schemas import Choice
from app.delegations import service as delegations
from app.delegations.doors import ByCode
from app.delegations.schemas import Code
from app.participants import capacities, changes, impact, succession
from app.participants import change_store as store
from app.participants.api import shown
from app.participants.change_rules import Change, Proposed, RequestStatus
from app.participants.change_schemas import (
    ActingIn,
    ActingOut,
    AfterChange,
    CapacityIn,
    CapacityOut,
    ChangeRequestOut,
    ImpactOut,
    Successor,
)
from app.participants.changes import Outcome
from app.participants.rules import Rank
from app.participants.schemas import ParticipantEdit, Reason
from app.participants.service import READERS
from app.web.doors import Reading, Writing
from app.web.etag import IfMatch, version_of
from app.web.idempotency import IdempotentRoute

router = APIRouter(
    route_class=IdempotentRoute, prefix="/conferences/{slug}", tags=["change requests"]
)


async def after(session: ReadSession, conference: Conference, done: Outcome) -> AfterChange:
    """A person after an act, with the request where an officer decides first."""
    asked = [(done.request, done.person, done.delegation)] if done.request is not None else []
    found = await changes.shown(session, conference.id, asked)
    return AfterChange(
        **shown(done.person, done.delegation).model_dump(),
        change_request=found[0] if found else None,
    )


@router.patch("/participants/{id}", response_model=AfterChange, tags=["participants"])
async def edit_participant(
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    id: UUID,
    given: ParticipantEdit,
    if_match: IfMatch = None,
) -> AfterChange:
    """Changes a person; an officer's rank is decided, a delegation's suggested.

    An approved person's data stand when a focal point edits: the answer carries the request that
    an officer decides. `If-Match` guards against lost updates.
    """
    version = version_of(if_match)
    done = await changes.ask(session, actor, conference, id, given, version=version)
    return await after(session, conference, done)


@router.post("/participants/{id}/substitute", response_model=AfterChange)
async def substitute(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID, given: Successor
) -> AfterChange:
    """Replaces an approved person; asked by a focal point, it waits for an officer."""
    done = await changes.substitute(session, actor, conference, id, given)
    return await after(session, conference, done)


@router.get("/participants/{id}/impact", response_model=ImpactOut)
async def show_impact(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    id: UUID,
    change: Change,
    rank: Choice[Rank] = None,
    successor: UUID | None = None,
) -> ImpactOut:
    """What a change would touch, by area, in words, before it is made."""
    proposed = Proposed(change, rank, successor)
    areas = await impact.impact(session, actor, conference, id, proposed)
    return ImpactOut(change=change, areas=areas)


@router.get("/change-requests", response_model=Page[ChangeRequestOut])
async def list_requests(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    paging: Paged,
    status: Choice[RequestStatus] = None,
    delegation: Annotated[Choice[Code], Query()] = None,
) -> Page[ChangeRequestOut]:
    """The change requests you may see: those that wait first."""
    actor.require(conference.id, changes.READERS)
    where = store.asked(actor, conference.id, status=status, delegation=delegation)
    found = await store.requests(session, where, offset=paging.offset, limit=paging.size)
    rows = await changes.shown(session, conference.id, found)
    return paging.of(rows, await store.count(session, where))


async def _one(
    session: ReadSession, conference: Conference, one: store.Request
) -> ChangeRequestOut:
    [shown] = await changes.shown(session, conference.id, [one])
    return shown


@router.post("/change-requests/{id}/accept", response_model=ChangeRequestOut)
async def accept(
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    id: UUID,
    if_match: IfMatch = None,
) -> ChangeRequestOut:
    """Makes the change. 412 where the person changed since; `If-Match` names the version seen."""
    version = version_of(if_match)
    one = await changes.accept(session, actor, conference, id, version=version)
    return await _one(session, conference, one)


@router.post("/change-requests/{id}/decline", response_model=ChangeRequestOut)
async def decline(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID, given: Reason
) -> ChangeRequestOut:
    """Leaves the person as is, with the reason that the delegation reads."""
    one = await changes.decline(session, actor, conference, id, reason=given.reason)
    return await _one(session, conference, one)


@router.post("/change-requests/{id}/withdraw", response_model=ChangeRequestOut)
async def take_back(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID
) -> ChangeRequestOut:
    """Withdraws a request that nobody has decided."""
    return await _one(session, conference, await changes.take_back(session, actor, conference, id))


@router.get("/delegations/{code}/acting-head", response_model=ActingOut)
async def show_acting(
    session: Reading, actor: CurrentActor, conference: InConference, code: ByCode
) -> ActingOut:
    """Who acts as head of the delegation; 404 where nobody does."""
    actor.require(conference.id, READERS)
    body = await delegations.find(session, actor, conference.id, code)
    found = await store.acting_head(session, conference.id, body.id)
    if found is None:
        raise NotFound
    term, name = found
    return ActingOut(participant=term.participant_id, name=name, starts_at=term.starts_at)


@router.post("/delegations/{code}/acting-head", response_model=ActingOut)
async def appoint_acting(
    session: Writing, actor: CurrentActor, conference: InConference, code: ByCode, given: ActingIn
) -> ActingOut:
    """Lets somebody act as head from an instant on; who acted before does no longer."""
    term, name = await succession.appoint_acting(session, actor, conference, code, given)
    return ActingOut(participant=term.participant_id, name=name, starts_at=term.starts_at)


@router.delete("/delegations/{code}/acting-head", status_code=204)
async def end_acting(
    session: Writing, actor: CurrentActor, conference: InConference, code: ByCode
) -> None:
    """Ends the acting head's term now."""
    await succession.end_acting(session, actor, conference, code)


@router.get("/participants/{id}/capacities", response_model=Page[CapacityOut])
async def list_capacities(
    session: Reading, actor: CurrentActor, conference: InConference, id: UUID, paging: Paged
) -> Page[CapacityOut]:
    """In what else a person takes part; none of it is counted."""
    found = await capacities.listed(session, actor, conference, id)
    rows = found[paging.offset : paging.offset + paging.size]
    return paging.of([CapacityOut.model_validate(row) for row in rows], len(found))


@router.post("/participants/{id}/capacities", status_code=201, response_model=CapacityOut)
async def add_capacity(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID, given: CapacityIn
) -> CapacityOut:
    """Adds a further capacity: printed, never counted."""
    made = await capacities.add(session, actor, conference, id, given)
    return CapacityOut.model_validate(made)


@router.delete("/participants/{id}/capacities/{capacity}", status_code=204)
async def remove_capacity(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID, capacity: UUID
) -> None:
    """Removes a further capacity."""
    await capacities.remove(session, actor, conference, id, capacity)
