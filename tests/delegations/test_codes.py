"""Codes from names: an acronym, else initials; in Latin; unique; always the same."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.delegations.codes import derive_code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("World Meteorological Organization (Wmo)", "WMO"),
        ("Climate Action Network-Southeast Asia (Can-Sea)", "CAN-SEA"),
        ("Order of Malta (observer only)", "OM"),
        ("League of Arab States", "LAS"),
        ("The Nature Conservancy", "NC"),
        ("Union pour la Méditerranée", "UM"),
        ("L'Association des Femmes", "LF"),
        ("Interpol", "INTERPOL"),
        ("Шанхайская организация сотрудничества", "SOS"),
        ("مجلس التعاون", "MA"),
        ("X", "XX"),
        ("…", "ORG"),
    ],
)
def test_codes(name: str, code: str) -> None:
    assert derive_code(name, ()) == code


def test_codes_are_made_unique() -> None:
    taken = {"CU", "CU-2"}
    assert derive_code("Columbia University", taken) == "CU-3"
    long = derive_code("Body (ABCDEFGHIJKLMNOP)", {"ABCDEFGHIJKLMNOP"})
    assert long == "ABCDEFGHIJKLMN-2"


@given(st.text(max_size=60), st.sets(st.text("AB-2", min_size=1, max_size=4)))
def test_every_name_has_a_valid_free_code(name: str, taken: set[str]) -> None:
    code = derive_code(name, taken)
    assert re.fullmatch("[A-Z0-9-]{2,16}", code)
    assert code not in taken
    assert code == derive_code(name, taken)
