"""The door of the hall: scans are decided in order of arrival, over a batch as over one.

The order is lock → read → `decide` (pure) → insert. Nothing is decided from memory that another
process could have changed; what scans of the same batch did is added as they are decided.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from app.badges import service as badges
from app.badges.codes import InvalidCode, Payload, decode
from app.badges.rules import categories
from app.core import clock
from app.core.db import WriteSession
from app.core.events import publish
from app.core.keys import keyring
from app.gates import hall
from app.gates.events import Seen
from app.gates.hall import Door, Line, Nonce
from app.gates.rules import (
    FORGED,
    UNKNOWN,
    Direction,
    Facts,
    Result,
    Verdict,
    corrected,
    decide,
)
from app.participants.rules import HIGH_LEVEL, Role

_PLACE = tuple[UUID, UUID, date]


@dataclass(frozen=True, slots=True)
class Incoming:
    """One reading of a badge as it arrived. `device_at` is the device's own time.

    A `live` scan is judged by what is now, a later told one by what was at its own time: of two at
    the same moment the one decided second finds the first inside, whichever arrived first.
    """

    secret: str
    door: Door
    device_id: UUID
    nonce: str
    direction: Direction
    device_at: datetime
    received_at: datetime
    force: bool = False
    live: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What the device is told; `badge` is known for every code that a gate could read."""

    verdict: Verdict
    door: Door
    secret: str
    badge: Line | None


@lru_cache(maxsize=16_384)
def _verified(scope: str, code: str) -> Payload:
    # A signature once good stays good: keys are added, never changed. Failures are not kept.
    return decode(code, keyring().public_keys(scope, badges.KEY))


def _read(scan: Incoming) -> Payload | None:
    try:
        return _verified(str(scan.door.conference_id), scan.secret.strip().upper())
    except InvalidCode:
        return None


async def record(session: WriteSession, scans: Sequence[Incoming]) -> list[Answer]:
    """Decides and keeps scans, refused ones too; answers in the same order.

    A `(device, nonce)` that was there before, in the database or in this batch, gives the first
    answer again and is kept once.
    """
    payloads = [_read(scan) for scan in scans]
    serials = {payload.serial for payload in payloads if payload}
    conferences = {scan.door.conference_id for scan in scans}
    found = await hall.badges(session, conferences, serials) if serials else {}
    # Read after the locks: who brought the same nonce a moment ago has committed by now.
    known = await hall.by_nonce(session, {(scan.device_id, scan.nonce) for scan in scans})
    state = await _State.read(session, scans, found.values())
    answers: list[Answer] = []
    rows: list[dict[str, object]] = []
    told: dict[Nonce, Verdict] = {
        nonce: Verdict(row.result, row.explanation) for nonce, row in known.items()
    }
    for scan, payload in zip(scans, payloads, strict=True):
        badge = found.get((scan.door.conference_id, payload.serial)) if payload else None
        nonce = (scan.device_id, scan.nonce)
        if nonce not in told:
            told[nonce] = state.judge(scan, badge) if badge else UNKNOWN if payload else FORGED
            rows.append(_row(scan, badge, told[nonce]))
        answers.append(Answer(told[nonce], scan.door, scan.secret, badge))
    if rows:
        new = await hall.add_scans(session, rows)
        await publish(session, Seen(frozenset(conferences)))
        late = {nonce for nonce in told if nonce not in known} - new
        if late:
            # Unreadable codes lock no badge: there the database says which of two came first.
            first = await hall.by_nonce(session, late)
            answers = [
                Answer(Verdict(row.result, row.explanation), a.door, a.secret, a.badge)
                if (row := first.get((scan.device_id, scan.nonce)))
                else a
                for scan, a in zip(scans, answers, strict=True)
            ]
    return answers


class _State:
    """Who is inside and who is invited, as the scans of this batch find and change it."""

    def __init__(self) -> None:
        self.passages: dict[_PLACE, list[tuple[datetime, Direction]]] = {}
        self.replies: dict[tuple[UUID, UUID], str] = {}

    @classmethod
    async def read(
        cls, session: WriteSession, scans: Sequence[Incoming], badges: Collection[Line]
    ) -> "_State":
        state = cls()
        if not badges:
            return state
        ids = {badge.id for badge in badges}
        doors = {scan.door for scan in scans}
        days = {local_day(_at(scan), scan.door.timezone) for scan in scans}
        for row in await hall.passages(session, ids, {door.id for door in doors}, days):
            place = (row.badge_id, row.gate_id, row.local_day)
            state.passages.setdefault(place, []).append((row.at, row.direction))
        receptions = {door.reception_id for door in doors if door.reception_id}
        if receptions:
            people = {badge.participant_id for badge in badges if badge.participant_id}
            state.replies.update(await hall.replies(session, receptions, people))
        return state

    def judge(self, scan: Incoming, badge: Line) -> Verdict:
        """The verdict on a scan of a badge that is there; an admitted one changes the state."""
        door, at = scan.door, _at(scan)
        day = local_day(at, door.timezone)
        passages = self.passages.setdefault((badge.id, door.id, day), [])
        before = [direction for when, direction in passages if scan.live or when <= at]
        reply = None
        if door.reception_id and badge.participant_id:
            reply = self.replies.get((door.reception_id, badge.participant_id))
        facts = Facts(
            revoked=badge.revoked_at is not None,
            status=badge.status,
            zones=badge.zones,
            valid_from=badge.valid_from,
            valid_until=badge.valid_until,
            day=day,
            inside=bool(before) and before[-1] is Direction.entry,
            gate_kind=door.kind,
            zone=door.zone,
            reply=reply,
            principal=badge.rank in HIGH_LEVEL or badge.role is Role.head,
        )
        verdict = decide(facts, scan.direction, force=scan.force)
        if verdict.result is Result.ok:
            passages.append((at, scan.direction))
            passages.sort(key=lambda passage: passage[0])
        return verdict


def _at(scan: Incoming) -> datetime:
    return corrected(scan.device_at, scan.received_at)


def local_day(at: datetime, zone: str) -> date:
    """The day that the conference's clocks show."""
    return clock.utc_to_local(at, zone).date()


def _row(scan: Incoming, badge: Line | None, verdict: Verdict) -> dict[str, object]:
    at, door = _at(scan), scan.door
    ok = verdict.result is Result.ok
    person = badge.participant_id if badge else None
    return {
        "conference_id": door.conference_id,
        "gate_id": door.id,
        "badge_id": badge.id if badge else None,
        "participant_id": person,
        "device_id": scan.device_id,
        "nonce": scan.nonce,
        "direction": scan.direction,
        "device_at": scan.device_at,
        "at": at,
        "received_at": scan.received_at,
        "recorded_at": clock.now(),
        "local_day": local_day(at, door.timezone),
        "result": verdict.result,
        "explanation": verdict.explanation,
        "forced": scan.force,
        "present": ok and door.counts and scan.direction is Direction.entry and person is not None,
    }


def told(answer: Answer) -> tuple[int, dict[str, object]]:
    """HTTP status and body in the shape that scanning clients know."""
    verdict, door = answer.verdict, answer.door
    ok, unknown = verdict.result is Result.ok, verdict.result is Result.unknown
    body: dict[str, object] = {
        "status": "ok" if ok else "error",
        "reason": None if ok else "invalid" if unknown else verdict.result.value,
        "reason_explanation": verdict.explanation,
        "require_attention": ok and verdict.explanation is not None,
        "checkin_texts": [verdict.explanation] if ok and verdict.explanation else [],
        "list": {"id": str(door.id), "name": door.name, "event": door.slug, "subevent": None},
    }
    if answer.badge is not None:
        body["position"] = _position(answer.badge, answer.secret)
    if unknown:
        body["detail"] = "Not found."
    return 201 if ok else 404 if unknown else 400, body


def _position(badge: Line, secret: str) -> dict[str, object]:
    """The badge as a ticket: what every client reads first, then what only ours know."""
    category = categories()[badge.category]
    return {
        "id": str(badge.id),
        "order": badge.delegation,
        "positionid": 1,
        "item": category.number,
        "variation": None,
        "subevent": None,
        "attendee_name": badge.name or badge.delegation_name,
        "secret": secret,
        "answers": [],
        "name": badge.name,
        "style": badge.style,
        "function": badge.function,
        "delegation": badge.delegation,
        "delegation_name": badge.delegation_name,
        "category": badge.category,
        "category_label": category.words("en"),
        "color": category.color,
        "role": badge.role,
        "rank": badge.rank,
        "takes_floor": badge.takes_floor,
        "participant": str(badge.participant_id) if badge.participant_id else None,
    }
