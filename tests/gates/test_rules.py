"""What a gate decides, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.gates.rules import Direction, Facts, GateKind, Result, corrected, decide

TODAY = date(2024, 11, 4)
FINE = Facts(
    revoked=False,
    status="approved",
    zones=0b101,
    valid_from=TODAY,
    valid_until=TODAY + timedelta(days=1),
    day=TODAY,
    inside=False,
    gate_kind=GateKind.zone,
    zone=0,
)
DINNER = {"gate_kind": GateKind.reception}


@pytest.mark.parametrize(
    ("changed", "result"),
    [
        ({}, Result.ok),
        ({"zone": 2}, Result.ok),
        ({"zone": 1}, Result.product),
        ({"revoked": True}, Result.revoked),
        ({"revoked": True, "status": "withdrawn"}, Result.revoked),
        ({"status": "withdrawn"}, Result.canceled),
        ({"status": "refused"}, Result.canceled),
        ({"status": "submitted"}, Result.unapproved),
        ({"status": None}, Result.ok),  # a card of a delegation, a day badge
        ({"day": TODAY - timedelta(days=1)}, Result.invalid_time),
        ({"day": TODAY + timedelta(days=1)}, Result.ok),
        ({"day": TODAY + timedelta(days=2)}, Result.invalid_time),
        ({"inside": True}, Result.already_redeemed),
        # Rule 18: a badge alone does not admit, a principal is never turned away.
        (DINNER, Result.rules),
        ({**DINNER, "reply": "declined"}, Result.rules),
        ({**DINNER, "reply": "lapsed"}, Result.rules),
        ({**DINNER, "reply": "accepted"}, Result.ok),
        ({**DINNER, "principal": True}, Result.ok),
        ({**DINNER, "principal": True, "revoked": True}, Result.revoked),
    ],
)
def test_entries(changed: dict[str, object], result: Result) -> None:
    verdict = decide(replace(FINE, **changed), Direction.entry)
    assert verdict.result is result
    assert (verdict.explanation is None) is (result is Result.ok and not changed.get("principal"))


def test_a_principal_without_an_invitation_calls_protocol() -> None:
    verdict = decide(replace(FINE, **DINNER, principal=True), Direction.entry)
    assert "call protocol" in str(verdict.explanation)


@pytest.mark.parametrize(
    ("changed", "result"),
    [
        ({"inside": True}, Result.ok),
        ({"revoked": True}, Result.revoked),
        ({"zone": 1}, Result.product),
        ({"day": TODAY + timedelta(days=9)}, Result.invalid_time),
    ],
)
def test_force_overrides_being_inside_and_nothing_else(
    changed: dict[str, object], result: Result
) -> None:
    assert decide(replace(FINE, **changed), Direction.entry, force=True).result is result


def test_who_is_inside_may_leave() -> None:
    assert decide(replace(FINE, inside=True), Direction.exit).result is Result.ok
    assert decide(replace(FINE, **DINNER), Direction.exit).result is Result.ok


def test_a_device_is_never_ahead_of_us() -> None:
    heard = datetime(2024, 11, 4, 9, tzinfo=UTC)
    assert corrected(heard + timedelta(seconds=1), heard) == heard
    assert corrected(heard - timedelta(hours=2), heard) == heard - timedelta(hours=2)
