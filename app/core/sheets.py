"""Tables people exchange: CSV, XLSX and ODS in, CSV and XLSX out, without surprises either way."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import xlsxwriter

from app.core import ods, xlsx
from app.core.errors import Invalid, TooLarge
from app.core.zipped import Archive, Grid

MAX_BYTES = 20_000_000
_MAX_LINE = 1_000_000
_ENDINGS = ("csv", "tsv", "txt", "xlsx", "xlsm", "ods")
_WAYS = "save it as .xlsx, .ods or .csv"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet's text: the first row that is not blank, then the others with their line numbers.

    Rows are at least as long as the headings; cells beyond the last heading are kept, because they
    mean that a row is shifted.
    """

    headings: list[str]
    rows: list[list[str]]
    lines: list[int]


def read_table(data: bytes, filename: str, *, sheet: str | None = None) -> Table:
    """The table in an uploaded file; `Invalid` or `TooLarge` with a sentence for its owner."""
    grid = _csv(data) if _is_text(data, filename) else _workbook(Archive(data), sheet)
    if not grid.rows:
        raise Invalid("The file has no rows.")
    headings = grid.rows[0]
    for row in grid.rows:
        row.extend([""] * (len(headings) - len(row)))
    return Table(headings, grid.rows[1:], grid.lines[1:])


def sheet_names(data: bytes, filename: str) -> list[str]:
    """The sheets of a workbook, the default one first; none for CSV."""
    return [] if _is_text(data, filename) else list(_sheets(Archive(data)))


def _is_text(data: bytes, filename: str) -> bool:
    """Text or a zip file, decided by content; `Invalid` for anything else."""
    if len(data) > MAX_BYTES:
        raise TooLarge(f"The file is larger than {MAX_BYTES // 1_000_000} MB; split it into parts.")
    if not data.strip():
        raise Invalid("The file is empty.")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Invalid(f"This is an old .xls file or has a password; {_WAYS}, without a password.")
    if data.startswith(b"PK"):
        return False
    ending = filename.rpartition(".")[2].lower() if "." in filename else "csv"
    if ending not in _ENDINGS or re.match(rb"\s*(%PDF|\{\\rtf|<[!?a-zA-Z])", data[:200]):
        raise Invalid(f"This kind of file is not read; {_WAYS}.")
    return True


def _sheets(archive: Archive) -> dict[str, str]:
    """The sheets' names, each with the part that holds it."""
    if book := xlsx.book(archive):
        found = xlsx.sheets(archive, book)
    elif b"opendocument.spreadsheet" in archive.beginning("mimetype"):
        found = dict.fromkeys(ods.sheets(archive), "content.xml")
    else:
        raise Invalid(f"This is no spreadsheet; {_WAYS}.")
    if not found:
        raise Invalid("The workbook has no sheet with cells.")
    return found


def _workbook(archive: Archive, sheet: str | None) -> Grid:
    found = _sheets(archive)
    name = next(iter(found)) if sheet is None else sheet
    if name not in found:
        have = ", ".join(f"“{known}”" for known in list(found)[:20])
        raise Invalid(f"The file has no sheet “{sheet[:80] if sheet else ''}”; it has {have}.")
    if book := xlsx.book(archive):
        return xlsx.rows(archive, book, found[name])
    return ods.rows(archive, name)


# -- CSV


def _csv(data: bytes) -> Grid:
    encoding = _encoding(data)
    with io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="") as stream:
        sample = stream.read(65_536)
    named = re.match(r"sep=(.)\r?\n", sample)
    delimiter = named.group(1) if named else _delimiter(sample)
    grid = Grid()
    with io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="") as stream:
        if named:
            stream.readline()
        reader = csv.reader(_lines(stream), delimiter=delimiter)
        offset = 2 if named else 1
        line = offset
        try:
            for cells in reader:
                grid.add(line, [grid.tidy(cell, line) for cell in cells])
                line = reader.line_num + offset
        except csv.Error:
            raise Invalid(
                f"Line {line} cannot be read; a quotation mark there may lack its partner."
            ) from None
        except UnicodeError:
            raise Invalid(f"The text after line {line} is damaged; {_WAYS}.") from None
    return grid


def _lines(stream: io.TextIOWrapper) -> Iterator[str]:
    while line := stream.readline(_MAX_LINE):
        if len(line) == _MAX_LINE:
            raise Invalid("A line of the file is far too long for a table.")
        yield line


def _encoding(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if data.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    else:
        # Delimiters and line ends are ASCII in any script: in UTF-16 their other half is zero.
        zeros = Counter(i % 2 for i, byte in enumerate(data[:4_096]) if byte == 0)
        if zeros:
            if abs(zeros[0] - zeros[1]) * 10 < sum(zeros.values()) * 9 or len(data) % 2:
                raise Invalid(f"The file is neither text nor a spreadsheet; {_WAYS}.")
            return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
        encoding = "utf-8"
    decoder = codecs.getincrementaldecoder("utf-8")()
    wide = False
    try:
        for start in range(0, len(data), 65_536):
            chunk = data[start : start + 65_536]
            decoder.decode(chunk, final=start + 65_536 >= len(data))
            wide = wide or not chunk.isascii()
    except UnicodeDecodeError as error:
        # A file that has spoken UTF-8 so far is a damaged one, not Windows-1252.
        if encoding == "utf-8-sig" or wide or not error.object[: error.start].isascii():
            raise Invalid(f"The file is damaged UTF-8; {_WAYS} again.") from None
        try:
            codecs.charmap_decode(data, "strict", _WINDOWS_1252)
        except UnicodeDecodeError:
            raise Invalid(f"The file's text encoding is unknown; {_WAYS} (UTF-8).") from None
        return "cp1252"
    return encoding


_WINDOWS_1252 = "".join(
    bytes([n]).decode("cp1252", "replace").replace("�", "￾") for n in range(256)
)


def _delimiter(sample: str) -> str:
    """The delimiter under which the first rows agree best on the greatest number of columns."""

    def score(delimiter: str) -> float:
        widths: list[int] = []
        try:
            for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
                if any(cells):
                    widths.append(len(cells))
                if len(widths) == 50:
                    break
        except csv.Error:
            return 0
        if not widths:
            return 0
        width, agreeing = Counter(widths).most_common(1)[0]
        return agreeing / len(widths) * (width - 1)

    return max((",", ";", "\t"), key=score)


# -- writing


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_DANGEROUS) else cell


def to_csv(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """CSV with commas in UTF-8; no cell can run as a formula.

    It begins with a byte-order mark: without one Excel reads Arabic and accents as Windows-1252,
    and every reader that matters here (Excel, LibreOffice, pandas' utf-8-sig, our own) knows it.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in (headings, *rows):
        writer.writerow(["" if cell is None else _harmless(str(cell)) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(
    headings: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    title: str,
    notes: Sequence[str] = (),
    right_to_left: bool = False,
) -> bytes:
    """One sheet with a bold, frozen, filterable heading row; numbers stay numbers, text is text.

    `notes` (basis, exclusions, sources) stand on a second sheet, so that the table stays a table.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    # Excel refuses these characters, an edge apostrophe and more than 31 characters.
    name = re.sub(r"[\[\]:*?/\\]", " ", title)[:31].strip().strip("'") or "Sheet"
    sheet = book.add_worksheet(name)
    sheet.write_row(0, 0, headings, book.add_format({"bold": True, "text_wrap": True}))
    widths = [len(h) for h in headings]
    count = 0
    for count, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, bool) or not isinstance(cell, int | float):
                text = "" if cell is None else str(cell)
                sheet.write_string(count, column, text[:32_767])
                if count <= 200 and column < len(widths):
                    widths[column] = max(widths[column], len(text))
            else:
                sheet.write_number(count, column, cell)
    sheet.freeze_panes(1, 0)
    if headings:
        sheet.autofilter(0, 0, count, len(headings) - 1)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(max(width, 6), 60) + 2)
    if right_to_left:
        sheet.right_to_left()
    if notes:
        about = book.add_worksheet("Notes" if name.lower() != "notes" else "About")
        about.set_column(0, 0, 100, book.add_format({"text_wrap": True}))
        for line, note in enumerate(notes):
            about.write_string(line, 0, note)
        if right_to_left:
            about.right_to_left()
    book.close()
    return out.getvalue()
