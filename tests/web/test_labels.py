"""Pages are written in six languages: none has a word less than another, or another gap to fill."""

import re

import pytest

from app.web.labels import LANGUAGES, sentences, words_of

OTHERS = [code for code in LANGUAGES if code != "en"]
GROUPS = ("missing", "channel", "field", "sex", "invitation", "status", "role", "kind", "ui")
SCRIPT = {"ru": r"[А-Яа-яЁё]", "ar": r"[\u0621-\u064a]", "zh": r"[\u4e00-\u9fff]"}


def _gaps(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w*\}", text))


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("group", GROUPS)
def test_no_word_is_missing(language: str, group: str) -> None:
    assert words_of(group, language).keys() == words_of(group, "fr").keys()


@pytest.mark.parametrize("language", OTHERS)
def test_phrases_have_the_gaps_and_lines_of_the_english(language: str) -> None:
    for key, words in words_of("ui", language).items():
        english = words_of("ui")[key]
        assert _gaps(words) == _gaps(english), key
        assert words.count("\n") == english.count("\n"), key


@pytest.mark.parametrize("language", SCRIPT)
def test_phrases_are_in_the_script_of_their_language(language: str) -> None:
    assert all(re.search(SCRIPT[language], words) for words in words_of("ui", language).values())


@pytest.mark.parametrize("language", OTHERS)
def test_the_same_sentences_are_said_in_each_language(language: str) -> None:
    assert sentences(language).keys() == sentences("fr").keys()
