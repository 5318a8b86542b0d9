"""What a delegation may change by itself, what it asks for, and what a change may touch."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.core.errors import Clash
from app.participants.rules import ACTIVE, Rank, Status


class Asks(StrEnum):
    """What a change request is for."""

    edit = "edit"
    substitute = "substitute"


class RequestStatus(StrEnum):
    """Where a change request stands."""

    pending = "pending"
    accepted = "accepted"
    declined = "declined"
    withdrawn = "withdrawn"


class CapacityKind(StrEnum):
    """How a person takes part besides: at the head of another body, or accredited for it."""

    heads = "heads"
    accredited = "accredited"


class Change(StrEnum):
    """Changes whose impact is shown before they are made."""

    withdraw = "withdraw"
    substitute = "substitute"
    rank = "rank"
    name = "name"
    function = "function"


SUCCESSORS = frozenset({Status.nominated, Status.submitted, Status.waitlisted})
"""From where somebody takes an approved person's place."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A change that is not made yet; `successor` and `rank` where they are known."""

    kind: Change
    rank: Rank | None = None
    successor: UUID | None = None

    @property
    def leaves(self) -> bool:
        """True if the person is out of the conference afterwards."""
        return self.kind in (Change.withdraw, Change.substitute)


def asks_first(status: Status) -> bool:
    """True if a delegation's edit waits for an officer, False if it is done at once.

    Raises `Clash` (`wrong-status`) for who is out: an officer reinstates first.
    """
    if status not in ACTIVE:
        raise Clash(
            f"A {status} registration is reinstated by an officer before it is edited.",
            code="wrong-status",
        )
    return status is Status.approved


def check_succession(
    *, left: tuple[UUID, UUID], right: tuple[UUID, UUID], status: Status, name: str
) -> None:
    """Raises `Clash` unless `right` may take the place of `left`; each is (person, delegation)."""
    if left[0] == right[0]:
        raise Clash("Nobody succeeds himself or herself; name another person.", code="same-person")
    if left[1] != right[1]:
        raise Clash(f"{name} is in another delegation.", code="other-delegation")
    if status not in SUCCESSORS:
        raise Clash(
            f"{name} is {status}; a successor is nominated, submitted or on the waiting list.",
            code="wrong-status",
            members={"status_now": status.value},
        )


def left_of(asked: Mapping[str, object], newer: Collection[str]) -> dict[str, object]:
    """What a pending request still asks for after a newer one that names some of its fields."""
    return {field: value for field, value in asked.items() if field not in newer}
