"""The table of decisions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.core.db import BigId, tenant_key


class EarlierPart(SQLModel, table=True):
    """An officer's decision of who a person was at an earlier edition; the latest one holds.

    `earlier_id` is that edition's participant, none for somebody who comes for the first time. It
    has no foreign key: another tenant may erase its people, and it stays true that they came.
    """

    __tablename__ = "earlier_parts"
    __table_args__ = (
        tenant_key("participant_id", "participants"),
        Index("ix_earlier_parts_person", "conference_id", "participant_id", "decided_at"),
    )

    id: int | None = Field(default=None, sa_type=BigId, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    participant_id: UUID
    earlier_id: UUID | None = None
    decided_at: datetime
    decided_by: str = Field(max_length=200)
