"""What figures stand on, in each language: the conference's clocks, whole sentences."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from app.figures.notes import notes
from app.figures.rules import Basis

ZONE = "Asia/Kuwait"
FOUND = SimpleNamespace(
    basis=Basis.attended,
    as_of=datetime(2026, 11, 26, 19, 33, tzinfo=UTC),
    known_at=datetime(2026, 11, 27, 21, 0, tzinfo=UTC),
    excluded=["security", "media"],
)


@pytest.mark.parametrize(
    ("language", "stop"),
    [("en", "."), ("fr", "."), ("es", "."), ("ru", "."), ("ar", "."), ("zh", "。")],
)
def test_sentences_of_the_language(language: str, stop: str) -> None:
    found = notes(FOUND, ZONE, language)
    assert len(found) == 3
    for one in found:
        assert one.endswith(stop)
        assert not one.endswith(stop * 2)
        assert one[0].upper() == one[0]
    assert "22:33" in found[0]
    assert "00:00" in found[0]


def test_instants_are_those_of_the_conference_in_its_words() -> None:
    assert notes(FOUND, ZONE, "zh")[0] == "截至2026年11月26日 22:33，所知时点2026年11月28日 00:00。"
    counted, known, not_counted = notes(FOUND, ZONE, "en")
    assert counted == "Counted as of 26 Nov 2026 22:33, known at 28 Nov 2026 00:00."
    assert known.startswith("Attended: people scanned in")
    assert not_counted == "Not counted, by role: Security and Media."
    nobody = SimpleNamespace(**{**vars(FOUND), "excluded": []})
    assert notes(nobody, ZONE, "en")[2] == "Not counted, by role: nobody is excluded."
