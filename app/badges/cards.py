"""Badges at the counter that no approval issues: cards and blanks, the lost and the found."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from app.accounts import audit
from app.accounts.rules import Actor
from app.badges import service, store
from app.badges.codes import InvalidCode, decode
from app.badges.events import BadgeBound
from app.badges.models import Badge
from app.badges.printing import Line
from app.badges.rules import CardKind, categories, serial_of, validity
from app.badges.service import OFFICERS
from app.badges.store import Choice
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession, WriteSession
from app.core.errors import Clash, NotFound
from app.core.events import publish
from app.core.keys import keyring
from app.delegations import service as delegations
from app.participants import service as participants
from app.participants.rules import Status


async def issue(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    kind: CardKind,
    count: int,
    *,
    delegation: str | None = None,
    label: str | None = None,
    valid_on: date | None = None,
) -> Sequence[Line]:
    """Issues cards that name no person; a transferable one is held by a delegation.

    `valid_on` is the only day of a day badge. Raises `NotFound`, or `Clash` for a day outside the
    conference.
    """
    actor.require(conference.id, OFFICERS)
    held_by = None
    if delegation:
        held_by = await delegations.find(session, actor, conference.id, delegation)
    starts, ends, sample = await store.period(session, conference.id)
    first, last = validity(starts, ends, sample=sample)
    if valid_on is not None:
        if not first <= valid_on <= last:
            raise Clash("The conference is not on that day.", code="invalid-time")
        first = last = valid_on
    sign = service.signer(conference.id, (first, last), at=clock.now())
    more = {"delegation_id": held_by.id if held_by else None, "label": label}
    made = [sign(categories()[kind]) | more for _ in range(count)]
    await store.add(session, made)
    serials = tuple(int(str(one["serial"])) for one in made)
    audit.record(
        session,
        actor,
        "badge.issue-cards",
        conference_id=conference.id,
        target=("conference", conference.id),
        fields={"kind": kind, "serials": [str(one) for one in serials], "delegation": delegation},
    )
    return await store.rows(session, conference.id, Choice(serials=serials))


async def bind(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    serial: int,
    participant: UUID,
    *,
    at: datetime | None = None,
) -> Badge:
    """Puts the name on a blank day badge that was given out at `at`, while the system was away.

    A person has one active serial, so that the one that waits for them is revoked. Raises
    `NotFound`, or `Clash` for another kind of badge, a person not approved, one who has a badge.
    """
    actor.require(conference.id, OFFICERS)
    now = clock.now()
    if at is not None and at > now:
        raise Clash("A badge cannot be given out in the future.", code="invalid-time")
    person, _ = await participants.find(session, actor, conference.id, participant, lock=True)
    badge = await service.active(session, conference.id, serial)
    if badge.category != CardKind.day or badge.participant_id is not None:
        raise Clash("Only a blank day badge is bound to a name.", code="not-a-blank")
    if person.status is not Status.approved:
        raise Clash(f"{person.name} is not approved.", code="wrong-status")
    for row in await store.rows(session, conference.id, Choice(participant=person.id)):
        if row.collected_at is not None:
            raise Clash(
                f"{person.name} has collected a badge; report it lost first.",
                code="badge-collected",
            )
    reason = "A day badge took its place."
    await store.revoke(session, conference.id, [person.id], at=now, reason=reason)
    badge.participant_id, badge.delegation_id = person.id, None
    badge.collected_at, badge.collected_recorded_at = at or now, now
    service.note(session, actor, "badge.bind", badge, {"participant": person.id, "at": at or now})
    await session.flush()
    await publish(session, BadgeBound(actor, badge, person.id))
    return badge


async def lost(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    serial: int,
    *,
    identity_check: str,
) -> Badge:
    """Stops a lost badge and, for a person, issues another; returns the one that holds now.

    `identity_check` says by what the officer knew who was asking. Raises `NotFound`, `Clash`.
    """
    actor.require(conference.id, OFFICERS)
    badge = await service.active(session, conference.id, serial)
    badge.identity_check = identity_check
    service.note(session, actor, "badge.lost", badge, {"identity_check": identity_check})
    replace = service.reissue if badge.participant_id else service.revoke
    return await replace(session, actor, conference, serial, reason="Reported lost.")


def read(conference_id: UUID, text: str) -> int | None:
    """The serial that somebody typed, or that stands in the code they scanned; None for neither."""
    text = "".join(text.split())
    if text.isascii() and text.isdigit():
        return serial_of(text)
    try:
        return decode(text, keyring().public_keys(str(conference_id), service.KEY)).serial
    except InvalidCode:
        return None


async def found(
    session: ReadSession, actor: Actor, conference: Conference, text: str
) -> tuple[Line, str | None]:
    """The badge of a serial or a scanned code, whatever became of it, and the serial that replaced
    it. Raises `NotFound`.
    """
    actor.require(conference.id, OFFICERS)
    serial = read(conference.id, text)
    if serial is None:
        raise NotFound
    rows = await store.rows(session, conference.id, Choice(serials=(serial,), any_state=True))
    if not rows:
        raise NotFound
    row = rows[0]
    if row.revoked_at is None or row.participant is None:
        return row, None
    now = await store.rows(session, conference.id, Choice(participant=row.participant))
    return row, str(now[0].serial) if now else None
