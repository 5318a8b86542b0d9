"""The table of publications and press reports."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.db import Json, new_id, words
from app.figures.publications.rules import Origin
from app.figures.rules import Basis


class Publication(SQLModel, table=True):
    """Figures given out by us (`frozen`), or by others and typed in (`typed`); never changed.

    `figures`: by key `{"number", "more"}`; `definitions`: the words of each figure as they were;
    `terms`: ministerial ranks, excluded roles and rounding step; `people_hash`: SHA-256 over the
    ids of all persons counted. What was typed in has neither basis nor instants.
    """

    __tablename__ = "publications"
    __table_args__ = (
        UniqueConstraint("conference_id", "id"),
        Index("ix_publications_published", "conference_id", "published_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conference_id: UUID = Field(foreign_key="conferences.id")
    origin: Origin = Field(sa_type=words(Origin))
    title: str = Field(max_length=300)
    source: str | None = Field(default=None, max_length=300)
    dated: date | None = None
    basis: Basis | None = Field(default=None, sa_type=words(Basis))
    as_of: datetime | None = None
    known_at: datetime | None = None
    terms: dict[str, object] = Field(default_factory=dict, sa_type=Json)
    figures: dict[str, dict[str, int]] = Field(sa_type=Json)
    definitions: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    excluded_counts: dict[str, int] = Field(default_factory=dict, sa_type=Json)
    participation: list[dict[str, object]] = Field(default_factory=list, sa_type=Json)
    text: str | None = Field(default=None, max_length=5_000)
    people: int | None = None
    people_hash: str | None = Field(default=None, max_length=64)
    published_at: datetime
    published_by: str = Field(max_length=200)
