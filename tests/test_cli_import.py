"""`plenary import` as scripts use it: exit codes, stdout for results, stderr for remarks."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.accounts.rules import INSTALLATION
from app.conferences import service as conferences
from app.core.db import Database
from app.participants.columns import service as columns
from app.participants.columns.schemas import ColumnIn
from tests.participants.lists import HEADINGS, as_csv, as_xlsx, people
from tests.shell import ROOT, Shell

pytestmark = pytest.mark.sqlite


def test_the_real_command_is_a_process_of_its_own(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from app.cli import main; main()", "db", "upgrade"]
    environment = Shell(tmp_path).environment | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "revision" in done.stderr + done.stdout
    listed = Shell(tmp_path)("conference", "list", "--format", "json")
    assert (json.loads(listed.stdout), listed.stderr) == ([], "")


def test_what_it_would_do_then_does_then_did(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "list.xlsx").write_bytes(as_xlsx(people(), headings=HEADINGS["ar"]))
    rehearsal = shell("import", "test-2026", "list.xlsx", "--dry-run", "--status", "approved")
    assert rehearsal.stdout == (
        "40 participants would be added in 10 new delegations; 0 would be changed, 0 stay as they "
        "are; 0 errors, 0 warnings. 40 approved, 0 on the waiting list.\n"
    )
    done = shell("import", "test-2026", "list.xlsx", "--format", "json")
    found = json.loads(done.stdout)
    assert (found["created"], found["delegations"], found["dry_run"]) == (40, 10, False)
    again = shell("import", "test-2026", "list.xlsx", "--format", "json")
    assert json.loads(again.stdout)["unchanged"] == 40
    table = shell("statistics", "test-2026", "--basis", "nominated", "--format", "json")
    assert json.loads(table.stdout)["total"]["participants"] == 40


def test_refusals_leave_stdout_empty(shell: Shell, tmp_path: Path) -> None:
    rows = people(2)
    rows[1][6] = "king"
    (tmp_path / "list.csv").write_bytes(as_csv(rows))
    refused = shell("import", "test-2026", "list.csv", "--report", "r.json", expect=1)
    assert refused.stdout == ""
    assert "error: line 3, Role “king”: This is no role that we know." in refused.stderr
    assert refused.stderr.splitlines()[-1].startswith("plenary: The file has 1 error: line 3")
    report = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert report["errors"] == [
        {"line": 3, "heading": "Role", "value": "king", "reason": "This is no role that we know."}
    ]
    partial = shell("import", "test-2026", "list.csv", "--accept-valid", "--format", "json")
    assert json.loads(partial.stdout)["created"] == 1
    assert shell("import", "nowhere", "list.csv", expect=1).stdout == ""
    odd = shell("import", "test-2026", "list.csv", "--map", "name=Nobody", expect=1)
    assert "no heading “Nobody” for name" in odd.stderr
    assert shell("import", "test-2026", "list.csv", "--map", "name", expect=2).stdout == ""
    assert shell("import", "test-2026", "missing.csv", expect=2).stdout == ""


async def _with_column(address: str) -> None:
    database = Database(address)
    async with database.writing() as session:
        conference = await conferences.conference(session, "test-2026")
        given = ColumnIn(key="hotel", label={"en": "Hotel", "fr": "Hébergement"})
        await columns.create(session, INSTALLATION, conference, given)
    await database.close()


def test_own_columns_come_in_and_go_out(shell: Shell) -> None:
    asyncio.run(_with_column(shell.environment["PLENARY_DATABASE_URL"]))
    text = "Delegation,Name,Where\nChile,Ana,Palm\nFiji,Beno,\n"
    (shell.folder / "list.csv").write_text(text, encoding="utf-8")
    mapped = ("--map", "column.hotel=Where")
    shell("import", "test-2026", "list.csv", *mapped)
    again = shell("import", "test-2026", "list.csv", *mapped, "--format", "json")
    assert json.loads(again.stdout)["unchanged"] == 2
    (shell.folder / "list.csv").write_text(text.replace("Palm", "Sea"), encoding="utf-8")
    told = shell("import", "test-2026", "list.csv", *mapped, "--dry-run")
    assert "line 2, Ana, column.hotel: Palm → Sea" in told.stderr
    shell("participants", "test-2026", "--out", "out.csv", "--columns", "hotel")
    lines = (shell.folder / "out.csv").read_text(encoding="utf-8-sig").splitlines()
    assert (lines[0].endswith(",Status,Hotel"), lines[1].endswith(",Palm")) == (True, True)
    shell("participants", "test-2026", "--out", "out.xlsx")
    assert (shell.folder / "out.xlsx").read_bytes().startswith(b"PK")
    unknown = shell("participants", "test-2026", "--out", "o.csv", "--columns", "visa", expect=1)
    assert "no column “visa”" in unknown.stderr
    assert not (shell.folder / "o.csv").exists()
    shell("participants", "test-2026", "--out", "out.pdf", expect=1)
    shell("participants", "test-2026", "--columns", "hotel", expect=2)
