"""The table of certificates."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.core.db import new_id, tenant_key

_VALID = text("revoked_at IS NULL")


class Certificate(SQLModel, table=True):
    """Says that a person attended; one that is not revoked at a time."""

    __tablename__ = "certificates"
    __table_args__ = (
        UniqueConstraint("conference_id", "id"),
        tenant_key("participant_id", "participants"),
        Index(
            "uq_certificates_valid",
            "conference_id",
            "participant_id",
            unique=True,
            sqlite_where=_VALID,
            postgresql_where=_VALID,
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    participant_id: UUID
    code: str = Field(max_length=16, unique=True)
    issued_at: datetime
    issued_by: str = Field(max_length=200)
    revoked_at: datetime | None = None
    reason: str | None = Field(default=None, max_length=300)
