"""Tables of delegations and of their versions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.db import BigId, Json, new_id, tenant_key, words
from app.delegations.rules import Hosting, InvitationStatus, Kind, Language, Reach


class Delegation(SQLModel, table=True):
    """What is invited; the plain row is the present state, `DelegationVersion` its history."""

    __tablename__ = "delegations"
    __table_args__ = (
        UniqueConstraint("conference_id", "id"),
        UniqueConstraint("conference_id", "code"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    code: str = Field(max_length=16)
    name: str = Field(max_length=300)
    names: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    kind: Kind = Field(sa_type=words(Kind))
    reach: Reach | None = Field(default=None, sa_type=words(Reach))
    iso3: str | None = Field(default=None, max_length=3)
    invitation_status: InvitationStatus = Field(
        default=InvitationStatus.invited, sa_type=words(InvitationStatus)
    )
    hosting: Hosting | None = Field(default=None, sa_type=words(Hosting))
    language: Language | None = Field(default=None, sa_type=words(Language))
    search: str
    created_at: datetime
    version: int = 1


class DelegationVersion(SQLModel, table=True):
    """What figures count of a delegation, from an instant on, as known since another."""

    __tablename__ = "delegation_versions"
    __table_args__ = (
        tenant_key("delegation_id", "delegations"),
        Index(
            "ix_delegation_versions_at",
            "conference_id",
            "delegation_id",
            "valid_from",
            "recorded_at",
            "id",
        ),
    )

    id: int | None = Field(default=None, sa_type=BigId, primary_key=True)
    conference_id: UUID
    delegation_id: UUID
    valid_from: datetime
    recorded_at: datetime
    kind: Kind = Field(sa_type=words(Kind))
    reach: Reach | None = Field(default=None, sa_type=words(Reach))
    invitation_status: InvitationStatus = Field(sa_type=words(InvitationStatus))
