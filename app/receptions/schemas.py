"""What the API and the forms take and show of receptions and invitations."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from app.core.schemas import Filled, Input, Line, Output
from app.participants.rules import Rank
from app.programme.schemas import LocalTime, Title
from app.receptions.rules import Reply

Place = Annotated[Line, StringConstraints(max_length=200)]
Capacity = Annotated[int, Field(ge=0, le=100_000)]
Companions = Annotated[int, Field(ge=0, le=20)]
Ranks = Annotated[list[Rank], Field(max_length=20)]


class ReceptionIn(Input):
    """A reception to add; its times are the conference's wall-clock times."""

    title: Title
    room: UUID | None = None
    place: Place | None = None
    local_start: LocalTime
    local_end: LocalTime
    ranks: Ranks = []
    capacity: Capacity
    dress: Place | None = None


class ReceptionEdit(Input):
    """A change of a reception; what is left out stays."""

    title: Title | None = None
    room: UUID | None = None
    place: Place | None = None
    local_start: LocalTime | None = None
    local_end: LocalTime | None = None
    ranks: Ranks | None = None
    capacity: Capacity | None = None
    dress: Place | None = None


class ReceptionOut(Output):
    """A reception with its replies; `used` counts guests who come and their companions."""

    id: UUID
    title: dict[str, str]
    room: UUID | None
    place: str | None
    local_start: datetime
    local_end: datetime
    timezone: str
    starts_at: datetime
    ends_at: datetime
    ranks: list[Rank]
    capacity: int
    used: int
    extra: int
    dress: str | None
    version: int
    invited: int = 0
    accepted: int = 0
    declined: int = 0
    no_reply: int = 0
    lapsed: int = 0


class InviteIn(Input):
    """Whom to invite: people by id, or everybody approved of the reception's ranks."""

    participants: Annotated[list[UUID], Field(max_length=5_000)] = []
    by_rank: bool = False
    companions: Companions = 0

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not self.participants and not self.by_rank:
            raise ValueError("Name participants, or invite by_rank.")
        return self


class Invited(Output):
    """What an invitation of many came to."""

    invited: int
    already: int


class InvitationEdit(Input):
    """A reply recorded for the guest, `by` says how it came ("telephoned"); or entitlements."""

    reply: Literal[Reply.accepted, Reply.declined, Reply.no_reply] | None = None
    companions: Companions | None = None
    companions_allowed: Companions | None = None
    by: Annotated[Filled, StringConstraints(max_length=200)] | None = None


class InvitationOut(Output):
    """A guest, the reply as it stands, and whether the door calls protocol."""

    id: UUID
    participant: UUID
    name: str
    style: str | None
    function: str | None
    rank: Rank | None
    delegation: str
    delegation_name: str
    reply: Reply
    companions_allowed: int
    companions: int
    principal: bool
    invited_at: datetime
    replied_at: datetime | None
    replied_by: str | None
