"""Tables of accounts: users, grants, sign-ins, tokens and the audit chain."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, PrimaryKeyConstraint, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.accounts.rules import LinkPurpose, Role
from app.core.db import BigId, Json, new_id, words


class User(SQLModel, table=True):
    """A person who signs in; global, not of one conference."""

    __tablename__ = "users"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    email: str = Field(max_length=254, unique=True)
    name: str = Field(max_length=200)
    password_hash: str | None = Field(default=None, max_length=200)
    is_active: bool = True
    created_at: datetime


class Grant(SQLModel, table=True):
    """A role of a user in one conference (or, for an administrator, in all)."""

    __tablename__ = "grants"
    __table_args__ = (
        Index(
            "uq_grants_installation",
            "user_id",
            "role",
            unique=True,
            sqlite_where=text("conference_id IS NULL"),
            postgresql_where=text("conference_id IS NULL"),
        ),
        UniqueConstraint("user_id", "role", "conference_id", "delegation_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", index=True)
    role: Role = Field(sa_type=words(Role))
    conference_id: UUID | None = Field(default=None, foreign_key="conferences.id", index=True)
    delegation_id: UUID | None = Field(default=None, foreign_key="delegations.id")


class SignIn(SQLModel, table=True):
    """A session of a user in a browser: 256 random bits, stored hashed."""

    __tablename__ = "sign_ins"

    token_hash: str = Field(primary_key=True, max_length=64)
    user_id: UUID = Field(foreign_key="users.id", index=True)
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


class Token(SQLModel, table=True):
    """A credential of a script (`Token …`) or a scanner (`Device …`), stored hashed."""

    __tablename__ = "tokens"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: str = Field(max_length=16)
    name: str = Field(max_length=200)
    token_hash: str = Field(max_length=64, unique=True)
    role: Role = Field(sa_type=words(Role))
    conference_id: UUID | None = Field(default=None, foreign_key="conferences.id")
    delegation_id: UUID | None = Field(default=None, foreign_key="delegations.id")
    gate_id: UUID | None = Field(default=None, foreign_key="gates.id")
    created_at: datetime
    last_seen_at: datetime | None = None
    revoked_at: datetime | None = None


class AuditEntry(SQLModel, table=True):
    """One link of a chain: who did what to which thing; field names and digests, never values."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        PrimaryKeyConstraint("chain", "seq"),
        Index("ix_audit_entries_target", "chain", "target_id", "at"),
    )

    chain: str = Field(max_length=36)
    seq: int = Field(sa_type=BigId)
    at: datetime
    actor_kind: str = Field(max_length=16)
    actor_id: UUID | None = None
    action: str = Field(max_length=64)
    target_kind: str = Field(max_length=32)
    target_id: str = Field(max_length=64)
    fields: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    salt: str = Field(max_length=32)
    mac: str = Field(max_length=64)


class AuditHead(SQLModel, table=True):
    """The last link of each chain; locked last in a transaction."""

    __tablename__ = "audit_heads"

    chain: str = Field(primary_key=True, max_length=36)
    seq: int = Field(sa_type=BigId)
    mac: str = Field(max_length=64)


class Link(SQLModel, table=True):
    """A link of a mail: 256 random bits for one purpose, stored hashed.

    Without a user it is the answer to an address that nobody has: written to take the same time.
    """

    __tablename__ = "links"

    token_hash: str = Field(primary_key=True, max_length=64)
    purpose: LinkPurpose = Field(sa_type=words(LinkPurpose))
    user_id: UUID | None = Field(default=None, foreign_key="users.id", index=True)
    delegation_id: UUID | None = Field(default=None, foreign_key="delegations.id")
    path: str = Field(default="/", max_length=500)
    created_at: datetime
    expires_at: datetime = Field(index=True)
    used_at: datetime | None = None
