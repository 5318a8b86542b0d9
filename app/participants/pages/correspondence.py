"""A delegation's page at the desk: its invitation, focal points, replies and letters."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import UploadFile

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.core.db import WriteSession
from app.core.schemas import Input, Nothing
from app.delegations import service as delegations
from app.delegations.doors import ByCode
from app.delegations.invitations import focal_points, replies
from app.delegations.invitations import service as invitations
from app.delegations.invitations.schemas import FocalPointIn, InvitationIn, ReplyIn
from app.delegations.letters import service as letters
from app.delegations.letters.api import attached
from app.delegations.letters.schemas import LetterIn
from app.participants.pages.delegations import page
from app.web.doors import Writing, database
from app.web.flash import went
from app.web.forms import attempt

router = APIRouter(prefix="/delegations/{code}", dependencies=[Depends(desk("delegations"))])
Given = TypeVar("Given", bound=Input)


async def _act(
    request: Request,
    actor: Actor,
    conference: Conference,
    code: str,
    schema: type[Given],
    work: Callable[[WriteSession, Given, int | None], Awaitable[object]],
    *,
    act: str,
    said: str,
) -> Response:
    """Does one thing with a delegation; else shows its page again, with what was typed."""
    actor.require(conference.id, delegations.OFFICERS)

    async def done(session: WriteSession, given: Given, version: int | None) -> object:
        return await work(session, given, version) or said

    sent = await attempt(request, schema, done)
    if sent.done is not None:
        return went(f"/c/{conference.slug}/desk/delegations/{code}", said)
    async with database(request).reading() as session:
        return await page(request, session, actor, conference, code, sent, refused=act)


@router.post("/invite")
async def invite(
    request: Request, actor: CurrentActor, conference: InConference, code: ByCode
) -> Response:
    """Invites this delegation, with the letter's number and date."""

    def work(session: WriteSession, given: InvitationIn, _: int | None) -> Awaitable[object]:
        return invitations.propose(session, actor, conference, given)

    return await _act(
        request, actor, conference, code, InvitationIn, work, act="invite", said="invited"
    )


@router.post("/invitation")
async def record_answer(
    request: Request, actor: CurrentActor, conference: InConference, code: ByCode
) -> Response:
    """Records the answer to an invitation, with the paper that it came on."""

    def work(session: WriteSession, given: ReplyIn, version: int | None) -> Awaitable[object]:
        return replies.reply(session, actor, conference, code, given, version=version)

    return await _act(
        request, actor, conference, code, ReplyIn, work, act="reply", said="invitation"
    )


@router.post("/focal-points")
async def add_focal_point(
    request: Request, actor: CurrentActor, conference: InConference, code: ByCode
) -> Response:
    """Adds a focal point by e-mail."""

    def work(session: WriteSession, given: FocalPointIn, _: int | None) -> Awaitable[object]:
        return focal_points.add(session, actor, conference, code, given)

    return await _act(
        request, actor, conference, code, FocalPointIn, work, act="focal", said="focal_added"
    )


@router.post("/focal-points/{id}/remove")
async def remove_focal_point(
    request: Request, actor: CurrentActor, conference: InConference, code: ByCode, id: UUID
) -> Response:
    """Removes a focal point."""

    def work(session: WriteSession, _: Nothing, __: int | None) -> Awaitable[object]:
        return focal_points.remove(session, actor, conference, code, id)

    return await _act(
        request, actor, conference, code, Nothing, work, act="focal", said="focal_removed"
    )


@router.post("/letters")
async def keep_letter(
    request: Request, actor: CurrentActor, conference: InConference, code: ByCode
) -> Response:
    """Keeps a letter: a PDF, with its kind, number, date and signatory."""
    async with request.form(max_files=1, max_fields=20) as form:
        file = form.get("file")
        data = await file.read() if isinstance(file, UploadFile) else b""

        def work(session: WriteSession, given: LetterIn, _: int | None) -> Awaitable[object]:
            return letters.keep(session, actor, conference, code, given, data)

        return await _act(
            request, actor, conference, code, LetterIn, work, act="letter", said="letter"
        )


@router.get("/letters/{id}")
async def read_letter(
    session: Writing, actor: CurrentActor, conference: InConference, code: ByCode, id: UUID
) -> Response:
    """A letter's file; each look is in the audit trail."""
    return attached(await letters.view(session, actor, conference, code, id), id)
