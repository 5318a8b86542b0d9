"""Use cases of the portal: what a delegation does for itself, or an officer in its place."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.accounts import audit
from app.accounts.rules import Actor, Permit
from app.accounts.rules import Role as Grant
from app.conferences.models import Conference
from app.conferences.rules import policies_of
from app.core.db import ReadSession, WriteSession
from app.core.errors import Clash, NotFound, Outdated
from app.core.images import Crop
from app.core.schemas import Nothing
from app.delegations import service as delegations
from app.delegations import store as bodies
from app.delegations.invitations import replies
from app.delegations.invitations.schemas import ReplyIn
from app.delegations.models import Delegation
from app.participants import approval, changes, store
from app.participants import change_store as requests
from app.participants import places as allotting
from app.participants import service as participants
from app.participants.change_schemas import Successor
from app.participants.models import Participant
from app.participants.rules import ACTIVE, Role, Status
from app.participants.schemas import ParticipantEdit, Reason
from app.participants.vetting import documents
from app.participants.vetting.schemas import DocumentIn
from app.portal import rules
from app.portal.schemas import GiveBack, HoldIn, Move, Paper, PersonIn, Replacement, Sitting
from app.programme import store as programme
from app.programme.rules import SessionStatus
from app.programme.seats import service as seats
from app.programme.seats.store import of_people as held_seats
from app.quotas import slots
from app.quotas import store as quotas
from app.quotas.rules import Capacity, Registration
from app.quotas.schemas import SlotIn

OFFICERS = participants.OFFICERS
Outcome = tuple[Participant, str]
"""Whose page comes next, and the word it says: a key of the labels' `flash`."""


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts for which delegation; `officer`: in its place, from a paper."""

    actor: Actor
    conference: Conference
    delegation: Delegation
    officer: bool

    def entrusted(self) -> Actor:
        """The same person with an officer's rights, for an act that was checked here before."""
        permits = (Permit(Grant.registration_officer, self.conference.id),)
        return replace(self.actor, permits=permits)


async def choices(session: ReadSession, actor: Actor, conference: Conference) -> list[Delegation]:
    """The delegations that somebody may act for, by name; a focal point's own."""
    actor.require(conference.id, participants.NOMINATORS)
    where = bodies.D.c.conference_id == conference.id
    if not actor.may(conference.id, OFFICERS):
        where &= bodies.D.c.id.in_(actor.delegations_in(conference.id))
    return list((await session.execute(bodies.listing(where).order_by(*bodies.BY_NAME))).scalars())


async def acting(session: ReadSession, actor: Actor, conference: Conference, code: str) -> Acting:
    """Opens a delegation. Raises `NotFound` for another's, whatever else the actor may see."""
    actor.require(conference.id, participants.NOMINATORS)
    delegation = await delegations.find(session, actor, conference.id, code)
    mine = delegation.id in actor.delegations_in(conference.id)
    if not mine and not actor.may(conference.id, OFFICERS):
        raise NotFound
    return Acting(actor, conference, delegation, officer=not mine)


def note(session: WriteSession, who: Acting, act: str, paper: Paper) -> None:
    """Keeps in the trail on what paper an officer did something for a delegation."""
    audit.record(
        session,
        who.actor,
        "delegation.on-paper",
        conference_id=who.conference.id,
        target=("delegation", who.delegation.id),
        fields={"act": act, **paper.model_dump(mode="json")},
    )


async def people(session: ReadSession, who: Acting, *, lock: bool = False) -> list[Participant]:
    """Everybody of the delegation, in its order."""
    mine = store.P.c.delegation_id == who.delegation.id
    found = await store.people(session, who.conference.id, mine, lock=lock)
    return sorted((person for person, _ in found), key=lambda one: (one.position, one.id))


async def person(session: ReadSession, who: Acting, id: UUID) -> Participant:
    """One of the delegation. Raises `NotFound`, also for somebody of another."""
    found, delegation = await participants.find(session, who.actor, who.conference.id, id)
    if delegation.id != who.delegation.id:
        raise NotFound
    return found


async def _locked(
    session: WriteSession, who: Acting, id: UUID, version: int | None = None
) -> Participant:
    # Quotas before people, in every use case: two can then never wait for each other.
    await quotas.lock(session, who.conference.id)
    found, delegation = await participants.find_unchanged(
        session, who.actor, who.conference.id, id, version
    )
    if delegation.id != who.delegation.id:
        raise NotFound
    return found


def lacks(person: Participant, conference: Conference) -> list[str]:
    """What somebody's nomination still lacks (see `rules.missing`); once approved, a photo only."""
    found = rules.missing(
        name=person.name,
        function=person.function,
        role=person.role,
        rank=person.rank or person.rank_suggested,
        sex=person.sex,
        email=person.email,
        photo=person.photo_id is not None,
        exempt=policies_of(conference.policies).photo_exempt_ranks,
    )
    if person.status in rules.OPEN:
        return found
    return [key for key in found if key == "photo" and person.status is Status.approved]


async def places(session: ReadSession, who: Acting) -> list[Capacity]:
    """The quotas that cover the delegation, those shared with others included, by name."""
    found = await quotas.capacities(session, who.conference.id, [who.delegation.id])
    own = {quota.parent_id for quota in found}
    mine = [
        replace(quota, delegation_id=who.delegation.id) if quota.per_delegation else quota
        for quota in found
        if quota.thing is None
        and quota.kind in (None, who.delegation.kind)
        # Of a quota per delegation the delegation's own counts; it is made with its first place.
        and not (quota.per_delegation and quota.id in own)
    ]
    return sorted(mine, key=lambda quota: quota.name)


async def held(session: ReadSession, who: Acting) -> dict[str, list[UUID]]:
    """The places held for names to come, by role."""
    found = await slots.listed(session, who.actor, who.conference.id, who.delegation.code)
    by_role: dict[str, list[UUID]] = {}
    for slot in found:
        if slot.participant_id is None:
            by_role.setdefault(slot.role, []).append(slot.id)
    return by_role


async def hold(session: WriteSession, who: Acting, given: HoldIn, _: int | None) -> int:
    """Holds places for names to come; returns how many. Raises `Clash` where there is none."""
    wanted = SlotIn(delegation=who.delegation.code, role=given.role, number=given.number)
    return len(await allotting.hold(session, who.actor, who.conference, wanted))


async def give_back(session: WriteSession, who: Acting, given: GiveBack, _: int | None) -> UUID:
    """Gives a held place back. Raises `NotFound`, also for another delegation's."""
    mine = await held(session, who)
    if not any(given.slot in ids for ids in mine.values()):
        raise NotFound
    await slots.release(session, who.actor, who.conference, given.slot)
    return given.slot


async def reply(session: WriteSession, who: Acting, given: ReplyIn, version: int | None) -> None:
    """Accepts or declines the invitation. Raises `Outdated`."""
    code = who.delegation.code
    await replies.reply(session, who.actor, who.conference, code, given, version=version)


async def nominate(
    session: WriteSession, who: Acting, given: PersonIn, _: int | None = None
) -> Participant:
    """Nominates somebody, last in the order. Raises `Clash` for a second head."""
    wanted = given.to_nominate(who.delegation.code)
    return (await participants.nominate(session, who.actor, who.conference, wanted))[0]


async def change(
    session: WriteSession, who: Acting, given: PersonIn, version: int | None, *, id: UUID
) -> Outcome:
    """Changes somebody's data; of an approved person it asks an officer for the change.

    Raises `Clash` for who no longer takes part, `Outdated`.
    """
    found = await _locked(session, who, id, version)
    if found.status not in ACTIVE:
        raise Clash("This person no longer takes part.", code="wrong-status")
    edit = ParticipantEdit.model_validate(given.model_dump(exclude_unset=True))
    outcome = await changes.ask(session, who.actor, who.conference, id, edit)
    return outcome.person, "change_asked" if outcome.request else "saved"


async def asked(session: ReadSession, who: Acting, id: UUID) -> list[str]:
    """The fields that wait for an officer's word, of somebody approved."""
    found = await requests.pending_of(session, who.conference.id, [id])
    return sorted({field for request in found for field in request.changes})


def photo_open(who: Acting, seen: Participant) -> bool:
    """Whether a photo may be sent: see `rules.may_send_photo`; an officer decides at once."""
    has_one = seen.photo_id is not None and not who.officer
    return rules.may_send_photo(seen.status, has_one=has_one)


async def set_photo(
    session: WriteSession, who: Acting, seen: Participant, data: bytes, crop: Crop | None
) -> None:
    """Keeps a photo of somebody as `seen` before. Raises `Clash` where an approved one stands.

    Nothing is asked before the photo is decoded: the transaction begins with the first question.
    """
    if not photo_open(who, seen):
        raise Clash(
            "The photo of an approved person is changed by the registration office.",
            code="needs-officer",
        )
    await participants.set_photo(session, who.entrusted(), who.conference, seen.id, data, crop=crop)
    if (await person(session, who, seen.id)).version != seen.version + 1:
        raise Outdated("Somebody changed this person meanwhile; look again and send the photo.")


async def view_photo(session: WriteSession, who: Acting, id: UUID) -> bytes:
    """A photo; the look is in the audit trail before the bytes go out. Raises `NotFound`."""
    await person(session, who, id)
    return await participants.view_photo(session, who.entrusted(), who.conference, id)


async def put_document(
    session: WriteSession, who: Acting, given: DocumentIn, version: int | None, *, id: UUID
) -> Outcome:
    """Keeps somebody's identity document; its number is not shown again."""
    found = await _locked(session, who, id, version)
    await documents.put(session, who.actor, who.conference, id, given)
    return found, "document"


async def submit(
    session: WriteSession, who: Acting, _: Nothing, version: int | None, *, id: UUID
) -> Outcome:
    """Hands one nomination to the officers, whatever it still lacks."""
    found = await _locked(session, who, id, version)
    pair = (found, who.delegation)
    await approval.submit_many(session, who.actor, who.conference, [pair])
    return found, "submitted"


async def submit_complete(session: WriteSession, who: Acting, _: Nothing, __: int | None) -> int:
    """Hands over all that lacks nothing; returns how many still wait. Raises `Clash`."""
    waiting = [p for p in await people(session, who, lock=True) if p.status is Status.nominated]
    ready = [person for person in waiting if not lacks(person, who.conference)]
    if not ready:
        raise Clash("No nomination is complete yet.", code="nothing-complete")
    pairs = [(person, who.delegation) for person in ready]
    await approval.submit_many(session, who.actor, who.conference, pairs)
    return len(waiting) - len(ready)


async def withdraw(
    session: WriteSession, who: Acting, given: Reason, version: int | None, *, id: UUID
) -> Outcome:
    """Takes somebody back, at any time; the place is free for whoever waits."""
    found = await _locked(session, who, id, version)
    await approval.withdraw(session, who.actor, who.conference, id, reason=given.reason)
    return found, "withdrawn"


async def replace_person(
    session: WriteSession, who: Acting, given: Replacement, version: int | None, *, id: UUID
) -> Outcome:
    """Puts somebody in another's place, with a function and rank of their own.

    Of an approved person it asks an officer, who confirms it; then that person is returned.
    """
    leaving = await _locked(session, who, id, version)
    coming = await _locked(session, who, given.successor) if given.successor else None
    if coming is leaving or (coming and coming.status not in ACTIVE):
        raise Clash("Choose somebody else who takes part.", code="wrong-successor")
    approved = leaving.status is Status.approved
    if not approved:
        await approval.withdraw(session, who.actor, who.conference, id, reason=given.reason)
    if coming is None:
        # Two cannot head at once, and who heads stays until an officer confirms.
        role = Role.delegate if approved and leaving.role is Role.head else leaving.role
        new = PersonIn(name=given.name, function=given.function, role=role)
        if approved and "successor" in await asked(session, who, id):
            raise Clash("A replacement of this person is asked for already.", code="asked-already")
        # The place of an approved person passes on, whatever the quotas have left.
        actor = who.entrusted() if approved else who.actor
        wanted = new.to_nominate(who.delegation.code)
        coming, _ = await participants.nominate(session, actor, who.conference, wanted)
    if approved:
        replacement = Successor(successor=coming.id, reason=given.reason)
        outcome = await changes.substitute(session, who.actor, who.conference, id, replacement)
        if outcome.request:
            return leaving, "change_asked"
    coming.position = leaving.position
    await session.flush()
    return coming, "replaced"


@dataclass(frozen=True, slots=True)
class Offered:
    """A session that keeps places for the delegation: how many are left, whether one sits there."""

    id: UUID
    title: dict[str, str]
    starts_at: datetime
    left: int
    sits: bool


async def sittings(session: ReadSession, who: Acting, seen: Participant) -> list[Offered]:
    """The sessions with places that the person could take, or has, by time."""
    found = await quotas.capacities(session, who.conference.id, [who.delegation.id])
    asked = Registration(seen.id, who.delegation.id, who.delegation.kind, seen.role)
    left: dict[UUID, int] = {}
    own = {quota.parent_id for quota in found}
    for quota in found:
        if quota.thing is None or quota.thing[0] != seats.KIND:
            continue
        mine = replace(quota, per_delegation=False)
        if mine.covers(replace(asked, thing=quota.thing)) and quota.id not in own:
            free = quota.capacity - quota.used
            left[quota.thing[1]] = min(free, left.get(quota.thing[1], free))
    sits = {row.session_id for row in await held_seats(session, who.conference.id, [seen.id])}
    return [
        Offered(one.id, one.title, one.starts_at, left.get(one.id, 0), one.id in sits)
        for one, _ in await programme.sessions(session, who.conference.id)
        if one.id in left.keys() | sits and one.status is SessionStatus.confirmed
    ]


async def sit(
    session: WriteSession, who: Acting, given: Sitting, version: int | None, *, id: UUID
) -> Outcome:
    """Seats somebody in a session, or frees the seat. Raises `Clash` where none is left."""
    found = await _locked(session, who, id, version)
    act = seats.take if given.sits else seats.give_up
    await act(session, who.actor, who.conference, given.session, id)
    return found, "seated" if given.sits else "unseated"


async def move(session: WriteSession, who: Acting, given: Move, _: int | None) -> None:
    """Moves somebody in the delegation's order, which the list of participants follows."""
    everybody = await people(session, who, lock=True)
    order = [one for one in everybody if one.status in ACTIVE]
    found = next((one for one in order if one.id == given.id), None)
    if found is None:
        raise NotFound
    order = rules.moved(order, found, given.step)
    for place, one in enumerate([*order, *(p for p in everybody if p not in order)], start=1):
        one.position = place
    audit.record(
        session,
        who.actor,
        "delegation.order",
        conference_id=who.conference.id,
        target=("delegation", who.delegation.id),
        fields={"order": [str(one.id) for one in order]},
    )
    await session.flush()
