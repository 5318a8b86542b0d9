"""Tables of quotas and of the places taken in them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.db import Json, new_id, tenant_key, words
from app.delegations.rules import Kind


class Quota(SQLModel, table=True):
    """A capacity, and whom it covers: a kind, a delegation, roles; each absent means all."""

    __tablename__ = "quotas"
    __table_args__ = (
        UniqueConstraint("conference_id", "id"),
        UniqueConstraint("conference_id", "name"),
        tenant_key("delegation_id", "delegations"),
        CheckConstraint("used >= 0 AND used <= capacity", name="used_within_capacity"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    name: str = Field(max_length=200)
    capacity: int
    used: int = 0
    kind: Kind | None = Field(default=None, sa_type=words(Kind))
    delegation_id: UUID | None = None
    roles: list[str] = Field(default_factory=list, sa_type=Json)
    waiting_list: bool = False
    version: int = 1


class QuotaPlace(SQLModel, table=True):
    """One place of one quota, taken by one registration."""

    __tablename__ = "quota_places"
    __table_args__ = (
        UniqueConstraint("conference_id", "quota_id", "participant_id"),
        tenant_key("quota_id", "quotas"),
        tenant_key("participant_id", "participants"),
        Index("ix_quota_places_participant", "conference_id", "participant_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID
    quota_id: UUID
    participant_id: UUID
    taken_at: datetime
