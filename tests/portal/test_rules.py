"""What a nomination lacks, when a photo may come, and an order rearranged."""

from typing import Any

import pytest
from pydantic import ValidationError

from app.participants.rules import Rank, Role, Sex, Status
from app.portal.rules import may_send_photo, missing, moved
from app.portal.schemas import CropIn, PersonIn, Replacement
from app.web.labels import LANGUAGES, label, phrase, words_of

WHOLE: dict[str, Any] = {
    "name": "Salem Al-Example",
    "function": "Minister of Health",
    "role": Role.head,
    "rank": Rank.minister,
    "sex": Sex.male,
    "email": "salem@example.org",
    "photo": True,
    "exempt": ["head_of_state"],
}


@pytest.mark.parametrize(
    ("given", "lacking"),
    [
        ({}, []),
        ({"name": "سالم"}, ["latin_name"]),
        ({"name": "Сафар Намуна"}, ["latin_name"]),
        ({"name": "Çağrı Øyvind Nguyễn"}, []),
        ({"function": None}, ["function"]),
        ({"function": ""}, ["function"]),
        ({"sex": None}, ["sex"]),
        ({"email": None}, ["email"]),
        ({"photo": False}, ["photo"]),
        ({"photo": False, "rank": None}, ["photo"]),
        ({"photo": False, "email": None, "rank": Rank.head_of_state}, []),
        ({"photo": False, "rank": Rank.head_of_state, "exempt": []}, ["photo"]),
        ({"role": Role.spouse, "function": None, "email": None}, []),
        ({"role": Role.security, "function": None, "email": None}, ["function"]),
        ({"role": Role.interpreter, "email": None}, ["email"]),
        (
            {"name": "李", "function": None, "sex": None, "email": None, "photo": False},
            ["latin_name", "function", "photo", "sex", "email"],
        ),
    ],
)
def test_what_is_missing(given: dict[str, Any], lacking: list[str]) -> None:
    assert missing(**{**WHOLE, **given}) == lacking


@pytest.mark.parametrize(
    ("status", "has_one", "may"),
    [
        (Status.nominated, True, True),
        (Status.submitted, True, True),
        (Status.waitlisted, False, True),
        (Status.approved, True, False),
        (Status.approved, False, True),
        (Status.withdrawn, False, False),
        (Status.refused, False, False),
        (Status.substituted, False, False),
    ],
)
def test_an_approved_photo_stands(status: Status, has_one: bool, may: bool) -> None:
    assert may_send_photo(status, has_one=has_one) is may


@pytest.mark.parametrize(
    ("one", "step", "after"),
    [
        ("b", -1, "bacd"),
        ("b", 1, "acbd"),
        ("a", -1, "abcd"),
        ("d", 1, "abcd"),
        ("a", 1, "bacd"),
        ("c", 0, "abcd"),
    ],
)
def test_an_order_rearranged(one: str, step: int, after: str) -> None:
    assert "".join(moved("abcd", one, step)) == after


def test_a_delegation_decides_no_rank() -> None:
    for decided in ({"rank": "minister"}, {"acting": True}):
        with pytest.raises(ValidationError):
            PersonIn.model_validate({"name": "X"} | decided)


@pytest.mark.parametrize(
    "given", [{"x": 0.1}, {"x": 0, "y": 0}, {"x": 0, "y": 2, "size": 1}, {"size": 0.01}]
)
def test_half_a_section_is_none(given: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        CropIn.model_validate(given)


@pytest.mark.parametrize("given", [{}, {"name": "X", "successor": str(Role and "0" * 32)}])
def test_a_successor_is_one_of_two(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Replacement.model_validate({"reason": "Ill", **given})


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_the_portal_is_written_in_six_languages(language: str) -> None:
    same = [
        key
        for key in words_of("ui")
        if key.startswith("portal_") and phrase(key, language) == phrase(key)
    ]
    # Some words are the same in French.
    assert set(same) <= {"portal_invitation", "portal_places", "portal_photo"}
    for group in ("missing", "channel", "invitation", "sex", "role", "status"):
        for word in words_of(group):
            assert label(word, group, language) != word.replace("_", " ").capitalize() or (
                label(word, group, "en") == label(word, group, language)
            )
