"""Tables of series, conferences and the files kept for a conference."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.db import Json, new_id


class Series(SQLModel, table=True):
    """A process with several conferences."""

    __tablename__ = "series"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    slug: str = Field(max_length=64, unique=True)
    title: dict[str, str] = Field(sa_type=Json)


class Conference(SQLModel, table=True):
    """One edition; the tenant of everything above it."""

    __tablename__ = "conferences"
    __table_args__ = (CheckConstraint("starts <= ends", name="starts_before_ends"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    slug: str = Field(max_length=64, unique=True)
    series_id: UUID | None = Field(default=None, foreign_key="series.id", index=True)
    title: dict[str, str] = Field(sa_type=Json)
    starts: date
    ends: date
    timezone: str = Field(max_length=64)
    venue: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    city: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    patron: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    languages: list[str] = Field(sa_type=Json)
    policies: dict[str, object] = Field(default_factory=dict, sa_type=Json)
    accent: str = Field(default="#1a5276", max_length=7)
    sample: bool = False
    held_here: bool = True
    created_at: datetime
    version: int = 1


class StoredFile(SQLModel, table=True):
    """Encrypted bytes of a photo or letter, so that one commit and one backup cover everything."""

    __tablename__ = "stored_files"
    __table_args__ = (
        UniqueConstraint("conference_id", "id"),
        UniqueConstraint("conference_id", "sha256"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    sha256: str = Field(max_length=64)
    media_type: str = Field(max_length=64)
    size: int
    sealed: bytes = Field(sa_type=LargeBinary)
    created_at: datetime
