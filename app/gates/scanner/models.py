"""Table of pairing codes."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.core.db import new_id, tenant_key


class PairingCode(SQLModel, table=True):
    """A one-time code for a scanner at a gate, kept as a keyed hash until it ends."""

    __tablename__ = "pairing_codes"
    __table_args__ = (tenant_key("gate_id", "gates"),)

    code_hash: str = Field(primary_key=True, max_length=64)
    id: UUID = Field(default_factory=new_id)
    conference_id: UUID = Field(foreign_key="conferences.id")
    gate_id: UUID
    created_at: datetime
    expires_at: datetime = Field(index=True)
    used_at: datetime | None = None
