"""Tables of gates, scans and attested presence."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

from app.core.db import BigId, Json, new_id, tenant_key, words
from app.gates.rules import Direction, GateKind, Result, Source

_PRESENT = text("present")
_ANNULLED = text("was_present")
_CONFLICT = text("conflict IS NOT NULL")


class Gate(SQLModel, table=True):
    """A check-in point; `counts` says whether an admitted entry is attendance."""

    __tablename__ = "gates"
    __table_args__ = (
        UniqueConstraint("conference_id", "id"),
        UniqueConstraint("conference_id", "name"),
        tenant_key("session_id", "sessions"),
        tenant_key("reception_id", "receptions"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    name: str = Field(max_length=200)
    kind: GateKind = Field(default=GateKind.zone, sa_type=words(GateKind))
    zone: int = 0
    session_id: UUID | None = None
    reception_id: UUID | None = None
    counts: bool = True
    position: int = 0
    rules: dict[str, object] = Field(
        default_factory=dict, sa_type=Json, sa_column_kwargs={"server_default": text("'{}'")}
    )
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})


class Scan(SQLModel, table=True):
    """One reading of a badge at a gate, admitted or refused, with the answer that was given.

    `passed` says that its holder went through. What a device decided alone (`offline_result`) is a
    fact; `conflict` is what the gate decides once all devices were heard, where that differs. Only
    annulling takes a passage back; `was_present` then keeps what was believed until `annulled_at`.
    """

    __tablename__ = "scans"
    __table_args__ = (
        UniqueConstraint("device_id", "nonce"),
        tenant_key("gate_id", "gates"),
        tenant_key("badge_id", "badges"),
        tenant_key("participant_id", "participants"),
        Index(
            "ix_scans_present",
            "participant_id",
            "at",
            "recorded_at",
            "gate_id",
            "present",
            sqlite_where=_PRESENT,
            postgresql_where=_PRESENT,
        ),
        Index(
            "ix_scans_annulled",
            "conference_id",
            "participant_id",
            "at",
            "recorded_at",
            "annulled_at",
            "gate_id",
            "was_present",
            sqlite_where=_ANNULLED,
            postgresql_where=_ANNULLED,
        ),
        Index("ix_scans_inside", "badge_id", "gate_id", "local_day", "at"),
        Index("ix_scans_gate", "conference_id", "gate_id", "at"),
        Index(
            "ix_scans_conflicts",
            "conference_id",
            "at",
            sqlite_where=_CONFLICT,
            postgresql_where=_CONFLICT,
        ),
    )

    id: int | None = Field(default=None, sa_type=BigId, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    gate_id: UUID
    badge_id: UUID | None = None
    participant_id: UUID | None = None
    # A token or, at the scanner page, a user: a fact outlives both, so there is no foreign key.
    device_id: UUID
    nonce: str = Field(max_length=64)
    direction: Direction = Field(default=Direction.entry, sa_type=words(Direction))
    device_at: datetime
    at: datetime
    received_at: datetime
    recorded_at: datetime
    local_day: date
    result: Result = Field(sa_type=words(Result))
    explanation: str | None = Field(default=None, max_length=200)
    forced: bool = False
    present: bool = False
    passed: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    offline_result: str | None = Field(default=None, max_length=32)
    conflict: Result | None = Field(default=None, sa_type=words(Result))
    annulled_at: datetime | None = None
    was_present: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class Attestation(SQLModel, table=True):
    """Presence without a scan: seen by a named officer, or taking part from afar."""

    __tablename__ = "attestations"
    __table_args__ = (
        UniqueConstraint("conference_id", "id"),
        tenant_key("participant_id", "participants"),
        Index("ix_attestations_participant", "participant_id", "at", "recorded_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    participant_id: UUID
    source: Source = Field(default=Source.attested, sa_type=words(Source))
    place: str = Field(max_length=200)
    note: str | None = Field(default=None, max_length=500)
    at: datetime
    recorded_at: datetime
    attested_by: str = Field(max_length=200)


class SettledConflict(SQLModel, table=True):
    """An officer's word on a conflict as it was `found`; found otherwise later it is open again."""

    __tablename__ = "settled_conflicts"

    scan_id: int = Field(sa_type=BigId, primary_key=True, foreign_key="scans.id")
    conference_id: UUID = Field(foreign_key="conferences.id")
    found: Result = Field(sa_type=words(Result))
    note: str = Field(max_length=300)
    settled_at: datetime
    settled_by: str = Field(max_length=200)
