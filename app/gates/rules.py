"""What a gate decides: one pure function, for the server, for merged batches and for tests."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class GateKind(StrEnum):
    """What a gate guards."""

    zone = "zone"
    session = "session"
    reception = "reception"


class Direction(StrEnum):
    """Which way somebody passed."""

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


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a decision needs, as it stands at the scan's own time."""

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


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome, and the sentence the operator reads; a plain welcome needs none."""

    result: Result
    explanation: str | None = None


FORGED = Verdict(Result.invalid, "This code is not a badge of this conference.")
UNKNOWN = Verdict(Result.unknown, "No badge has this serial.")


def decide(facts: Facts, direction: Direction, *, force: bool = False) -> Verdict:
    """Admit, or say why not. `force` overrides being inside already, never the badge's validity.

    A principal without an invitation is not turned away at a reception: protocol is called.
    """
    if facts.revoked:
        return Verdict(Result.revoked, "This badge was replaced or revoked.")
    if facts.status in ("withdrawn", "substituted", "refused"):
        return Verdict(Result.canceled, f"The registration is {facts.status}.")
    if facts.status is not None and facts.status != "approved":
        return Verdict(Result.unapproved, "The registration is not approved.")
    if not facts.valid_from <= facts.day <= facts.valid_until:
        return Verdict(Result.invalid_time, "The badge is not valid on this day.")
    if not facts.zones >> facts.zone & 1:
        return Verdict(Result.product, "The badge does not open this zone.")
    if direction is Direction.exit:
        return Verdict(Result.ok)
    if facts.inside and not force:
        return Verdict(Result.already_redeemed, "Already inside.")
    if facts.gate_kind is GateKind.reception and facts.reply != "accepted":
        if facts.principal:
            return Verdict(Result.ok, "Not on the list: call protocol, do not turn away.")
        return Verdict(Result.rules, "Not on the list of this reception.")
    return Verdict(Result.ok)


def corrected(device_at: datetime, received_at: datetime) -> datetime:
    """When it happened: by the device, but never after we heard of it."""
    return min(device_at, received_at)
