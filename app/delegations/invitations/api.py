"""Invitations under `/api/v1/conferences/{slug}`: proposals, focal points, replies."""

from uuid import UUID

from fastapi import APIRouter

from app.accounts.doors import CurrentActor
from app.accounts.models import User
from app.conferences.doors import InConference
from app.core.paging import Page, Paged
from app.delegations.api import shown
from app.delegations.doors import ByCode
from app.delegations.invitations import focal_points, replies, service, store
from app.delegations.invitations.models import InvitationProposal, NotInvited
from app.delegations.invitations.rules import ProposalState
from app.delegations.invitations.schemas import (
    FocalPointIn,
    FocalPointOut,
    InvitationIn,
    NotInvitedIn,
    NotInvitedOut,
    ProposalOut,
    Reminded,
    ReplyIn,
)
from app.delegations.schemas import DelegationOut
from app.delegations.service import OFFICERS
from app.web.doors import Reading, Writing
from app.web.etag import IfMatch, version_of
from app.web.idempotency import IdempotentRoute

router = APIRouter(route_class=IdempotentRoute, prefix="/conferences/{slug}", tags=["delegations"])


@router.get("/invitations", response_model=Page[ProposalOut])
async def list_invitations(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    paging: Paged,
    state: ProposalState | None = None,
) -> Page[InvitationProposal]:
    """Invitations by letter, newest first."""
    actor.require(conference.id, OFFICERS)
    found, count = await store.proposals(
        session, conference.id, state, offset=paging.offset, limit=paging.size
    )
    return paging.of(found, count)


@router.post("/invitations", status_code=201, response_model=ProposalOut)
async def propose_invitation(
    session: Writing, actor: CurrentActor, conference: InConference, given: InvitationIn
) -> InvitationProposal:
    """Invites one delegation at once; a list or a group waits for a second officer."""
    return await service.propose(session, actor, conference, given)


@router.post("/invitations/remind", response_model=Reminded)
async def remind(session: Writing, actor: CurrentActor, conference: InConference) -> Reminded:
    """Reminds who was invited and has not replied, once a day at most."""
    return await service.remind(session, actor, conference)


@router.post("/invitations/{id}/confirm", response_model=ProposalOut)
async def confirm_invitation(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID
) -> InvitationProposal:
    """Invites as another officer proposed."""
    return await service.confirm(session, actor, conference, id)


@router.post("/invitations/{id}/drop", response_model=ProposalOut)
async def drop_invitation(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID
) -> InvitationProposal:
    """Drops a proposal."""
    return await service.drop(session, actor, conference, id)


@router.get("/not-invited", response_model=Page[NotInvitedOut])
async def list_not_invited(
    session: Reading, actor: CurrentActor, conference: InConference, paging: Paged
) -> Page[NotInvited]:
    """Whom nobody invites to this conference."""
    actor.require(conference.id, OFFICERS)
    found = await store.not_invited(session, conference.id)
    return paging.of(found[paging.offset : paging.offset + paging.size], len(found))


@router.post("/not-invited", status_code=201, response_model=NotInvitedOut)
async def add_not_invited(
    session: Writing, actor: CurrentActor, conference: InConference, given: NotInvitedIn
) -> NotInvited:
    """Puts a delegation or a state on the not-invited list."""
    return await service.add_not_invited(session, actor, conference, given)


@router.delete("/not-invited/{id}", status_code=204)
async def remove_not_invited(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID
) -> None:
    """Takes an entry off the not-invited list."""
    await service.remove_not_invited(session, actor, conference, id)


@router.get("/delegations/{code}/focal-points", response_model=Page[FocalPointOut])
async def list_focal_points(
    session: Reading, actor: CurrentActor, conference: InConference, code: ByCode, paging: Paged
) -> Page[User]:
    """The focal points of a delegation."""
    found = await focal_points.listed(session, actor, conference, code)
    return paging.of(found[paging.offset : paging.offset + paging.size], len(found))


@router.post("/delegations/{code}/focal-points", status_code=201, response_model=FocalPointOut)
async def add_focal_point(
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    code: ByCode,
    given: FocalPointIn,
) -> User:
    """Adds a focal point by e-mail; of a delegation invited before, with the invitation."""
    return await focal_points.add(session, actor, conference, code, given)


@router.delete("/delegations/{code}/focal-points/{id}", status_code=204)
async def remove_focal_point(
    session: Writing, actor: CurrentActor, conference: InConference, code: ByCode, id: UUID
) -> None:
    """Removes a focal point: grant, sign-ins and links end at once."""
    await focal_points.remove(session, actor, conference, code, id)


@router.post("/delegations/{code}/reply", response_model=DelegationOut)
async def reply(
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    code: ByCode,
    given: ReplyIn,
    if_match: IfMatch = None,
) -> DelegationOut:
    """Accepts or declines: the focal point, or an officer from a paper."""
    version = version_of(if_match)
    found = await replies.reply(session, actor, conference, code, given, version=version)
    return shown(conference, found)
