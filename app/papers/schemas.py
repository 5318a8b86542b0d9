"""What the API and the pages show of ministers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from app.core.schemas import Filled, Input, Line, Output
from app.delegations.rules import Kind
from app.gates.rules import Source
from app.gates.schemas import AttestIn
from app.participants.rules import Rank, Status
from app.programme.rules import SpeakerRole
from app.receptions.rules import Reply


class Speech(Output):
    """A session in which a minister speaks or presides."""

    session: UUID
    title: str
    starts_at: datetime
    role: SpeakerRole


class Invited(Output):
    """A reception to which a minister is invited, and the reply."""

    title: str
    reply: Reply


class Presence(Output):
    """How we know that a minister was here, first; `remote` is no attendance."""

    source: Source
    at: datetime
    place: str
    by: str | None


class Minister(Output):
    """One line of the ministers' list; `position` is none where the rank waits for a decision."""

    position: int | None
    id: UUID
    name: str
    names: dict[str, str]
    style: str | None
    function: str | None
    rank: Rank | None
    rank_suggested: Rank | None
    acting: bool
    delegation: str
    delegation_name: str
    iso3: str | None
    kind: Kind
    status: Status
    sessions: list[Speech]
    receptions: list[Invited]
    presence: Presence | None
    version: int

    @property
    def is_present(self) -> bool:
        """Seen here in person."""
        return self.presence is not None and self.presence.source is not Source.remote


class TallyIn(Input):
    """Who was ticked on a paper list at an entrance, and who saw it."""

    participants: Annotated[list[UUID], Field(min_length=1, max_length=500)]
    at: datetime | None = None
    place: Annotated[Line, StringConstraints(max_length=200)] = ""
    witness: Annotated[Filled, StringConstraints(max_length=200)]


class SeenIn(AttestIn):
    """Who was seen, where and when."""

    participants: Annotated[list[UUID], Field(min_length=1, max_length=500)]
