"""What the API and the forms take and show of participants."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from app.core.schemas import ByLanguage, Filled, Input, LanguageTag, Line, LongLine, Output
from app.delegations.rules import Kind
from app.delegations.schemas import Code
from app.participants.rules import Mode, Rank, Role, Sex, Status

Email = Annotated[Line, StringConstraints(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]
NamePart = Annotated[Line, StringConstraints(max_length=200)]
Style = Annotated[Line, StringConstraints(max_length=100)]
Phone = Annotated[Line, StringConstraints(max_length=64)]
Languages = list[LanguageTag]


Entered = Literal[Status.nominated, Status.submitted, Status.approved]
"""How far a person gets at once; `approved` is for officers, and waits where a quota is full."""


class ParticipantIn(Input):
    """A person to nominate: `name`, or `given_names` and `family_name` that compose it."""

    delegation: Code
    name: Filled | None = None
    given_names: NamePart | None = None
    family_name: NamePart | None = None
    names: ByLanguage = {}
    style: Style | None = None
    function: LongLine | None = None
    division: LongLine | None = None
    affiliation: LongLine | None = None
    role: Role = Role.delegate
    rank: Rank | None = None
    sex: Sex | None = None
    mode: Mode = Mode.in_person
    email: Email | None = None
    phone: Phone | None = None
    languages: Languages | None = Field(default=None, max_length=12)
    dietary: LongLine | None = None
    access_needs: LongLine | None = None
    external_id: NamePart | None = None
    up_to: Entered = Status.nominated


class ParticipantEdit(Input):
    """A change of a person's data; what is left out stays, null empties what may be empty."""

    name: Filled | None = None
    given_names: NamePart | None = None
    family_name: NamePart | None = None
    names: ByLanguage | None = None
    style: Style | None = None
    function: LongLine | None = None
    division: LongLine | None = None
    affiliation: LongLine | None = None
    role: Role | None = None
    rank: Rank | None = None
    acting: bool | None = None
    sex: Sex | None = None
    mode: Mode | None = None
    email: Email | None = None
    phone: Phone | None = None
    languages: Languages | None = Field(default=None, max_length=12)
    dietary: LongLine | None = None
    access_needs: LongLine | None = None


class RankDecision(Input):
    """The rank that an officer decides; none leaves it undecided."""

    rank: Rank | None = None


class Chosen(Input):
    """People ticked in a list."""

    chosen: Annotated[list[UUID], Field(min_length=1, max_length=500)]


class Reason(Input):
    """Why somebody is refused or withdrawn; the focal point reads it."""

    reason: Annotated[Filled, StringConstraints(max_length=300)]


class Override(Input):
    """Why an officer approves beyond a full quota."""

    override: Reason | None = None

    @property
    def reason(self) -> str | None:
        """The reason, where there is an override."""
        return self.override.reason if self.override else None


class Priority(Input):
    """Where somebody stands on the waiting list: before all of a lower priority."""

    priority: Annotated[int, Field(ge=-100, le=100)]


class WaitingOut(Output):
    """Somebody who waits: the quota that is full, or until when a place is offered."""

    id: UUID
    position: int
    name: str
    delegation: str
    delegation_name: str
    role: Role
    priority: int
    since: datetime
    offered_until: datetime | None
    blocked_by: str | None


class ParticipantRow(Output):
    """A line of the list."""

    id: UUID
    delegation: str
    delegation_name: str
    iso3: str | None
    kind: Kind
    name: str
    style: str | None
    function: str | None
    role: Role
    rank: Rank | None
    rank_suggested: Rank | None
    sex: Sex | None
    status: Status


class ParticipantOut(ParticipantRow):
    """All that the desk knows of a person, without papers and photo."""

    given_names: str | None
    family_name: str | None
    names: dict[str, str]
    division: str | None
    affiliation: str | None
    acting: bool
    mode: Mode
    status_reason: str | None
    status_at: datetime
    waiting_list_position: int | None = None
    overflow: bool
    offered_until: datetime | None
    email: str | None
    phone: str | None
    languages: list[str] | None
    external_id: str | None
    photo: bool
    created_at: datetime
    version: int
