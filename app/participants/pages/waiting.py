"""The waiting list at the desk: who waits, for what, and what an officer does about it."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.core.db import ReadSession, WriteSession
from app.core.paging import Paged, Paging
from app.core.schemas import Input, Nothing
from app.participants import service, waiting
from app.participants.schemas import Priority
from app.web.doors import Reading
from app.web.flash import went
from app.web.forms import Errors, attempt
from app.web.render import render

router = APIRouter(prefix="/waiting-list", dependencies=[Depends(desk("waiting-list"))])
Given = TypeVar("Given", bound=Input)


async def _page(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    paging: Paging,
    errors: Errors | None = None,
    status: int = 200,
) -> Response:
    found = await waiting.listed(session, actor, conference.id)
    return render(
        request,
        "desk/waiting_list.html",
        status,
        page=paging.sheet(found[paging.offset : paging.offset + paging.size], len(found)),
        officer=actor.may(conference.id, service.OFFICERS),
        errors=errors or {},
    )


@router.get("/")
async def listing(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    paging: Paged,
) -> Response:
    """Who waits, in the order in which places are given."""
    return await _page(request, session, actor, conference, paging)


async def _act(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    schema: type[Given],
    work: Callable[[WriteSession, Given], Awaitable[object]],
    said: str,
) -> Response:
    sent = await attempt(request, schema, lambda writing, given, _: work(writing, given))
    if sent.done is None:
        paging = Paging(request)
        return await _page(request, session, actor, conference, paging, sent.errors, sent.status)
    return went(f"/c/{conference.slug}/desk/waiting-list/", said)


@router.post("/{id}/priority")
async def set_priority(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Moves somebody before all of a lower priority."""

    def work(writing: WriteSession, given: Priority) -> Awaitable[object]:
        return waiting.set_priority(writing, actor, conference, id, priority=given.priority)

    return await _act(request, session, actor, conference, Priority, work, "priority")


@router.post("/{id}/accept")
async def accept_offer(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Takes the place that is offered, for the delegation."""

    def work(writing: WriteSession, _: Nothing) -> Awaitable[object]:
        return waiting.accept(writing, actor, conference, id)

    return await _act(request, session, actor, conference, Nothing, work, "approved")
