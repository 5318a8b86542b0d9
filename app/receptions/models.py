"""Tables of receptions and invitations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.db import Json, new_id, tenant_key, words
from app.receptions.rules import Reply


class Reception(SQLModel, table=True):
    """A reception or dinner; `ranks` are those it is for.

    `extra` counts places laid for principals beyond the capacity.
    """

    __tablename__ = "receptions"
    __table_args__ = (
        UniqueConstraint("conference_id", "id"),
        tenant_key("room_id", "rooms"),
        CheckConstraint(
            "used >= 0 AND (used <= capacity OR used - extra <= capacity)",
            name="used_within_capacity",
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    title: dict[str, str] = Field(sa_type=Json)
    room_id: UUID | None = None
    place: str | None = Field(default=None, max_length=200)
    local_start: datetime = Field(sa_type=DateTime(timezone=False))
    local_end: datetime = Field(sa_type=DateTime(timezone=False))
    starts_at: datetime
    ends_at: datetime
    ranks: list[str] = Field(default_factory=list, sa_type=Json)
    capacity: int
    used: int = 0
    extra: int = 0
    dress: str | None = Field(default=None, max_length=200)
    version: int = 1


class ReceptionInvitation(SQLModel, table=True):
    """One person invited, and the reply; `companions` are further places the reply takes."""

    __tablename__ = "reception_invitations"
    __table_args__ = (
        UniqueConstraint("conference_id", "id"),
        UniqueConstraint("conference_id", "reception_id", "participant_id"),
        tenant_key("reception_id", "receptions"),
        tenant_key("participant_id", "participants"),
        Index("ix_reception_invitations_participant", "conference_id", "participant_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID
    reception_id: UUID
    participant_id: UUID
    reply: Reply = Field(default=Reply.no_reply, sa_type=words(Reply))
    companions_allowed: int = 0
    companions: int = 0
    invited_at: datetime
    replied_at: datetime | None = None
    replied_by: str | None = Field(default=None, max_length=200)
