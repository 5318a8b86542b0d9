"""Tables of participants and of their versions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

from app.core.db import BigId, Json, new_id, tenant_key, words
from app.participants.rules import Mode, Rank, Role, Sex, Status

_HEAD = text("role = 'head' AND status IN ('nominated', 'submitted', 'approved', 'waitlisted')")
_KEYED = text("import_key IS NOT NULL")


class Participant(SQLModel, table=True):
    """One counted participation; the plain row is the present state, versions its history.

    `overflow`: approved beyond a quota's capacity. `waiting_priority`: the higher waits less long;
    `offered_until`: a place is kept until then for this person, who still waits.
    """

    __tablename__ = "participants"
    __table_args__ = (
        UniqueConstraint("conference_id", "id"),
        tenant_key("delegation_id", "delegations"),
        tenant_key("photo_id", "stored_files"),
        Index(
            "uq_participants_head",
            "conference_id",
            "delegation_id",
            unique=True,
            sqlite_where=_HEAD,
            postgresql_where=_HEAD,
        ),
        Index(
            "uq_participants_import_key",
            "conference_id",
            "import_key",
            unique=True,
            sqlite_where=_KEYED,
            postgresql_where=_KEYED,
        ),
        Index("ix_participants_order", "conference_id", "delegation_id", "position"),
        Index("ix_participants_status", "conference_id", "status"),
        Index("ix_participants_skeleton", "conference_id", "skeleton"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    delegation_id: UUID
    position: int = 0
    name: str = Field(max_length=300)
    given_names: str | None = Field(default=None, max_length=200)
    family_name: str | None = Field(default=None, max_length=200)
    names: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    sort_key: str
    search: str
    skeleton: str
    style: str | None = Field(default=None, max_length=100)
    function: str | None = Field(default=None, max_length=500)
    division: str | None = Field(default=None, max_length=500)
    affiliation: str | None = Field(default=None, max_length=500)
    role: Role = Field(default=Role.delegate, sa_type=words(Role))
    rank: Rank | None = Field(default=None, sa_type=words(Rank))
    rank_suggested: Rank | None = Field(default=None, sa_type=words(Rank))
    acting: bool = False
    sex: Sex | None = Field(default=None, sa_type=words(Sex))
    mode: Mode = Field(default=Mode.in_person, sa_type=words(Mode))
    status: Status = Field(default=Status.nominated, sa_type=words(Status))
    status_reason: str | None = Field(default=None, max_length=500)
    status_at: datetime
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=64)
    languages: list[str] | None = Field(default=None, sa_type=Json)
    dietary: str | None = Field(default=None, max_length=500)
    access_needs: str | None = Field(default=None, max_length=500)
    external_id: str | None = Field(default=None, max_length=200)
    import_key: str | None = Field(default=None, max_length=64)
    import_row: str | None = Field(default=None, max_length=64)
    photo_id: UUID | None = None
    overflow: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    waiting_priority: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    offered_until: datetime | None = None
    created_at: datetime
    version: int = 1


class ParticipantVersion(SQLModel, table=True):
    """What figures count of a person, from an instant on, as known since another."""

    __tablename__ = "participant_versions"
    __table_args__ = (
        tenant_key("participant_id", "participants"),
        tenant_key("delegation_id", "delegations"),
        Index(
            "ix_participant_versions_at",
            "conference_id",
            "participant_id",
            "valid_from",
            "recorded_at",
            "id",
        ),
        # Figures ask whether anything was told since an instant: if not, people are as they were.
        Index("ix_participant_versions_recorded", "conference_id", "recorded_at"),
        CheckConstraint("valid_from <= recorded_at", name="told_after"),
    )

    id: int | None = Field(default=None, sa_type=BigId, primary_key=True)
    conference_id: UUID
    participant_id: UUID
    valid_from: datetime
    recorded_at: datetime
    delegation_id: UUID
    status: Status = Field(sa_type=words(Status))
    rank: Rank | None = Field(default=None, sa_type=words(Rank))
    role: Role = Field(sa_type=words(Role))
    mode: Mode = Field(sa_type=words(Mode))
    sex: Sex | None = Field(default=None, sa_type=words(Sex))


class ImportFile(SQLModel, table=True):
    """An uploaded file between its preview and its confirmation."""

    __tablename__ = "import_files"
    __table_args__ = (
        UniqueConstraint("conference_id", "id"),
        tenant_key("file_id", "stored_files"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    file_id: UUID
    filename: str = Field(max_length=200)
    sheet: str | None = Field(default=None, max_length=100)
    columns: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    status: Status = Field(default=Status.nominated, sa_type=words(Status))
    created_at: datetime
    confirmed_at: datetime | None = None
    result: dict[str, object] | None = Field(default=None, sa_type=Json)
