"""Table of badges."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.core.db import new_id, tenant_key

_ACTIVE = text("revoked_at IS NULL AND participant_id IS NOT NULL")


class Badge(SQLModel, table=True):
    """One serial: for a participant, a delegation (transferable card) or nobody (day badge)."""

    __tablename__ = "badges"
    __table_args__ = (
        UniqueConstraint("conference_id", "id"),
        tenant_key("participant_id", "participants"),
        tenant_key("delegation_id", "delegations"),
        Index(
            "uq_badges_active",
            "conference_id",
            "participant_id",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
        Index("ix_badges_collected", "conference_id", "participant_id", "collected_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    participant_id: UUID | None = None
    delegation_id: UUID | None = None
    serial: int = Field(sa_type=BigInteger, unique=True)
    category: str = Field(max_length=32)
    zones: int = Field(sa_type=BigInteger)
    takes_floor: bool = True
    valid_from: date
    valid_until: date
    key_id: int
    code: str = Field(max_length=144)
    matrix: bytes = Field(sa_type=LargeBinary)
    issued_at: datetime
    printed_at: datetime | None = None
    handed_over_at: datetime | None = None
    handed_over_to: str | None = Field(default=None, max_length=200)
    collected_at: datetime | None = None
    collected_recorded_at: datetime | None = None
    collected_by: str | None = Field(default=None, max_length=200)
    revoked_at: datetime | None = None
    revoked_reason: str | None = Field(default=None, max_length=200)
