"""Excel workbooks (XLSX) as rows of text."""

import re
from datetime import datetime, timedelta
from functools import lru_cache

from app.core.errors import Invalid, TooLarge
from app.core.text import clean
from app.core.zipped import (
    BROKEN,
    MAX_CELL,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_TEXT,
    Archive,
    Attributes,
    Grid,
    number,
    too_long,
)

_BUILT_IN_DATES = {str(n) for n in (*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59))}
_NOT_A_DATE_PART = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')


def book(archive: Archive) -> str | None:
    """The part that lists the sheets, if this is an Excel workbook."""
    return next((n for n in archive.names if re.fullmatch(r"xl/workbook\d*\.xml", n)), None)


def sheets(archive: Archive, book: str) -> dict[str, str]:
    """The sheets' names and parts, visible ones first: a hidden sheet is never the default."""
    listed: list[tuple[bool, str, str]] = []
    targets: dict[str, str] = {}

    def sheet(attributes: Attributes, _: str) -> None:
        if len(listed) < 1_000:
            relation = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            hidden = attributes.get("state", "visible") != "visible"
            listed.append((hidden, clean(attributes.get("name", "")), relation))

    def relationship(attributes: Attributes, _: str) -> None:
        if attributes.get("Type", "").endswith("/worksheet") and len(targets) < 1_000:
            target = attributes.get("Target", "")
            part = target[1:] if target.startswith("/") else f"xl/{target}"
            targets[attributes.get("Id", "")] = part

    archive.walk(book, {"sheet": sheet})
    archive.walk(f"xl/_rels/{book[3:]}.rels", {"Relationship": relationship})
    listed.sort(key=lambda entry: entry[0])
    return {name: targets[relation] for _, name, relation in listed if relation in targets}


def rows(archive: Archive, book: str, part: str) -> Grid:
    """The rows of one sheet."""
    reader = _Reader(_strings(archive), _date_styles(archive), _epoch(archive, book))
    archive.walk(
        part,
        {"row": reader.start_row, "c": reader.start_cell, "rPh": reader.start_phonetic},
        {
            "row": reader.end_row,
            "c": reader.end_cell,
            "v": reader.end_text,
            "t": reader.end_text,
            "rPh": reader.end_phonetic,
        },
        kept=lambda: reader.grid.cells,
    )
    return reader.grid


class _Reader:
    def __init__(self, strings: list[str], dates: set[str], epoch: datetime) -> None:
        self.grid = Grid()
        self._strings = strings
        self._dates = dates
        self._epoch = epoch
        self._line = self._phonetic = 0
        self._row: list[str] = []
        self._cell: Attributes = {}
        self._value = ""

    def start_row(self, attributes: Attributes, _: str) -> None:
        given = attributes.get("r", "")
        self._line = int(given) if given.isdecimal() and len(given) < 9 else self._line + 1
        self._row = []

    def start_cell(self, attributes: Attributes, _: str) -> None:
        self._cell = attributes
        self._value = ""

    def end_text(self, text: str) -> None:
        if self._phonetic:  # how to pronounce the text, not the text
            return
        self._value += text
        if len(self._value) > MAX_CELL:
            raise too_long(self._line)

    def end_cell(self, _: str) -> None:
        row = self._row
        place = self._cell.get("r")
        column = _column(place.rstrip("0123456789")) if place else len(row) + 1
        if column > MAX_COLUMNS:
            if self._value:
                raise Invalid(f"Line {self._line} has more than {MAX_COLUMNS} columns.")
            return
        if len(row) < column:
            row.extend([""] * (column - len(row)))
        if self._value:
            row[column - 1] = self._text(self._value)

    def end_row(self, _: str) -> None:
        self.grid.add(self._line, self._row)

    def start_phonetic(self, _: Attributes, __: str) -> None:
        self._phonetic += 1

    def end_phonetic(self, _: str) -> None:
        self._phonetic -= 1

    def _text(self, value: str) -> str:
        kind = self._cell.get("t", "n")
        if kind == "s":
            index = int(value) if value.isdecimal() and len(value) < 9 else -1
            if not 0 <= index < len(self._strings):
                raise Invalid(BROKEN)
            return self._strings[index]
        if kind == "n":
            return self._date(value) if self._cell.get("s") in self._dates else number(value)
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        # An error such as #N/A is an absent value, not a name.
        return "" if kind == "e" else self.grid.tidy(value, self._line)

    def _date(self, value: str) -> str:
        try:
            days = float(value)
            moment = self._epoch + timedelta(seconds=round(days * 86_400))
        except (ValueError, OverflowError):
            return number(value)
        if days.is_integer():
            return moment.date().isoformat()
        short = "minutes" if moment.second == 0 else "seconds"
        return moment.time().isoformat(short) if days < 1 else moment.isoformat(" ", short)


def _strings(archive: Archive) -> list[str]:
    strings: list[str] = []
    if "xl/sharedStrings.xml" not in archive.names:
        return strings
    value = ""
    total = phonetic = 0

    def start_item(_: Attributes, __: str) -> None:
        nonlocal value
        value = ""

    def start_phonetic(_: Attributes, __: str) -> None:
        nonlocal phonetic
        phonetic += 1

    def end_phonetic(_: str) -> None:
        nonlocal phonetic
        phonetic -= 1

    def end_text(text: str) -> None:
        nonlocal value, total
        if not phonetic:
            value += text
            total += len(text)
            if len(value) > MAX_CELL:
                raise too_long()

    def end_item(_: str) -> None:
        strings.append(clean(value))
        if len(strings) > MAX_CELLS or total > MAX_TEXT:
            raise TooLarge("The workbook holds more text than an import reads.")

    archive.walk(
        "xl/sharedStrings.xml",
        {"si": start_item, "rPh": start_phonetic},
        {"si": end_item, "t": end_text, "rPh": end_phonetic},
        kept=lambda: len(strings),
    )
    return strings


def _date_styles(archive: Archive) -> set[str]:
    """The cell styles, by their number in the file, that show a number as a date or time."""
    dates: set[str] = set()
    if "xl/styles.xml" not in archive.names:
        return dates
    formats = set(_BUILT_IN_DATES)
    count = -1

    def number_format(attributes: Attributes, _: str) -> None:
        code = _NOT_A_DATE_PART.sub("", attributes.get("formatCode", "")[:500])
        if re.search("[ymdhs]", code.lower()) and len(formats) < 10_000:
            formats.add(attributes.get("numFmtId", ""))

    def start_list(_: Attributes, __: str) -> None:
        nonlocal count
        count = 0

    def end_list(_: str) -> None:
        nonlocal count
        count = -1

    def style(attributes: Attributes, _: str) -> None:
        nonlocal count
        if count >= 0:
            if attributes.get("numFmtId") in formats and len(dates) < 100_000:
                dates.add(str(count))
            count += 1

    archive.walk(
        "xl/styles.xml",
        {"numFmt": number_format, "cellXfs": start_list, "xf": style},
        {"cellXfs": end_list},
    )
    return dates


def _epoch(archive: Archive, book: str) -> datetime:
    old_mac = False

    def properties(attributes: Attributes, _: str) -> None:
        nonlocal old_mac
        old_mac = attributes.get("date1904") in ("1", "true")

    archive.walk(book, {"workbookPr": properties})
    return datetime(1904, 1, 1) if old_mac else datetime(1899, 12, 30)  # noqa: DTZ001 - no zone


@lru_cache(maxsize=4_096)
def _column(letters: str) -> int:
    """`AB` → 28; beyond the limit whatever is written."""
    column = 0
    for letter in letters[:4]:
        if not "A" <= letter <= "Z":
            return MAX_COLUMNS + 1
        column = column * 26 + ord(letter) - 64
    return column or MAX_COLUMNS + 1
