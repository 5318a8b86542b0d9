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
from app.core.db import ReadSession, WriteSession
from app.core.errors import Invalid
from app.core.schemas import Input, Nothing
from app.core.text import native_name
from app.participants import approval, history, service, store, waiting
from app.participants.models import Participant
from app.participants.pages.wording import acts, told
from app.participants.panels import panels
from app.participants.schemas import ParticipantEdit, RankDecision, Reason
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
) -> Response:
    person, delegation = await service.find(session, actor, conference.id, id)
    positions = await waiting.positions(session, conference.id, [id])
    versions = await store.versions(session, conference.id, id)
    editor = actor.may(conference.id, service.EDITORS)
    return render(
        request,
        "desk/participant.html",
        status,
        person=person,
        delegation=delegation,
        native_name=native_name(person.names),
        position=positions.get(person.id),
        actions=acts(person.status) if actor.may(conference.id, service.OFFICERS) else [],
        history=[told(change) for change in history.changes(versions)],
        panels=await panels(session, conference, person),
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
        await service.find_unchanged(session, actor, conference.id, id, version, lock=False)
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
