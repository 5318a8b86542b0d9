"""Tables of identity documents, of the keys that find look-alikes, and of pairs told apart."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.core.db import new_id, tenant_key, words
from app.participants.vetting.rules import DocumentType

_ACTIVE = text("active")


class IdentityDocument(SQLModel, table=True):
    """One person's document: the number sealed, and a keyed digest that only finds its equal.

    `active` repeats whether the registration is, so that the index can hold the promise.
    """

    __tablename__ = "identity_documents"
    __table_args__ = (
        UniqueConstraint("conference_id", "participant_id"),
        tenant_key("participant_id", "participants"),
        Index(
            "uq_identity_documents_active",
            "conference_id",
            "digest",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID
    participant_id: UUID
    type: DocumentType = Field(sa_type=words(DocumentType))
    issuing_state: str = Field(max_length=3)
    sealed_number: bytes = Field(sa_type=LargeBinary)
    digest: str = Field(max_length=64)
    active: bool
    expires_on: date | None = None
    created_at: datetime


class NameKey(SQLModel, table=True):
    """What a person's names, in each script, have in common with names that look alike."""

    __tablename__ = "name_keys"
    __table_args__ = (
        tenant_key("participant_id", "participants"),
        Index("ix_name_keys_participant", "conference_id", "participant_id"),
    )

    conference_id: UUID = Field(primary_key=True)
    key: str = Field(max_length=100, primary_key=True)
    participant_id: UUID = Field(primary_key=True)


class DistinctPair(SQLModel, table=True):
    """Two people of whom an officer said: not the same person."""

    __tablename__ = "distinct_pairs"
    __table_args__ = (
        tenant_key("first_id", "participants"),
        tenant_key("second_id", "participants"),
        CheckConstraint("first_id < second_id", name="first_before_second"),
        Index("ix_distinct_pairs_second", "conference_id", "second_id"),
    )

    conference_id: UUID = Field(primary_key=True)
    first_id: UUID = Field(primary_key=True)
    second_id: UUID = Field(primary_key=True)
    decided_at: datetime
