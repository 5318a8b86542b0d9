"""What collides, by table."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from app.core.errors import Clash, Invalid
from app.programme.rules import (
    Part,
    SessionStatus,
    Slot,
    check_status,
    check_times,
    conflicts,
    outside,
)

HALL, SALON = UUID(int=100), UUID(int=101)
ANN, BEN = UUID(int=200), UUID(int=201)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 4, hour, minute, tzinfo=UTC)


def slot(number: int, start: int, end: int, room: UUID | None = None) -> Slot:
    name = {HALL: "Hall", SALON: "Salon", None: ""}[room]
    return Slot(UUID(int=number), f"S{number}", at(start), at(end), room, name)


def part(session: int, person: UUID) -> Part:
    return Part(UUID(int=session), person, {ANN: "Ann", BEN: "Ben"}[person])


TABLE: list[tuple[str, list[Slot], list[Part], dict[int, list[str]]]] = [
    ("nothing", [], [], {}),
    ("one after the other", [slot(1, 9, 10, HALL), slot(2, 10, 11, HALL)], [], {}),
    ("two rooms", [slot(1, 9, 11, HALL), slot(2, 10, 11, SALON)], [], {}),
    ("no rooms", [slot(1, 9, 11), slot(2, 10, 11)], [], {}),
    (
        "one room",
        [slot(1, 9, 11, HALL), slot(2, 10, 12, HALL)],
        [],
        {1: ["“S2” is in Hall at the same time."], 2: ["“S1” is in Hall at the same time."]},
    ),
    (
        "one inside the other, and a third beside",
        [slot(1, 9, 17, HALL), slot(2, 10, 11, HALL), slot(3, 12, 13, HALL)],
        [],
        {
            1: ["“S2” is in Hall at the same time.", "“S3” is in Hall at the same time."],
            2: ["“S1” is in Hall at the same time."],
            3: ["“S1” is in Hall at the same time."],
        },
    ),
    (
        "the same speaker",
        [slot(1, 9, 11, HALL), slot(2, 10, 11, SALON)],
        [part(1, ANN), part(2, ANN), part(1, BEN)],
        {1: ["Ann is in “S2” at the same time."], 2: ["Ann is in “S1” at the same time."]},
    ),
    (
        "the same speaker, one after the other",
        [slot(1, 9, 10, HALL), slot(2, 10, 11, SALON)],
        [part(1, ANN), part(2, ANN)],
        {},
    ),
    ("a session that is not held", [slot(1, 9, 10)], [part(1, ANN), part(9, ANN)], {}),
    ("twice in one session", [slot(1, 9, 10)], [part(1, ANN), part(1, ANN)], {}),
]


@pytest.mark.parametrize(
    ("slots", "parts", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_conflicts(slots: list[Slot], parts: list[Part], expected: dict[int, list[str]]) -> None:
    assert conflicts(slots, parts) == {UUID(int=n): words for n, words in expected.items()}


def test_many_sessions_collide_in_no_order() -> None:
    slots = [slot(n, 8 + n % 8, 9 + n % 8, HALL) for n in range(16)]
    found = conflicts(list(reversed(slots)), [])
    assert {id.int: len(words) for id, words in found.items()} == dict.fromkeys(range(16), 1)


@pytest.mark.parametrize("end", [8, 9])
def test_a_session_ends_after_it_starts(end: int) -> None:
    with pytest.raises(Invalid):
        check_times(at(9), at(end))


def test_what_is_public_never_becomes_a_draft() -> None:
    check_status(SessionStatus.draft, SessionStatus.confirmed)
    check_status(SessionStatus.draft, SessionStatus.draft)
    check_status(SessionStatus.cancelled, SessionStatus.confirmed)
    for before in (SessionStatus.confirmed, SessionStatus.cancelled):
        with pytest.raises(Clash, match="cancel"):
            check_status(before, SessionStatus.draft)


def test_a_session_outside_the_days_is_said() -> None:
    days = (date(2026, 11, 4), date(2026, 11, 5))
    inside = datetime(2026, 11, 5, 9), datetime(2026, 11, 5, 23)  # noqa: DTZ001 - wall-clock
    beyond = datetime(2026, 11, 5, 20), datetime(2026, 11, 6, 1)  # noqa: DTZ001 - wall-clock
    assert outside(*inside, *days) is None
    assert outside(*beyond, *days) is not None
