"""The dashboard's pictures with their tables, in a language: for a page and for a paper."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.core import dates
from app.core.text import direction, message
from app.figures import sentences
from app.figures.dashboards.charts import Bar, bars, columns
from app.figures.dashboards.schemas import DashboardOut


@dataclass(frozen=True, slots=True)
class Panel:
    """A picture, and beside it a table with the same numbers; a column of words comes first."""

    id: str
    title: str
    picture: Markup
    headings: list[str]
    rows: list[list[str]]
    note: str = ""


def panels(found: DashboardOut, language: str) -> list[Panel]:
    """All that has something to show, in the order in which it is read."""
    made = _Panels(language)
    words = made.words
    total = found.funnel[0].persons or 1
    shown = [
        made.lying(
            "funnel",
            words["step"],
            [(words[one.basis], one.persons, 0) for one in found.funnel],
            [
                (words["persons"], [made.number(one.persons) for one in found.funnel]),
                (
                    words["share"],
                    [made.share(round(100 * one.persons / total)) for one in found.funnel],
                ),
            ],
            note=words["funnel_note"],
        ),
        *(
            made.standing(f"arrivals-{n}", hours, dates.day(day.day, language))
            for n, day in enumerate(found.days)
            if (hours := [(one.hour, one.persons) for one in day.hours])
        ),
        made.lying(
            "regions",
            words["region"],
            [(words[one.key], one.persons, 0) for one in found.regions],
            [
                (words["states"], [made.number(one.states) for one in found.regions]),
                (words["persons"], [made.number(one.persons) for one in found.regions]),
            ],
        ),
        made.lying(
            "women",
            words["sex"],
            [(made.figures[one.key], one.persons, 0) for one in found.sexes],
            [
                (words["persons"], [made.number(one.persons) for one in found.sexes]),
                (words["share"], [made.share(one.share) for one in found.sexes]),
            ],
            note=words["women_note"],
        ),
        made.lying(
            "quotas",
            words["quota"],
            [(one.name, one.used, one.capacity) for one in found.quotas or []],
            [
                (words["used"], [made.number(one.used) for one in found.quotas or []]),
                (words["capacity"], [made.number(one.capacity) for one in found.quotas or []]),
            ],
        ),
        made.lying(
            "gates",
            words["gate"],
            [(one.name or words["by_officer"], one.persons, 0) for one in found.gates],
            [(words["persons"], [made.number(one.persons) for one in found.gates])],
            note=words["gates_note"],
        ),
    ]
    return [panel for panel in shown if panel.rows]


class _Panels:
    """Pictures and tables in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        texts = sentences.texts(language)
        self.words, self.figures = texts["dashboard"], texts["figures"]
        self.rtl = direction(language) == "rtl"

    def number(self, n: int) -> str:
        return dates.number(n, self.language)

    def share(self, n: int) -> str:
        return f"{self.number(n)} %"

    def lying(
        self,
        id: str,
        heading: str,
        found: Sequence[tuple[str, int, int]],
        tabled: Sequence[tuple[str, list[str]]],
        *,
        note: str = "",
    ) -> Panel:
        """Lying bars and the table's columns, which are as long."""
        drawn = [Bar(words, n, self.number(n), whole) for words, n, whole in found]
        cells = zip(*(column for _, column in tabled), strict=True)
        rows = [[one[0], *row] for one, row in zip(found, cells, strict=True)]
        title = self.words[id]
        picture = bars(title, drawn, rtl=self.rtl)
        return Panel(id, title, picture, [heading, *(name for name, _ in tabled)], rows, note)

    def standing(self, id: str, found: Sequence[tuple[int, int]], day: str) -> Panel:
        """The arrivals of a day by hour."""
        title = message(self.words["arrivals"], self.language, {"day": day})
        drawn = [Bar(f"{hour:02}", n, self.number(n)) for hour, n in found]
        rows = [[f"{hour:02}:00", self.number(n)] for hour, n in found]
        headings = [self.words["hour"], self.words["persons"]]
        note = self.words["arrivals_note"]
        return Panel(id, title, columns(title, drawn, rtl=self.rtl), headings, rows, note)
