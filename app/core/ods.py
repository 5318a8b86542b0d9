"""OpenDocument spreadsheets as rows of text."""

import html
import re
from functools import partial

from app.core.errors import Invalid
from app.core.text import clean
from app.core.zipped import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    Archive,
    Attributes,
    Grid,
    number,
    too_long,
)

_TABLE_NAME = re.compile(rb'<table:table\s(?:[^<>]{0,800}?\s)?table:name="([^"<]{1,400})"')
_CELLS = ("table-cell", "covered-table-cell")


def sheets(archive: Archive) -> list[str]:
    """The names of the sheets, in the file's order."""
    names = archive.scan("content.xml", _TABLE_NAME, 1_000)
    return [clean(html.unescape(name.decode("utf-8", "replace"))) for name in names]


def rows(archive: Archive, sheet: str) -> Grid:
    """The rows of one sheet."""
    reader = _Reader(sheet)
    starts = {
        tag: partial(reader.start, tag)
        for tag in (*_CELLS, "table", "table-row", "annotation", "p", "h", "s", "tab", "line-break")
    }
    ends = {
        tag: partial(reader.end, tag)
        for tag in (*_CELLS, "table", "table-row", "annotation", "p", "h")
    }
    archive.walk(
        "content.xml",
        {**starts, "*": partial(reader.start, "")},
        {**ends, "*": partial(reader.end, "")},
        kept=lambda: reader.grid.cells,
    )
    return reader.grid


class _Reader:
    def __init__(self, sheet: str) -> None:
        self.grid = Grid()
        self._sheet = sheet
        self._reading = False
        self._tables = self._notes = self._line = 0
        self._row: list[str] = []
        self._rows_repeated = self._cells_repeated = self._blanks = 0
        self._in_cell = self._in_paragraph = False
        self._value: list[str] = []
        self._size = 0
        self._plain = ""

    def _take(self, text: str) -> None:
        if text and self._in_paragraph and not self._notes:
            self._size += len(text)
            if self._size > MAX_CELL:
                raise too_long(self._line + 1)
            self._value.append(text)

    def start(self, tag: str, attributes: Attributes, text: str) -> None:
        if tag == "table":
            self._tables += 1
            if self._tables == 1:
                self._reading = clean(attributes.get("table:name", "")) == self._sheet
        if not self._reading or self._tables > 1:  # a table inside a cell is not the sheet's
            return
        self._take(text)
        if tag in _CELLS:
            self._cells_repeated = _count(attributes.get("table:number-columns-repeated"))
            self._plain = _plain(attributes)
            self._in_cell, self._size = True, 0
            self._value.clear()
        elif tag == "table-row":
            self._rows_repeated = _count(attributes.get("table:number-rows-repeated"))
            self._row, self._blanks = [], 0
        elif tag == "annotation":
            self._notes += 1
        elif tag in ("p", "h") and self._in_cell:
            self._in_paragraph = True
            self._take(" ")
        elif tag in ("s", "tab", "line-break"):
            self._take(" ")

    def end(self, tag: str, text: str) -> None:
        if tag == "table":
            self._tables -= 1
            self._reading = self._reading and self._tables > 0
        if not self._reading or self._tables > 1:
            return
        self._take(text)
        if tag in _CELLS:
            self._end_cell()
        elif tag in ("p", "h"):
            self._in_paragraph = self._notes > 0 and self._in_paragraph
        elif tag == "annotation":
            self._notes -= 1
        elif tag == "table-row":
            if self._row:
                for offset in range(min(self._rows_repeated, MAX_ROWS + 2)):
                    self.grid.add(self._line + 1 + offset, list(self._row))
            self._line += self._rows_repeated

    def _end_cell(self) -> None:
        self._in_cell = self._in_paragraph = False
        value = self._plain or self.grid.tidy("".join(self._value), self._line + 1)
        if not value:
            self._blanks += self._cells_repeated  # kept only if something follows
            return
        if len(self._row) + self._blanks + self._cells_repeated > MAX_COLUMNS:
            raise Invalid(f"Line {self._line + 1} has more than {MAX_COLUMNS} columns.")
        self._row.extend([""] * self._blanks + [value] * self._cells_repeated)
        self._blanks = 0


def _plain(attributes: Attributes) -> str:
    """The value of a number or date, whose paragraph shows it in somebody's local format."""
    kind = attributes.get("office:value-type")
    if kind == "date":
        return clean(attributes.get("office:date-value", "")[:40]).replace("T", " ")
    if kind in ("float", "percentage", "currency"):
        return number(attributes.get("office:value", "")[:40])
    return ""


def _count(repeated: str | None) -> int:
    if repeated is None or not repeated.isdecimal() or len(repeated) > 8:
        return 1
    return max(1, int(repeated))
