"""The table of personal links."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.core.db import new_id, tenant_key, words

_LIVE = text("revoked_at IS NULL")


class Purpose(StrEnum):
    """What a link is for."""

    own_data = "own_data"
    reply = "reply"


class PersonalLink(SQLModel, table=True):
    """A capability of one person for one purpose; one of a kind is live at a time."""

    __tablename__ = "personal_links"
    __table_args__ = (
        tenant_key("participant_id", "participants"),
        Index(
            "uq_personal_links_live",
            "conference_id",
            "participant_id",
            "purpose",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    participant_id: UUID
    purpose: Purpose = Field(sa_type=words(Purpose))
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime
    revoked_at: datetime | None = None
