"""Use cases of receptions: add, invite, record replies, and free the places of who leaves."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement

from app.accounts import audit
from app.accounts.rules import Actor, Role
from app.conferences.models import Conference
from app.conferences.rules import in_language, policies_of
from app.core import clock, mail
from app.core.db import ReadSession, WriteSession
from app.core.errors import Clash, NotFound, Outdated
from app.participants.events import StatusChanged
from app.participants.rules import ACTIVE, HIGH_LEVEL, Status
from app.programme import store as programme
from app.programme.rules import check_times
from app.quotas import store as quotas
from app.receptions import places, rules, store
from app.receptions.models import Reception, ReceptionInvitation
from app.receptions.rules import Places, Reply
from app.receptions.schemas import (
    InvitationEdit,
    InvitationOut,
    Invited,
    InviteIn,
    ReceptionEdit,
    ReceptionIn,
)

OFFICERS = frozenset({Role.protocol_officer})
READERS = OFFICERS | {Role.registration_officer, Role.auditor}
_EMPTYABLE = frozenset({"room_id", "place", "dress"})


def principal_ranks(conference: Conference) -> frozenset[str]:
    """The ranks that are never turned away here: ministerial and above."""
    return frozenset({*HIGH_LEVEL, *policies_of(conference.policies).ministerial_ranks})


async def find(
    session: ReadSession, conference_id: UUID, id: UUID, *, lock: bool = False
) -> Reception:
    """A reception; locked until the transaction ends. Raises `NotFound`."""
    found = await store.by_ids(session, conference_id, [id], lock=lock)
    if not found:
        raise NotFound
    return found[0]


async def _settle(session: ReadSession, conference: Conference, reception: Reception) -> None:
    """Sets the instants that the local times mean. Raises `Invalid`, `Clash`."""
    reception.starts_at = clock.local_to_utc(reception.local_start, conference.timezone)
    reception.ends_at = clock.local_to_utc(reception.local_end, conference.timezone)
    check_times(reception.starts_at, reception.ends_at)
    room = reception.room_id
    if room and await programme.room(session, conference.id, room) is None:
        raise Clash("There is no such room in this conference.", code="unknown-room")


async def create(
    session: WriteSession, actor: Actor, conference: Conference, given: ReceptionIn
) -> Reception:
    """Adds a reception. Raises `Invalid` for an end before the start, `Clash`."""
    actor.require(conference.id, OFFICERS)
    now = clock.now()
    made = Reception(
        **given.model_dump(exclude={"room"}),
        room_id=given.room,
        conference_id=conference.id,
        starts_at=now,
        ends_at=now,
    )
    await _settle(session, conference, made)
    session.add(made)
    audit.record(
        session,
        actor,
        "reception.create",
        conference_id=conference.id,
        target=("reception", made.id),
        fields=given.model_dump(mode="json"),
    )
    await session.flush()
    return made


async def edit(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    given: ReceptionEdit,
    *,
    version: int | None = None,
) -> Reception:
    """Changes a reception. Raises `Outdated`, `NotFound`, `Clash` where more already come."""
    actor.require(conference.id, OFFICERS)
    reception = await find(session, conference.id, id, lock=True)
    if version is not None and reception.version != version:
        raise Outdated("Somebody changed this reception meanwhile; read it again.")
    wanted = given.model_dump(exclude_unset=True)
    if "room" in wanted:
        wanted["room_id"] = wanted.pop("room")
    changes = {
        field: value
        for field, value in wanted.items()
        if getattr(reception, field) != value and (value is not None or field in _EMPTYABLE)
    }
    if not changes:
        return reception
    capacity = changes.get("capacity", reception.capacity)
    if capacity < min(reception.used, reception.capacity):
        raise Clash(
            f"{reception.used} people come; the capacity cannot be {capacity}.",
            code="capacity-below-accepted",
        )
    for field, value in changes.items():
        setattr(reception, field, value)
    reception.extra = max(0, reception.used - reception.capacity)
    reception.version += 1
    await _settle(session, conference, reception)
    audit.record(
        session,
        actor,
        "reception.edit",
        conference_id=conference.id,
        target=("reception", reception.id),
        fields=changes,
    )
    await session.flush()
    return reception


async def invite(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID, given: InviteIn
) -> Invited:
    """Invites people by id, or everybody approved of the reception's ranks; twice is once.

    Who has an e-mail address gets a mail, written in this transaction. Raises `Clash` for people
    who are out of the conference, `NotFound` for strange ones.
    """
    actor.require(conference.id, OFFICERS)
    # Quotas, then people, then receptions, as a withdrawal does: the two can then never wait for
    # each other. The last lock makes two invitations of the same guest wait instead of fail.
    await quotas.lock(session, conference.id)
    reception = await find(session, conference.id, id)
    people: ColumnElement[bool] = store.P.c.id.in_(given.participants)
    if given.by_rank:
        if not reception.ranks:
            raise Clash("This reception names no ranks to invite.", code="no-ranks")
        people |= store.P.c.rank.in_(reception.ranks) & (store.P.c.status == Status.approved)
    guests = await store.guests(session, conference.id, people)
    await find(session, conference.id, id, lock=True)
    if not {*given.participants} <= {guest.id for guest in guests}:
        raise NotFound
    if out := [guest.name for guest in guests if guest.status not in ACTIVE]:
        raise Clash(
            f"{', '.join(out[:5])}: not in the conference any more.", code="not-taking-part"
        )
    known = await store.invited(session, conference.id, reception.id)
    fresh = [guest for guest in guests if guest.id not in known]
    now = clock.now()
    await store.add(
        session,
        [
            ReceptionInvitation(
                conference_id=conference.id,
                reception_id=reception.id,
                participant_id=guest.id,
                companions_allowed=given.companions,
                invited_at=now,
            )
            for guest in fresh
        ],
    )
    for guest in fresh:
        if guest.email:
            _write_mail(session, conference, reception, guest.name, guest.style, guest.email)
        audit.record(
            session,
            actor,
            "reception.invite",
            conference_id=conference.id,
            target=("reception", reception.id),
            fields={"participant": guest.id, "companions": given.companions},
        )
    return Invited(invited=len(fresh), already=len(guests) - len(fresh))


def _write_mail(
    session: WriteSession,
    conference: Conference,
    reception: Reception,
    name: str,
    style: str | None,
    email: str,
) -> None:
    title = in_language(reception.title, "en")
    start = reception.local_start
    where = f"\nPlace: {reception.place}" if reception.place else ""
    dress = f"\nDress: {reception.dress}" if reception.dress else ""
    greeting = f"{style} {rules.inert(name)}" if style else rules.inert(name)
    mail.write(
        session,
        to=email,
        subject=f"Invitation: {title}",
        text=(
            f"{rules.inert(greeting)},\n\n"
            f"You are invited to “{title}” on {start.day} {start:%B %Y} at {start:%H:%M}, "
            f"local time.{where}{dress}\n\n"
            "Please give your reply to your focal point or to the protocol desk.\n\n"
            f"{in_language(conference.title, 'en')}\n"
        ),
        conference_id=conference.id,
    )


async def record_reply(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    invitation_id: UUID,
    given: InvitationEdit,
) -> ReceptionInvitation:
    """Records a reply or a new entitlement, taking and giving back places under a lock.

    Raises `Clash`: `reception-full`, `companions-exceeded`, `not-taking-part`; `NotFound`.
    """
    actor.require(conference.id, OFFICERS)
    await quotas.lock(session, conference.id)
    reception = await find(session, conference.id, id, lock=True)
    found = await store.invitation(session, conference.id, id, invitation_id)
    if found is None:
        raise NotFound
    invitation, guest = found
    reply = given.reply or invitation.reply
    companions = invitation.companions if given.companions is None else given.companions
    if reply is not Reply.accepted:
        companions = 0
    elif guest.status not in ACTIVE:
        raise Clash(f"{guest.name} is {guest.status}, and cannot come.", code="not-taking-part")
    if given.companions_allowed is not None:
        invitation.companions_allowed = given.companions_allowed
    rules.check_companions(companions, invitation.companions_allowed)
    rules.check_reply_time(starts_at=reception.starts_at, now=clock.now(), officer=True)
    principal = rules.is_principal(guest.role, guest.rank, principal_ranks(conference))
    _take(
        reception,
        had=rules.places_of(invitation.reply, invitation.companions),
        wants=rules.places_of(reply, companions),
        principal=principal,
    )
    comes = reply is Reply.accepted
    await places.take(session, guest, reception.id, comes=comes, principal=principal)
    invitation.reply, invitation.companions = reply, companions
    if given.reply is not None:
        invitation.replied_at = clock.now()
        invitation.replied_by = f"{given.by} ({actor.name})"[:200] if given.by else actor.name
    audit.record(
        session,
        actor,
        "reception.reply",
        conference_id=conference.id,
        target=("reception", reception.id),
        fields={"participant": guest.id, "reply": reply, "companions": companions},
    )
    await session.flush()
    return invitation


def _take(reception: Reception, *, had: int, wants: int, principal: bool) -> None:
    now = Places(reception.capacity, reception.used, reception.extra)
    then = rules.exchange(now, had=had, wants=wants, principal=principal)
    reception.used, reception.extra = then.used, then.extra


async def on_status_changed(session: WriteSession, event: StatusChanged) -> None:
    """Who leaves the conference leaves its receptions; the places are free again."""
    gone = [person for person, _, _ in event.changes if person.status not in ACTIVE]
    if not gone:
        return
    conference_id, ids = gone[0].conference_id, [person.id for person in gone]
    concerned = {i.reception_id for i in await store.open_of_people(session, conference_id, ids)}
    if not concerned:
        return
    locked = await store.by_ids(session, conference_id, concerned, lock=True)
    receptions = {one.id: one for one in locked}
    for invitation in await store.open_of_people(session, conference_id, ids):
        had = rules.places_of(invitation.reply, invitation.companions)
        _take(receptions[invitation.reception_id], had=had, wants=0, principal=False)
        invitation.reply, invitation.companions = Reply.declined, 0
        invitation.replied_at, invitation.replied_by = clock.now(), "left the conference"
        audit.record(
            session,
            event.actor,
            "reception.release",
            conference_id=conference_id,
            target=("reception", invitation.reception_id),
            fields={"participant": invitation.participant_id},
        )
    await session.flush()


@dataclass(frozen=True, slots=True)
class Listed:
    """A reception with how many replied what, as it stands now."""

    reception: Reception
    counts: Counter[Reply]


async def listed(
    session: ReadSession, conference: Conference, *, now: datetime | None = None
) -> list[Listed]:
    """The receptions with their replies; two queries at any size."""
    now = now or clock.now()
    found = await store.receptions(session, conference.id)
    counts: dict[UUID, Counter[Reply]] = {one.id: Counter() for one in found}
    starts = {one.id: one.starts_at for one in found}
    for id, reply, principal, many in await store.replies(
        session, conference.id, principal_ranks(conference)
    ):
        stands = rules.standing(reply, starts_at=starts[id], now=now, principal=principal)
        counts[id][stands] += many
    return [Listed(one, counts[one.id]) for one in found]


async def guests_of(
    session: ReadSession, conference: Conference, reception: Reception
) -> list[tuple[InvitationOut, str, dict[str, str]]]:
    """The guests by name, each with what search looks through and the names by language."""
    now = clock.now()
    rows = await store.invitations(
        session, conference.id, reception.id, principal_ranks(conference)
    )
    shown = []
    for row in rows:
        out = InvitationOut.model_validate(row)
        out.reply = rules.standing(
            out.reply, starts_at=reception.starts_at, now=now, principal=out.principal
        )
        shown.append((out, row.search, row.names))
    return shown


async def replies_of(
    session: ReadSession, conference_id: UUID, participant_ids: Collection[UUID]
) -> dict[UUID, list[tuple[str, Reply]]]:
    """What people replied: (reception's title, reply), per person, by time."""
    return await store.replied_by_people(session, conference_id, participant_ids)
