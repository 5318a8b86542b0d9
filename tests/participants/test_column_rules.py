"""What a column holds, and who reads and writes it: pure rules, by table."""

from dataclasses import dataclass, field

import pytest

from app.core.errors import Invalid
from app.participants.columns.rules import ColumnKind, Share, may_read, may_write, parse, shown

OFFICER, PROTOCOL, AUDITOR = "registration_officer", "protocol_officer", "auditor"


@dataclass
class Given:
    kind: ColumnKind = ColumnKind.text
    choices: list[str] = field(default_factory=lambda: ["Single entry", "Multiple", "Néant"])
    readers: list[str] = field(default_factory=list)
    delegation: Share = Share.hidden


SOUND = [
    ("text", "  Palm   Court ", "Palm Court"),
    ("number", "12.50", "12.5"),
    ("number", "0012", "12"),
    ("number", "-0", "0"),
    ("number", "−3", "-3"),
    ("number", "١٢", "12"),
    ("number", "100", "100"),
    ("date", "2026-11-04", "2026-11-04"),
    ("date", "٢٠٢٦-١١-٠٤", "2026-11-04"),
    ("date", "4.11.2026", "2026-11-04"),
    ("date", "25/11/2026", "2026-11-25"),
    ("date", "11/25/2026", "2026-11-25"),
    ("date", "25-11-2026", "2026-11-25"),
    ("date", "4/4/2026", "2026-04-04"),
    ("date", "2026-11-04 00:00", "2026-11-04"),
    ("instant", "2026-11-04 17:00", "2026-11-04T14:00:00Z"),
    ("instant", "2026-11-04T17:00:30", "2026-11-04T14:00:30Z"),
    ("instant", "2026-11-04T17:00+05:00", "2026-11-04T12:00:00Z"),
    ("instant", "2026-11-04T17:00Z", "2026-11-04T17:00:00Z"),
    ("instant", "4.11.2026 9:05", "2026-11-04T06:05:00Z"),
    ("yes_no", "Oui", "yes"),
    ("yes_no", "x", "yes"),
    ("yes_no", "نعم", "yes"),
    ("yes_no", "FALSE", "no"),
    ("yes_no", "0", "no"),
    ("choice", "single ENTRY", "Single entry"),
    ("choice", "neant", "Néant"),
]

WRONG = [
    ("text", "x" * 501, "longer than 500"),
    ("text", " ", "Write something"),
    ("number", "1,250", "without separators"),
    ("number", "1e3", "Write a number"),
    ("number", "NaN", "Write a number"),
    ("date", "4/11/2026", "two ways; write the year first: 2026-11-04 or 2026-04-11"),
    ("date", "04-11-2026", "two ways"),
    ("date", "31.2.2026", "no such day"),
    ("date", "25/13/2026", "no such day"),
    ("date", "4/11/26", "Write a date like"),
    ("date", "0026-11-04", "Write a date like"),
    ("date", "soon", "Write a date like"),
    ("instant", "2026-11-04", "Write a date and time"),
    ("instant", "2026-11-04 25:00", "no such time"),
    ("instant", "4/11/2026 17:00", "two ways"),
    ("yes_no", "maybe", "Write yes or no"),
    ("choice", "Transit", "none of the choices: Single entry, Multiple, Néant"),
]


@pytest.mark.parametrize(("kind", "text", "kept"), SOUND)
def test_what_is_written_is_kept_in_one_form(kind: str, text: str, kept: str) -> None:
    column = Given(ColumnKind(kind))
    assert parse(column, text, "Asia/Kuwait") == kept
    # What people are shown, they may write again.
    assert parse(column, shown(column.kind, kept, "Asia/Kuwait"), "Asia/Kuwait") == kept


@pytest.mark.parametrize(("kind", "text", "words"), WRONG)
def test_what_it_is_not_is_refused_in_words(kind: str, text: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse(Given(ColumnKind(kind)), text, "Asia/Kuwait")
    assert words in refused.value.detail


ACCESS: list[tuple[list[str], str, list[str], bool, bool]] = [
    ([OFFICER], "hidden", [OFFICER], True, True),
    ([OFFICER], "hidden", [PROTOCOL], False, False),
    ([PROTOCOL], "hidden", [OFFICER, PROTOCOL], True, True),
    ([AUDITOR], "hidden", [AUDITOR], True, False),
    ([AUDITOR], "hidden", [OFFICER, AUDITOR], True, False),
    ([], "hidden", [OFFICER], False, False),
    ([], "hidden", ["administrator"], True, True),
    ([OFFICER], "hidden", ["focal_point"], False, False),
    ([OFFICER], "seen", ["focal_point"], True, False),
    ([OFFICER], "written", ["focal_point"], True, True),
    # A role at the desk reaches every delegation: the focal point's part must not go along.
    ([OFFICER], "written", ["focal_point", "programme_officer"], False, False),
    ([OFFICER], "written", ["focal_point", "press_officer"], False, False),
    ([OFFICER], "written", ["focal_point", "delegate"], True, True),
    ([OFFICER], "written", ["gate_operator"], False, False),
    ([OFFICER], "written", ["press_officer", "delegate"], False, False),
    ([OFFICER], "written", [], False, False),
]


@pytest.mark.parametrize(("readers", "delegation", "roles", "reads", "writes"), ACCESS)
def test_access(
    readers: list[str], delegation: str, roles: list[str], reads: bool, writes: bool
) -> None:
    column = Given(readers=readers, delegation=Share(delegation))
    assert (may_read(column, roles), may_write(column, roles)) == (reads, writes)
