"""The small print under figures in words: as of when, whom they count and whom they do not."""

from datetime import datetime
from typing import Protocol

from app.core import clock, dates
from app.core.text import joined, message
from app.figures import sentences
from app.figures.rules import Basis
from app.web.labels import label


class Standing(Protocol):
    """What any set of figures stands on."""

    basis: Basis
    as_of: datetime
    known_at: datetime
    excluded: list[str]


def notes(found: Standing, zone: str, language: str, undecided: int = 0) -> list[str]:
    """Whole sentences in the language, instants by the clocks of the conference's time zone.

    `undecided`: how many are counted without a decided rank.
    """
    texts = sentences.texts(language)
    words = texts["dashboard"]

    def local(instant: datetime) -> str:
        return dates.stamp(clock.utc_to_local(instant, zone), language)

    definition = texts["definitions"][found.basis]
    definition = f"{definition[:1].upper()}{definition[1:]}"
    roles = joined([label(role, "role", language) for role in found.excluded], language)
    given = {"as_of": local(found.as_of), "known_at": local(found.known_at)}
    return [
        message(words["subtitle"], language, given),
        message(words["counted"], language, {"definition": definition}),
        message(words["not_counted"], language, {"roles": roles or words["no_role"]}),
        *([message(words["undecided"], language, {"n": undecided})] if undecided else []),
    ]
