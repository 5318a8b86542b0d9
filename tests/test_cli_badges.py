"""`plenary badges` as scripts use it: lists, prints and the acts of the counter."""

import json
from pathlib import Path
from uuid import UUID

import pytest

from tests.participants.lists import as_csv, people
from tests.shell import Shell

pytestmark = pytest.mark.sqlite


def test_the_life_of_a_card(shell: Shell, tmp_path: Path) -> None:
    made = shell(
        *("badges", "test-2026", "issue", "--kind", "service", "--label", "Kitchen"),
        *("--count", "2", "--format", "json"),
    )
    first, second = (one["serial"] for one in json.loads(made.stdout))
    assert "Kitchen" in shell("badges", "test-2026", "find", first).stdout
    listed = json.loads(shell("badges", "test-2026", "--format", "json").stdout)
    assert {one["serial"] for one in listed} == {first, second}
    assert listed[0].keys() == {"serial", "code", "participant"}
    done = shell(
        *("badges", "test-2026", "--out", "it.pdf", "--receipt", "receipt.pdf"),
        *("--design", "card", "--category", "service", "--unprinted"),
    )
    assert done.stdout == ""
    assert done.stderr == "2 badges printed, 0 held.\n"
    assert (tmp_path / "it.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "receipt.pdf").read_bytes().startswith(b"%PDF")
    give = ("badges", "test-2026", "hand-over", first, second, "--to", "Liaison")
    assert shell(*give).stderr == "2 badges.\n"
    again = shell(*give, "--format", "json")
    assert (json.loads(again.stdout), again.stderr) == ([], "0 badges.\n")
    shell("badges", "test-2026", "collect", first, "--by", "Bo Berg", "--letter", "Note 1")
    shell("badges", "test-2026", "revoke", second, "--reason", "Closed")
    found = json.loads(
        shell("badges", "test-2026", "find", first, second, "--format", "json").stdout
    )
    said = {one["serial"]: (one["status"], one["collected_letter"]) for one in found}
    assert said == {first: ("collected", "Note 1"), second: ("revoked", None)}


@pytest.mark.parametrize("option", ["--out", "--receipt"])
@pytest.mark.parametrize(
    ("place", "sentence"), [("nowhere/x.pdf", "no folder nowhere"), (".", "is a folder")]
)
def test_what_cannot_be_written_is_not_printed(
    shell: Shell, option: str, place: str, sentence: str
) -> None:
    shell("badges", "test-2026", "issue", "--kind", "service", "--label", "Kitchen")
    paths = {"--out": "it.pdf", option: place}
    words = [word for pair in paths.items() for word in pair]
    refused = shell("badges", "test-2026", *words, "--unprinted", expect=1)
    assert sentence in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert (
        "1 badge printed" in shell("badges", "test-2026", "--out", "it.pdf", "--unprinted").stderr
    )


def test_who_is_held_is_named_where_nobody_else_is_left(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(as_csv(people(2)))
    shell("import", "test-2026", "list.csv", "--status", "approved")
    refused = shell("badges", "test-2026", "--out", "it.pdf", expect=1)
    lines = refused.stderr.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["held", "held", "plenary"]
    assert all("There is no photo yet" in line for line in lines[:2])
    assert lines[2].endswith("2 wait for a photo.")


def test_presence_from_paper(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(as_csv(people(3)))
    shell("import", "test-2026", "list.csv", "--status", "approved")
    shell("badges", "test-2026", "photo-sheet", "--out", "faces.pdf")
    assert (tmp_path / "faces.pdf").read_bytes().startswith(b"%PDF")
    listed = shell("participants", "test-2026", "--format", "json").stdout
    first, second, third = (one["id"] for one in json.loads(listed))
    past = ("--at", "2024-11-04T09:00", "--format", "json")
    told = shell("badges", "test-2026", "tally", first, second, "--witness", "Bo Berg", *past)
    assert [(one["participant_id"], one["place"]) for one in json.loads(told.stdout)] == [
        (first, "VIP entrance"),
        (second, "VIP entrance"),
    ]
    assert "Bo Berg" in json.loads(told.stdout)[0]["note"]
    seen = shell("badges", "test-2026", "attest", third, "--place", "Hall", *past)
    [one] = json.loads(seen.stdout)
    assert (one["participant_id"], one["place"], one["source"], one["at"]) == (
        third,
        "Hall",
        "attested",
        "2024-11-04T06:00:00Z",
    )
    here = shell("statistics", "test-2026", "--basis", "attended", "--format", "json")
    assert json.loads(here.stdout)["total"]["participants"] == 3


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["find", "12"], "no such"),
        (["find"], "Say which"),
        (["eat", "12"], "There is no act"),
        (["issue", "--kind", "day"], "names its day"),
        (["revoke", "12"], "no such"),
        (["collect"], "Say which"),
        (["tally"], "participants"),
        (["tally", str(UUID(int=1))], "witness"),
        (["attest", "12"], "participants"),
        (["attest", str(UUID(int=1))], "no such"),
        (["--out", "it.pdf"], "no badge to print"),
        (["--out", "it.pdf", "--design", "a5"], "--design"),
    ],
)
def test_refusals_leave_stdout_empty(shell: Shell, words: list[str], sentence: str) -> None:
    refused = shell("badges", "test-2026", *words, expect=1)
    assert refused.stdout == ""
    assert sentence in refused.stderr
    for leak in ("Value error", "validation", "Input should", "Field required"):
        assert leak not in refused.stderr
