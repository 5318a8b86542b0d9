"""The table of letters."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.db import new_id, tenant_key, words
from app.delegations.invitations.rules import Channel
from app.delegations.letters.rules import LetterKind


class Letter(SQLModel, table=True):
    """A paper of a delegation, with its file."""

    __tablename__ = "letters"
    __table_args__ = (
        UniqueConstraint("conference_id", "id"),
        tenant_key("delegation_id", "delegations"),
        tenant_key("file_id", "stored_files"),
        Index("ix_letters_delegation", "conference_id", "delegation_id", "created_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    delegation_id: UUID
    kind: LetterKind = Field(sa_type=words(LetterKind))
    number: str | None = Field(default=None, max_length=100)
    dated: date | None = None
    signatory: str | None = Field(default=None, max_length=200)
    channel: Channel | None = Field(default=None, sa_type=words(Channel))
    file_id: UUID
    created_at: datetime
