"""Focal points of a delegation: added by e-mail, removed with their sign-ins."""

from uuid import UUID

from app.accounts import service as accounts
from app.accounts import store as users
from app.accounts.models import User
from app.accounts.rules import Actor
from app.conferences import store as conferences
from app.conferences.models import Conference
from app.core.db import ReadSession, WriteSession
from app.delegations import service as delegations
from app.delegations.invitations import mails, store
from app.delegations.invitations.rules import Act
from app.delegations.invitations.schemas import FocalPointIn
from app.delegations.service import OFFICERS


async def listed(
    session: ReadSession, actor: Actor, conference: Conference, code: str
) -> list[User]:
    """The focal points of a delegation."""
    actor.require(conference.id, OFFICERS)
    delegation = await delegations.find(session, actor, conference.id, code)
    found = await users.focal_points(session, conference.id, [delegation.id])
    return found.get(delegation.id, [])


async def add(
    session: WriteSession, actor: Actor, conference: Conference, code: str, given: FocalPointIn
) -> User:
    """Adds a focal point; where the delegation is invited already, the invitation is mailed."""
    actor.require(conference.id, OFFICERS)
    await conferences.lock(session, conference.id)
    delegation = await delegations.find(session, actor, conference.id, code)
    known = await listed(session, actor, conference, code)
    user = await accounts.add_focal_point(
        session,
        actor,
        email=given.email,
        name=given.name,
        conference_id=conference.id,
        delegation_id=delegation.id,
    )
    invited = (await store.last(session, conference.id, Act.invited)).get(delegation.id)
    if invited is not None and all(user.id != other.id for other in known):
        await mails.invite(session, conference, "invitation", [(delegation, invited)], only=user)
    return user


async def remove(
    session: WriteSession, actor: Actor, conference: Conference, code: str, id: UUID
) -> None:
    """Removes a focal point; grant, sign-ins and links end at once. Raises `NotFound`."""
    actor.require(conference.id, OFFICERS)
    delegation = await delegations.find(session, actor, conference.id, code)
    await accounts.remove_focal_point(
        session, actor, id, conference_id=conference.id, delegation_id=delegation.id
    )
