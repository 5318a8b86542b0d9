"""The door of the hall: scans are decided in order of arrival, over a batch as over one.

The order is lock → read → `decide` (pure) → insert. Nothing is decided from memory that another
process could have changed; what scans of the same batch did is added as they are decided.

What devices decided alone is merged: who passed is their word, a fact; the verdict on each is the
one at its place in time among all that passed, found anew whenever an earlier one becomes known.
So the state is the same in whatever order, parts and number of times they tell it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from app.badges import service as badges
from app.badges.codes import InvalidCode, Payload, claimed, decode
from app.core import clock
from app.core.direct import Asks, Line
from app.core.keys import keyring
from app.gates import hall
from app.gates.hall import Door, Nonce
from app.gates.rules import (
    FORGED,
    OF_OTHERS,
    UNKNOWN,
    Direction,
    Facts,
    Passage,
    Result,
    Verdict,
    corrected,
    decide,
    standing,
)
from app.participants.rules import HIGH_LEVEL, Role

_Place = tuple[int, date, int]
"""A gate, a day, and the badge; the delegation where others of it have a say.

By the numbers of their ids: a UUID takes longer to be found than all else of a scan to be decided.
"""


@dataclass(slots=True)
class Incoming:
    """One reading of a badge as it arrived. `device_at` is the device's own time.

    A `live` scan is judged by what is now, a later told one by what was at its own time: of two at
    the same moment the one decided second finds the first inside, whichever arrived first. One that
    is `told` was decided by the device alone: `offline_result`, or as the badge deserves. Its clock
    was `ahead` of ours.
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
    told: bool = False
    offline_result: str | None = None
    ahead: timedelta = timedelta()
    at: datetime = field(init=False)
    """When it happened."""
    local: datetime = field(init=False)
    """The same by the conference's clocks."""

    def __post_init__(self) -> None:
        self.at = corrected(self.device_at - self.ahead, self.received_at)
        self.local = clock.utc_to_local(self.at, self.door.timezone)

    @property
    def let_pass(self) -> bool:
        """Whether a device that was alone says that it admitted somebody."""
        return self.told and self.offline_result == Result.ok


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


def read(conference: UUID, secret: str, badge: Line | None) -> tuple[Line | None, Verdict | None]:
    """The badge of a code, if it is of the badge that it names, or why not."""
    code = secret.strip()
    # Letter by letter what we signed and keep: verifying it again would tell nothing new.
    if badge is not None and badge.code == code.upper():
        return badge, None
    try:
        _verified(str(conference), code)
    except InvalidCode:
        return None, FORGED
    return (badge, None) if badge is not None else (None, UNKNOWN)


@dataclass(slots=True)
class _Seen:
    """A scan that is kept or will be, as deciding needs it; `id` is none for a new one."""

    passage: Passage
    passed: bool
    forced: bool
    offline_result: str | None
    badge: Line
    conflict: Result | None = None
    id: int | None = None


def record(asks: Asks, scans: Sequence[Incoming]) -> list[Answer]:
    """Decides and keeps scans, refused ones too; answers in the same order.

    A `(device, nonce)` that was there before, in the database or in this batch, gives the first
    answer again and is kept once. The devices are held: whoever asked for the doors did that.
    """
    counted = {scan.door.id for scan in scans if scan.door.rules.counted}
    if counted:
        hall.lock(asks, counted)
    serials = [claimed(scan.secret) for scan in scans]
    asked = {serial for serial in serials if serial is not None and serial < 2**63}
    conferences = {scan.door.conference_id for scan in scans}
    found = hall.badges(asks, conferences, asked) if asked else {}
    pairs = [
        read(
            scan.door.conference_id,
            scan.secret,
            found.get((scan.door.conference_id.int, serial)) if serial is not None else None,
        )
        for scan, serial in zip(scans, serials, strict=True)
    ]
    # Read after the locks: who brought the same nonce a moment ago has committed by now.
    known, state = _State.read(asks, scans, [badge for badge, _ in pairs])
    told: dict[Nonce, Verdict] = {
        nonce: Verdict(row.result, row.explanation) for nonce, row in known.items()
    }
    new: dict[Nonce, tuple[Incoming, Line | None, _Seen | None]] = {}
    for scan, (badge, wrong) in zip(scans, pairs, strict=True):
        nonce = (scan.device_id.int, scan.nonce)
        if nonce in told or nonce in new:
            continue
        seen = None
        if badge is None:
            told[nonce] = wrong or FORGED
        elif scan.told:
            seen = state.heard(scan, badge)
        else:
            told[nonce], seen = state.judge(scan, badge)
        new[nonce] = (scan, badge, seen)
    verdicts, changed = state.merge()
    told |= verdicts
    hall.mark(asks, changed)
    now = clock.now()
    hall.load(
        asks,
        [_row(scan, badge, told[n], seen, now) for n, (scan, badge, seen) in new.items()],
    )
    return [
        Answer(told[scan.device_id.int, scan.nonce], scan.door, scan.secret, badge)
        for scan, (badge, _) in zip(scans, pairs, strict=True)
    ]


class _State:
    """Who passed and who is invited, as the scans of this batch find and change it."""

    def __init__(self) -> None:
        self.places: dict[_Place, list[_Seen]] = {}
        self.heard_at: dict[_Place, Door] = {}
        self.replies: Mapping[tuple[UUID, UUID], str] = {}

    @classmethod
    def read(
        cls, asks: Asks, scans: Sequence[Incoming], badges: Sequence[Line | None]
    ) -> tuple[Mapping[Nonce, Line], "_State"]:
        """The scans that were brought before, and the state that they and others left."""
        state = cls()
        pairs = [(s, badge) for s, badge in zip(scans, badges, strict=True) if badge is not None]
        doors = {scan.door.id: scan.door for scan, _ in pairs}
        holders = {badge.id: badge for _, badge in pairs}
        days = {scan.local.date() for scan, _ in pairs}
        shared = {id for id, door in doors.items() if door.rules.counted}
        nonces = [(scan.device_id, scan.nonce) for scan in scans]
        known, rows = hall.before(asks, nonces, holders, doors, days)
        if delegations := {b.delegation_id for b in holders.values() if shared and b.delegation_id}:
            conferences = {door.conference_id for door in doors.values()}
            others = hall.of_delegations(asks, conferences, delegations) - holders.keys()
            if there := hall.passages(asks, others, shared, days) if others else ():
                holders |= hall.holders(asks, {row.badge_id for row in there})
                rows += there
        for row in rows:
            badge = holders[row.badge_id]
            passage = _passage(row.at, row.device_id, row.nonce, badge, row.direction)
            state.places.setdefault(_place(doors[row.gate_id], row.local_day, badge), []).append(
                _Seen(
                    passage,
                    row.passed,
                    row.forced,
                    row.offline_result,
                    badge,
                    row.conflict,
                    row.id,
                )
            )
        receptions = {door.reception_id for door in doors.values() if door.reception_id}
        if receptions:
            people = {b.participant_id for b in holders.values() if b.participant_id}
            state.replies = hall.replies(asks, receptions, people)
        for seen in state.places.values():
            seen.sort(key=lambda one: one.passage.place)
        return known, state

    def judge(self, scan: Incoming, badge: Line) -> tuple[Verdict, _Seen]:
        """The verdict on a scan that waits for it; an admitted one changes the state."""
        place = _place(scan.door, scan.local.date(), badge)
        there = self.places.setdefault(place, [])
        seen = _seen(scan, badge)
        before = [
            one.passage for one in there if one.passed and (scan.live or one.passage.at <= scan.at)
        ]
        verdict = self._verdict(scan.door, place[1], seen, before)
        seen.passed = verdict.result is Result.ok
        self._add(there, seen)
        return verdict, seen

    def heard(self, scan: Incoming, badge: Line) -> _Seen:
        """Notes what a device did alone; its verdict is found when all was heard."""
        place = _place(scan.door, scan.local.date(), badge)
        seen = _seen(scan, badge)
        if scan.offline_result is None:
            seen.offline_result = Result.ok.value
            found = self._verdict(scan.door, place[1], seen, []).result
            seen.offline_result = (Result.ok if found in OF_OTHERS else found).value
        seen.passed = seen.offline_result == Result.ok
        self._add(self.places.setdefault(place, []), seen)
        self.heard_at[place] = scan.door
        return seen

    def _add(self, there: list[_Seen], seen: _Seen) -> None:
        there.append(seen)
        there.sort(key=lambda one: one.passage.place)

    def merge(self) -> tuple[dict[Nonce, Verdict], list[dict[str, object]]]:
        """The verdicts on what was heard, and the earlier scans whose conflict is another now."""
        verdicts: dict[Nonce, Verdict] = {}
        changed: list[dict[str, object]] = []
        for place, there in self.places.items():
            if place not in self.heard_at:
                continue
            passed: list[Passage] = []
            for seen in there:
                if seen.offline_result is not None:
                    verdict = self._verdict(self.heard_at[place], place[1], seen, passed)
                    ok = verdict.result is Result.ok
                    conflict = verdict.result if ok != (seen.offline_result == "ok") else None
                    if seen.id is None:
                        verdicts[seen.passage.device.int, seen.passage.nonce] = verdict
                    elif conflict is not seen.conflict:
                        changed.append({"scan": seen.id, "found": conflict})
                    seen.conflict = conflict
                if seen.passed:
                    passed.append(seen.passage)
        return verdicts, changed

    def _verdict(self, door: Door, day: date, seen: _Seen, before: Collection[Passage]) -> Verdict:
        badge, at = seen.badge, seen.passage.at
        now = standing(before, badge.id)
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
            inside=now.inside,
            gate_kind=door.kind,
            zone=door.zone,
            reply=reply,
            principal=badge.rank in HIGH_LEVEL or badge.role is Role.head,
            rules=door.rules,
            clock=clock.utc_to_local(at, door.timezone).time(),
            category=badge.category,
            rank=badge.rank,
            left=now.left,
            card=seen.passage.card,
            seats_taken=now.seats_taken,
            cards_taken=now.cards_taken,
        )
        return decide(facts, seen.passage.direction, force=seen.forced)


def _place(door: Door, day: date, badge: Line) -> _Place:
    shared = badge.delegation_id if door.rules.counted else None
    return door.id.int, day, (shared or badge.id).int


def _passage(at: datetime, device: UUID, nonce: str, badge: Line, direction: Direction) -> Passage:
    card = badge.participant_id is None and badge.delegation_id is not None
    return Passage(at, device, nonce, badge.id, card, direction)


def _seen(scan: Incoming, badge: Line) -> _Seen:
    passage = _passage(scan.at, scan.device_id, scan.nonce, badge, scan.direction)
    told = scan.offline_result if scan.told else None
    return _Seen(passage, False, scan.force, told, badge)


def local_day(at: datetime, zone: str) -> date:
    """The day that the conference's clocks show."""
    return clock.utc_to_local(at, zone).date()


def _row(
    scan: Incoming, badge: Line | None, verdict: Verdict, seen: _Seen | None, now: datetime
) -> dict[str, object]:
    door = scan.door
    person = badge.participant_id if badge else None
    passed = seen is not None and seen.passed
    # Of who went through against other scans' word the presence is true, and of who did while the
    # badge was good; of a bad badge it is not.
    was_good = badge is not None and badge.revoked_at is not None and badge.revoked_at > scan.at
    good = verdict.result in OF_OTHERS or was_good
    present = passed and good and scan.direction is Direction.entry
    return {
        "conference_id": door.conference_id,
        "gate_id": door.id,
        "badge_id": badge.id if badge else None,
        "participant_id": person,
        "device_id": scan.device_id,
        "nonce": scan.nonce,
        "direction": scan.direction,
        "device_at": scan.device_at,
        "at": scan.at,
        "received_at": scan.received_at,
        "recorded_at": now,
        "local_day": scan.local.date(),
        "result": verdict.result,
        "explanation": verdict.explanation,
        "forced": scan.force,
        "passed": passed,
        "offline_result": seen.offline_result if seen else scan.offline_result,
        "conflict": seen.conflict if seen else verdict.result if scan.let_pass else None,
        "present": present and door.counts and person is not None,
    }
