"""One person: data, rank, decisions, photo, history, and what higher features add."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import UploadFile

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession, WriteSession
from app.core.errors import Invalid
from app.core.schemas import Input, Nothing
from app.core.text import native_name
from app.participants import (
    approval,
    capacities,
    history,
    service,
    store,
    succession,
    waiting,
)
from app.participants.change_schemas import ActingFrom, ActingIn, CapacityIn
from app.participants.columns import pages as columns
from app.participants.earlier import service as earlier
from app.participants.earlier.schemas import EarlierIn
from app.participants.flags import flags
from app.participants.models import Participant
from app.participants.pages.changes import beside_of
from app.participants.pages.people import delegation_choices
from app.participants.pages.wording import acts, told
from app.participants.panels import panels
from app.participants.schemas import ParticipantEdit, RankDecision, Reason
from app.participants.vetting import documents, lookalikes
from app.participants.vetting.schemas import DocumentIn, Other
from app.web.doors import Reading, Writing, database
from app.web.flash import went
from app.web.forms import Errors, Values, attempt, said_of
from app.web.render import render

router = APIRouter(prefix="/participants/{id}", dependencies=[Depends(desk("participants"))])


async def _page(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    *,
    refused: str = "",
    values: Values | None = None,
    errors: Errors | None = None,
    status: int = 200,
    number: str = "",
) -> Response:
    person, delegation = await service.find(session, actor, conference.id, id)
    positions = await waiting.positions(session, conference.id, [id])
    versions = await store.versions(session, conference.id, id)
    editor = actor.may(conference.id, service.EDITORS)
    officer = actor.may(conference.id, service.OFFICERS)
    return render(
        request,
        "desk/participant.html",
        status,
        person=person,
        delegation=delegation,
        native_name=native_name(person.names),
        position=positions.get(person.id),
        actions=acts(person.status) if officer else [],
        officer=officer,
        document=await documents.shown(session, actor, conference, id) if officer else None,
        number=number,
        flags=(await flags(session, conference, [person])).get(id, []) if officer else [],
        history=[told(change) for change in history.changes(versions)],
        panels=await panels(session, conference, person),
        columns=await columns.lines(session, actor, conference, person),
        beside=await beside_of(session, actor, conference, person),
        delegations=await delegation_choices(session, conference) if editor else [],
        earlier=await earlier.shown(session, actor, conference, id)
        if editor and conference.series_id
        else None,
        editor=editor,
        refused=refused,
        values=values or {},
        errors=errors or {},
    )


@router.get("")
async def detail(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """All that the desk knows of a person."""
    return await _page(request, session, actor, conference, id)


Given = TypeVar("Given", bound=Input)


async def _act(
    request: Request,
    actor: Actor,
    conference: Conference,
    id: UUID,
    schema: type[Given],
    work: Callable[[WriteSession, Given], Awaitable[object]],
    *,
    act: str,
    said: str = "",
) -> Response:
    """Does one thing with a person who is as the page showed; else shows the page again.

    Without a word to say, the status reached is said.
    """

    async def unchanged(session: WriteSession, given: Given, version: int | None) -> Participant:
        await approval.hold(session, actor, conference, id, version)
        await work(session, given)
        person, _ = await service.find(session, actor, conference.id, id)
        return person

    sent = await attempt(request, schema, unchanged)
    if sent.done is not None:
        address = f"/c/{conference.slug}/desk/participants/{id}"
        return went(address, said or sent.done.status.value)
    async with database(request).reading() as session:
        return await _page(
            request,
            session,
            actor,
            conference,
            id,
            refused=act,
            values=sent.values,
            errors=sent.errors,
            status=sent.status,
        )


@router.post("/rank")
async def decide_rank(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Decides the rank: the suggested one, another, or none yet."""
    return await _act(
        request,
        actor,
        conference,
        id,
        RankDecision,
        lambda session, given: service.edit(
            session, actor, conference, id, ParticipantEdit(rank=given.rank)
        ),
        act="rank",
        said="rank",
    )


@router.post("/submit")
async def submit(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Hands a nomination to the officers."""

    def work(session: WriteSession, _: Nothing) -> Awaitable[object]:
        return approval.submit(session, actor, conference, id)

    return await _act(request, actor, conference, id, Nothing, work, act="submit")


@router.post("/approve")
async def approve(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Approves, or puts on the waiting list."""

    def work(session: WriteSession, _: Nothing) -> Awaitable[object]:
        return approval.approve(session, actor, conference, id)

    return await _act(request, actor, conference, id, Nothing, work, act="approve")


@router.post("/override")
async def approve_beyond(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Approves beyond full quotas, with the officer's reason."""

    def work(session: WriteSession, given: Reason) -> Awaitable[object]:
        return approval.approve(session, actor, conference, id, override=given.reason)

    return await _act(request, actor, conference, id, Reason, work, act="override")


@router.post("/return")
async def give_back(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Asks the delegation for a correction."""

    def work(session: WriteSession, given: Reason) -> Awaitable[object]:
        return approval.return_for_correction(session, actor, conference, id, reason=given.reason)

    return await _act(request, actor, conference, id, Reason, work, act="return", said="returned")


@router.post("/refuse")
async def refuse(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Refuses, with the reason that the delegation reads."""

    def work(session: WriteSession, given: Reason) -> Awaitable[object]:
        return approval.refuse(session, actor, conference, id, reason=given.reason)

    return await _act(request, actor, conference, id, Reason, work, act="refuse")


@router.post("/withdraw")
async def withdraw(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Withdraws; the freed place promotes whoever waits first."""

    def work(session: WriteSession, given: Reason) -> Awaitable[object]:
        return approval.withdraw(session, actor, conference, id, reason=given.reason)

    return await _act(request, actor, conference, id, Reason, work, act="withdraw")


@router.post("/reinstate")
async def reinstate(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Brings somebody back to be decided."""

    def work(session: WriteSession, _: Nothing) -> Awaitable[object]:
        return approval.reinstate(session, actor, conference, id)

    return await _act(
        request, actor, conference, id, Nothing, work, act="reinstate", said="reinstated"
    )


@router.get("/photo")
async def photo(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """The photo; each look is in the audit trail."""
    data = await service.view_photo(session, actor, conference, id)
    return Response(data, media_type="image/jpeg")


@router.post("/photo")
async def put_photo(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Keeps a photo from a form."""
    async with request.form(max_files=1, max_fields=5) as form:
        given = form.get("photo")
        data = await given.read() if isinstance(given, UploadFile) else b""
    try:
        if not data:
            raise Invalid("Choose a file.")
        async with database(request).writing() as writing:
            await service.set_photo(writing, actor, conference, id, data)
    except Invalid as error:
        async with database(request).reading() as session:
            return await _page(
                request,
                session,
                actor,
                conference,
                id,
                refused="photo",
                errors=said_of(error),
                status=error.status,
            )
    return went(f"/c/{conference.slug}/desk/participants/{id}", "photo")


@router.post("/document")
async def put_document(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Keeps the identity document."""

    def work(session: WriteSession, given: DocumentIn) -> Awaitable[object]:
        return documents.put(session, actor, conference, id, given)

    return await _act(
        request, actor, conference, id, DocumentIn, work, act="document", said="document"
    )


@router.post("/document/remove")
async def remove_document(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Forgets the identity document."""

    def work(session: WriteSession, _: Nothing) -> Awaitable[object]:
        return documents.remove(session, actor, conference, id)

    return await _act(
        request, actor, conference, id, Nothing, work, act="document", said="document_removed"
    )


@router.post("/document/number")
async def show_number(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """The page with the document's number on it; the look is in the audit trail before."""
    async with database(request).writing() as writing:
        seen = await documents.view(writing, actor, conference, id)
    async with database(request).reading() as session:
        return await _page(request, session, actor, conference, id, number=seen.number)


@router.post("/tell-apart")
async def tell_apart(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Notes that another is not the same person."""

    def work(session: WriteSession, given: Other) -> Awaitable[object]:
        return lookalikes.tell_apart(session, actor, conference, id, given.other)

    return await _act(request, actor, conference, id, Other, work, act="flags", said="told_apart")


@router.post("/capacities")
async def add_capacity(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Adds a further capacity: printed, never counted."""

    def work(session: WriteSession, given: CapacityIn) -> Awaitable[object]:
        return capacities.add(session, actor, conference, id, given)

    return await _act(
        request, actor, conference, id, CapacityIn, work, act="capacity", said="saved"
    )


@router.post("/capacities/{capacity}/remove")
async def remove_capacity(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID, capacity: UUID
) -> Response:
    """Removes a further capacity."""

    def work(session: WriteSession, _: Nothing) -> Awaitable[object]:
        return capacities.remove(session, actor, conference, id, capacity)

    return await _act(request, actor, conference, id, Nothing, work, act="capacity", said="saved")


@router.post("/earlier")
async def decide_earlier(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Decides who the person was at an earlier edition, or that there was nobody."""

    def work(session: WriteSession, given: EarlierIn) -> Awaitable[object]:
        return earlier.decide(session, actor, conference, id, given.earlier)

    return await _act(request, actor, conference, id, EarlierIn, work, act="earlier", said="saved")


@router.post("/acting")
async def act_as_head(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Lets the person act as head of the delegation, from now on or from an instant."""

    async def work(session: WriteSession, given: ActingFrom) -> object:
        _person, delegation = await service.find(session, actor, conference.id, id)
        at = given.starts_at and clock.local_to_utc(given.starts_at, conference.timezone)
        term = ActingIn.model_validate({"participant": id, "from": at})
        return await succession.appoint_acting(session, actor, conference, delegation.code, term)

    return await _act(request, actor, conference, id, ActingFrom, work, act="acting", said="acting")


@router.post("/acting/end")
async def act_no_more(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Ends the acting head's term now."""

    async def work(session: WriteSession, _: Nothing) -> None:
        _person, delegation = await service.find(session, actor, conference.id, id)
        await succession.end_acting(session, actor, conference, delegation.code)

    return await _act(request, actor, conference, id, Nothing, work, act="acting", said="saved")
