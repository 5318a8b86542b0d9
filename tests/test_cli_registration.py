"""`plenary quota`, `slot`, `registration`, `invitation` as an officer at a terminal uses them."""

import json

from tests.shell import Shell


def listed(shell: Shell, *words: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(shell(*words, "--format", "json").stdout)
    return found


def nominated(shell: Shell, name: str, *more: str) -> str:
    made = shell(
        "registration", "nominate", "test-2026", "KWT", name, "--up-to", "submitted", *more
    )
    id, status = made.stdout.split()
    assert status == "submitted"
    return id


def test_a_place_is_given_passed_on_and_waited_for(shell: Shell) -> None:
    people = shell.folder / "people.csv"
    people.write_text(
        "name,delegation,kind,iso3\nFirst Person,Kuwait,state,KWT\n", encoding="utf-8"
    )
    shell("import", "test-2026", str(people))
    shell("quota", "set", "test-2026", "Main", "2", "--waiting-list")
    a, b, c = (nominated(shell, f"Person {one}") for one in "ABC")
    done = shell("registration", "approve", "test-2026", a, b, c).stdout.split()
    assert done == [a, "approved", b, "approved", c, "waitlisted"]
    assert [one["id"] for one in listed(shell, "registration", "waiting", "test-2026")] == [c]
    [main] = listed(shell, "quota", "list", "test-2026")
    assert (main["capacity"], main["used"]) == (2, 2)
    refused = shell("quota", "set", "test-2026", "Main", "1", expect=1)
    assert "2 places of “Main” are used" in refused.stderr

    said = shell("registration", "impact", "test-2026", a, "withdraw").stdout
    assert "Person C" in said
    gone = shell("registration", "withdraw", "test-2026", a, "--reason", "Recalled").stdout.split()
    assert gone == [a, "withdrawn"]
    assert listed(shell, "registration", "waiting", "test-2026") == []
    follows = nominated(shell, "Person D")
    words = ("registration", "substitute", "test-2026", b, follows, "--reason", "Ill")
    assert shell(*words).stdout.split() == [b, "substituted"]
    assert shell("registration", "reinstate", "test-2026", a).stdout.split() == [a, "submitted"]
    back = shell("registration", "return", "test-2026", a, "--reason", "No function")
    assert back.stdout.split() == [a, "nominated"]


def test_slots_exceptions_and_invitations(shell: Shell) -> None:
    people = shell.folder / "people.csv"
    people.write_text(
        "name,delegation,kind,iso3\nFirst Person,Kuwait,state,KWT\n", encoding="utf-8"
    )
    shell("import", "test-2026", str(people))
    shell("quota", "set", "test-2026", "Each", "1", "--per-delegation", "--role", "delegate")
    shell("quota", "set", "test-2026", "Each", "3", "--delegation", "KWT")
    held = shell("slot", "hold", "test-2026", "KWT", "--number", "3").stdout.split()
    full = shell("slot", "hold", "test-2026", "KWT", expect=1)
    assert "3 of 3" in full.stderr
    shell("slot", "release", "test-2026", held[0])
    assert len(listed(shell, "slot", "list", "test-2026")) == 2

    words = ("invitation", "send", "test-2026", "KWT", "--number", "NV/1", "--dated")
    wrong = shell(*words, "2026-09-01", "--reply-by", "2020-01-01", expect=1)
    assert "a day to come" in wrong.stderr
    shell(*words, "2026-09-01")
    shell("invitation", "focal-point", "test-2026", "KWT", "focal@example.org", "Focal Point")
    bad = shell("invitation", "focal-point", "test-2026", "KWT", "nothing", "Focal", expect=1)
    assert bad.stderr.startswith("plenary: email:")
    [one] = listed(shell, "invitation", "list", "test-2026")
    assert (one["code"], one["invitation"]) == ("KWT", "invited")
    missing = shell("invitation", "send", "test-2026", "ZZZ", *words[4:], "2026-09-01", expect=1)
    assert missing.stderr


def test_a_second_quota_of_a_name_is_a_change_and_nobody_foreign_is_found(shell: Shell) -> None:
    for capacity in ("5", "7"):
        shell("quota", "set", "test-2026", "Main", capacity, "--closes-at", "2026-10-01T18:00")
    [main] = listed(shell, "quota", "list", "test-2026")
    assert main["capacity"] == 7
    strange = "00000000-0000-4000-8000-000000000000"
    lost = shell("registration", "approve", "test-2026", strange, expect=1)
    assert lost.stderr == "plenary: There is no such conference, or no such thing in it.\n"
    shell("registration", "refuse", "test-2026", strange, expect=2)


def test_letters_an_acting_head_and_further_capacities(shell: Shell) -> None:
    people = shell.folder / "people.csv"
    people.write_text(
        "name,delegation,kind,iso3\nFirst Person,Kuwait,state,KWT\n", encoding="utf-8"
    )
    shell("import", "test-2026", str(people))
    [first] = listed(shell, "participants", "test-2026")
    person = str(first["id"])
    paper = shell.folder / "note.pdf"
    paper.write_bytes(b"%PDF-1.7\nstartxref\n9\n%%EOF\n")
    kept = shell(
        *("letter", "add", "test-2026", "KWT", str(paper), "note_verbale"),
        *("--number", "7/2026", "--dated", "2026-10-01", "--channel", "email"),
    ).stdout.strip()
    [letter] = listed(shell, "letter", "list", "test-2026", "KWT")
    assert (letter["id"], letter["number"], letter["channel"]) == (kept, "7/2026", "email")
    words = ("letter", "add", "test-2026", "KWT", str(paper), "note_verbale", "--signatory", "A")
    assert "no signatory" in shell(*words, expect=1).stderr
    assert shell("acting", "appoint", "test-2026", "KWT", person).stdout == "First Person\n"
    shell("acting", "end", "test-2026", "KWT")
    shell("acting", "end", "test-2026", "KWT", expect=1)
    more = ("--organization", "A Union", "--function", "President")
    held = shell("capacity", "add", "test-2026", person, "heads", *more)
    [shown] = listed(shell, "capacity", "list", "test-2026", person)
    assert (shown["id"], shown["body"]) == (held.stdout.strip(), "A Union")
    assert "not both" in shell("capacity", "add", "test-2026", person, "heads", expect=1).stderr
    shell("capacity", "remove", "test-2026", person, held.stdout.strip())
    assert listed(shell, "capacity", "list", "test-2026", person) == []
