"""The table of decisions, at the server; tests/browser/test_scanner.py runs it on the device."""

import json
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from app.gates.rules import FORGED, UNKNOWN, Direction, Facts, GateKind, GateRules, decide
from app.web.labels import LANGUAGES, sentences, words_of

TABLE = json.loads((Path(__file__).parent / "decisions.json").read_text("utf-8"))


def facts_of(told: dict[str, Any]) -> Facts:
    given = TABLE["usual"] | told
    days = {name: date.fromisoformat(given[name]) for name in ("valid_from", "valid_until", "day")}
    words = {"zones": int(given["zones"]), "gate_kind": GateKind(given["gate_kind"])}
    words["rules"] = GateRules.of(given["rules"])
    words["clock"] = time.fromisoformat(given["clock"])
    return Facts(**given | days | words)


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: str(case["name"]))
def test_decisions(case: dict[str, Any]) -> None:
    facts, direction = facts_of(case["facts"]), Direction(case["direction"])
    verdict = decide(facts, direction, force=case["force"])
    assert (verdict.result, verdict.explanation) == (case["result"], case["explanation"])


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_every_language_has_every_word_of_the_gates(language: str) -> None:
    said = {case["explanation"] for case in TABLE["cases"]} - {None}
    said |= {FORGED.explanation, UNKNOWN.explanation}
    assert said - sentences(language).keys() == set()
    for group in ("gate", "zone"):
        assert words_of(group, language).keys() == words_of(group).keys()
        assert all(words_of(group, language).values())
