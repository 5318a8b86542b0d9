"""Tables of rooms, sessions and speakers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.db import Json, new_id, tenant_key, words
from app.programme.rules import SessionKind, SessionStatus, SpeakerRole


class Room(SQLModel, table=True):
    """A room of a venue."""

    __tablename__ = "rooms"
    __table_args__ = (
        UniqueConstraint("conference_id", "id"),
        UniqueConstraint("conference_id", "name"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    name: str = Field(max_length=200)
    names: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    venue: str | None = Field(default=None, max_length=200)
    capacity: int | None = None
    position: int = 0
    version: int = 1


class Session(SQLModel, table=True):
    """One session; `local_start` and `local_end` are wall-clock times in the conference's zone.

    `sequence` is its version for calendars and for `ETag` alike; `published_at` stays empty until
    it is confirmed for the first time, and nothing is public before.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        UniqueConstraint("conference_id", "id"),
        tenant_key("room_id", "rooms"),
        Index("ix_sessions_time", "conference_id", "starts_at"),
        CheckConstraint("starts_at < ends_at", name="starts_before_ends"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    room_id: UUID | None = None
    title: dict[str, str] = Field(sa_type=Json)
    abstract: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    kind: SessionKind = Field(default=SessionKind.plenary, sa_type=words(SessionKind))
    status: SessionStatus = Field(default=SessionStatus.confirmed, sa_type=words(SessionStatus))
    local_start: datetime = Field(sa_type=DateTime(timezone=False))
    local_end: datetime = Field(sa_type=DateTime(timezone=False))
    starts_at: datetime
    ends_at: datetime
    published_at: datetime | None = None
    sequence: int = 0
    changed_at: datetime


class Speaker(SQLModel, table=True):
    """A participant in a session's list, in its order."""

    __tablename__ = "speakers"
    __table_args__ = (
        UniqueConstraint("conference_id", "session_id", "participant_id"),
        tenant_key("session_id", "sessions"),
        tenant_key("participant_id", "participants"),
        Index("ix_speakers_participant", "conference_id", "participant_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID
    session_id: UUID
    participant_id: UUID
    role: SpeakerRole = Field(default=SpeakerRole.speaker, sa_type=words(SpeakerRole))
    position: int = 0
