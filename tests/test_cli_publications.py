"""`plenary publication`, `edition` and `breakdown` as a press officer at a terminal uses them."""

import json
import re
from datetime import UTC, datetime

import pytest

from tests.shell import Shell

pytestmark = pytest.mark.sqlite

PEOPLE = """\
Group,Delegation,Title,Name,Rank
Parties,Chile,Ms,Ana Invented,minister
Parties,Fiji,Mr,Beno Invented,official
"""


@pytest.fixture
def filled(shell: Shell) -> Shell:
    (shell.folder / "list.csv").write_text(PEOPLE, encoding="utf-8")
    shell("import", "test-2026", "list.csv", "--status", "approved")
    return shell


def test_what_was_given_out_stands_and_what_changed_is_told(filled: Shell) -> None:
    first = filled("publication", "publish", "test-2026", "--title", "Day one").stdout.strip()
    more = PEOPLE.splitlines()[0] + "\nParties,Ghana,Ms,Cee Invented,official\n"
    (filled.folder / "more.csv").write_text(more, encoding="utf-8")
    filled("import", "test-2026", "more.csv", "--status", "approved")
    shown = json.loads(filled("publication", "show", "test-2026", first, "--format", "json").stdout)
    figures = {one["key"]: one["number"] for one in shown["figures"]}
    assert (figures["participants"], figures["ministers"]) == (2, 1)
    [change] = [it for it in shown["since"]["differences"] if it["key"] == "member_states"]
    assert (change["published"], change["now"]) == (2, 3)
    told = filled("publication", "show", "test-2026", first).stdout
    title, basis, published, left_out, bridge, hash = told.splitlines()[:6]
    assert title == "Day one"
    stamp = r"\d+ \w+ \d{4} \d\d:\d\d"
    assert re.fullmatch(f"Accredited, as of {stamp}, known at {stamp}\\.", basis)
    assert re.fullmatch(rf"Published {stamp} by \w.*\. All times: Asia/Kuwait\.", published)
    assert left_out.startswith("Not counted, by role: security 0, support staff 0, ")
    assert re.fullmatch(r"2 counted \+ 0 security .* = 2 whom this basis holds\.", bridge)
    assert hash == f"SHA-256 of the list of persons: {shown['people_hash']}"
    assert "published 2, now 3: Ghana was approved" in told

    today = datetime.now(UTC).date().isoformat()
    words = ("publication", "type-in", "test-2026", "--title", "A paper", "--dated", today)
    paper = filled(*words, "--figure", "participants=>50", "--figure", "ministers=1").stdout.strip()
    rows = json.loads(filled("publication", "list", "test-2026", "--format", "json").stdout)
    assert [(one["id"], one["origin"]) for one in rows] == [(paper, "typed"), (first, "frozen")]
    assert first in filled("publication", "list", "test-2026").stdout
    typed = filled("publication", "show", "test-2026", paper).stdout.splitlines()
    assert re.fullmatch(rf"Press report, \d+ \w+ \d{{4}}\. Typed in {stamp} by .*", typed[1])
    compared = filled("publication", "compare", "test-2026", first, paper).stdout
    assert "A: Day one; " in compared
    assert "Ministers: Both say 1." in compared
    found = filled("publication", "compare", "test-2026", first, paper, "--format", "json").stdout
    assert json.loads(found)["second"]["told"] == 2

    assert filled(*words, "--figure", "ministers", expect=2).stdout == ""
    assert "no figure" in filled(*words, "--figure", "ministers=many", expect=1).stderr
    missing = "00000000-0000-4000-8000-000000000000"
    assert filled("publication", "show", "test-2026", missing, expect=1).stdout == ""


def test_editions_stand_side_by_side_and_are_not_compared(filled: Shell) -> None:
    words = ("edition", "type-in", "test-2026", "--title", "Dushanbe 2018", "--figure", "states=60")
    assert "when the edition took place" in filled(*words, expect=1).stderr
    old = filled(*words, "--dated", "2018-05-04", "--source", "Press release").stdout.strip()
    told = filled("publication", "show", "test-2026", old).stdout
    assert "\nEdition, Press release, 4 May 2018. Typed in " in told
    table = filled("edition", "list", "test-2026").stdout.splitlines()
    assert table[0].split() == ["Figure", "2018*", "2026"]
    assert next(line for line in table if line.startswith("States ")).split()[-2:] == ["60", "2"]
    found = json.loads(filled("edition", "list", "test-2026", "--format", "json").stdout)
    assert [one["source"] for one in found["editions"]] == ["Press release", None]
    new = filled("publication", "publish", "test-2026", "--title", "Now").stdout.strip()
    refused = filled("publication", "compare", "test-2026", old, new, expect=1)
    assert (refused.stdout, "tells of another edition" in refused.stderr) == ("", True)


def test_people_by_what_they_are(filled: Shell) -> None:
    table = filled("breakdown", "test-2026", "--by", "rank").stdout
    assert [line.split()[:3] for line in table.splitlines()[1:4]] == [
        ["Minister", "1", "1"],
        ["Official", "1", "1"],
        ["Total", "2", "2"],
    ]
    found = json.loads(filled("breakdown", "test-2026", "--format", "json").stdout)
    assert found["by"] == "regional_group"
    assert {one["key"] for one in found["rows"]} == {
        *("asia_pacific", "latin_american_and_caribbean"),
    }
    filled("breakdown", "test-2026", "--format", "xlsx", "--out", "rows.xlsx")
    assert (filled.folder / "rows.xlsx").read_bytes().startswith(b"PK")
    assert filled("breakdown", "test-2026", "--by", "age", expect=2).stdout == ""
