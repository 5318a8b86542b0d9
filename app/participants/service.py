"""Use cases of participants: nominate and edit. Changes of status are in `approval`."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.accounts import audit
from app.accounts.rules import Actor
from app.accounts.rules import Role as Grant
from app.conferences import service as conferences
from app.conferences.models import Conference
from app.core import clock, images
from app.core.db import ReadSession, WriteSession, new_id
from app.core.errors import Clash, NotFound, Outdated
from app.core.events import publish
from app.core.spelling import skeleton
from app.core.text import fold, searchable
from app.delegations import service as delegations
from app.delegations.models import Delegation
from app.participants import history, places, store
from app.participants.events import ParticipantEdited
from app.participants.intake.titles import is_acting, suggest_rank
from app.participants.models import Participant
from app.participants.rules import Rank, Role, Status, compose_name, sorted_name
from app.participants.schemas import ParticipantEdit, ParticipantIn
from app.participants.vetting import keys
from app.quotas import slots
from app.quotas import store as quotas
from app.quotas.rules import Registration

OFFICERS = frozenset({Grant.registration_officer})
EDITORS = OFFICERS | {Grant.protocol_officer}
NOMINATORS = OFFICERS | {Grant.focal_point}
READERS = EDITORS | {Grant.programme_officer, Grant.auditor, Grant.focal_point}

PersonRow = dict[str, Any]
"""A person's columns by name."""

_EMPTYABLE = frozenset(
    {
        "given_names",
        "family_name",
        "style",
        "function",
        "division",
        "affiliation",
        "rank",
        "sex",
        "email",
        "phone",
        "languages",
        "dietary",
        "access_needs",
    }
)


def indexed(
    name: str,
    family_name: str | None,
    names: Mapping[str, str],
    function: str | None,
    delegation: Delegation,
) -> dict[str, str]:
    """What searching and ordering use, made of the names."""
    return {
        "sort_key": fold(sorted_name(name, family_name)),
        "search": searchable(name, *names.values(), function, delegation.name, delegation.code),
        "skeleton": skeleton(name),
    }


def suggestion(
    function: str | None, delegation: Delegation, affiliation: str | None
) -> Rank | None:
    """The rank that a title suggests, until a person decides."""
    context = f"{delegation.kind} {affiliation or ''}"
    word = suggest_rank(function, context=context) if function else None
    return Rank(word) if word else None


def build(
    conference: Conference, delegation: Delegation, given: ParticipantIn, *, position: int
) -> PersonRow:
    """A nominated person as a row to insert; a rank that nobody stated is suggested.

    A row, not an object: a file of fifteen thousand people is made in a third of the time.
    """
    now = clock.now()
    name = compose_name(given.name, given.given_names, given.family_name)
    function = given.function
    return {
        **given.model_dump(exclude={"delegation", "name", "up_to"}),
        **indexed(name, given.family_name, given.names, function, delegation),
        "id": new_id(),
        "conference_id": conference.id,
        "delegation_id": delegation.id,
        "name": name,
        "position": position,
        "rank_suggested": None
        if given.rank
        else suggestion(function, delegation, given.affiliation),
        "acting": bool(function and is_acting(function)),
        "status": Status.nominated,
        "status_reason": None,
        "status_at": now,
        "import_key": None,
        "import_row": None,
        "photo_id": None,
        "overflow": False,
        "waiting_priority": 0,
        "offered_until": None,
        "created_at": now,
        "version": 1,
    }


async def store_many(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    people: Sequence[PersonRow],
    *,
    valid_from: datetime | None = None,
) -> None:
    """Stores nominated people with their first versions and audit entries."""
    await store.add(session, people)
    await history.record_rows(session, people, valid_from)
    await slots.name(
        session,
        conference.id,
        [Registration(p["id"], p["delegation_id"], "", p["role"]) for p in people],
    )
    for person in people:
        audit.record(
            session,
            actor,
            "participant.nominate",
            conference_id=conference.id,
            target=("participant", str(person["id"])),
            fields={field: person[field] for field in ("name", "role", "rank")},
        )


async def require_no_head(
    session: WriteSession, delegation: Delegation, *, but: UUID | None = None
) -> None:
    """Raises `Clash` where the delegation has a head other than `but`."""
    head = await store.active_head(session, delegation.conference_id, delegation.id)
    if head and head[0] != but:
        raise Clash(
            f"{head[1]} heads the delegation of {delegation.name}; it has one head at a time.",
            code="head-taken",
        )


async def nominate(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    given: ParticipantIn,
    *,
    valid_from: datetime | None = None,
) -> tuple[Participant, Delegation]:
    """Nominates one person. Raises `Clash` for a second head, `NotFound`."""
    actor.require(conference.id, NOMINATORS)
    delegation = await delegations.find(session, actor, conference.id, given.delegation)
    actor.require_own(conference.id, delegation.id, OFFICERS)
    if not actor.may(conference.id, OFFICERS):
        await places.require_slot(session, conference, delegation, given.role)
    if given.role is Role.head:
        await require_no_head(session, delegation)
    position = await store.next_position(session, conference.id, delegation.id)
    row = build(conference, delegation, given, position=position)
    if given.rank and not actor.may(conference.id, EDITORS):
        row |= {"rank": None, "rank_suggested": given.rank}  # a delegation suggests, never decides
    await store_many(session, actor, conference, [row], valid_from=valid_from)
    return await find(session, actor, conference.id, row["id"])


async def find(
    session: ReadSession, actor: Actor, conference_id: UUID, id: UUID, *, lock: bool = False
) -> tuple[Participant, Delegation]:
    """A person with the delegation. Raises `NotFound`, also for one the actor may not see."""
    found = await store.by_id(session, actor, conference_id, id, lock=lock)
    if found is None:
        raise NotFound
    return found


def require_version(person: Participant, version: int | None) -> None:
    """Raises `Outdated` where `version` is stated and no longer true."""
    if version is not None and person.version != version:
        raise Outdated(
            f"Somebody changed {person.name} meanwhile. Look at the present state and decide again."
        )


async def find_unchanged(
    session: WriteSession,
    actor: Actor,
    conference_id: UUID,
    id: UUID,
    version: int | None,
    *,
    lock: bool = True,
) -> tuple[Participant, Delegation]:
    """A person. Raises `Outdated` where `version` is stated and no longer true."""
    person, delegation = await find(session, actor, conference_id, id, lock=lock)
    require_version(person, version)
    return person, delegation


def changes_of(person: Participant, given: ParticipantEdit) -> dict[str, object]:
    """What an edit really changes; null empties only what may be empty."""
    return {
        field: value
        for field, value in given.model_dump(exclude_unset=True).items()
        if getattr(person, field) != value and (value is not None or field in _EMPTYABLE)
    }


async def edit(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    given: ParticipantEdit,
    *,
    version: int | None = None,
    valid_from: datetime | None = None,
) -> tuple[Participant, Delegation]:
    """Changes a person's data; a rank given here is decided. Raises `Outdated`, `Clash`.

    A new role needs places in the quotas that cover it; without them nothing changes.
    """
    actor.require(conference.id, EDITORS)
    if given.role is not None:
        # Quotas before people, in every use case: two can then never wait for each other.
        await quotas.lock(session, conference.id)
    person, delegation = await find_unchanged(session, actor, conference.id, id, version)
    changes = changes_of(person, given)
    if not changes:
        return person, delegation
    if changes.get("role") is Role.head:
        await require_no_head(session, delegation, but=person.id)
    await apply(session, actor, person, delegation, changes, valid_from=valid_from)
    return person, delegation


async def apply(
    session: WriteSession,
    actor: Actor,
    person: Participant,
    delegation: Delegation,
    changes: dict[str, object],
    *,
    valid_from: datetime | None = None,
) -> None:
    """Makes changes to a person: row, version, places, events and audit entry in one."""
    for field, value in changes.items():
        setattr(person, field, value)
    if "name" not in changes and changes.keys() & {"given_names", "family_name"}:
        person.name = compose_name(None, person.given_names, person.family_name)
    decided = changes.keys() & {"rank", "rank_suggested"}
    if "function" in changes and not decided and person.rank is None:
        person.rank_suggested = suggestion(person.function, delegation, person.affiliation)
    found = indexed(person.name, person.family_name, person.names, person.function, delegation)
    for field, text in found.items():
        setattr(person, field, text)
    person.version += 1
    if changes.keys() & {"name", "names", "given_names", "family_name"}:
        await keys.renew(
            session, person.model_dump(include={"id", "conference_id", "name", "names"})
        )
    if figured := changes.keys() & history.FIGURED:
        await history.record(session, [person], figured, valid_from)
    if "role" in changes and person.status is Status.approved:
        await places.exchange(session, person.conference_id, [(person, delegation)])
    await publish(session, ParticipantEdited(actor, person, delegation, frozenset(changes)))
    audit.record(
        session,
        actor,
        "participant.edit",
        conference_id=person.conference_id,
        target=("participant", person.id),
        fields=changes,
    )
    await session.flush()


async def set_photo(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    data: bytes,
    crop: images.Crop | None = None,
) -> None:
    """Keeps a photo, re-encoded without metadata. Raises `Invalid` for anything but a photo."""
    actor.require(conference.id, EDITORS)
    # Decoding takes its time: outside the transaction, which begins with the first query.
    portrait = await asyncio.to_thread(images.portrait, data, crop)
    person, _ = await find(session, actor, conference.id, id, lock=True)
    kept = await conferences.keep_file(session, conference.id, portrait, "image/jpeg")
    person.photo_id = kept.id
    person.version += 1
    audit.record(
        session,
        actor,
        "participant.photo",
        conference_id=conference.id,
        target=("participant", person.id),
        fields={"photo": kept.sha256},
    )
    await session.flush()


async def view_photo(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID
) -> bytes:
    """A person's photo, for the desk; the view is in the audit trail before the bytes go out."""
    actor.require(conference.id, EDITORS)
    person, _ = await find(session, actor, conference.id, id)
    if person.photo_id is None:
        raise NotFound
    data, _file = await conferences.read_file(session, conference.id, person.photo_id)
    await audit.record_view(
        session, actor, "photo.view", conference_id=conference.id, target=("participant", person.id)
    )
    return data
