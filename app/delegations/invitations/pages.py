"""The desk's page of invitations, and the page that an invitation's address leads to."""

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response

from app.accounts import links
from app.accounts import store as accounts
from app.accounts.doors import CurrentActor
from app.accounts.models import User
from app.accounts.pages import network_of
from app.accounts.rules import Actor
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.core.db import ReadSession, WriteSession
from app.core.errors import NotFound
from app.core.schemas import Input, Nothing
from app.delegations import store as bodies
from app.delegations.invitations import mails, service, store
from app.delegations.invitations.rules import ANSWERED, ProposalState, waits
from app.delegations.invitations.schemas import InvitationIn, NotInvitedIn
from app.delegations.models import Delegation
from app.delegations.service import OFFICERS
from app.web.doors import Reading, Writing, database
from app.web.flash import went
from app.web.forms import Attempt, attempt
from app.web.labels import phrased
from app.web.render import render

router = APIRouter(prefix="/c/{slug}")
at_desk = APIRouter(prefix="/desk/invitations", dependencies=[Depends(desk("invitations"))])
Secret = Annotated[str, Path(max_length=64)]
Given = TypeVar("Given", bound=Input)


async def _invited(
    session: ReadSession, conference: Conference, secret: str
) -> tuple[User, Delegation]:
    user, delegation_id = await links.invitation(session, secret)
    delegation = await bodies.by_id(session, conference.id, delegation_id)
    if delegation is None:
        raise NotFound
    return user, delegation


@router.get("/invitation/{secret}")
async def invitation(
    request: Request, session: Reading, conference: InConference, secret: Secret
) -> Response:
    """Who is invited to what, and a button that asks for a sign-in link; grants nothing."""
    _, delegation = await _invited(session, conference, secret)
    lang = phrased(mails.language_of(delegation))
    return render(request, "invitation.html", delegation=delegation, lang=lang, sent=False)


@router.post("/invitation/{secret}")
async def send_link(
    request: Request, session: Writing, conference: InConference, secret: Secret
) -> Response:
    """Mails a sign-in link to whom the invitation was sent. Raises `TooMany`."""
    user, delegation = await _invited(session, conference, secret)
    language = mails.language_of(delegation)
    await links.ask_again(
        session,
        user,
        network=network_of(request),
        path=f"/c/{conference.slug}/portal/",
        language=language,
    )
    return render(
        request, "invitation.html", delegation=delegation, lang=phrased(language), sent=True
    )


async def _page(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    sent: Attempt[object] | None = None,
) -> Response:
    actor.require(conference.id, OFFICERS)
    rows = await store.standing(session, conference.id)
    focal = await accounts.focal_points(session, conference.id)
    open_, _ = await store.proposals(session, conference.id, ProposalState.proposed, limit=100)
    latest, _ = await store.proposals(session, conference.id, limit=10)
    counts = Counter(
        delegation.invitation_status.value
        if delegation.invitation_status in ANSWERED
        else "waiting"
        if waits(delegation.invitation_status, invited=at is not None)
        else "not_yet"
        for delegation, at in rows
    )
    return render(
        request,
        "desk/invitations.html",
        sent.status if sent else 200,
        counts=counts,
        proposals=[(one, one.proposed_by != actor.id) for one in open_],
        latest=[one for one in latest if one.state is not ProposalState.proposed],
        lacking=[delegation for delegation, _ in rows if delegation.id not in focal],
        listed=await store.not_invited(session, conference.id),
        values=sent.values if sent else {},
        errors=sent.errors if sent else {},
    )


@at_desk.get("/")
async def overview(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference
) -> Response:
    """Proposals, where invitations stand, and who has no focal point."""
    return await _page(request, session, actor, conference)


async def _act(
    request: Request,
    actor: Actor,
    conference: Conference,
    schema: type[Given],
    work: Callable[[WriteSession, Given], Awaitable[object]],
    said: str,
) -> Response:
    actor.require(conference.id, OFFICERS)

    async def done(session: WriteSession, given: Given, _: int | None) -> object:
        return await work(session, given) or said

    sent = await attempt(request, schema, done)
    if sent.done is not None:
        return went(f"/c/{conference.slug}/desk/invitations/", said)
    async with database(request).reading() as session:
        return await _page(request, session, actor, conference, sent)


@at_desk.post("/")
async def propose(request: Request, actor: CurrentActor, conference: InConference) -> Response:
    """Invites one delegation, or proposes more to a second officer."""

    def work(session: WriteSession, given: InvitationIn) -> Awaitable[object]:
        return service.propose(session, actor, conference, given)

    return await _act(request, actor, conference, InvitationIn, work, "invitation_proposed")


@at_desk.post("/remind")
async def remind(request: Request, actor: CurrentActor, conference: InConference) -> Response:
    """Reminds those without a reply."""

    def work(session: WriteSession, _: Nothing) -> Awaitable[object]:
        return service.remind(session, actor, conference)

    return await _act(request, actor, conference, Nothing, work, "reminded")


@at_desk.post("/not-invited")
async def list_one(request: Request, actor: CurrentActor, conference: InConference) -> Response:
    """Puts a code on the not-invited list."""

    def work(session: WriteSession, given: NotInvitedIn) -> Awaitable[object]:
        return service.add_not_invited(session, actor, conference, given)

    return await _act(request, actor, conference, NotInvitedIn, work, "saved")


@at_desk.post("/not-invited/{id}/remove")
async def unlist(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Takes a code off the not-invited list."""

    def work(session: WriteSession, _: Nothing) -> Awaitable[object]:
        return service.remove_not_invited(session, actor, conference, id)

    return await _act(request, actor, conference, Nothing, work, "saved")


@at_desk.post("/{id}/{act}")
async def decide(
    request: Request,
    actor: CurrentActor,
    conference: InConference,
    id: UUID,
    act: Literal["confirm", "drop"],
) -> Response:
    """Invites as another officer proposed, or drops the proposal."""
    decided = service.confirm if act == "confirm" else service.drop

    def work(session: WriteSession, _: Nothing) -> Awaitable[object]:
        return decided(session, actor, conference, id)

    return await _act(
        request, actor, conference, Nothing, work, "invited" if act == "confirm" else "saved"
    )


router.include_router(at_desk)
