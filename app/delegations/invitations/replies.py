"""Replies to invitations, and the steps and audit entries that tell of each delegation."""

from datetime import date

from app.accounts import audit
from app.accounts.rules import Actor, Role
from app.conferences.models import Conference
from app.core import clock
from app.core.db import WriteSession
from app.core.errors import NotFound, Outdated
from app.delegations import history, store
from app.delegations.invitations.models import InvitationProposal, InvitationStep, NotInvited
from app.delegations.invitations.rules import Act, Channel
from app.delegations.invitations.schemas import ReplyIn
from app.delegations.models import Delegation
from app.delegations.service import OFFICERS

REPLIERS = OFFICERS | {Role.focal_point}


def noted(
    session: WriteSession,
    actor: Actor,
    action: str,
    row: InvitationProposal | Delegation | NotInvited,
    **fields: object,
) -> None:
    """Notes in the audit trail what was done to a thing; the action begins with its kind."""
    kind = action.partition(".")[0]
    audit.record(
        session,
        actor,
        action,
        conference_id=row.conference_id,
        target=(kind, row.id),
        fields=fields,
    )


def step(
    actor: Actor,
    delegation: Delegation,
    act: Act,
    *,
    channel: Channel | None = None,
    number: str | None = None,
    dated: date | None = None,
    reply_by: date | None = None,
) -> InvitationStep:
    """What happened now to a delegation's invitation, with the paper behind it."""
    return InvitationStep(
        conference_id=delegation.conference_id,
        delegation_id=delegation.id,
        at=clock.now(),
        act=act,
        channel=channel,
        number=number,
        dated=dated,
        reply_by=reply_by,
        by_name=actor.name,
    )


async def reply(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    code: str,
    given: ReplyIn,
    *,
    version: int | None = None,
) -> Delegation:
    """Records a reply: a focal point's own, or an officer's from a paper, with its particulars.

    Raises `NotFound`, `Outdated`.
    """
    actor.require(conference.id, REPLIERS)
    delegation = await store.by_code(session, actor, conference.id, code, lock=True)
    if delegation is None:
        raise NotFound
    actor.require_own(conference.id, delegation.id, OFFICERS)
    if version is not None and delegation.version != version:
        raise Outdated("Somebody changed this delegation meanwhile; read it again.")
    if not actor.may(conference.id, OFFICERS):
        given = ReplyIn(invitation_status=given.invitation_status, channel=Channel.portal)
    if given.invitation_status != delegation.invitation_status:
        delegation.invitation_status = given.invitation_status
        delegation.version += 1
        await history.record(session, delegation, {"invitation_status"})
    kept = step(
        actor,
        delegation,
        Act(given.invitation_status.value),
        channel=given.channel,
        number=given.number,
        dated=given.dated,
    )
    session.add(kept)
    noted(session, actor, "delegation.reply", delegation, **given.model_dump())
    await session.flush()
    return delegation
