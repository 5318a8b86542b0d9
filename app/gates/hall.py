"""Queries of the door of the hall: what a scan is decided on, and where it is kept.

Each looks by ids that the decision has checked against the gate's conference. The statements are
built once, with a text that does not grow with what is asked: the database keeps their plans. They
run without a session, so that a whole round is one piece of work (`Database.at_once`).
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Executable,
    Text,
    and_,
    bindparam,
    column,
    func,
    literal_column,
    or_,
    select,
    text,
    true,
    union_all,
    update,
)

from app.badges.models import Badge
from app.conferences.models import Conference
from app.core.db import ReadSession, WriteSession, among, table
from app.core.direct import Asks, Keep, Line
from app.delegations.models import Delegation
from app.gates.models import Gate, Scan
from app.gates.rules import NO_RULES, GateKind, GateRules
from app.participants.models import Participant
from app.receptions.models import ReceptionInvitation
from app.receptions.rules import Reply

G, S, B, N = table(Gate), table(Scan), table(Badge), table(ReceptionInvitation)
P, D, C = table(Participant), table(Delegation), table(Conference)

Nonce = tuple[int, str]
"""A scan by its device and what the device calls it; by the number of the device's id."""


@dataclass(frozen=True, slots=True)
class Door:
    """A gate as a scan sees it, with what it needs of its conference."""

    id: UUID
    conference_id: UUID
    name: str
    kind: GateKind
    zone: int
    counts: bool
    reception_id: UUID | None
    slug: str
    timezone: str
    rules: GateRules


_DOOR = [one.name for one in fields(Door)]

_HELD = (
    text(
        "SELECT count(pg_advisory_xact_lock(k)) AS devices"
        " FROM unnest(CAST(:keys AS bigint[])) AS k"
    )
    .columns(column("devices"))
    .subquery("held")
)
_HOLDERS = select(
    B.c.id,
    B.c.conference_id,
    B.c.serial,
    B.c.code,
    B.c.participant_id,
    D.c.id.label("delegation_id"),
    B.c.category,
    B.c.zones,
    B.c.takes_floor,
    B.c.valid_from,
    B.c.valid_until,
    B.c.revoked_at,
    P.c.name,
    P.c.style,
    P.c.function,
    P.c.status,
    P.c.role,
    P.c.rank,
    D.c.code.label("delegation"),
    D.c.name.label("delegation_name"),
).select_from(
    B.outerjoin(
        P, and_(P.c.conference_id == B.c.conference_id, P.c.id == B.c.participant_id)
    ).outerjoin(D, D.c.id == func.coalesce(P.c.delegation_id, B.c.delegation_id))
)
_SCANS = select(
    S.c.id,
    S.c.badge_id,
    S.c.gate_id,
    S.c.local_day,
    S.c.at,
    S.c.device_id,
    S.c.nonce,
    S.c.direction,
    S.c.passed,
    S.c.forced,
    S.c.offline_result,
    S.c.conflict,
    S.c.result,
    S.c.explanation,
)
_BROUGHT: ColumnElement[int] = literal_column("1").label("brought")
_PASSAGES = _SCANS.where(
    or_(S.c.passed, S.c.offline_result.is_not(None)), S.c.annulled_at.is_(None)
)
_CONFLICTS = update(S).where(S.c.id == bindparam("scan")).values(conflict=bindparam("found"))


# A new scan has no key yet, and nobody has annulled it.
_KEEP = Keep(S, [c for c in S.c if c.name not in ("id", "annulled_at", "was_present")])


class _Statements:
    """What is asked of one kind of database."""

    def __init__(self, dialect: str) -> None:
        def one_of(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
            return among(column, name, dialect)

        self.doors = (
            select(
                G.c.id,
                G.c.conference_id,
                G.c.name,
                G.c.kind,
                G.c.zone,
                G.c.counts,
                G.c.reception_id,
                C.c.slug,
                C.c.timezone,
                G.c.rules,
            )
            .join(C, C.c.id == G.c.conference_id)
            .where(one_of(G.c.id, "ids"))
        )
        # With the answer: a message of its own takes as long as a scan.
        self.held_doors = self.doors.add_columns(*_HELD.c).join(_HELD, true())
        self.locks = select(G.c.id).where(one_of(G.c.id, "ids"))
        self.badges = _HOLDERS.where(
            one_of(B.c.conference_id, "conferences"), one_of(B.c.serial, "serials")
        )
        if dialect == "postgresql":
            self.locks = self.locks.order_by(G.c.id).with_for_update(key_share=True)
            self.badges = self.badges.order_by(B.c.id).with_for_update(of=B, key_share=True)
            given = func.unnest(
                bindparam("devices", type_=ARRAY(S.c.device_id.type)),
                bindparam("nonces", type_=ARRAY(S.c.nonce.type)),
            ).table_valued("device", "nonce")
            given = given.render_derived(name="given")
            mine = and_(S.c.device_id == given.c.device, S.c.nonce == given.c.nonce)
            # Each pair is looked up, whatever the plan is made on: the fence keeps the join as it
            # is said. Joined in the order of its choice, a plan that was kept from when the hall
            # was empty reads all scans of the day for every round.
            brought = _SCANS.where(mine).offset(0).lateral("brought")
            self.by_nonce = select(*brought.c, _BROUGHT).select_from(given.join(brought, true()))
        else:
            given = func.json_each(bindparam("pairs", type_=Text)).table_valued("value")
            device, nonce = (given.c.value.op("->>")(n) for n in (0, 1))
            mine = and_(S.c.device_id == device, S.c.nonce == nonce)
            self.by_nonce = _SCANS.add_columns(_BROUGHT).select_from(given.join(S, mine))
        self.holders = _HOLDERS.where(one_of(B.c.id, "ids"))
        there = _PASSAGES.where(one_of(S.c.gate_id, "gates"), one_of(S.c.local_day, "days"))
        of_badges = there.where(one_of(S.c.badge_id, "badges"))
        self.before = union_all(self.by_nonce, of_badges.add_columns(literal_column("0")))
        self.passages = of_badges
        # Apart, as each is found by an index of its own: badges of people, and cards.
        theirs = select(B.c.id).where(one_of(B.c.conference_id, "conferences"))
        people = select(P.c.id).where(
            one_of(P.c.conference_id, "conferences"), one_of(P.c.delegation_id, "delegations")
        )
        self.of_delegations = union_all(
            theirs.where(B.c.participant_id.in_(people)),
            theirs.where(one_of(B.c.delegation_id, "delegations"), B.c.participant_id.is_(None)),
        )
        self.replies = select(N.c.reception_id, N.c.participant_id, N.c.reply).where(
            one_of(N.c.reception_id, "receptions"), one_of(N.c.participant_id, "people")
        )


_ON = {dialect: _Statements(dialect) for dialect in ("sqlite", "postgresql")}


def doors(asks: Asks, ids: Collection[UUID], *, devices: Collection[UUID] = ()) -> dict[UUID, Door]:
    """Gates by id, of any conference: whoever asks checks the actor against each.

    Holds devices until the transaction ends, where there are doors: of two scans with one nonce the
    second then sees the first. In sorted order, so that two batches never wait for each other.
    """
    given: dict[str, object] = {"ids": list(ids)}
    wanted = _ON[asks.kind].doors
    if devices and asks.kind == "postgresql":
        given["keys"] = sorted({device.int % 2**63 for device in devices})
        wanted = _ON["postgresql"].held_doors
    found: dict[UUID, Door] = {}
    for row in asks.ask(wanted, given):
        known = {name: getattr(row, name) for name in _DOOR}
        known["rules"] = GateRules.of(row.rules) if row.rules else NO_RULES
        found[row.id] = Door(**known)
    return found


def lock(asks: Asks, gates: Collection[UUID]) -> None:
    """Holds gates at which others have a say: two of a delegation are decided one by one there.

    SQLite has one writer anyway.
    """
    if asks.kind == "postgresql":
        asks.ask(_ON["postgresql"].locks, {"ids": list(gates)})


def badges(
    asks: Asks, conferences: Collection[UUID], serials: Collection[int]
) -> dict[tuple[int, int], Line]:
    """Badges with their holders, by the number of the conference's id and the serial.

    On PostgreSQL they are locked in the order of their ids, so that two scans of one badge are
    decided one after the other, and two batches never wait for each other.
    """
    given = {"conferences": list(conferences), "serials": list(serials)}
    found = asks.ask(_ON[asks.kind].badges, given)
    return {(row.conference_id.int, row.serial): row for row in found}


def before(
    asks: Asks,
    nonces: Collection[tuple[UUID, str]],
    badges: Collection[UUID],
    gates: Collection[UUID],
    days: Collection[date],
) -> tuple[dict[Nonce, Line], list[Line]]:
    """What was recorded before: scans by device and nonce, and passages of badges.

    The passages at gates on local days, and what devices decided alone.
    """
    on = _ON[asks.kind]
    given: dict[str, object]
    if asks.kind == "postgresql":
        given = {"devices": [d for d, _ in nonces], "nonces": [nonce for _, nonce in nonces]}
    else:
        given = {"pairs": json.dumps([(device.hex, nonce) for device, nonce in nonces])}
    wanted: Executable = on.by_nonce
    if badges and gates:
        wanted = on.before
        given |= {"badges": list(badges), "gates": list(gates), "days": list(days)}
    known: dict[Nonce, Line] = {}
    passages: list[Line] = []
    for row in asks.ask(wanted, given):
        if row.brought:
            known[row.device_id.int, row.nonce] = row
        else:
            passages.append(row)
    return known, passages


def holders(asks: Asks, badges: Collection[UUID]) -> dict[UUID, Line]:
    """Badges with their holders, by id."""
    found = asks.ask(_ON[asks.kind].holders, {"ids": list(badges)})
    return {row.id: row for row in found}


def of_delegations(
    asks: Asks, conferences: Collection[UUID], delegations: Collection[UUID]
) -> set[UUID]:
    """Ids of the badges of some delegations: of their people, and cards that they hold."""
    given = {"conferences": list(conferences), "delegations": list(delegations)}
    return {row.id for row in asks.ask(_ON[asks.kind].of_delegations, given)}


def passages(
    asks: Asks, badges: Collection[UUID], gates: Collection[UUID], days: Collection[date]
) -> Sequence[Line]:
    """Passages of badges at gates on local days."""
    given = {"badges": list(badges), "gates": list(gates), "days": list(days)}
    return asks.ask(_ON[asks.kind].passages, given)


def mark(asks: Asks, conflicts: Sequence[dict[str, object]]) -> None:
    """Notes of scans (`scan`) the conflict that is `found` now, or none."""
    asks.tell(_CONFLICTS, conflicts)


def replies(
    asks: Asks, receptions: Collection[UUID], participants: Collection[UUID]
) -> dict[tuple[UUID, UUID], Reply]:
    """Replies to invitations, by reception and person."""
    given = {"receptions": list(receptions), "people": list(participants)}
    found = asks.ask(_ON[asks.kind].replies, given)
    return {(row.reception_id, row.participant_id): row.reply for row in found}


def load(asks: Asks, rows: Sequence[Mapping[str, object]]) -> None:
    """Inserts scans that nobody has brought before: their devices are held, or they are new."""
    asks.keep(rows, _KEEP)


async def named(
    session: ReadSession, conference_id: UUID, words: Sequence[str], most: int
) -> Sequence[Line]:
    """Active badges whose holder's name has all words, by name."""
    found = await session.execute(
        _HOLDERS.where(
            B.c.conference_id == conference_id,
            B.c.revoked_at.is_(None),
            *(P.c.search.contains(word, autoescape=True) for word in words),
        )
        .order_by(P.c.name, B.c.id)
        .limit(most)
    )
    return found.all()


async def own(session: WriteSession, device_id: UUID, nonce: str) -> Line | None:
    """A scan of a device, by its nonce."""
    found = await session.execute(
        select(S.c.id, S.c.conference_id, S.c.gate_id, S.c.at, S.c.annulled_at)
        .where(S.c.device_id == device_id, S.c.nonce == nonce)
        .with_for_update()
    )
    return found.first()


async def annul(session: WriteSession, id: int, at: datetime) -> None:
    """Takes the passage of a scan back; figures as known before still count its presence."""
    await session.execute(
        update(S)
        .where(S.c.id == id)
        .values(annulled_at=at, passed=False, present=False, was_present=S.c.present, conflict=None)
    )
