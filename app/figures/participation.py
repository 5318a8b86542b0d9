"""The participation table as people take it away: for a terminal, CSV, XLSX and PDF.

Every form has the same rows; what a figure stands on goes with it, so that it stays true away from
the page. CSV is the table alone.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.conferences.models import Conference
from app.conferences.rules import in_language
from app.core import clock, documents, sheets
from app.figures import breakdown, sentences
from app.figures.schemas import BreakdownOut, HallsOut, LineOut, StatisticsOut

Cells = list[str | int]


class Form(StrEnum):
    """The files that a table is written to."""

    csv = "csv"
    xlsx = "xlsx"
    pdf = "pdf"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table in text and numbers, what is said of it, and which rows are sums of others."""

    title: str
    headings: list[str]
    rows: list[Cells]
    notes: list[str]
    sums: list[bool]


Found = StatisticsOut | BreakdownOut


def sheet(found: Found, conference: Conference, *, unknown: str = "Unknown") -> Sheet:
    """The participation table of a conference, or a breakdown, in English."""
    first = breakdown.head(found.by) if isinstance(found, BreakdownOut) else "Group"
    headings = [
        first,
        "Bodies",
        "Participants",
        "Women",
        "Men",
        unknown,
    ]
    plain = found.groups if isinstance(found, StatisticsOut) else found.rows
    sums = [line not in plain for line in found.lines]
    title, notes = "Participation", _notes(found, conference)
    if isinstance(found, BreakdownOut):
        title = f"{title}: {breakdown.WORDS[found.by]}"
        if why := breakdown.note(found.by):
            notes.append(why)
    return Sheet(title, headings, list(map(_cells, found.lines)), notes, sums)


def _cells(line: LineOut) -> Cells:
    return [line.label, line.bodies, line.participants, line.women, line.men, line.unknown]


def _notes(found: Found, conference: Conference) -> list[str]:
    def local(instant: datetime) -> str:
        at = clock.utc_to_local(instant, conference.timezone)
        return f"{at:%Y-%m-%d %H:%M} {conference.timezone}"

    counts = found.excluded_counts
    left_out = ", ".join(f"{role} {n}" for role, n in counts.items()) or "nobody"
    parts = [f"{found.total.participants} counted", *(f"{n} {role}" for role, n in counts.items())]
    everybody = found.total.participants + sum(counts.values())
    return [
        *([sentences.texts("en")["notice"]] if found.sample else []),
        f"Counted: {found.definition}.",
        f"As of {local(found.as_of)}, known at {local(found.known_at)}.",
        f"Not counted, by role: {left_out}.",
        f"{' + '.join(parts)} = {everybody} whom this basis holds.",
    ]


def hall_rows(found: HallsOut, conference: Conference) -> tuple[list[str], list[list[str | int]]]:
    """Headings and rows of how full the halls were; where exits were not scanned, entries alone."""
    rows: list[list[str | int]] = []
    for one in found.halls:
        peak = "" if one.peak is None else one.peak
        rows.append([one.label, one.entries, one.exits, peak, ""])
        if one.peak_at:
            local = clock.utc_to_local(one.peak_at, conference.timezone)
            rows[-1][-1] = f"{local:%Y-%m-%d %H:%M}"
    return ["Place", "Entries", "Exits", "Most inside", "At"], rows


async def written(table: Sheet, conference: Conference, form: Form) -> bytes:
    """A sheet as a file."""
    if form is Form.csv:
        return sheets.to_csv(table.headings, table.rows)
    if form is Form.xlsx:
        return sheets.to_xlsx(table.headings, table.rows, title=table.title, notes=table.notes)
    return await documents.render(
        "list",
        {
            "title": table.title,
            "subtitle": in_language(conference.title, "en"),
            "notes": table.notes,
            "headings": table.headings,
            "widths": ["1fr", *["20mm"] * (len(table.headings) - 1)],
            "groups": [
                {"heading": None, "rows": [list(map(str, row))], "sum": is_sum}
                for row, is_sum in zip(table.rows, table.sums, strict=True)
            ],
            "numbers": True,
            "language": "en",
            "sample": conference.sample,
        },
    )
