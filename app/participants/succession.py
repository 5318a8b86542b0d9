"""Who takes over: a named successor in a place, an acting head in the chair."""

from uuid import UUID

from app.accounts import audit
from app.accounts.rules import Actor
from app.conferences.models import Conference
from app.core import clock
from app.core.db import WriteSession
from app.core.errors import Clash, NotFound
from app.delegations import service as delegations
from app.delegations import store as bodies
from app.participants import approval, service
from app.participants import change_store as store
from app.participants.approval import Registered
from app.participants.change_models import ActingHead
from app.participants.change_rules import check_succession
from app.participants.change_schemas import ActingIn, Successor
from app.participants.events import StatusChanged
from app.participants.rules import ACTIVE, Role, Status, transition
from app.quotas.store import lock as lock_quotas


async def find_both(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    successor: UUID,
    *,
    version: int | None = None,
) -> tuple[Registered, Registered]:
    """An approved person and who may succeed, both locked. Raises `Clash`, `NotFound`, `Outdated`.

    Whom the actor may not see is not found, as person and as successor.
    """
    await lock_quotas(session, conference.id)
    leaving = await service.find_unchanged(session, actor, conference.id, id, version)
    follows = await service.find(session, actor, conference.id, successor, lock=True)
    transition(leaving[0].status, Status.substituted, by="officer")
    check_succession(
        left=(leaving[0].id, leaving[1].id),
        right=(follows[0].id, follows[1].id),
        status=follows[0].status,
        name=follows[0].name,
    )
    return leaving, follows


async def substitute(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    given: Successor,
    *,
    version: int | None = None,
) -> Registered:
    """Replaces an approved person: badge revoked, place kept for the successor, who is approved.

    The successor keeps an own rank and role; nothing is inherited but the place. Raises `Clash`
    where the successor's role needs a place that is not free, `NotFound`, `Outdated`.
    """
    actor.require(conference.id, service.OFFICERS)
    leaving, follows = await find_both(
        session, actor, conference, id, given.successor, version=version
    )
    await approval.replace(session, actor, conference, leaving, follows)
    leaving[0].status_reason = f"Replaced by {follows[0].name}."
    if given.reason:
        leaving[0].status_reason = f"{leaving[0].status_reason} {given.reason}"[:500]
    audit.record(
        session,
        actor,
        "participant.substitute",
        conference_id=conference.id,
        target=("participant", id),
        fields={"successor": given.successor, "reason": given.reason},
    )
    await session.flush()
    return leaving


async def appoint_acting(
    session: WriteSession, actor: Actor, conference: Conference, code: str, given: ActingIn
) -> tuple[ActingHead, str]:
    """Lets somebody of the delegation act as its head from an instant on; ends who acted before.

    Role, rank, place and badge of nobody change. Raises `Clash`, `NotFound`.
    """
    actor.require(conference.id, service.EDITORS)
    # The delegation's row is what two appointments at the same moment wait for; before people.
    body = await bodies.by_code(session, actor, conference.id, code, lock=True)
    if body is None:
        raise NotFound
    person, of = await service.find(session, actor, conference.id, given.participant, lock=True)
    if of.id != body.id:
        raise Clash(f"{person.name} is in another delegation.", code="other-delegation")
    if person.status not in ACTIVE:
        raise Clash(f"{person.name} is {person.status}, and cannot act.", code="not-taking-part")
    if person.role is Role.head:
        raise Clash(f"{person.name} heads the delegation already.", code="head-already")
    starts_at = given.starts_at or clock.now()
    await store.end_acting(session, conference.id, store.H.c.delegation_id == body.id, at=starts_at)
    term = ActingHead(
        conference_id=conference.id,
        delegation_id=body.id,
        participant_id=person.id,
        starts_at=starts_at,
    )
    session.add(term)
    audit.record(
        session,
        actor,
        "delegation.acting-head",
        conference_id=conference.id,
        target=("delegation", body.id),
        fields={"participant": person.id, "from": starts_at},
    )
    await session.flush()
    return term, person.name


async def end_acting(
    session: WriteSession, actor: Actor, conference: Conference, code: str
) -> None:
    """Ends the acting head's term now. Raises `NotFound` where nobody acts."""
    actor.require(conference.id, service.EDITORS)
    body = await delegations.find(session, actor, conference.id, code)
    mine = store.H.c.delegation_id == body.id
    if not await store.end_acting(session, conference.id, mine, at=clock.now()):
        raise NotFound
    audit.record(
        session,
        actor,
        "delegation.acting-head-ends",
        conference_id=conference.id,
        target=("delegation", body.id),
    )


async def on_status_changed(session: WriteSession, event: StatusChanged) -> None:
    """Who leaves the conference acts as head no longer."""
    gone = [person for person, _, _ in event.changes if person.status not in ACTIVE]
    if gone:
        theirs = store.H.c.participant_id.in_([person.id for person in gone])
        await store.end_acting(session, gone[0].conference_id, theirs, at=clock.now())
