"""Use cases of invitations: propose, confirm, remind, and the not-invited list."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import insert

from app.accounts.rules import Actor
from app.conferences import store as conferences
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession, WriteSession
from app.core.errors import Clash, Invalid, NotFound
from app.delegations import history
from app.delegations.invitations import mails, store
from app.delegations.invitations.models import InvitationProposal, NotInvited
from app.delegations.invitations.replies import noted, step
from app.delegations.invitations.rules import (
    Act,
    ProposalState,
    left_out,
    require_invitable,
    require_second,
    waits,
)
from app.delegations.invitations.schemas import InvitationIn, NotInvitedIn, Reminded
from app.delegations.models import Delegation
from app.delegations.rules import STATES, InvitationStatus
from app.delegations.service import OFFICERS
from app.states import catalogue

AGAIN = timedelta(hours=24)
"""No delegation is reminded twice within this time."""


def _in_group(delegation: Delegation, given: InvitationIn) -> bool:
    if given.kind:
        return delegation.kind is given.kind
    if delegation.iso3 is None or delegation.kind not in STATES:
        return False
    return catalogue.state(delegation.iso3).regional_group == given.regional_group


async def _chosen(
    session: WriteSession, conference: Conference, given: InvitationIn
) -> list[Delegation]:
    codes = given.delegations or None
    found = await store.delegations(session, conference.id, codes, lock=True)
    if codes is None:
        return [delegation for delegation in found if _in_group(delegation, given)]
    if unknown := sorted(set(codes) - {delegation.code for delegation in found}):
        raise Clash(
            f"This conference has no delegation {', '.join(unknown)}.", code="unknown-delegation"
        )
    return found


async def _sorted_out(
    session: ReadSession, conference: Conference, chosen: Sequence[Delegation]
) -> tuple[list[Delegation], dict[str, str]]:
    """Whom a bulk invitation reaches, and why it leaves the others out, by code."""
    listed = {entry.code for entry in await store.not_invited(session, conference.id)}
    invited = await store.last(session, conference.id, Act.invited)
    reasons = {
        delegation.code: left_out(
            listed=bool(listed & {delegation.code, delegation.iso3}),
            status=delegation.invitation_status,
            invited=delegation.id in invited,
        )
        for delegation in chosen
    }
    left = {code: reason.value for code, reason in reasons.items() if reason}
    return [delegation for delegation in chosen if delegation.code not in left], left


async def propose(
    session: WriteSession, actor: Actor, conference: Conference, given: InvitationIn
) -> InvitationProposal:
    """Invites one delegation at once; a list or a group waits for a second officer.

    Raises `Clash` for who is on the not-invited list or unknown, and where nobody is left;
    `Forbidden` for a list or a group from a token, whose holder might be the second officer.
    """
    actor.require(conference.id, OFFICERS)
    today = clock.utc_to_local(clock.now(), conference.timezone).date()
    if given.reply_by and given.reply_by < today:
        raise Invalid(
            "A reply is asked for by a day to come.",
            errors=[("/reply_by", "This day has passed.")],
        )
    chosen = await _chosen(session, conference, given)
    single = len(set(given.delegations)) == 1
    if not single:
        actor.require_person()
    if given.delegations:
        reasons = {n.code: n.reason for n in await store.not_invited(session, conference.id)}
        for one in chosen:
            reason = reasons.get(one.code) or reasons.get(one.iso3 or "")
            accepted = one.invitation_status if single else InvitationStatus.invited
            require_invitable(one.name, reason, accepted)
    reached, left = (chosen, {}) if single else await _sorted_out(session, conference, chosen)
    if not reached:
        raise Clash("Everybody here was invited or has answered before.", code="nobody-to-invite")
    proposal = InvitationProposal(
        conference_id=conference.id,
        codes=[delegation.code for delegation in reached],
        left_out=left,
        number=given.number,
        dated=given.dated,
        reply_by=given.reply_by,
        proposed_by=actor.id,
        proposer=actor.name,
        created_at=clock.now(),
    )
    session.add(proposal)
    noted(session, actor, "invitation.propose", proposal, codes=proposal.codes)
    if single:
        await _decide(session, actor, proposal, ProposalState.confirmed)
        await _invite(session, actor, conference, proposal, reached)
    await session.flush()
    return proposal


async def _decide(
    session: WriteSession, actor: Actor, proposal: InvitationProposal, state: ProposalState
) -> None:
    if proposal.state is not ProposalState.proposed:
        raise Clash(f"This invitation was {proposal.state} before.", code="decided-before")
    proposal.state = state
    proposal.decider = actor.name
    proposal.decided_at = clock.now()
    noted(session, actor, f"invitation.{state.value}", proposal, codes=proposal.codes)


async def _find(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID
) -> InvitationProposal:
    actor.require(conference.id, OFFICERS)
    proposal = await store.proposal(session, conference.id, id)
    if proposal is None:
        raise NotFound
    return proposal


async def confirm(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID
) -> InvitationProposal:
    """Invites as another officer proposed.

    Who was put on the not-invited list, was invited or has answered meanwhile is left out. Raises
    `Clash` (`second-officer`) for one's own proposal, `Forbidden` for a token.
    """
    proposal = await _find(session, actor, conference, id)
    actor.require_person()
    require_second(proposal.proposed_by, actor.id)
    await _decide(session, actor, proposal, ProposalState.confirmed)
    chosen = await store.delegations(session, conference.id, proposal.codes, lock=True)
    reached, left = await _sorted_out(session, conference, chosen)
    proposal.codes = [delegation.code for delegation in reached]
    proposal.left_out = {**proposal.left_out, **left}
    await _invite(session, actor, conference, proposal, reached)
    await session.flush()
    return proposal


async def drop(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID
) -> InvitationProposal:
    """Drops a proposal; whoever made it may do so too."""
    proposal = await _find(session, actor, conference, id)
    await _decide(session, actor, proposal, ProposalState.dropped)
    await session.flush()
    return proposal


async def _invite(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    proposal: InvitationProposal,
    reached: Sequence[Delegation],
) -> None:
    """Status, version, step, audit entry and mails of each, in as few statements as of one."""
    steps = [
        step(
            actor,
            delegation,
            Act.invited,
            number=proposal.number,
            dated=proposal.dated,
            reply_by=proposal.reply_by,
        )
        for delegation in reached
    ]
    changed = [d for d in reached if d.invitation_status is not InvitationStatus.invited]
    for delegation in changed:
        delegation.invitation_status = InvitationStatus.invited
        delegation.version += 1
    if changed:
        await session.execute(insert(history.V), [history.version_of(d) for d in changed])
    for delegation in reached:
        noted(
            session,
            actor,
            "delegation.invite",
            delegation,
            number=proposal.number,
            dated=proposal.dated,
        )
    session.add_all(steps)
    await mails.invite(session, conference, "invitation", list(zip(reached, steps, strict=True)))


async def remind(session: WriteSession, actor: Actor, conference: Conference) -> Reminded:
    """Mails the focal points of who was invited and has not replied, once a day at most."""
    actor.require(conference.id, OFFICERS)
    # Locked before their steps are read: two officers at once would both remind.
    everybody = await store.delegations(session, conference.id, lock=True)
    invited = await store.last(session, conference.id, Act.invited)
    reminded = await store.last(session, conference.id, Act.reminded)
    recent = {id for id, last in reminded.items() if last.at > clock.now() - AGAIN}
    waiting = [
        (delegation, invited.get(delegation.id) or step(actor, delegation, Act.invited))
        for delegation in everybody
        if delegation.id not in recent
        and waits(delegation.invitation_status, invited=delegation.id in invited)
    ]
    written = await mails.invite(session, conference, "reminder", waiting)
    session.add_all([step(actor, delegation, Act.reminded) for delegation, _ in waiting])
    for delegation, _ in waiting:
        noted(session, actor, "delegation.remind", delegation)
    await session.flush()
    return Reminded(delegations=len(waiting), mails=written)


async def add_not_invited(
    session: WriteSession, actor: Actor, conference: Conference, given: NotInvitedIn
) -> NotInvited:
    """Puts a code on the not-invited list. Raises `Clash` where it stands there."""
    actor.require(conference.id, OFFICERS)
    await conferences.lock(session, conference.id)
    known = {entry.code for entry in await store.not_invited(session, conference.id)}
    if given.code in known:
        raise Clash(f"{given.code} is on the list already.", code="listed-before")
    entry = NotInvited(
        conference_id=conference.id, code=given.code, reason=given.reason, created_at=clock.now()
    )
    session.add(entry)
    noted(session, actor, "not_invited.add", entry, **given.model_dump())
    await session.flush()
    return entry


async def remove_not_invited(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID
) -> None:
    """Takes an entry off the not-invited list. Raises `NotFound`."""
    actor.require(conference.id, OFFICERS)
    entry = await store.not_invited_by_id(session, conference.id, id)
    if entry is None:
        raise NotFound
    await session.delete(entry)
    noted(session, actor, "not_invited.remove", entry)
    await session.flush()
