"""Places, silence and inert names, by table."""

from datetime import UTC, datetime, timedelta

import pytest

from app.core.errors import Clash
from app.receptions.rules import (
    Places,
    Reply,
    check_companions,
    check_reply_time,
    exchange,
    inert,
    is_principal,
    places_of,
    standing,
)

DINNER = datetime(2026, 11, 4, 17, tzinfo=UTC)
BEFORE = timedelta(hours=48)


@pytest.mark.parametrize(
    ("places", "had", "wants", "principal", "expected"),
    [
        (Places(5, 4), 0, 1, False, Places(5, 5)),
        (Places(5, 5), 0, 1, False, None),
        (Places(5, 4), 0, 2, False, None),
        (Places(5, 5), 1, 1, False, Places(5, 5)),
        (Places(5, 5), 1, 2, False, None),
        (Places(5, 5), 2, 1, False, Places(5, 4)),
        (Places(5, 5), 1, 0, False, Places(5, 4)),
        (Places(5, 5), 0, 1, True, Places(5, 6, 1)),
        (Places(5, 6, 1), 0, 1, True, Places(5, 7, 2)),
        (Places(5, 6, 1), 0, 1, False, None),
        (Places(5, 6, 1), 1, 0, False, Places(5, 5)),
        (Places(5, 7, 2), 1, 0, False, Places(5, 6, 1)),
        (Places(5, 5), 0, 2, True, None),
        (Places(5, 6, 1), 1, 2, True, None),
        (Places(5, 3), 0, 2, True, Places(5, 5)),
        (Places(0, 0), 0, 1, False, None),
    ],
)
def test_a_place_is_there_or_it_is_not(
    places: Places, had: int, wants: int, principal: bool, expected: Places | None
) -> None:
    if expected is None:
        with pytest.raises(Clash) as refused:
            exchange(places, had=had, wants=wants, principal=principal)
        assert refused.value.code == "reception-full"
    else:
        assert exchange(places, had=had, wants=wants, principal=principal) == expected


@pytest.mark.parametrize(
    ("reply", "before", "principal", "expected"),
    [
        (Reply.no_reply, BEFORE + timedelta(microseconds=1), False, Reply.no_reply),
        (Reply.no_reply, BEFORE, False, Reply.lapsed),
        (Reply.no_reply, timedelta(0), True, Reply.no_reply),
        (Reply.accepted, timedelta(0), False, Reply.accepted),
        (Reply.declined, BEFORE, False, Reply.declined),
    ],
)
def test_silence_lapses_48_hours_before_but_a_principals_never(
    reply: Reply, before: timedelta, principal: bool, expected: Reply
) -> None:
    now = DINNER - before
    assert standing(reply, starts_at=DINNER, now=now, principal=principal) is expected


def test_a_late_reply_needs_an_officer() -> None:
    check_reply_time(starts_at=DINNER, now=DINNER - timedelta(hours=49), officer=False)
    check_reply_time(starts_at=DINNER, now=DINNER, officer=True)
    with pytest.raises(Clash) as refused:
        check_reply_time(starts_at=DINNER, now=DINNER - BEFORE, officer=False)
    assert refused.value.code == "too-late"


@pytest.mark.parametrize(
    ("role", "rank", "expected"),
    [
        ("head", None, True),
        ("delegate", "minister", True),
        ("delegate", "deputy_minister", False),
        ("delegate", None, False),
    ],
)
def test_who_is_a_principal(role: str, rank: str | None, expected: bool) -> None:
    assert is_principal(role, rank, {"minister", "head_of_state"}) is expected


def test_companions_stay_within_the_entitlement() -> None:
    check_companions(1, 1)
    with pytest.raises(Clash):
        check_companions(2, 1)
    assert [places_of(r, 1) for r in Reply] == [0, 2, 0, 0]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ana Example", "Ana Example"),
        ("J.R. Example", "J. R. Example"),
        ("https://evil.example/x", "evil. example x"),
        ("<a href='http://a.b'>Ana</a>", "a href=' a. b' Ana a"),
        ("www.evil.example", "evil. example"),
        ("ana@evil.example", "ana evil. example"),
        ("Ana\nBcc: x", "Ana Bcc: x"),
    ],
)
def test_a_name_carries_no_link_into_a_mail(name: str, expected: str) -> None:
    assert inert(name) == expected
