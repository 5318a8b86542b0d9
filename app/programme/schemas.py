"""What the API and the forms take and show of rooms, sessions and speakers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, NaiveDatetime, StringConstraints

from app.core.schemas import ByLanguage, Filled, Input, LanguageTag, Line, Note, Output
from app.programme.rules import SessionKind, SessionStatus, SpeakerRole


def _of_our_times(moment: datetime) -> datetime:
    if not 1900 <= moment.year <= 2200:
        raise ValueError("Write a date like 2024-11-05.")
    return moment


LocalTime = Annotated[NaiveDatetime, AfterValidator(_of_our_times)]
"""A wall-clock time in the conference's zone, without an offset."""

RoomName = Annotated[Filled, StringConstraints(max_length=200)]
Venue = Annotated[Line, StringConstraints(max_length=200)]
Seats = Annotated[int, Field(ge=0, le=1_000_000)]
Position = Annotated[int, Field(ge=0, le=1_000_000)]
Title = Annotated[dict[LanguageTag, Filled], Field(min_length=1)]
Abstract = dict[LanguageTag, Note]


class RoomIn(Input):
    """A room to add."""

    name: RoomName
    names: ByLanguage = {}
    venue: Venue | None = None
    capacity: Seats | None = None
    position: Position = 0


class RoomEdit(Input):
    """A change of a room; what is left out stays."""

    name: RoomName | None = None
    names: ByLanguage | None = None
    venue: Venue | None = None
    capacity: Seats | None = None
    position: Position | None = None


class RoomOut(Output):
    """A room."""

    id: UUID
    name: str
    names: dict[str, str]
    venue: str | None
    capacity: int | None
    position: int
    version: int


class SessionIn(Input):
    """A session to add; its times are the conference's wall-clock times."""

    title: Title
    abstract: Abstract = {}
    kind: SessionKind = SessionKind.plenary
    status: SessionStatus = SessionStatus.confirmed
    room: UUID | None = None
    local_start: LocalTime
    local_end: LocalTime


class SessionEdit(Input):
    """A change of a session; what is left out stays, null takes it out of its room."""

    title: Title | None = None
    abstract: Abstract | None = None
    kind: SessionKind | None = None
    status: SessionStatus | None = None
    room: UUID | None = None
    local_start: LocalTime | None = None
    local_end: LocalTime | None = None


class SessionOut(Output):
    """A session, with what collides with it in words."""

    id: UUID
    title: dict[str, str]
    abstract: dict[str, str]
    kind: SessionKind
    status: SessionStatus
    room: UUID | None
    room_name: str | None
    local_start: datetime
    local_end: datetime
    timezone: str
    starts_at: datetime
    ends_at: datetime
    sequence: int
    changed_at: datetime
    warnings: list[str] = []


class SpeakerIn(Input):
    """A person to put into a session."""

    session: UUID
    participant: UUID
    role: SpeakerRole = SpeakerRole.speaker
    position: Position | None = None


class SpeakerOut(Output):
    """A person in a session; `shown` is false once they are out of the conference."""

    id: UUID
    session: UUID
    participant: UUID
    name: str
    style: str | None
    function: str | None
    delegation: str
    role: SpeakerRole
    position: int
    shown: bool
