"""Changes that a delegation asks for: approved data stand until an officer decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from app.accounts import audit
from app.accounts.rules import Actor
from app.accounts.rules import Role as Grant
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession, WriteSession
from app.core.errors import Clash, NotFound
from app.delegations.models import Delegation
from app.participants import change_store as store
from app.participants import service, succession
from app.participants.change_models import ChangeRequest
from app.participants.change_rules import Asks, RequestStatus, asks_first, left_of
from app.participants.change_schemas import ChangeRequestOut, FieldChange, Successor
from app.participants.events import StatusChanged
from app.participants.models import Participant
from app.participants.rules import ACTIVE, Rank, Role
from app.participants.schemas import ParticipantEdit
from app.participants.store import by_ids
from app.quotas.store import lock as lock_quotas

READERS = service.READERS - {Grant.programme_officer}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A person after an act, and the request where nothing was done but asked for."""

    person: Participant
    delegation: Delegation
    request: ChangeRequest | None = None


async def ask(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    given: ParticipantEdit,
    *,
    version: int | None = None,
) -> Outcome:
    """Edits a person for whoever may: officers at once, a focal point as the status allows.

    An edit of an approved person by a focal point is a request; nothing of the person changes. A
    rank given by a focal point is a suggestion. Raises `Outdated`, `Clash`, `NotFound`.
    """
    if actor.may(conference.id, service.EDITORS):
        return Outcome(*await service.edit(session, actor, conference, id, given, version=version))
    actor.require(conference.id, service.EDITORS | service.NOMINATORS)
    if given.role is not None:
        await lock_quotas(session, conference.id)
    person, delegation = await service.find_unchanged(session, actor, conference.id, id, version)
    actor.require_own(conference.id, delegation.id, ())
    waits = asks_first(person.status)
    changes = service.changes_of(person, given)
    rank = changes.pop("rank", None)
    if rank is not None and rank != person.rank_suggested:
        changes["rank_suggested"] = rank
    if not changes:
        return Outcome(person, delegation)
    if changes.get("role") is Role.head:
        await service.require_no_head(session, delegation, but=person.id)
    if not waits:
        await service.apply(session, actor, person, delegation, changes)
        return Outcome(person, delegation)
    request = await _keep(session, actor, person, Asks.edit, changes)
    return Outcome(person, delegation, request)


async def substitute(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID, given: Successor
) -> Outcome:
    """Replaces a person, by an officer at once, by a focal point as a request."""
    if actor.may(conference.id, service.OFFICERS):
        return Outcome(*await succession.substitute(session, actor, conference, id, given))
    actor.require(conference.id, service.NOMINATORS)
    (person, delegation), _ = await succession.find_both(
        session, actor, conference, id, given.successor
    )
    actor.require_own(conference.id, delegation.id, ())
    wanted: dict[str, object] = {"successor": str(given.successor)}
    request = await _keep(session, actor, person, Asks.substitute, wanted, given.reason)
    return Outcome(person, delegation, request)


async def _keep(
    session: WriteSession,
    actor: Actor,
    person: Participant,
    kind: Asks,
    changes: dict[str, object],
    because: str | None = None,
) -> ChangeRequest:
    """Keeps a request; what older ones ask of the same fields is superseded."""
    now = clock.now()
    for older in await store.pending_of(session, person.conference_id, [person.id]):
        if rest := left_of(older.changes, changes):
            older.changes = rest
        else:
            _close(older, RequestStatus.withdrawn, actor, "A newer request replaced it.")
    request = ChangeRequest(
        conference_id=person.conference_id,
        participant_id=person.id,
        kind=kind,
        changes=changes,
        participant_version=person.version,
        asked_at=now,
        asked_by=actor.name[:200],
        because=because,
    )
    session.add(request)
    _note(session, actor, "ask", request, {"kind": kind, "because": because, **changes})
    await session.flush()
    return request


def _close(
    request: ChangeRequest, status: RequestStatus, actor: Actor, reason: str | None = None
) -> None:
    request.status, request.reason = status, reason
    request.decided_at, request.decided_by = clock.now(), actor.name[:200]


def _note(
    session: WriteSession,
    actor: Actor,
    act: str,
    request: ChangeRequest,
    fields: dict[str, object],
) -> None:
    audit.record(
        session,
        actor,
        f"change-request.{act}",
        conference_id=request.conference_id,
        target=("participant", request.participant_id),
        fields={"request": request.id, **fields},
    )


async def _pending(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    version: int | None = None,
) -> tuple[ChangeRequest, Participant, Delegation]:
    """A request that waits, with its person locked. Raises `NotFound`, `Clash`, `Outdated`.

    Quotas before people, in every use case.
    """
    await lock_quotas(session, conference.id)
    where = store.asked(actor, conference.id) & (store.R.c.id == id)
    found = await store.requests(session, where)
    if not found:
        raise NotFound
    person, delegation = await service.find_unchanged(
        session, actor, conference.id, found[0][1].id, version
    )
    request = await store.request(session, actor, conference.id, id)
    if request is None:
        raise NotFound
    if request.status is not RequestStatus.pending:
        raise Clash(f"This request was {request.status} before.", code="decided-already")
    return request, person, delegation


async def accept(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    *,
    version: int | None = None,
) -> tuple[ChangeRequest, Participant, Delegation]:
    """Makes the change that was asked for, in one transaction.

    `version` is the person's that the officer has seen, else the one at asking. Raises `Outdated`
    where the person changed since, `Clash` where a rule refuses the change now, `NotFound`.
    """
    actor.require(conference.id, service.OFFICERS)
    request, person, delegation = await _pending(session, actor, conference, id, version)
    if version is None:
        await service.find_unchanged(
            session, actor, conference.id, person.id, request.participant_version
        )
    _close(request, RequestStatus.accepted, actor)
    if request.kind is Asks.substitute:
        given = Successor.model_validate({**request.changes, "reason": request.because})
        await succession.substitute(session, actor, conference, person.id, given)
    else:
        changes = _typed(person, request)
        if changes.get("role") is Role.head:
            await service.require_no_head(session, delegation, but=person.id)
        if changes:
            await service.apply(session, actor, person, delegation, changes)
    _note(session, actor, "accept", request, dict(request.changes))
    await session.flush()
    return request, person, delegation


def _typed(person: Participant, request: ChangeRequest) -> dict[str, object]:
    """What a request still changes of a person, in the types of the columns."""
    wanted = dict(request.changes)
    suggested = wanted.pop("rank_suggested", None)
    changes = service.changes_of(person, ParticipantEdit.model_validate(wanted))
    if suggested is not None:
        changes["rank_suggested"] = Rank(str(suggested))
    return changes


async def decline(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID, *, reason: str
) -> tuple[ChangeRequest, Participant, Delegation]:
    """Leaves the person as is, with the reason that the delegation reads."""
    actor.require(conference.id, service.OFFICERS)
    found = await _pending(session, actor, conference, id)
    _close(found[0], RequestStatus.declined, actor, reason)
    _note(session, actor, "decline", found[0], {"reason": reason})
    await session.flush()
    return found


async def take_back(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID
) -> tuple[ChangeRequest, Participant, Delegation]:
    """Withdraws a request that nobody has decided, by the delegation or an officer."""
    actor.require(conference.id, service.NOMINATORS)
    found = await _pending(session, actor, conference, id)
    actor.require_own(conference.id, found[2].id, service.OFFICERS)
    _close(found[0], RequestStatus.withdrawn, actor)
    _note(session, actor, "withdraw", found[0], {})
    await session.flush()
    return found


async def on_status_changed(session: WriteSession, event: StatusChanged) -> None:
    """Who leaves the conference leaves no question open; an accepted one is decided already."""
    gone = [person for person, _, _ in event.changes if person.status not in ACTIVE]
    if gone:
        conference_id, ids = gone[0].conference_id, [person.id for person in gone]
        for request in await store.pending_of(session, conference_id, ids):
            _close(request, RequestStatus.withdrawn, event.actor, "The person left.")
        await session.flush()


async def shown(
    session: ReadSession, conference_id: UUID, found: Iterable[store.Request]
) -> list[ChangeRequestOut]:
    """Requests as API and pages show them: old beside new, a successor by name."""
    found = list(found)
    successors = [
        UUID(str(request.changes["successor"]))
        for request, _, _ in found
        if request.kind is Asks.substitute and request.changes
    ]
    names = await by_ids(session, conference_id, successors)
    return [_shown(*one, names) for one in found]


def _shown(
    request: ChangeRequest,
    person: Participant,
    delegation: Delegation,
    names: dict[UUID, tuple[Participant, Delegation]],
) -> ChangeRequestOut:
    changes = dict(request.changes)
    word = changes.pop("successor", None)
    successor = UUID(str(word)) if word else None
    pending = request.status is RequestStatus.pending
    return ChangeRequestOut.model_validate(
        {
            **request.model_dump(exclude={"changes"}),
            "participant": person.id,
            "name": person.name,
            "delegation": delegation.code,
            "delegation_name": delegation.name,
            "changes": [
                # Once decided, what stood before is in the history, not in the present row.
                FieldChange(field=field, old=getattr(person, field) if pending else None, new=new)
                for field, new in sorted(changes.items())
            ],
            "successor": successor,
            "successor_name": names[successor][0].name if successor in names else None,
            "changed_since": person.version != request.participant_version,
            "version": person.version,
        }
    )
