"""What the API and the page show of editions."""

from datetime import date

from app.core.schemas import Output
from app.figures.rules import Basis


class EditionFigure(Output):
    """One figure of an edition; `more`: told as more than the number."""

    key: str
    number: int
    more: bool


class Edition(Output):
    """One edition: counted here on `basis`, or typed in from `source` (then `basis` is empty)."""

    title: str
    slug: str | None
    year: int
    dated: date
    basis: Basis | None
    source: str | None
    figures: list[EditionFigure]


class Row(Output):
    """A figure that at least one edition tells."""

    key: str
    label: str


class EditionsOut(Output):
    """The editions by date, the oldest first, and the figures to set side by side."""

    conference: str
    basis: Basis
    rows: list[Row]
    editions: list[Edition]
