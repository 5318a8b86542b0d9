"""XML inside zip files, streamed within limits, and the rows collected from it.

No library reads spreadsheets with a bound: calamine allocates the rectangle between the first and
the last cell, so that a 5-KB file with two cells aborts the whole process, and copies a shared
string for each cell that names it. Here expat sees 64 KB at a time and every count has a limit.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import IO
from xml.parsers import expat

from app.core.errors import Invalid, TooLarge
from app.core.text import clean

MAX_ROWS = 100_000
MAX_COLUMNS = 256
MAX_CELLS = 2_000_000
MAX_CELL = 10_000
MAX_TEXT = 32_000_000
BROKEN = "This file is damaged or is no spreadsheet; save it again as .xlsx, .ods or .csv."
_MAX_INFLATED = 160_000_000
_MAX_IDLE_TAGS = 500_000
_MAX_TAGS_EACH = 10
_MAX_ENTRIES = 2_000
_MAX_DEPTH = 64
_MAX_NAMES = 2_000
_MAX_TOKEN = 1 << 20
_CHUNK = 65_536
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    OSError,
    EOFError,
    NotImplementedError,
)

Attributes = dict[str, str]
# By local tag name ("*" for any other); each gets the text since the tag before.
Starts = Mapping[str, Callable[[Attributes, str], None]]
Ends = Mapping[str, Callable[[str], None]]


def too_long(line: int = 0) -> Invalid:
    """The refusal of a cell that no person typed."""
    where = f" in line {line}" if line else ""
    return Invalid(f"A cell{where} is longer than {MAX_CELL:,} characters.")


class Grid:
    """The rows kept so far, within the limits of an import; blank rows are dropped."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.lines: list[int] = []
        self.cells = 0
        self._text = 0
        self._known: dict[str, str] = {}

    def add(self, line: int, cells: list[str]) -> None:
        """Keeps one row as the file's line `line`; `TooLarge` or `Invalid` beyond a limit."""
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            return
        if len(cells) > MAX_COLUMNS:
            raise Invalid(f"Line {line} has more than {MAX_COLUMNS} columns; is it the right file?")
        if len(self.rows) > MAX_ROWS:  # the heading row is one more
            raise TooLarge(f"The file has more than {MAX_ROWS:,} rows; split it into parts.")
        # A short row is later padded to the headings, so it costs as much as they do.
        self.cells += max(len(cells), len(self.rows[0]) if self.rows else 0)
        self._text += sum(map(len, cells))
        if self.cells > MAX_CELLS or self._text > MAX_TEXT:
            raise TooLarge("The file holds more cells than an import reads; split it into parts.")
        self.rows.append(cells)
        self.lines.append(line)

    def tidy(self, value: str, line: int) -> str:
        """A cell's text cleaned and shared with equal cells; `Invalid` if it is absurdly long."""
        known = self._known.get(value)
        if known is None:
            if len(value) > MAX_CELL:
                raise too_long(line)
            known = clean(value)
            if len(value) <= 64 and len(self._known) < 100_000:
                self._known[value] = known
        return known


class Archive:
    """A zip file from a stranger: parts are opened by name and never inflated beyond a limit."""

    def __init__(self, data: bytes) -> None:
        # zipfile keeps an object for each directory entry: count them before it does.
        if data.count(b"PK\x01\x02") > _MAX_ENTRIES:
            raise Invalid(BROKEN)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (*_DAMAGE, ValueError, OverflowError):
            raise Invalid(BROKEN) from None
        self.names = self._zip.namelist()

    def _open(self, part: str) -> IO[bytes]:
        info = self._zip.getinfo(part)
        if info.flag_bits & 1:
            raise Invalid("The file is protected by a password; save it without one.")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Invalid(BROKEN)
        return self._zip.open(info)

    def beginning(self, part: str) -> bytes:
        """The first bytes of a part, none if it isn't there."""
        try:
            with self._open(part) as stream:
                return stream.read(200)
        except _DAMAGE:
            return b""

    def _chunks(self, part: str) -> Iterator[bytes]:
        inflated = 0
        try:
            with self._open(part) as stream:
                while chunk := stream.read(_CHUNK):
                    inflated += len(chunk)
                    if inflated > _MAX_INFLATED:
                        raise TooLarge("The file unpacks to more than an import reads.")
                    yield chunk
        except _DAMAGE:
            raise Invalid(BROKEN) from None

    def scan(self, part: str, pattern: re.Pattern[bytes], most: int) -> list[bytes]:
        """What the pattern's group finds in a part's bytes, without the cost of parsing them."""
        found: list[bytes] = []
        rest = b""
        for chunk in self._chunks(part):
            rest += chunk
            end = 0
            for match in pattern.finditer(rest):
                found.append(match.group(1))
                end = match.end()
            rest = rest[max(end, len(rest) - 4_096) :]
            if len(found) > most:
                raise Invalid(BROKEN)
        return found

    def walk(
        self,
        part: str,
        starts: Starts,
        ends: Ends = MappingProxyType({}),
        *,
        kept: Callable[[], int] = lambda: 0,
    ) -> None:
        """Calls the handlers of a part's tags as they start and end.

        `kept` counts what the handlers found worth keeping: a part may have many tags only if
        they bring something, or millions of blank cells would cost a minute of parsing.
        """
        walker = _Walker(starts, ends)
        tags = 0
        try:
            for chunk in self._chunks(part):
                tags += chunk.count(b"<")
                if tags > _MAX_IDLE_TAGS + _MAX_TAGS_EACH * kept():
                    raise TooLarge("The file holds more empty cells than an import reads.")
                walker.feed(chunk)
            walker.finish()
        except expat.ExpatError:
            raise Invalid(BROKEN) from None


class _Walker:
    """expat with its appetites limited: depth, names, one tag's length, one text's length."""

    def __init__(self, starts: Starts, ends: Ends) -> None:
        self._fed = 0
        self._parts = parts = list[str]()
        self._parser = parser = expat.ParserCreate()
        # Found once for each spelling of a tag (`c`, `x:c`), not once for each of a million tags.
        known: dict[str, Callable[[Attributes, str], None] | None] = {}
        known_ends: dict[str, Callable[[str], None] | None] = {}
        depth = 0

        def start(tag: str, attributes: Attributes) -> None:
            nonlocal depth
            depth += 1
            if depth > _MAX_DEPTH:
                raise Invalid(BROKEN)
            if tag not in known:
                local = tag.rpartition(":")[2]
                known[tag] = starts.get(local) or starts.get("*")
                known_ends[tag] = ends.get(local) or ends.get("*")
            text = ""
            if parts:
                text = "".join(parts)
                parts.clear()
            if handler := known[tag]:
                handler(attributes, text)

        def end(tag: str) -> None:
            nonlocal depth
            depth -= 1
            text = ""
            if parts:
                text = "".join(parts)
                parts.clear()
            if handler := known_ends[tag]:
                handler(text)

        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = parts.append
        parser.StartDoctypeDeclHandler = _refuse  # no entities, so none expand

    def feed(self, chunk: bytes) -> None:
        self._fed += len(chunk)
        self._parser.Parse(chunk)
        if sum(map(len, self._parts)) > MAX_CELL + _CHUNK:
            raise too_long()
        # A tag that never ends, or names that never repeat, would grow inside expat.
        pending = self._fed - self._parser.CurrentByteIndex
        if pending > _MAX_TOKEN or len(self._parser.intern) > _MAX_NAMES:
            raise Invalid(BROKEN)

    def finish(self) -> None:
        self._parser.Parse(b"", True)


def _refuse(*_: object) -> None:
    raise Invalid(BROKEN)


def number(text: str) -> str:
    """A stored number as a person typed it: `12.0` and `1.2E1` are `12`."""
    if text.isdecimal() and text.isascii():
        return text
    try:
        value = float(text)
    except ValueError:
        return clean(text)
    if value.is_integer() and abs(value) < 1e16:
        return str(int(value))
    return repr(value)
