"""Tables beside a participant: changes asked for, acting heads, further capacities."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.core.db import Json, new_id, tenant_key, words
from app.participants.change_rules import Asks, CapacityKind, RequestStatus

_OPEN = text("ends_at IS NULL")


class ChangeRequest(SQLModel, table=True):
    """What a delegation wants changed of an approved person; nothing changes until decided."""

    __tablename__ = "change_requests"
    __table_args__ = (
        UniqueConstraint("conference_id", "id"),
        tenant_key("participant_id", "participants"),
        Index("ix_change_requests_participant", "conference_id", "participant_id"),
        Index("ix_change_requests_status", "conference_id", "status", "asked_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    participant_id: UUID
    kind: Asks = Field(sa_type=words(Asks))
    changes: dict[str, object] = Field(default_factory=dict, sa_type=Json)
    participant_version: int
    asked_at: datetime
    asked_by: str = Field(max_length=200)
    because: str | None = Field(default=None, max_length=300)
    status: RequestStatus = Field(default=RequestStatus.pending, sa_type=words(RequestStatus))
    decided_at: datetime | None = None
    decided_by: str | None = Field(default=None, max_length=200)
    reason: str | None = Field(default=None, max_length=300)


class ActingHead(SQLModel, table=True):
    """Who acts as head of a delegation, from an instant until another; nobody is revoked by it."""

    __tablename__ = "acting_heads"
    __table_args__ = (
        tenant_key("delegation_id", "delegations"),
        tenant_key("participant_id", "participants"),
        CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name="ends_after_start"),
        Index(
            "uq_acting_heads_open",
            "conference_id",
            "delegation_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_acting_heads_participant", "conference_id", "participant_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    delegation_id: UUID
    participant_id: UUID
    starts_at: datetime
    ends_at: datetime | None = None


class FurtherCapacity(SQLModel, table=True):
    """In what else a person takes part, beside the one counted participation; never counted."""

    __tablename__ = "further_capacities"
    __table_args__ = (
        UniqueConstraint("conference_id", "id"),
        tenant_key("participant_id", "participants"),
        tenant_key("delegation_id", "delegations"),
        CheckConstraint("(delegation_id IS NULL) <> (organization IS NULL)", name="one_body"),
        Index("ix_further_capacities_participant", "conference_id", "participant_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    participant_id: UUID
    kind: CapacityKind = Field(sa_type=words(CapacityKind))
    delegation_id: UUID | None = None
    organization: str | None = Field(default=None, max_length=300)
    function: str | None = Field(default=None, max_length=500)
    created_at: datetime
