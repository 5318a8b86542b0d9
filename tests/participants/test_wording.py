"""A person's history and the decisions offered, in words."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.participants import history
from app.participants.models import ParticipantVersion
from app.participants.pages.wording import acts, told
from app.participants.rules import Mode, Rank, Role, Status

START = datetime(2024, 11, 1, 9, tzinfo=UTC)


def version(hour: int, entered: int, status: str, rank: str | None = None) -> ParticipantVersion:
    return ParticipantVersion(
        conference_id=UUID(int=1),
        participant_id=UUID(int=2),
        delegation_id=UUID(int=3),
        valid_from=START + timedelta(hours=hour),
        recorded_at=START + timedelta(hours=entered),
        status=Status(status),
        rank=Rank(rank) if rank else None,
        role=Role.head,
        mode=Mode.in_person,
    )


def test_a_correction_of_the_past_is_told_once_at_its_place() -> None:
    versions = [
        version(4, 9, "withdrawn", "minister"),
        version(4, 4, "withdrawn"),
        version(2, 9, "approved", "minister"),
        version(1, 1, "approved"),
        version(0, 0, "nominated"),
    ]
    words = [told(change) for change in history.changes(versions)]
    assert [one["text"] for one in words] == [
        "Status: Withdrawn",
        "Rank: Minister",
        "Status: Approved",
        "Status: Nominated; Role: Head of delegation",
    ]
    assert [one["recorded"] is not None for one in words] == [False, True, False, False]


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        ("nominated", ["submit", "withdraw"]),
        ("submitted", ["approve", "return", "refuse", "withdraw", "override"]),
        ("waitlisted", ["refuse", "withdraw", "override"]),
        ("approved", ["refuse", "withdraw", "substitute"]),
        ("refused", ["reinstate"]),
        ("withdrawn", ["reinstate"]),
        ("substituted", ["reinstate"]),
    ],
)
def test_the_page_offers_what_the_status_table_allows(status: str, offered: list[str]) -> None:
    assert [act.name for act in acts(Status(status))] == offered
