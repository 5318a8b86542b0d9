"""Rule 15, the categories and the modules of the code, without a database."""

import base64
import secrets
from datetime import date

import pytest

from app.badges import modules, qr
from app.badges.rules import categories, category_of, may_print, no_copy, validity
from app.conferences.rules import Policies
from app.delegations.rules import Kind
from app.participants.rules import Rank, Role


@pytest.mark.parametrize(
    ("rank", "role", "kind", "expected"),
    [
        ("minister", "head", "member_state", "principal"),
        ("head_of_state", "head", "observer_state", "principal"),
        ("minister_of_state", "head", "member_state", "delegate"),
        (None, "delegate", "member_state", "delegate"),
        (None, "delegate", "other_state", "delegate"),
        (None, "delegate", "observer_state", "observer"),
        (None, "observer", "member_state", "observer"),
        ("executive_head", "head", "specialized_agency", "organization"),
        (None, "expert", "think_tank", "civil_society"),
        (None, "delegate", "private_sector", "civil_society"),
        (None, "delegate", "other_entity", "organization"),
        (None, "media", "member_state", "media"),
        (None, "delegate", "media", "media"),
        (None, "security", "member_state", "security"),
        (None, "interpreter", "member_state", "support"),
        (None, "support", "un_secretariat", "support"),
        (None, "spouse", "member_state", "accompanying"),
        (None, "support", "organiser", "organiser"),
    ],
)
def test_category(rank: str | None, role: str, kind: str, expected: str) -> None:
    assert category_of(rank=rank, role=role, kind=kind).key == expected


def test_categories_name_only_what_is() -> None:
    numbers = [category.number for category in categories().values()]
    assert len(set(numbers)) == len(numbers)
    for category in categories().values():
        assert 0 < category.number < 256
        assert category.zones & 1, "the first gate admits every active badge"
        assert category.label.keys() == {"en", "fr", "es", "ru", "ar", "zh"}
        assert category.ranks <= set(Rank)
        assert category.roles <= set(Role)
        assert category.kinds <= set(Kind)


@pytest.mark.parametrize(
    ("rank", "has_photo", "printed"),
    [
        ("head_of_state", False, True),
        ("head_of_government", False, True),
        ("minister", False, False),
        ("official", False, False),
        (None, False, False),
        (None, True, True),
        ("head_of_state", True, True),
    ],
)
def test_photo_rule(rank: str | None, has_photo: bool, printed: bool) -> None:
    """Rule 15: a head of state's badge prints without a photo, an adviser's is held."""
    reason = may_print(rank, has_photo, Policies().photo_exempt_ranks)
    assert (reason is None) is printed


@pytest.mark.parametrize(
    ("named", "printed", "collected", "word"),
    [
        (True, False, False, None),
        (True, True, False, None),
        (True, False, True, "collected"),
        (True, True, True, "collected"),
        (False, False, False, None),
        (False, True, False, "new card"),
        (False, False, True, "collected"),
        (False, True, True, "collected"),
    ],
)
def test_who_gets_another_copy(
    named: bool, printed: bool, collected: bool, word: str | None
) -> None:
    reason = no_copy(named=named, printed=printed, collected=collected)
    assert (reason is None) if word is None else word in (reason or "")


def test_validity_is_the_conference_except_for_a_sample() -> None:
    first, last = date(2024, 11, 4), date(2024, 11, 5)
    assert validity(first, last, sample=False) == (first, last)
    opened, closed = validity(first, last, sample=True)
    assert opened < first
    assert closed > date.today()  # noqa: DTZ011 - years away


def test_modules_are_those_of_the_encoder() -> None:
    codes = [base64.b32encode(secrets.token_bytes(90)).decode() for _ in range(12)]
    for code in [*codes, "A" * 144, "7" * 144, "2345677A" * 18]:
        assert modules.matrix(code) == qr.matrix(code)
