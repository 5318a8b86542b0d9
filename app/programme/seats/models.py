"""Table of seats."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.db import new_id, tenant_key


class Seat(SQLModel, table=True):
    """A person who sits in a session."""

    __tablename__ = "session_seats"
    __table_args__ = (
        UniqueConstraint("conference_id", "session_id", "participant_id"),
        tenant_key("session_id", "sessions"),
        tenant_key("participant_id", "participants"),
        Index("ix_session_seats_participant", "conference_id", "participant_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID
    session_id: UUID
    participant_id: UUID
    taken_at: datetime
