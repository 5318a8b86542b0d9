"""Queries of gates and scans; each carries the tenant predicate."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
    text,
    true,
)

from app.accounts.models import Token
from app.accounts.service import DEVICE
from app.badges.models import Badge
from app.core.db import ReadSession, WriteSession, table
from app.gates.models import Attestation, Gate, Scan, SettledConflict
from app.gates.rules import Direction, GateKind, GateRules, Result, Source
from app.participants.models import Participant
from app.programme.models import Session as ProgrammeSession
from app.receptions.models import Reception, ReceptionInvitation
from app.receptions.rules import Reply

G, S, A, B = table(Gate), table(Scan), table(Attestation), table(Badge)
P, T, C = table(Participant), table(Token), table(SettledConflict)
N, R, M = table(ReceptionInvitation), table(Reception), table(ProgrammeSession)

Line = Row[*tuple[Any, ...]]

_SETTLED = and_(C.c.scan_id == S.c.id, C.c.found == S.c.conflict)
PRESENT, WAS_PRESENT = text("scans.present"), text("scans.was_present")
"""In the words of the partial indexes: SQLite does not see that `present = 1` says the same."""

CHUNK = 10_000
"""Ids in one statement: both drivers stop near 32,000 parameters."""


def _last(
    conference_id: UUID, gates: ColumnElement[bool], day: date, since: datetime, until: datetime
) -> Select[*tuple[Any, ...]]:
    """The last admitted passage of each badge at each gate on a local day."""
    place = func.row_number().over(
        partition_by=(S.c.gate_id, S.c.badge_id),
        order_by=(S.c.at.desc(), S.c.device_id.desc(), S.c.nonce.desc()),
    )
    ranked = (
        select(S.c.gate_id, S.c.direction, place.label("place"))
        .where(
            S.c.conference_id == conference_id,
            gates,
            S.c.at >= since,
            S.c.at < until,
            S.c.local_day == day,
            S.c.passed,
        )
        .subquery()
    )
    return (
        select(ranked.c.gate_id, func.count())
        .where(ranked.c.place == 1, ranked.c.direction == Direction.entry)
        .group_by(ranked.c.gate_id)
    )


async def inside(
    session: ReadSession,
    conference_id: UUID,
    day: date,
    since: datetime,
    until: datetime,
    gate_id: UUID | None = None,
) -> dict[UUID, int]:
    """How many badges are inside at each gate: entered and not left on this local day."""
    gates = S.c.gate_id == gate_id if gate_id else true()
    found = await session.execute(_last(conference_id, gates, day, since, until))
    return {row[0]: row[1] for row in found}


async def passed(
    session: ReadSession, conference_id: UUID, gate_id: UUID | None = None
) -> dict[UUID, Line]:
    """By gate: `admitted` (badges), `refused` (scans) and the `last` scan, ever."""
    ok = S.c.passed
    found = await session.execute(
        select(
            S.c.gate_id,
            func.count(S.c.badge_id.distinct())
            .filter(ok, S.c.direction == Direction.entry)
            .label("admitted"),
            func.count().filter(~ok, S.c.annulled_at.is_(None)).label("refused"),
            func.max(S.c.at).label("last"),
        )
        .where(S.c.conference_id == conference_id, S.c.gate_id == gate_id if gate_id else true())
        .group_by(S.c.gate_id)
    )
    return {row.gate_id: row for row in found}


def _admits(gate: Gate, day: date) -> ColumnElement[bool]:
    """Whether a gate's zones, categories and ranks let a badge in; a day badge on its day."""
    rules = GateRules.of(gate.rules)
    mask = sum(1 << zone for zone in {gate.zone, *rules.zones})
    asked = [
        B.c.zones.bitwise_and(mask) != 0,
        or_(
            B.c.participant_id.is_not(None),
            B.c.delegation_id.is_not(None),
            and_(B.c.valid_from <= day, B.c.valid_until >= day),
        ),
    ]
    if rules.categories:
        asked.append(B.c.category.in_(sorted(rules.categories)))
    if rules.ranks:
        asked.append(P.c.rank.in_(sorted(rules.ranks)))
    return and_(*asked)


async def expected(
    session: ReadSession, conference_id: UUID, gates: Sequence[Gate], day: date
) -> dict[UUID, int]:
    """How many active badges each gate would let in on a day, in one statement."""
    if not gates:
        return {}
    holders = B.outerjoin(
        P, and_(P.c.conference_id == B.c.conference_id, P.c.id == B.c.participant_id)
    )
    found = await session.execute(
        select(*(func.count().filter(_admits(gate, day)) for gate in gates))
        .select_from(holders)
        .where(B.c.conference_id == conference_id, B.c.revoked_at.is_(None))
    )
    return dict(zip((gate.id for gate in gates), found.one(), strict=True))


async def expected_at_receptions(
    session: ReadSession, conference_id: UUID, receptions: Collection[UUID]
) -> dict[UUID, int]:
    """How many accepted, by reception."""
    found = await session.execute(
        select(N.c.reception_id, func.count())
        .where(
            N.c.conference_id == conference_id,
            N.c.reception_id.in_(receptions),
            N.c.reply == Reply.accepted,
        )
        .group_by(N.c.reception_id)
    )
    return {row[0]: row[1] for row in found}


async def gates(session: ReadSession, conference_id: UUID) -> list[Gate]:
    """All gates, in their order."""
    found = await session.execute(
        select(Gate)
        .where(G.c.conference_id == conference_id)
        .order_by(G.c.position, G.c.name, G.c.id)
    )
    return list(found.scalars())


async def gate(
    session: ReadSession, conference_id: UUID, id: UUID, *, lock: bool = False
) -> Gate | None:
    """One gate; locked until the transaction ends."""
    query = select(Gate).where(G.c.conference_id == conference_id, G.c.id == id)
    found = await session.execute(query.with_for_update(key_share=True) if lock else query)
    return found.scalar_one_or_none()


async def devices(session: ReadSession, conference_id: UUID) -> dict[UUID, int]:
    """How many scanners each gate has."""
    found = await session.execute(
        select(T.c.gate_id, func.count())
        .where(T.c.conference_id == conference_id, T.c.kind == DEVICE, T.c.revoked_at.is_(None))
        .group_by(T.c.gate_id)
    )
    return {row[0]: row[1] for row in found}


async def next_position(session: ReadSession, conference_id: UUID) -> int:
    """The place after the last gate."""
    last = await session.execute(
        select(func.max(G.c.position)).where(G.c.conference_id == conference_id)
    )
    found = last.scalar()
    return 0 if found is None else int(found) + 1


async def guarded(session: ReadSession, conference_id: UUID, kind: GateKind, id: UUID) -> bool:
    """Whether the session or reception that a gate is to guard is of this conference."""
    what = M if kind is GateKind.session else R
    found = await session.execute(
        select(what.c.id).where(what.c.conference_id == conference_id, what.c.id == id)
    )
    return found.first() is not None


async def board_sessions(session: ReadSession, conference_id: UUID) -> dict[UUID, dict[str, str]]:
    """The titles of sessions that are public."""
    found = await session.execute(
        select(M.c.id, M.c.title).where(
            M.c.conference_id == conference_id, M.c.published_at.is_not(None)
        )
    )
    return {row.id: row.title for row in found}


@dataclass(frozen=True, slots=True)
class ScanFilter:
    """What the list of scans is narrowed to."""

    gate: UUID | None = None
    result: Result | None = None
    refused: bool = False
    conflict: bool = False
    settled: bool | None = None
    participant: UUID | None = None

    def clause(self, conference_id: UUID) -> ColumnElement[bool]:
        """The condition on scans."""
        conditions: list[ColumnElement[bool]] = [S.c.conference_id == conference_id]
        if self.gate:
            conditions.append(S.c.gate_id == self.gate)
        if self.result:
            conditions.append(S.c.result == self.result)
        if self.refused:
            conditions.append(S.c.result != Result.ok)
        if self.conflict:
            conditions.append(S.c.conflict.is_not(None))
        if self.settled is not None:
            settled = exists().where(_SETTLED).correlate(S)
            conditions.append(settled if self.settled else ~settled)
        if self.participant:
            conditions.append(S.c.participant_id == self.participant)
        return and_(*conditions)


async def scans(
    session: ReadSession,
    conference_id: UUID,
    narrowed: ScanFilter,
    *,
    offset: int = 0,
    limit: int | None = None,
) -> Sequence[Line]:
    """Scans, newest first, with gate, badge and person."""
    query = (
        select(
            S.c.id,
            S.c.gate_id.label("gate"),
            G.c.name.label("gate_name"),
            S.c.direction,
            S.c.result,
            S.c.explanation,
            S.c.forced,
            S.c.passed,
            S.c.offline_result,
            S.c.conflict,
            S.c.annulled_at,
            S.c.device_at,
            S.c.at,
            S.c.received_at,
            S.c.device_id.label("device"),
            S.c.nonce,
            B.c.serial,
            S.c.participant_id.label("participant"),
            P.c.name,
            C.c.note.label("settled_note"),
            C.c.settled_by,
            C.c.settled_at,
        )
        .select_from(
            S.join(G, G.c.id == S.c.gate_id)
            .outerjoin(B, B.c.id == S.c.badge_id)
            .outerjoin(P, P.c.id == S.c.participant_id)
            .outerjoin(C, _SETTLED)
        )
        .where(narrowed.clause(conference_id))
        # What waits for somebody goes first.
        .order_by(*([C.c.scan_id.is_(None).desc()] if narrowed.conflict else []))
        .order_by(S.c.at.desc(), S.c.id.desc())
    )
    return (await session.execute(query.offset(offset).limit(limit))).all()


async def count_scans(session: ReadSession, conference_id: UUID, narrowed: ScanFilter) -> int:
    """How many scans the list has."""
    query = select(func.count()).select_from(S).where(narrowed.clause(conference_id))
    return int((await session.execute(query)).scalar_one())


async def conflict_of(session: WriteSession, conference_id: UUID, scan: int) -> Result | None:
    """What a gate finds otherwise than a device did; the scan is locked."""
    found = await session.execute(
        select(S.c.conflict)
        .where(S.c.conference_id == conference_id, S.c.id == scan)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def first_presences(
    session: ReadSession,
    conference_id: UUID,
    participants: Sequence[UUID],
    as_of: datetime,
    known_at: datetime,
) -> Iterable[tuple[UUID, Source, datetime]]:
    """Of each person and source, the first presence up to `as_of`, as recorded by `known_at`."""
    found: list[tuple[UUID, Source, datetime]] = []
    for start in range(0, len(participants), CHUNK):
        ids = participants[start : start + CHUNK]
        # What was annulled later was believed until then.
        for believed in ((PRESENT,), (WAS_PRESENT, S.c.annulled_at > known_at)):
            scanned = await session.execute(
                select(S.c.participant_id, func.min(S.c.at))
                .where(
                    S.c.conference_id == conference_id,
                    S.c.participant_id.in_(ids),
                    *believed,
                    S.c.at <= as_of,
                    S.c.recorded_at <= known_at,
                )
                .group_by(S.c.participant_id)
            )
            found += [(row[0], Source.scan, row[1]) for row in scanned]
        attested = await session.execute(
            select(A.c.participant_id, A.c.source, func.min(A.c.at))
            .where(
                A.c.conference_id == conference_id,
                A.c.participant_id.in_(ids),
                A.c.at <= as_of,
                A.c.recorded_at <= known_at,
            )
            .group_by(A.c.participant_id, A.c.source)
        )
        found += [(row[0], row[1], row[2]) for row in attested]
    return found
