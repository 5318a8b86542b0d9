"""What the API and the forms take and show of conferences."""

from datetime import date
from typing import Annotated
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from app.core.schemas import ByLanguage, Filled, Input, LanguageTag, Output


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("This is no time zone; write one such as Asia/Kuwait.")
    return name


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$")]
Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_zone)]
Accent = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]


class SeriesIn(Input):
    """A series to create."""

    slug: Slug
    title: Annotated[ByLanguage, Field(min_length=1)]


class ConferenceIn(Input):
    """A conference to create."""

    slug: Slug
    title: Annotated[ByLanguage, Field(min_length=1)]
    starts: date
    ends: date
    timezone: Zone
    venue: ByLanguage = {}
    city: ByLanguage = {}
    patron: ByLanguage = {}
    languages: Annotated[list[LanguageTag], Field(min_length=1, max_length=12)] = ["en"]
    series: Filled | None = None
    accent: Accent = "#1a5276"

    @model_validator(mode="after")
    def _order(self) -> "ConferenceIn":
        if self.ends < self.starts:
            raise ValueError("A conference ends on or after the day it starts.")
        return self


class ConferenceOut(Output):
    """A conference as the API shows it."""

    id: UUID
    slug: str
    title: dict[str, str]
    starts: date
    ends: date
    timezone: str
    venue: dict[str, str]
    city: dict[str, str]
    patron: dict[str, str]
    languages: list[str]
    sample: bool
    held_here: bool
