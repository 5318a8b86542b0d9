"""Tables of quotas, of places taken in them, and of slots held before a name is known."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from app.core.db import Json, new_id, tenant_key, words
from app.delegations.rules import Kind


class Quota(SQLModel, table=True):
    """A capacity, and whom it covers: a kind, a delegation, roles; each absent means all.

    With `per_delegation` the capacity is each delegation's own: its places are counted in a quota
    with this `parent_id`, made when first needed, or by an officer as an exception with a capacity
    of its own. `thing_kind` and `thing_id` name a reception (or what else a feature registered)
    whose places these are; registrations for the conference need none here.
    """

    __tablename__ = "quotas"
    __table_args__ = (
        UniqueConstraint("conference_id", "id"),
        UniqueConstraint("conference_id", "name"),
        tenant_key("delegation_id", "delegations"),
        CheckConstraint("used >= 0 AND used <= capacity", name="used_within_capacity"),
        Index("uq_quotas_parent", "parent_id", "delegation_id", unique=True),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    name: str = Field(max_length=200)
    capacity: int
    used: int = 0
    kind: Kind | None = Field(default=None, sa_type=words(Kind))
    delegation_id: UUID | None = None
    roles: list[str] = Field(default_factory=list, sa_type=Json)
    thing_kind: str | None = Field(default=None, max_length=32)
    thing_id: UUID | None = None
    per_delegation: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    parent_id: UUID | None = Field(default=None, foreign_key="quotas.id")
    exception: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    waiting_list: bool = False
    offer_hours: int | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    version: int = 1


class QuotaPlace(SQLModel, table=True):
    """One place of one quota, taken by one registration; an `overflow` is beyond the capacity."""

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
    overflow: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class Slot(SQLModel, table=True):
    """A place held for a delegation; its places pass to the participant at approval."""

    __tablename__ = "slots"
    __table_args__ = (
        UniqueConstraint("conference_id", "id"),
        UniqueConstraint("conference_id", "participant_id"),
        tenant_key("delegation_id", "delegations"),
        tenant_key("participant_id", "participants"),
        Index("ix_slots_delegation", "conference_id", "delegation_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    delegation_id: UUID
    role: str = Field(max_length=32)
    held_at: datetime
    participant_id: UUID | None = None


class SlotPlace(SQLModel, table=True):
    """One place of one quota, held by a slot."""

    __tablename__ = "slot_places"
    __table_args__ = (
        UniqueConstraint("conference_id", "quota_id", "slot_id"),
        tenant_key("quota_id", "quotas"),
        tenant_key("slot_id", "slots"),
        Index("ix_slot_places_slot", "conference_id", "slot_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID
    quota_id: UUID
    slot_id: UUID
