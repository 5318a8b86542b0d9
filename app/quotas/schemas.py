"""What the API takes and shows of quotas."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from app.core.schemas import Filled, Input, Output
from app.delegations.rules import Kind
from app.delegations.schemas import Code

Name = Annotated[Filled, StringConstraints(max_length=200)]
RoleWord = Annotated[str, Field(max_length=32, pattern=r"^[a-z_]+$")]


def _near(at: datetime) -> datetime:
    if not 1900 < at.year < 9000:
        raise ValueError("Write an instant of our time.")
    return at


Instant = Annotated[datetime, AfterValidator(_near)]
"""An instant; without an offset it is a time by the conference's clocks."""
Places = Annotated[int, Field(ge=0, le=1_000_000)]
Hours = Annotated[int, Field(ge=1, le=2_000)]


class Thing(Input):
    """What else has places: a kind that a feature registered (`reception`), and its id."""

    kind: RoleWord
    id: UUID


def _parted(given: object) -> object:
    """A thing as a form sends it: `session:…` with the id in one text."""
    if isinstance(given, str) and ":" in given:
        kind, _, id = given.partition(":")
        return {"kind": kind, "id": id}
    return given


class Scope(Input):
    """Whom a quota covers; what is left out covers all."""

    kind: Kind | None = None
    delegation: Code | None = None
    roles: Annotated[list[RoleWord], Field(max_length=32)] = []
    thing: Annotated[Thing | None, BeforeValidator(_parted)] = None


class QuotaIn(Input):
    """A quota to create."""

    name: Name
    capacity: Places
    scope: Scope = Scope()
    per_delegation: bool = False
    waiting_list: bool = False
    offer_hours: Hours | None = None
    opens_at: Instant | None = None
    closes_at: Instant | None = None


class QuotaEdit(Input):
    """A change of a quota; what is left out stays."""

    name: Name | None = None
    capacity: Places | None = None
    waiting_list: bool | None = None
    offer_hours: Hours | None = None
    opens_at: Instant | None = None
    closes_at: Instant | None = None


class QuotaOut(Output):
    """A quota and how many of its places are used."""

    id: UUID
    name: str
    capacity: int
    used: int
    kind: Kind | None
    delegation_id: UUID | None
    roles: list[str]
    thing_kind: str | None
    thing_id: UUID | None
    per_delegation: bool
    parent_id: UUID | None
    exception: bool
    waiting_list: bool
    offer_hours: int | None
    opens_at: datetime | None
    closes_at: datetime | None
    version: int


class SlotIn(Input):
    """Places to hold for a delegation before the names are known."""

    delegation: Code
    role: RoleWord
    number: Annotated[int, Field(ge=1, le=100)] = 1


class SlotOut(Output):
    """A held place, and whose it is once it is named."""

    id: UUID
    delegation: str
    delegation_name: str
    role: str
    held_at: datetime
    participant_id: UUID | None
