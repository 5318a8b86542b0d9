"""Tables of badges and of prints."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.badges.rules import BatchState, Design
from app.core.db import Json, new_id, tenant_key, words

_ACTIVE = text("revoked_at IS NULL AND participant_id IS NOT NULL")
_CARD = text("delegation_id IS NOT NULL")


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
        Index(
            "ix_badges_collected",
            "conference_id",
            "participant_id",
            "collected_at",
            "collected_recorded_at",
        ),
        Index(
            "ix_badges_cards",
            "conference_id",
            "delegation_id",
            sqlite_where=_CARD,
            postgresql_where=_CARD,
        ),
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
    label: str | None = Field(default=None, max_length=200)
    collected_letter: str | None = Field(default=None, max_length=200)
    identity_check: str | None = Field(default=None, max_length=200)


class PrintBatch(SQLModel, table=True):
    """What was printed together: the order, how far it came, and the serials handed on with it."""

    __tablename__ = "print_batches"
    __table_args__ = (
        UniqueConstraint("conference_id", "id"),
        Index("ix_print_batches_created", "conference_id", "created_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    title: str = Field(max_length=200)
    design: Design = Field(default=Design.a6, sa_type=words(Design))
    state: BatchState = Field(default=BatchState.waiting, sa_type=words(BatchState))
    serials: list[str] = Field(sa_type=Json)
    done: int = 0
    held: int = 0
    created_at: datetime
    created_by: str = Field(max_length=200)
    finished_at: datetime | None = None


class PrintFile(SQLModel, table=True):
    """One PDF of a batch, sealed; kept for a day."""

    __tablename__ = "print_files"
    __table_args__ = (
        UniqueConstraint("batch_id", "position"),
        tenant_key("batch_id", "print_batches"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    batch_id: UUID
    position: int
    badges: int
    sealed: bytes = Field(sa_type=LargeBinary)
    made_at: datetime
