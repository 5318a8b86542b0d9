"""The participation table of a published list, the same in every form that a shell can ask for."""

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from app.core.sheets import read_table
from tests.lacking import missing
from tests.shell import Shell

pytestmark = pytest.mark.sqlite

# The shape of a list of the 1990s: groups as headed there, honorifics under "Title", functions with
# commas, bodies with quotation marks, nothing that says who heads a delegation or who is a woman.
LIST = """\
Group,Delegation,Title,Name,Function,Division,Affiliation
Parties,Albania,Mr,Arben Invented,Second Secretary,,Permanent Mission of Albania
Parties,Algeria,HE Mr,=Samir Invented,Ambassador,,Permanent Mission of Algeria
Parties,Algeria,HE,Nour Invented,"Minister, Plenipotentiairy",,
Parties,Algeria,M,Karim A. Invented,,Desk (A/B),Ministère
Parties,Côte d'Ivoire,Mme,Aya Inventée,Conseillère,,
Parties,Côte d'Ivoire,Ms,"+Adjoua Inventée",,,
Parties,Holy See,Rev,Paolo Inventato,,,
Observer States,Switzerland,Mrs,Heidi Erfunden,Scientist,,
Observer States,Switzerland,Dr,-Urs Erfunden,Scientist,,
United Nations Secretariat units and bodies,United Nations Environment Programme,Mr,Ed Made-Up,,,
Specialized agencies and related organizations,World Meteorological Organization,Ms,Eve Made-Up,,,
Specialized agencies and related organizations,World Bank,HE Ms,@Ann Made-Up,,,
Intergovernmental organizations,League of Invented States,Mr,Ali Made-Up,Observer,,
Non-governmental organizations,"The ""Rivers"" Institute",Mr,Joe Made-Up,,,
Non-governmental organizations,"The ""Rivers"" Institute",Ms,Joe Made-Up,,,
Non-governmental organizations,=Greener Example,,Pat Made-Up,,,
"""
TABLE = [
    ("Parties", 4, 7, 2, 3, 2),
    ("Observer States", 1, 2, 1, 0, 1),
    ("Total States", 5, 9, 3, 3, 3),
    ("United Nations Secretariat units and bodies", 1, 1, 0, 1, 0),
    ("Specialized agencies and related organizations", 2, 2, 2, 0, 0),
    ("Intergovernmental organizations", 1, 1, 0, 1, 0),
    ("Non-governmental organizations", 2, 3, 1, 1, 1),
    ("Total organizations", 6, 7, 3, 3, 1),
    ("Total", 11, 16, 6, 6, 4),
]
HEADINGS = ("Group", "Bodies", "Participants", "Women", "Men", "Unknown")
LINE = ("label", "bodies", "participants", "women", "men", "unknown")


@pytest.fixture
def listed(shell: Shell) -> Shell:
    (shell.folder / "list.csv").write_text(LIST, encoding="utf-8")
    done = shell("import", "test-2026", "list.csv", "--status", "approved", "--format", "json")
    found = json.loads(done.stdout)
    assert (found["created"], found["delegations"], found["errors"]) == (16, 11, 0), done.stderr
    return shell


def printed(text: str) -> list[tuple[str | int, ...]]:
    """The rows of a table laid out with spaces."""
    rows = re.findall(r"^ *(\S.*?) {2,}" + r" +".join([r"(\d+)"] * 5) + r" *$", text, re.MULTILINE)
    return [(label, *map(int, numbers)) for label, *numbers in rows]


def without_formulas(book: Path) -> None:
    with zipfile.ZipFile(book) as archive:
        sheets = [name for name in archive.namelist() if "worksheets/" in name]
        assert sheets
        for name in sheets:
            assert not re.search(rb"<f[ >/]", archive.read(name)), name


def test_the_table_in_every_form(listed: Shell) -> None:
    assert printed(listed("statistics", "test-2026").stdout) == TABLE

    told = listed("statistics", "test-2026", "--format", "csv").stdout.removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(told)))
    assert tuple(rows[0]) == HEADINGS
    assert [(row[0], *map(int, row[1:])) for row in rows[1:]] == TABLE

    found = json.loads(listed("statistics", "test-2026", "--format", "json").stdout)
    lines = [*found["groups"], *found["subtotals"], found["total"]]
    assert sorted(tuple(line[key] for key in LINE) for line in lines) == sorted(TABLE)
    assert [one["label"] for one in found["groups"]] == [
        row[0] for row in TABLE if not row[0].startswith("Total")
    ]
    assert [one["key"] for one in found["subtotals"]] == ["states", "organizations"]

    listed("statistics", "test-2026", "--format", "xlsx", "--out", "table.xlsx")
    book = listed.folder / "table.xlsx"
    read = read_table(book.read_bytes(), book.name)
    assert tuple(read.headings) == HEADINGS
    assert [(row[0], *map(int, row[1:])) for row in read.rows] == TABLE
    without_formulas(book)


def test_the_table_on_paper(listed: Shell) -> None:
    if not shutil.which("pdftotext"):
        missing("pdftotext", "apt-get install poppler-utils")
    listed("statistics", "test-2026", "--format", "pdf", "--out", "table.pdf")
    said = subprocess.run(
        ["pdftotext", "-layout", listed.folder / "table.pdf", "-"],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert printed(said) == TABLE
    assert "16 counted + 0 security" in said


def test_the_communique_on_paper_tells_the_instants_of_the_conference(listed: Shell) -> None:
    if not shutil.which("pdftotext"):
        missing("pdftotext", "apt-get install poppler-utils")
    words = ("summary", "test-2026", "--as-of", "2099-11-05", "--format", "pdf")
    listed(*words, "--out", "said.pdf")
    said = subprocess.run(
        ["pdftotext", "-layout", listed.folder / "said.pdf", "-"],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert said.splitlines()[0].strip() == "Test"
    assert "Counted as of 5 Nov 2099 23:59, known at" in said
    assert "Accredited: approved registrations." in said
    assert "Not counted, by role: Security" in said
    assert "UTC" not in said


def test_no_name_is_a_formula(listed: Shell) -> None:
    listed("participants", "test-2026", "--out", "people.xlsx")
    without_formulas(listed.folder / "people.xlsx")
    names = [
        cell
        for row in read_table((listed.folder / "people.xlsx").read_bytes(), "people.xlsx").rows
        for cell in row
    ]
    assert "=Samir Invented" in names
    assert "=Greener Example" in names


@pytest.mark.parametrize(
    ("out", "why"),
    [("missing/table.csv", "no such file or directory"), (".", "is a directory")],
)
def test_a_file_that_cannot_be_made_is_told_in_a_sentence(
    listed: Shell, out: str, why: str
) -> None:
    words = ("statistics", "test-2026", "--format", "csv", "--out", out)
    refused = listed(*words, expect=1)
    assert refused.stdout == ""
    assert refused.stderr.splitlines() == [f"plenary: {out} could not be written: {why}."]
