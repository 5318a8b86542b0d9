"""Tables of the conference's own columns and of their values."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.db import BigId, Json, new_id, tenant_key, words
from app.participants.columns.rules import ColumnKind, Share


class Column(SQLModel, table=True):
    """A column that one conference added: what it holds, and who reads and writes it."""

    __tablename__ = "columns"
    __table_args__ = (
        UniqueConstraint("conference_id", "id"),
        UniqueConstraint("conference_id", "key"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    key: str = Field(max_length=41)
    label: dict[str, str] = Field(sa_type=Json)
    kind: ColumnKind = Field(sa_type=words(ColumnKind))
    choices: list[str] = Field(default_factory=list, sa_type=Json)
    position: int = 0
    readers: list[str] = Field(sa_type=Json)
    delegation: Share = Field(default=Share.hidden, sa_type=words(Share))
    person: Share = Field(default=Share.hidden, sa_type=words(Share))
    created_at: datetime
    version: int = 1


class ColumnValue(SQLModel, table=True):
    """One person's value. An emptied one stays as a row: an import must not bring it back.

    `stated` marks what a file said when it was last imported, as `intake.stamps` do for fields.
    """

    __tablename__ = "column_values"
    __table_args__ = (
        UniqueConstraint("conference_id", "participant_id", "column_id"),
        tenant_key("participant_id", "participants"),
        tenant_key("column_id", "columns"),
        Index("ix_column_values_value", "conference_id", "column_id", "value"),
    )

    id: int | None = Field(default=None, sa_type=BigId, primary_key=True)
    conference_id: UUID
    participant_id: UUID
    column_id: UUID
    value: str | None = Field(default=None, max_length=500)
    search: str | None = None
    stated: int | None = Field(default=None, sa_type=BigId)
