"""Tables of invitations: proposals, the steps of each delegation, and who is not invited."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.db import BigId, Json, new_id, tenant_key, words
from app.delegations.invitations.rules import Act, Channel, ProposalState


class InvitationProposal(SQLModel, table=True):
    """Delegations to be invited under one letter, until a second officer decides."""

    __tablename__ = "invitation_proposals"
    __table_args__ = (Index("ix_invitation_proposals_state", "conference_id", "state"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    codes: list[str] = Field(sa_type=Json)
    left_out: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    number: str = Field(max_length=100)
    dated: date
    reply_by: date | None = None
    state: ProposalState = Field(default=ProposalState.proposed, sa_type=words(ProposalState))
    proposed_by: UUID | None = None
    proposer: str = Field(max_length=200)
    created_at: datetime
    decider: str | None = Field(default=None, max_length=200)
    decided_at: datetime | None = None


class InvitationStep(SQLModel, table=True):
    """What happened to a delegation's invitation, with the paper behind it."""

    __tablename__ = "invitation_steps"
    __table_args__ = (
        tenant_key("delegation_id", "delegations"),
        Index("ix_invitation_steps_act", "conference_id", "delegation_id", "act"),
    )

    id: int | None = Field(default=None, sa_type=BigId, primary_key=True)
    conference_id: UUID
    delegation_id: UUID
    at: datetime
    act: Act = Field(sa_type=words(Act))
    channel: Channel | None = Field(default=None, sa_type=words(Channel))
    number: str | None = Field(default=None, max_length=100)
    dated: date | None = None
    reply_by: date | None = None
    by_name: str = Field(max_length=200)


class NotInvited(SQLModel, table=True):
    """A delegation's code, or a state's, that nobody invites to this conference."""

    __tablename__ = "not_invited"
    __table_args__ = (UniqueConstraint("conference_id", "code"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    code: str = Field(max_length=16)
    reason: str = Field(max_length=300)
    created_at: datetime
