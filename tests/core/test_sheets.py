"""Tables in and out: encodings, delimiters, formats; and files made to hurt."""

import csv
import io
import random
import subprocess
import sys
import textwrap
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from app.core.errors import AppError, Invalid, TooLarge
from app.core.sheets import Table, read_table, sheet_names, to_csv, to_xlsx

HEADINGS = ["Name", "الاسم", "Function"]
ROWS = [["Zoë Müller", "زوي", "Minister, of; Health"], ["Ali “A”", "علي", 'said "no"\nthen yes']]
CLEAN_ROWS = [
    ["Zoë Müller", "زوي", "Minister, of; Health"],
    ["Ali “A”", "علي", 'said "no" then yes'],
]


def as_csv(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


# -- CSV


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_in_every_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    data = as_csv([HEADINGS, *ROWS], delimiter).encode(encoding)
    assert read_table(data, "people.csv") == Table(HEADINGS, CLEAN_ROWS, [2, 3])


def test_csv_in_windows_1252() -> None:
    table = read_table("Nom;Rôle\nÉric Lefèvre;Délégué €\n".encode("cp1252"), "gens.csv")
    assert (table.headings, table.rows) == (["Nom", "Rôle"], [["Éric Lefèvre", "Délégué €"]])


def test_csv_line_numbers_are_those_of_the_file() -> None:
    data = b'\n\nName,Function\n\n"Two\nlines",a\n,\nLast,b\n'
    table = read_table(data, "a.csv")
    assert (table.rows, table.lines) == ([["Two lines", "a"], ["Last", "b"]], [5, 8])


@pytest.mark.parametrize(
    ("text", "headings", "row"),
    [
        ("sep=;\nName;Function\nA, B;c, d\n", ["Name", "Function"], ["A, B", "c, d"]),
        ("Name;Function\nA, B;c, d, e\n", ["Name", "Function"], ["A, B", "c, d, e"]),
        ("Name\nOnly\n", ["Name"], ["Only"]),
        ("Name,Function\nShort\n", ["Name", "Function"], ["Short", ""]),
        ("Name,Function\nA,b,shifted\n", ["Name", "Function"], ["A", "b", "shifted"]),
        ("Name,Function\rOld,Mac\r", ["Name", "Function"], ["Old", "Mac"]),
        ("Name,F\n\u202eevil\x07\u200b,  a   b \n", ["Name", "F"], ["evil", "a b"]),
    ],
)
def test_csv_shapes(text: str, headings: list[str], row: list[str]) -> None:
    table = read_table(text.encode(), "a.csv")
    assert (table.headings, table.rows) == (headings, [row])


def test_nul_is_cleaned_where_the_rest_is_text() -> None:
    assert read_table(b"Name,F\n" + b"abcdefgh,i\n" * 1_000 + b"a\x00b,c\n", "a.csv").rows[-1] == [
        "ab",
        "c",
    ]


# -- XLSX


def workbook(fill: object, **options: object) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    fill(book)  # type: ignore[operator]
    book.close()
    return out.getvalue()


@pytest.mark.parametrize("options", [{}, {"constant_memory": True}, {"date_1904": True}])
def test_xlsx_values_are_what_a_person_typed(options: dict[str, object]) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("People")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        clock = book.add_format({"num_format": '[$-409]h:mm "o\'clock"'})
        money = book.add_format({"num_format": '#,##0 "days"'})
        sheet.write_row(0, 0, ["a", "b", "c", "d", "e", "f", "g", "h", "i"])
        sheet.write_number(2, 0, 12)
        sheet.write_number(2, 1, 0.5)
        sheet.write_number(2, 2, 96522112233)
        sheet.write_datetime(2, 3, date(2024, 11, 5), day)
        sheet.write_datetime(2, 4, datetime(2024, 11, 5, 9, 30), clock)  # noqa: DTZ001
        sheet.write_number(2, 5, 7, money)
        sheet.write_boolean(2, 6, True)
        sheet.write_rich_string(2, 7, "Zoë ", book.add_format({"bold": True}), "Müller")
        sheet.write_formula(2, 8, "=1/0", None, "#DIV/0!")

    table = read_table(workbook(fill, **options), "a.xlsx")
    assert table.lines == [3]
    assert table.rows == [
        [
            "12",
            "0.5",
            "96522112233",
            "2024-11-05",
            "2024-11-05 09:30",
            "7",
            "TRUE",
            "Zoë Müller",
            "",
        ]
    ]


def test_xlsx_sheets_are_chosen_by_name_and_hidden_ones_last() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        for name in ("Lists", "People", "الوفود"):
            book.add_worksheet(name).write(0, 0, name)
        book.get_worksheet_by_name("People").activate()
        book.get_worksheet_by_name("Lists").hide()

    data = workbook(fill)
    assert sheet_names(data, "a.xlsx") == ["People", "الوفود", "Lists"]
    assert read_table(data, "a.xlsx").headings == ["People"]
    assert read_table(data, "a.xlsx", sheet="الوفود").headings == ["الوفود"]
    with pytest.raises(Invalid, match="no sheet “Persons”; it has “People”"):
        read_table(data, "a.xlsx", sheet="Persons")


def zipped(parts: dict[str, str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


BOOK = '<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
RELATIONS = (
    '<Relationships><Relationship Id="rId1" Type="http://x/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>'
)


def xlsx(sheet: str, strings: str = "") -> bytes:
    parts = {"xl/workbook.xml": BOOK, "xl/_rels/workbook.xml.rels": RELATIONS}
    if strings:
        parts["xl/sharedStrings.xml"] = strings
    return zipped({**parts, "xl/worksheets/sheet1.xml": sheet})


def test_xlsx_as_other_programs_write_it() -> None:
    """Prefixes, no cell addresses, phonetic runs, rows out of step."""
    sheet = (
        '<x:worksheet xmlns:x="m"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>Name</x:t>'
        '</x:is></x:c><x:c/><x:c t="s"><x:v>0</x:v></x:c></x:row><x:row r="7"><x:c r="C7" t="str">'
        "<x:f>A1</x:f><x:v>z</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )
    strings = "<sst><si><r><t>Fun</t></r><r><t>ction</t></r><rPh><t>ファン</t></rPh></si></sst>"
    assert read_table(xlsx(sheet, strings), "a.xlsx") == Table(
        ["Name", "", "Function"], [["", "", "z"]], [7]
    )


# -- ODS

ODS_HEAD = (
    '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x">'
    "<office:body><office:spreadsheet>"
)
ODS_TAIL = "</office:spreadsheet></office:body></office:document-content>"


def ods(tables: str) -> bytes:
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": ODS_HEAD + tables + ODS_TAIL,
        }
    )


def ods_cell(text: str, extra: str = "") -> str:
    return f"<table:table-cell {extra}><text:p>{text}</text:p></table:table-cell>"


def test_ods_values_repeats_and_notes() -> None:
    data = ods(
        '<table:table table:name="First"><table:table-row>'
        + ods_cell("Name")
        + ods_cell("N", 'table:number-columns-repeated="2"')
        + ods_cell("Date")
        + '</table:table-row><table:table-row table:number-rows-repeated="3"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="2">'
        "<table:table-cell><office:annotation><text:p>secret</text:p></office:annotation>"
        '<text:p>Zoë<text:s text:c="9"/><text:span>Mü</text:span>ller</text:p></table:table-cell>'
        + ods_cell("12,00", 'office:value-type="float" office:value="12.0"')
        + "<table:covered-table-cell/>"
        + ods_cell("5/11", 'office:value-type="date" office:date-value="2024-11-05"')
        + "</table:table-row><table:table-row "
        'table:number-rows-repeated="1048000"><table:table-cell/></table:table-row></table:table>'
        '<table:table table:name="Second"><table:table-row>'
        + ods_cell("Other")
        + "</table:table-row></table:table>"
    )
    row = ["Zoë Müller", "12", "", "2024-11-05"]
    assert read_table(data, "a.ods") == Table(["Name", "N", "N", "Date"], [row, row], [5, 6])
    assert sheet_names(data, "a.ods") == ["First", "Second"]
    assert read_table(data, "a.ods", sheet="Second").headings == ["Other"]


# -- what is refused


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.csv", "empty"),
        (b"\n \n", "a.csv", "empty"),
        (b",,\n,,\n", "a.csv", "no rows"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "a.xls", "old .xls file or has a password"),
        (b"%PDF-1.7 x", "a.csv", "not read"),
        (b"<html><table>", "a.xls", "not read"),
        (b"a,b\n1,2\n", "a.exe", "not read"),
        (random.Random(1).randbytes(5_000), "a.csv", "neither text nor"),
        ("Name\nÉric\n".encode() + b"\xe9\n", "a.csv", "damaged UTF-8"),
        (b"Name\n\x81\x8d\n", "a.csv", "encoding is unknown"),
        (b"PK\x03\x04" + bytes(100), "a.xlsx", "damaged"),
        (zipped({"a.txt": "x"}), "a.xlsx", "no spreadsheet"),
        (zipped({"xl/workbook.bin": "x"}), "a.xlsb", "no spreadsheet"),
        (xlsx("<a><b></a>"), "a.xlsx", "damaged"),
        (xlsx('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "a.xlsx", "damaged"),
        (xlsx('<w><row><c t="s"><v>5</v></c></row></w>', "<sst/>"), "a.xlsx", "damaged"),
        (ods('<table:table table:name="S"/>')[:-30], "a.ods", "damaged"),
        (b'Name,F\n"' + b"x\n" * 100_000, "a.csv", "Line 2 cannot be read; a quotation mark"),
    ],
)
def test_unreadable_files_are_refused_in_a_sentence(data: bytes, name: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read_table(data, name)


def test_too_many_rows_or_bytes() -> None:
    assert len(read_table(b"Name\n" + b"x\n" * 100_000, "a.csv").rows) == 100_000
    with pytest.raises(TooLarge, match="100,000 rows"):
        read_table(b"Name\n" + b"x\n" * 100_001, "a.csv")
    with pytest.raises(TooLarge, match="20 MB"):
        read_table(bytes(20_000_001), "a.csv")


def test_every_truncation_and_bit_flip_gets_a_sentence() -> None:
    """Nothing but a table or an AppError comes out of a damaged file."""
    good = to_xlsx(HEADINGS, ROWS, title="T")
    dice = random.Random(7)
    for _ in range(300):
        bad = bytearray(good)
        for _ in range(dice.randint(1, 8)):
            bad[dice.randrange(len(bad))] ^= 1 << dice.randrange(8)
        with suppress(AppError):
            read_table(bytes(bad[: dice.randint(len(bad) // 2, len(bad))]), "a.xlsx")


MEGABYTE = 1_000_000


def big_part(name: str, opening: str, unit: str, size: int, others: dict[str, str]) -> bytes:
    """A small zip whose one part is enormous, written without ever holding it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for part, text in others.items():
            archive.writestr(part, text)
        with archive.open(name, "w", force_zip64=True) as stream:
            stream.write(opening.encode())
            block = (unit * (MEGABYTE // len(unit) + 1)).encode()
            for _ in range(max(1, size // len(block))):
                stream.write(block)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
XLSX_PARTS = {"xl/workbook.xml": BOOK, "xl/_rels/workbook.xml.rels": RELATIONS}
ODS_PARTS = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}
ROW = '<row><c t="inlineStr"><is><t>a</t></is></c></row>'


def far_zip(sheet_opening: str, unit: str, megabytes: int) -> bytes:
    return big_part(SHEET, sheet_opening, unit, megabytes * MEGABYTE, XLSX_PARTS)


def huge_directory() -> bytes:
    entry = zipped({"a": ""}, zipfile.ZIP_STORED)
    central = entry[entry.index(b"PK\x01\x02") : entry.index(b"PK\x05\x06")]
    return entry[:31] + central * 400_000 + entry[-22:]


def lying_directory() -> bytes:
    """Claims 500 bytes where 50 MB come out."""
    honest = far_zip("<worksheet>", ROW, 50)
    with zipfile.ZipFile(io.BytesIO(honest)) as archive:
        size = archive.getinfo(SHEET).file_size
    return honest.replace(size.to_bytes(4, "little"), (500).to_bytes(4, "little"))


def shared_strings() -> bytes:
    others = {**XLSX_PARTS, SHEET: "<worksheet/>"}
    unit = f"<si><t>{'A' * 9_000}</t></si>"
    return big_part("xl/sharedStrings.xml", "<sst>", unit, 900 * MEGABYTE, others)


def ods_rows(text: str) -> bytes:
    return ods(f'<table:table table:name="S">{text}')


FAR = (
    '<w><row r="1"><c r="A1"><v>1</v></c></row>'
    '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row></w>'
)
BOMBS: dict[str, Callable[[], bytes]] = {
    "spaces.xlsx": lambda: far_zip("<worksheet>", " ", 200),
    "line-ends.xlsx": lambda: far_zip("<worksheet>", "\n", 200),
    "one-cell.xlsx": lambda: far_zip('<worksheet><row><c t="str"><v>', "A", 100),
    "pieces.xlsx": lambda: far_zip('<worksheet><row><c t="str">', "<v>AAAAAAAAA</v>", 100),
    "attribute.xlsx": lambda: far_zip('<worksheet><row><c r="', "A", 100),
    "comment.xlsx": lambda: far_zip("<worksheet><!-- ", "A", 100),
    "depth.xlsx": lambda: far_zip("<worksheet>", "<a>", 100),
    "rows.xlsx": lambda: far_zip("<worksheet>", ROW, 50),
    "columns.xlsx": lambda: far_zip("<worksheet><row>", "<c><v>1</v></c>", 50),
    "blank-cells.xlsx": lambda: far_zip("<worksheet><row>", "<c/>", 100),
    "blank-rows.xlsx": lambda: far_zip("<worksheet>", "<row/>", 100),
    "entities.xlsx": lambda: far_zip("<worksheet><row><c><v>", "&#65;", 100),
    "names.xlsx": lambda: xlsx("<w>" + "".join(f"<n{i}/>" for i in range(100_000))),
    "strings.xlsx": shared_strings,
    "one-string-everywhere.xlsx": lambda: xlsx(
        "<w>" + '<row><c t="s"><v>0</v></c></row>' * 50_000,
        f"<sst><si><t>{'A' * 9_999}</t></si></sst>",
    ),
    "two-far-cells.xlsx": lambda: xlsx(FAR),
    "huge-directory.xlsx": huge_directory,
    "lying-directory.xlsx": lying_directory,
    "rows.ods": lambda: ods_rows(
        f'<table:table-row table:number-rows-repeated="99999999">{ods_cell("a")}</table:table-row>'
    ),
    "columns.ods": lambda: ods_rows(
        "<table:table-row>" + ods_cell("a", 'table:number-columns-repeated="99999999"')
    ),
    "rectangle.ods": lambda: ods_rows(
        '<table:table-row table:number-rows-repeated="90000">'
        + ods_cell("a", 'table:number-columns-repeated="250"')
        + "</table:table-row>"
    ),
    "text.ods": lambda: big_part(
        "content.xml",
        ODS_HEAD + '<table:table table:name="S"><table:table-row><table:table-cell><text:p>',
        "A<text:s/>",
        100 * MEGABYTE,
        ODS_PARTS,
    ),
    "cells.ods": lambda: big_part(
        "content.xml",
        ODS_HEAD + '<table:table table:name="S"><table:table-row>',
        "<table:table-cell/>",
        150 * MEGABYTE,
        ODS_PARTS,
    ),
    "columns.csv": lambda: b"a," * 10_000 + b"\n1\n",
    "cell.csv": lambda: b"Name\n" + b"a" * 19_000_000,
    "quoted-cell.csv": lambda: b'Name\n"' + b"a\n" * 9_000_000,
    "padding.csv": lambda: b"a" + b",a" * 255 + b"\n" + b"x\n" * 99_000,
    "wide-letters.csv": lambda: b"Name\n" + "😀".encode() * 4_700_000,
}

CHILD = """
    import resource, sys, time
    from app.core.errors import AppError
    from app.core.sheets import read_table
    name, allowance = sys.argv[1], int(sys.argv[2])
    data = sys.stdin.buffer.read()
    pages = int(open("/proc/self/statm").read().split()[0])
    limit = pages * resource.getpagesize() + allowance
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    started = time.process_time()
    try:
        if name == "control":
            data = bytearray(2 * allowance)
        print("read", len(read_table(data, name).rows), end=" ")
    except AppError as refusal:
        print(type(refusal).__name__, end=" ")
    except MemoryError:
        print("MemoryError", end=" ")
    print(time.process_time() - started)
"""


def in_child(name: str, data: bytes, allowance: int) -> tuple[str, float]:
    """What became of the file in a process that may use `allowance` more bytes, and CPU seconds."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CHILD), name, str(allowance)],
        input=data,
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[2],
        timeout=120,
    )
    outcome, _, seconds = done.stdout.decode().strip().rpartition(" ")
    return outcome, float(seconds)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc to set the limit")
@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_in_little_time_and_memory(name: str) -> None:
    data = BOMBS[name]()
    assert len(data) < 20 * MEGABYTE
    outcome, seconds = in_child(name, data, 100 * MEGABYTE)
    assert outcome in {"Invalid", "TooLarge"}
    # 2 s is the promise; the double keeps a busy machine from failing the build.
    assert seconds < 4


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc to set the limit")
def test_the_memory_limit_of_the_bomb_test_bites() -> None:
    # One allocation over the limit, not many under it: an interpreter that runs out of memory a
    # hundred bytes at a time may spin for minutes before it says so.
    assert in_child("control", b"Name", 30 * MEGABYTE)[0] == "MemoryError"


def test_fifteen_thousand_rows_in_little_memory() -> None:
    rows = [
        [f"Name {i}", f"person{i}@example.org", "Minister of Health", str(i)] * 4
        for i in range(15_000)
    ]
    data = to_xlsx([f"h{i}" for i in range(16)], rows, title="T")
    tracemalloc.start()
    table = read_table(data, "a.xlsx")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert table.rows == rows
    assert peak < 60 * MEGABYTE


# -- writing


@pytest.mark.parametrize(
    "bad", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "=cmd|' /C calc'!A0"]
)
def test_csv_cells_cannot_run(bad: str) -> None:
    assert to_csv(["a"], [[bad]]).decode("utf-8-sig").split("\r\n", 1)[1].strip('"').startswith("'")


def test_csv_round_trip() -> None:
    data = to_csv(HEADINGS, ROWS)
    assert data.startswith(b"\xef\xbb\xbf")
    assert read_table(data, "a.csv") == Table(HEADINGS, CLEAN_ROWS, [2, 3])
    assert to_csv(["a", "b"], [[None, 3]]) == b"\xef\xbb\xbfa,b\r\n,3\r\n"


def test_xlsx_cells_stay_text_and_numbers() -> None:
    rows = [["=1+1", 12, 0.5, None, "https://example.org", "00123"]]
    data = to_xlsx(
        list("abcdef"), rows, title="List: [x]/y?", notes=["As of noon"], right_to_left=True
    )
    table = read_table(data, "a.xlsx")
    assert table.rows == [["=1+1", "12", "0.5", "", "https://example.org", "00123"]]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read(SHEET).decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert 'rightToLeft="1"' in sheet
    assert 'state="frozen"' in sheet
    assert "<autoFilter" in sheet
    assert sheet_names(data, "a.xlsx")[1] == "Notes"
    assert read_table(data, "a.xlsx", sheet="Notes").headings == ["As of noon"]
