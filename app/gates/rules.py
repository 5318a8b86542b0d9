"""What a gate decides: one pure function, for the server, for merged batches and for tests."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID


class GateKind(StrEnum):
    """What a gate guards."""

    zone = "zone"
    session = "session"
    reception = "reception"


class Direction(StrEnum):
    """Which way somebody passed."""

    entry = "entry"
    exit = "exit"


class Way(StrEnum):
    """Which way a gate lets people pass."""

    both = "both"
    entry = "entry"
    exit = "exit"


class Source(StrEnum):
    """How we know that somebody was present."""

    scan = "scan"
    attested = "attested"
    remote = "remote"


class Result(StrEnum):
    """The outcome of a scan; all but `ok` and `unknown` are reasons that scanning clients know.

    `unknown` is a well-signed code of a serial that is not there: clients get 404.
    """

    ok = "ok"
    invalid = "invalid"
    canceled = "canceled"
    already_redeemed = "already_redeemed"
    product = "product"
    rules = "rules"
    revoked = "revoked"
    blocked = "blocked"
    invalid_time = "invalid_time"
    unapproved = "unapproved"
    error = "error"
    unknown = "unknown"


OF_OTHERS = frozenset({Result.ok, Result.already_redeemed, Result.rules})
"""Outcomes that other scans have a say in; the rest are of the badge alone."""


@dataclass(frozen=True, slots=True)
class Window:
    """When a gate is open, by the conference's clocks; each day where none is named."""

    opens: time
    closes: time
    day: date | None = None

    def holds(self, day: date, clock: time) -> bool:
        """Half-open: at the closing minute the gate is closed."""
        return self.day in (None, day) and self.opens <= clock < self.closes


@dataclass(frozen=True, slots=True)
class GateRules:
    """What a gate asks beyond a valid badge of its zone; the default asks nothing more.

    `zones` open the gate too; `seats` and `cards` are how many people, and how many transferable
    cards, of one delegation may be inside at once. Without `anti_passback` who is inside may be
    let in once more; without `reentry` nobody is who was in on this day, inside still or not.
    """

    direction: Way = Way.both
    zones: tuple[int, ...] = ()
    categories: frozenset[str] = frozenset()
    ranks: frozenset[str] = frozenset()
    seats: int | None = None
    cards: int | None = None
    reentry: bool = True
    anti_passback: bool = True
    windows: tuple[Window, ...] = ()

    @property
    def counted(self) -> bool:
        """Whether who else is inside has a say."""
        return self.seats is not None or self.cards is not None

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "GateRules":
        """The rules as a gate keeps them: JSON; what is left out asks nothing."""
        day, clock = date.fromisoformat, time.fromisoformat
        windows = tuple(
            Window(clock(w["opens"]), clock(w["closes"]), day(w["day"]) if w.get("day") else None)
            for w in kept.get("windows", ())
        )
        return cls(
            direction=Way(kept.get("direction", Way.both)),
            zones=tuple(kept.get("zones", ())),
            categories=frozenset(kept.get("categories", ())),
            ranks=frozenset(kept.get("ranks", ())),
            seats=kept.get("seats"),
            cards=kept.get("cards"),
            reentry=kept.get("reentry", True),
            anti_passback=kept.get("anti_passback", True),
            windows=windows,
        )


NO_RULES = GateRules()


@dataclass(slots=True)
class Facts:
    """All that a decision needs, as it stands at the scan's own time; never changed once made.

    Nor is a passage: that Python watches over it would take as long as deciding.

    `left` says that the badge was inside on this day and is not now; `seats_taken` and
    `cards_taken` count the others of the delegation that are inside; a `card` is transferable.
    """

    revoked: bool
    status: str | None
    zones: int
    valid_from: date
    valid_until: date
    day: date
    inside: bool
    gate_kind: GateKind
    zone: int
    reply: str | None = None
    principal: bool = False
    rules: GateRules = NO_RULES
    clock: time = time(12)
    category: str = ""
    rank: str | None = None
    left: bool = False
    card: bool = False
    seats_taken: int = 0
    cards_taken: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome, and the sentence the operator reads; a plain welcome needs none."""

    result: Result
    explanation: str | None = None


FORGED = Verdict(Result.invalid, "This code is not a badge of this conference.")
UNKNOWN = Verdict(Result.unknown, "No badge has this serial.")


def decide(facts: Facts, direction: Direction, *, force: bool = False) -> Verdict:
    """Admit, or say why not. `force` overrides being inside or having been, and nothing else.

    A principal is not turned away for want of an invitation or a seat: protocol is called.
    """
    refused = _of_badge(facts) or _of_gate(facts, direction)
    if refused or direction is Direction.exit:
        return refused or Verdict(Result.ok)
    return (None if force else _again(facts)) or _of_others(facts) or Verdict(Result.ok)


def _of_badge(facts: Facts) -> Verdict | None:
    if facts.revoked:
        return Verdict(Result.revoked, "This badge was replaced or revoked.")
    if facts.status in ("withdrawn", "substituted", "refused"):
        return Verdict(Result.canceled, f"The registration is {facts.status}.")
    if facts.status is not None and facts.status != "approved":
        return Verdict(Result.unapproved, "The registration is not approved.")
    if not facts.valid_from <= facts.day <= facts.valid_until:
        return Verdict(Result.invalid_time, "The badge is not valid on this day.")
    if not any(facts.zones >> zone & 1 for zone in (facts.zone, *facts.rules.zones)):
        return Verdict(Result.product, "The badge does not open this zone.")
    return None


def _of_gate(facts: Facts, direction: Direction) -> Verdict | None:
    rules = facts.rules
    if rules.direction not in (Way.both, direction):
        if direction is Direction.exit:
            return Verdict(Result.rules, "This gate is for coming in only.")
        return Verdict(Result.rules, "This gate is for leaving only.")
    if direction is Direction.exit:
        return None
    if rules.categories and facts.category not in rules.categories:
        return Verdict(Result.product, "This gate is not for badges of this category.")
    if rules.ranks and facts.rank not in rules.ranks:
        return Verdict(Result.rules, "This gate is for other ranks.")
    if rules.windows and not any(w.holds(facts.day, facts.clock) for w in rules.windows):
        return Verdict(Result.rules, "This gate is closed at this time.")
    return None


def _again(facts: Facts) -> Verdict | None:
    # Without re-entry nobody is let in twice, whether or not they were seen to leave.
    if facts.inside and (facts.rules.anti_passback or not facts.rules.reentry):
        return Verdict(Result.already_redeemed, "Already inside.")
    if facts.left and not facts.rules.reentry:
        return Verdict(Result.rules, "Left already; nobody comes in twice here.")
    return None


def _of_others(facts: Facts) -> Verdict | None:
    seats, cards = facts.rules.seats, facts.rules.cards
    if not facts.inside and facts.card and cards is not None and facts.cards_taken >= cards:
        return Verdict(
            Result.rules, "As many transferable cards of this delegation are inside as may be."
        )
    if not facts.inside and seats is not None and facts.seats_taken >= seats:
        if facts.principal:
            return Verdict(Result.ok, "No seat is left: call protocol, do not turn away.")
        return Verdict(Result.rules, "As many people of this delegation are inside as may be.")
    if facts.gate_kind is GateKind.reception and facts.reply != "accepted":
        if facts.principal:
            return Verdict(Result.ok, "Not on the list: call protocol, do not turn away.")
        return Verdict(Result.rules, "Not on the list of this reception.")
    return None


@dataclass(frozen=True, slots=True)
class Standing:
    """What passages say of a badge, and of the others of its delegation."""

    inside: bool
    left: bool
    seats_taken: int
    cards_taken: int


@dataclass(slots=True)
class Passage:
    """Somebody went through: when, by which device's word, which badge, which way."""

    at: datetime
    device: UUID
    nonce: str
    badge: UUID
    card: bool
    direction: Direction

    @property
    def place(self) -> tuple[datetime, UUID, str]:
        """Where it stands among all others: the same on every server and in every order told."""
        return self.at, self.device, self.nonce


def standing(passages: Iterable[Passage], badge: UUID) -> Standing:
    """What passages in the order of time say of a badge, and of the others with it."""
    last: dict[UUID, Passage] = {}
    came = False
    for one in passages:
        last[one.badge] = one
        came |= one.badge == badge and one.direction is Direction.entry
    own = last.pop(badge, None)
    inside = own is not None and own.direction is Direction.entry
    others = [one for one in last.values() if one.direction is Direction.entry]
    return Standing(inside, came and not inside, len(others), sum(one.card for one in others))


def corrected(device_at: datetime, received_at: datetime) -> datetime:
    """When it happened: by the device, but never after we heard of it."""
    return min(device_at, received_at)
