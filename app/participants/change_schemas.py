"""What the API and the forms take and show of changes, acting heads and further capacities."""

from datetime import UTC, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AwareDatetime, Field, NaiveDatetime, model_validator

from app.core.schemas import Filled, Input, LongLine, Output
from app.delegations.schemas import Code
from app.participants.change_rules import Asks, CapacityKind, Change, RequestStatus
from app.participants.schemas import ParticipantOut

Instant = Annotated[
    AwareDatetime,
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2100, 1, 1, tzinfo=UTC)),
]
LocalInstant = Annotated[
    NaiveDatetime, Field(ge=datetime(2000, 1, 2), lt=datetime(2099, 12, 31))  # noqa: DTZ001
]
"""A time on the conference's clocks, an instant of the same years in every zone."""


class Successor(Input):
    """Who takes the place, and why; the delegation and the officers read the reason."""

    successor: UUID
    reason: Annotated[Filled | None, Field(max_length=300)] = None


class FieldChange(Output):
    """One field: as it stands, and as it is to be."""

    field: str
    old: object
    new: object


class ChangeRequestOut(Output):
    """A change that a delegation asks for, and what became of it."""

    id: UUID
    participant: UUID
    name: str
    delegation: str
    delegation_name: str
    kind: Asks
    status: RequestStatus
    changes: list[FieldChange]
    successor: UUID | None
    successor_name: str | None
    asked_at: datetime
    asked_by: str
    because: str | None
    changed_since: bool
    version: int
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None


class AfterChange(ParticipantOut):
    """A person after an act: unchanged, with the request, where an officer decides first."""

    change_request: ChangeRequestOut | None = None


class ImpactArea(Output):
    """What a change touches in one area, in words."""

    area: str
    touched: list[str]


class ImpactOut(Output):
    """All that a change would touch, before it is made."""

    change: Change
    areas: list[ImpactArea]


class ActingIn(Input):
    """Who acts as head, from when; left out, from now."""

    participant: UUID
    starts_at: Annotated[Instant | None, Field(alias="from")] = None


class ActingFrom(Input):
    """From when somebody acts, as the conference's clocks show it; left out, from now."""

    starts_at: LocalInstant | None = None


class ActingOut(Output):
    """Who acts as head of a delegation."""

    participant: UUID
    name: str
    starts_at: Annotated[datetime, Field(serialization_alias="from")]


class CapacityIn(Input):
    """A further capacity: in another delegation of the conference, or in a body by its name."""

    kind: CapacityKind
    delegation: Code | None = None
    organization: Filled | None = None
    function: LongLine | None = None

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if (self.delegation is None) is (self.organization is None):
            raise ValueError("Name a delegation of the conference, or another body; not both.")
        return self


class CapacityOut(Output):
    """A further capacity; `delegation` where the body is one of the conference."""

    id: UUID
    kind: CapacityKind
    body: str
    delegation: str | None
    function: str | None
