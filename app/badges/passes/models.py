"""Table of zone passes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.db import new_id, tenant_key


class ZonePass(SQLModel, table=True):
    """A zone, by its bit in the code, that a person's badge opens beyond its category."""

    __tablename__ = "zone_passes"
    __table_args__ = (
        UniqueConstraint("conference_id", "participant_id", "bit"),
        tenant_key("participant_id", "participants"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID
    participant_id: UUID
    bit: int
    granted_at: datetime
    granted_by: str = Field(max_length=200)
