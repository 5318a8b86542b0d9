"""Words for people: enums and phrases of the pages, by language, kept in `labels.json`."""

import json
from enum import Enum
from functools import cache
from pathlib import Path

LANGUAGES = {
    "en": "English",
    "fr": "Français",
    "es": "Español",
    "ru": "Русский",
    "ar": "العربية",
    "zh": "中文",
}
"""The languages in which pages are written."""


@cache
def _labels() -> dict[str, dict[str, dict[str, str]]]:
    text = (Path(__file__).parent / "labels.json").read_text(encoding="utf-8")
    labels: dict[str, dict[str, dict[str, str]]] = json.loads(text)
    return labels


def label(value: object, group: str, language: str = "en") -> str:
    """`approved` of group `status` as people read it; English, then the bare word, stand in."""
    if value is None:
        return "–"
    key = str(value.value if isinstance(value, Enum) else value)
    for tongue in (language, "en"):
        text = _labels().get(tongue, {}).get(group, {}).get(key)
        if text:
            return text
    return key.replace("_", " ").capitalize()


def words_of(group: str, language: str = "en") -> dict[str, str]:
    """All values of a group with their words; `KeyError` where nobody wrote any."""
    return _labels()[language][group]


def choices(group: str, language: str = "en") -> list[tuple[str, str]]:
    """All values of a group with their words, for a select."""
    return [(key, label(key, group, language)) for key in words_of(group)]


def sentence(words: str, language: str) -> str:
    """A fixed English sentence in a language, as far as somebody translated it."""
    return _labels().get(language, {}).get("sentence", {}).get(words, words)


def sentences(language: str) -> dict[str, str]:
    """All fixed English sentences that somebody translated into a language."""
    return _labels().get(language, {}).get("sentence", {})


def phrase(key: str, language: str = "en") -> str:
    """A phrase of the pages; `KeyError` if nobody wrote it, so that a test finds it."""
    return _labels().get(language, {}).get("ui", {}).get(key) or _labels()["en"]["ui"][key]


def phrased(language: str) -> str:
    """The language if pages are written in it, else English."""
    return language if language in LANGUAGES else "en"
