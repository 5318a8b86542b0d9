"""What the API and the forms take and show of publications."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from app.core.schemas import Filled, Input, Line, Output
from app.figures.publications.rules import Origin
from app.figures.rules import Basis

InstantText = Annotated[str, StringConstraints(max_length=40)]
FigureText = Annotated[str, StringConstraints(max_length=40)]


class PublicationIn(Input):
    """A set of figures to give out; instants that are left out, and the rest of today, are now."""

    title: Filled
    basis: Basis = Basis.accredited
    as_of: InstantText | None = None
    known_at: InstantText | None = None
    language: Literal["en", "fr", "es", "ru", "ar", "zh"] = "en"
    form: Literal["sentence", "paragraph"] = "sentence"


class ReportIn(Input):
    """A press report to type in: figures by key, as the report tells them (`28`, `>450`).

    `edition`: it tells of an earlier edition that was not run here, dated by when that took place.
    """

    title: Filled
    source: Line | None = None
    dated: date | None = None
    edition: bool = False
    figures: Annotated[dict[str, FigureText | None], Field(max_length=100)]


class PublishedFigure(Output):
    """One figure as it was given out; `more`: told as more than the number."""

    key: str
    label: str
    definition: str
    number: int
    more: bool


class PublicationRow(Output):
    """A publication in a list."""

    id: UUID
    origin: Origin
    title: str
    source: str | None
    dated: date | None
    basis: Basis | None
    as_of: datetime | None
    known_at: datetime | None
    published_at: datetime
    published_by: str


class PublicationOut(PublicationRow):
    """A publication with all that it stands on."""

    conference: str
    terms: dict[str, object]
    excluded_counts: dict[str, int]
    figures: list[PublishedFigure]
    participation: list[dict[str, object]]
    text: str | None
    people: int | None
    people_hash: str | None


class Difference(Output):
    """A figure that is not any more what was published, and why."""

    key: str
    label: str
    published: int
    now: int
    sentence: str


class DifferencesOut(Output):
    """What has changed since; `intact`: the history still gives the same persons as then."""

    publication: UUID
    as_of: datetime
    known_at: datetime
    intact: bool
    differences: list[Difference]


class Side(Output):
    """One of two reports, and the way of counting that gives most of its figures.

    `also`: ways that give as many.
    """

    id: UUID
    title: str
    reading: str
    also: list[str]
    matched: int
    told: int


class Compared(Output):
    """One figure in two reports, and why they differ."""

    key: str
    label: str
    first: str | None
    second: str | None
    differs: bool
    sentence: str


class ComparisonOut(Output):
    """Two reports, figure by figure; `A` and `B` in the sentences are the first and the second."""

    conference: str
    first: Side
    second: Side
    figures: list[Compared]
