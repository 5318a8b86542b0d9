"""Use cases of gates, scans and presence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from app.accounts import audit
from app.accounts.rules import Actor, Role
from app.accounts.service import DEVICE, create_token
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession, WriteSession
from app.core.direct import Through
from app.core.errors import Clash, NotFound
from app.core.events import publish
from app.gates import hall, scanning, store
from app.gates.events import Seen
from app.gates.models import Attestation, Gate
from app.gates.rules import Direction, Result, Source
from app.gates.schemas import AttestIn, GateIn, GateStatus
from app.participants import service as participants
from app.participants.rules import Mode

OFFICERS = frozenset({Role.registration_officer, Role.protocol_officer})
OPERATORS = frozenset({Role.gate_operator})
READERS = OFFICERS | OPERATORS | {Role.auditor, Role.programme_officer}
SCAN_READERS = OPERATORS | {Role.auditor}


async def create(
    session: WriteSession, actor: Actor, conference: Conference, given: GateIn
) -> Gate:
    """Creates a gate after the others. Raises `Clash` where the name is taken."""
    actor.require(conference.id, OFFICERS)
    if any(gate.name == given.name for gate in await store.gates(session, conference.id)):
        raise Clash(f"There is a gate “{given.name}” already.", code="name-taken")
    guarded = given.session_id or given.reception_id
    if guarded and not await store.guarded(session, conference.id, given.kind, guarded):
        raise Clash(f"There is no such {given.kind} in this conference.", code="unknown-guarded")
    gate = Gate(
        **given.model_dump(exclude={"rules"}),
        rules=given.rules.kept(),
        conference_id=conference.id,
        position=await store.next_position(session, conference.id),
    )
    session.add(gate)
    audit.record(
        session,
        actor,
        "gate.create",
        conference_id=conference.id,
        target=("gate", gate.id),
        fields=given.model_dump(mode="json"),
    )
    await session.flush()
    return gate


async def listed(session: ReadSession, actor: Actor, conference_id: UUID) -> list[Gate]:
    """All gates, in their order."""
    actor.require(conference_id, READERS)
    return await store.gates(session, conference_id)


async def find(session: ReadSession, conference: Conference, named: str) -> Gate:
    """The gate of an id or a name. Raises `NotFound`."""
    for gate in await store.gates(session, conference.id):
        if named in (str(gate.id), gate.name):
            return gate
    raise NotFound(f"There is no gate “{named[:80]}” in {conference.slug}.")


async def status(
    session: ReadSession, actor: Actor, conference: Conference, id: UUID
) -> GateStatus:
    """Who is inside, was admitted and is expected at one gate. Raises `NotFound`."""
    actor.require(conference.id, READERS)
    gate = await store.gate(session, conference.id, id)
    if gate is None:
        raise NotFound
    [found] = await statuses(session, conference, [gate])
    return found


async def statuses(
    session: ReadSession, conference: Conference, gates: Sequence[Gate]
) -> list[GateStatus]:
    """The counts of some gates, in few queries."""
    today = scanning.local_day(clock.now(), conference.timezone)
    since = clock.day_end(today - timedelta(days=1), conference.timezone)
    until = clock.day_end(today, conference.timezone)
    only = gates[0].id if len(gates) == 1 else None
    inside = await store.inside(session, conference.id, today, since, until, only)
    passed = await store.passed(session, conference.id, only)
    by_rules = await store.expected(
        session, conference.id, [g for g in gates if not g.reception_id], today
    )
    invited = {g.reception_id for g in gates if g.reception_id}
    accepted = (
        await store.expected_at_receptions(session, conference.id, invited) if invited else {}
    )
    return [
        GateStatus(
            id=gate.id,
            name=gate.name,
            inside=inside.get(gate.id, 0),
            admitted=passed[gate.id].admitted if gate.id in passed else 0,
            expected=accepted.get(gate.reception_id, 0) if gate.reception_id else by_rules[gate.id],
        )
        for gate in gates
    ]


async def pair(session: WriteSession, actor: Actor, conference: Conference, gate: str) -> str:
    """A token for a scanner at a gate, by the gate's id or name; shown this once."""
    found = await find(session, conference, gate)
    return await create_token(
        session,
        actor,
        name=f"Scanner at {found.name}"[:200],
        role=Role.gate_operator,
        kind=DEVICE,
        conference_id=conference.id,
        gate_id=found.id,
    )


async def attest(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID, given: AttestIn
) -> Attestation:
    """Notes that a named officer saw a person; remote for who takes part from afar.

    A presence is a fact: it is noted whatever the registration's status. Raises `NotFound`, or
    `Clash` for an instant to come.
    """
    actor.require(conference.id, OFFICERS)
    person, _ = await participants.find(session, actor, conference.id, id)
    now = clock.now()
    at = given.at or now
    if at.tzinfo is None:
        at = clock.local_to_utc(at, conference.timezone)
    if at > now:
        raise Clash("Presence cannot be attested before it happens.", code="invalid-time")
    made = Attestation(
        conference_id=conference.id,
        participant_id=person.id,
        source=Source.remote if person.mode is Mode.remote else Source.attested,
        place=given.place,
        note=given.note,
        at=at,
        recorded_at=now,
        attested_by=actor.name,
    )
    session.add(made)
    await publish(session, Seen(frozenset({conference.id})))
    audit.record(
        session,
        actor,
        "participant.attest",
        conference_id=conference.id,
        target=("participant", person.id),
        fields={"at": at, "place": given.place},
    )
    await session.flush()
    return made


async def presence_of(
    session: ReadSession,
    conference_id: UUID,
    participant_ids: Sequence[UUID],
    *,
    as_of: datetime,
    known_at: datetime,
) -> dict[UUID, tuple[Source, datetime]]:
    """How each person is known to be present, and since when; who is not is left out.

    A scan goes before an attestation, and both before `remote`, which is no presence in the hall.
    The instant is the first in person, whichever source it has.
    """
    found: dict[UUID, tuple[Source, datetime]] = {}
    order = list(Source)
    for person, source, at in await store.first_presences(
        session, conference_id, participant_ids, as_of, known_at
    ):
        known = found.get(person)
        if known is None or known[0] is Source.remote:
            found[person] = (source, at)
        elif source is not Source.remote:
            found[person] = (min(known[0], source, key=order.index), min(known[1], at))
    return found


@dataclass(frozen=True, slots=True)
class LoadedScan:
    """A scan of the past, for samples: it was recorded when it happened, unless said otherwise."""

    gate_id: UUID
    badge_id: UUID
    participant_id: UUID | None
    at: datetime
    direction: Direction = Direction.entry
    result: Result = Result.ok
    recorded_at: datetime | None = None


async def load_scans(
    session: WriteSession, conference: Conference, device_id: UUID, rows: Sequence[LoadedScan]
) -> None:
    """Stores scans with their own instants, without deciding anything; for samples only."""
    counting = {gate.id for gate in await store.gates(session, conference.id) if gate.counts}
    scans: list[dict[str, object]] = [
        {
            "conference_id": conference.id,
            "gate_id": row.gate_id,
            "badge_id": row.badge_id,
            "participant_id": row.participant_id,
            "device_id": device_id,
            "nonce": uuid4().hex,
            "direction": row.direction,
            "device_at": row.at,
            "at": row.at,
            "received_at": row.recorded_at or row.at,
            "recorded_at": row.recorded_at or row.at,
            "local_day": scanning.local_day(row.at, conference.timezone),
            "result": row.result,
            "explanation": None,
            "forced": False,
            "passed": row.result is Result.ok,
            "present": row.result is Result.ok
            and row.direction is Direction.entry
            and row.gate_id in counting
            and row.participant_id is not None,
        }
        for row in rows
    ]
    await session.run_sync(lambda plain: hall.load(Through(plain.connection()), scans))
