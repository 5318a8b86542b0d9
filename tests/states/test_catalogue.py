"""The table is complete, and lists come out in the order of their language."""

import re
from collections import Counter
from datetime import date

import pytest

from app.core.errors import Invalid
from app.states.catalogue import (
    country_order,
    filed,
    name,
    organizations,
    read,
    sort_key,
    state,
    states,
)
from app.states.rules import LANGUAGES, groups_on, standing_warning, status_on

TODAY = date(2024, 11, 4)
SEVEN = ["KWT", "TJK", "TUR", "CIV", "FRA", "DEU", "ARE"]


def test_lot() -> None:
    drawn = country_order(["AFG", "ALB", "YEM", "ZMB", "ZWE"], "en", starting_from="YEM")
    assert drawn == ("YEM", "ZMB", "ZWE", "AFG", "ALB")


def test_lot_from_a_state_that_is_not_in_the_list() -> None:
    assert country_order(["AFG", "ALB", "ZWE"], "en", starting_from="YEM") == ("ZWE", "AFG", "ALB")


@pytest.mark.parametrize(
    ("language", "order"),
    [
        ("en", "CIV,FRA,DEU,KWT,TJK,TUR,ARE"),
        ("fr", "DEU,CIV,ARE,FRA,KWT,TJK,TUR"),
        ("ar", "DEU,ARE,TUR,TJK,FRA,CIV,KWT"),
    ],
)
def test_collation_per_language(language: str, order: str) -> None:
    assert country_order(SEVEN, language) == tuple(order.split(","))


@pytest.mark.parametrize(
    ("iso3s", "order"),
    [
        ("TKM,TUN,TUR", "TUN,TUR,TKM"),
        ("IRQ,IRN,IDN", "IDN,IRN,IRQ"),
        ("PSE,SDN,LKA,ESP", "ESP,LKA,PSE,SDN"),
        ("NGA,NER,NLD,NPL,NZL", "NPL,NLD,NZL,NER,NGA"),
        ("KOR,PRK,MDA,ROU", "PRK,KOR,MDA,ROU"),
        ("GNB,GIN,GUY,GNQ", "GNQ,GIN,GNB,GUY"),
        ("VNM,VEN,VUT", "VUT,VEN,VNM"),
    ],
)
def test_english_lists_follow_index_forms(iso3s: str, order: str) -> None:
    assert country_order(iso3s.split(","), "en") == tuple(order.split(","))


def test_a_name_is_filed_under_the_index_form_where_it_is_the_states_own() -> None:
    assert filed("Islamic Republic of Iran", "IRN") == "Iran (Islamic Republic of)"
    assert filed("State of Kuwait", "KWT") == "Kuwait"
    assert filed("Our Friends", "KWT") == "Our Friends"
    assert filed("Kuwait", None) == "Kuwait"
    assert filed("Kuwait", "XXX") == "Kuwait"


def test_a_profile_may_carry_its_own_arabic_sort_names() -> None:
    own = {"SAU": "سعودية", "SYR": "سوريا", "PSE": "فلسطين"}
    order = country_order(["SAU", "SYR", "PSE", "QAT", "SDN"], "ar", sort_as=own)
    assert order == ("SAU", "SDN", "SYR", "PSE", "QAT")


def test_an_unknown_language_is_ordered_as_english() -> None:
    assert country_order(SEVEN, "sw") == country_order(SEVEN, "en")
    assert name(state("KWT"), "sw") == "Kuwait"


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(Invalid, match="XKX"):
        state("XKX")


def test_193_members_2_observers_2_others() -> None:
    counts = Counter(status_on(s, TODAY) for s in states())
    assert counts == {"member": 193, "observer": 2, "other": 2}


def test_codes_are_unique_and_well_formed() -> None:
    for pattern, codes in [
        (r"[A-Z]{3}", [s.iso3 for s in states()]),
        (r"[A-Z]{2}", [s.iso2 for s in states()]),
        (r"\d{3}", [s.m49 for s in states()]),
    ]:
        assert len(set(codes)) == 197
        assert all(re.fullmatch(pattern, code) for code in codes)


def test_groups_add_up() -> None:
    assert Counter(s.regional_group for s in states()) == {
        "african": 54,
        "asia_pacific": 54,
        "eastern_european": 23,
        "latin_american_and_caribbean": 33,
        "western_european_and_others": 29,
        None: 4,
    }
    assert Counter(g for s in states() for g in groups_on(s, date(2025, 1, 1))) == {
        "ldc": 44,
        "lldc": 32,
        "sids": 39,
    }
    assert {s.region for s in states()} == {"Africa", "Americas", "Asia", "Europe", "Oceania"}


@pytest.mark.parametrize(
    ("day", "listed"),
    [
        (date(2020, 12, 3), 47),
        (date(2024, 11, 4), 45),  # Sao Tome and Principe still among them
        (date(2024, 12, 13), 44),
        (date(2026, 11, 24), 41),
    ],
)
def test_states_leave_the_list_of_least_developed_countries(day: date, listed: int) -> None:
    assert sum("ldc" in groups_on(s, day) for s in states()) == listed


SCRIPT = {"ru": r"[А-Яа-яЁё]", "ar": r"[\u0621-\u064a]", "zh": r"[\u4e00-\u9fff]"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_present_clean_and_in_their_script(language: str) -> None:
    for s in states():
        n = s.names[language]
        for text in (n.short, n.formal, n.index, n.sort):
            assert text, s.iso3
            assert text == " ".join(text.split())
            assert re.search(SCRIPT.get(language, r"[A-Za-z]"), text), text
            if language in SCRIPT:
                assert not re.search(r"[A-Za-z]", text), text
        assert not re.match(r"(the|la|le|les|los|las|el) (?!Salvador)|l'", n.formal), n.formal
        assert "(" not in n.short


@pytest.mark.parametrize("language", LANGUAGES)
def test_sort_keys_and_short_names_are_unique(language: str) -> None:
    assert len({sort_key(s, language) for s in states()}) == 197
    assert len({name(s, language) for s in states()}) == 197
    assert len({name(s, language, "formal") for s in states()}) == 197


def test_arabic_sort_keys_drop_the_article_only() -> None:
    for s in states():
        assert not s.names["ar"].sort.startswith("ال"), s.iso3
        assert name(s, "ar", "index").removeprefix("ال") == s.names["ar"].sort
    assert state("DEU").names["ar"].sort == "ألمانيا"


@pytest.mark.parametrize(
    ("iso3", "on", "form", "printed"),
    [
        ("SWZ", date(2018, 4, 18), "short", "Swaziland"),
        ("SWZ", date(2018, 4, 19), "short", "Eswatini"),
        ("SWZ", date(2018, 4, 18), "formal", "Kingdom of Swaziland"),
        ("TUR", date(2022, 5, 31), "short", "Turkey"),
        ("TUR", date(2024, 11, 4), "formal", "Republic of Türkiye"),
        ("MKD", date(2019, 3, 1), "index", "North Macedonia"),
        ("SRB", date(2001, 1, 1), "short", "Federal Republic of Yugoslavia"),
        ("SRB", date(2005, 1, 1), "short", "Serbia and Montenegro"),
        ("IRN", None, "short", "Islamic Republic of Iran"),
        ("IRN", None, "index", "Iran (Islamic Republic of)"),
    ],
)
def test_names_have_their_time(iso3: str, on: date | None, form: str, printed: str) -> None:
    assert name(state(iso3), "en", form, on=on) == printed


def test_former_names_are_in_order_of_time() -> None:
    for s in states():
        assert [f.until for f in s.former] == sorted(f.until for f in s.former)


def test_standings_are_in_order_of_time() -> None:
    for s in states():
        assert [x.since for x in s.standing] == sorted(x.since for x in s.standing)


@pytest.mark.parametrize(
    ("iso3", "day", "status"),
    [
        ("KWT", date(1963, 5, 13), "other"),
        ("KWT", date(1963, 5, 14), "member"),
        ("CHE", date(1995, 2, 6), "observer"),
        ("CHE", date(2002, 9, 10), "member"),
        ("VAT", date(1995, 2, 6), "observer"),
        ("PSE", date(2012, 11, 28), "other"),
        ("PSE", date(2012, 11, 29), "observer"),
        ("COK", date(2024, 11, 4), "other"),
    ],
)
def test_status_on(iso3: str, day: date, status: str) -> None:
    assert status_on(state(iso3), day) == status


@pytest.mark.parametrize(
    ("iso3", "kind", "sentence"),
    [
        ("VAT", "member_state", "Holy See: listed as member state, but"),
        ("COK", "member_state", "neither a Member State nor an observer State"),
        ("KWT", "observer_state", "a Member State of the United Nations"),
        ("PSE", "other_state", "an observer State at the United Nations"),
        ("KWT", "member_state", None),
        ("VAT", "observer_state", None),
        ("NIU", "other_state", None),
        ("KWT", "organiser", None),
        ("USA", "civil_society", None),
    ],
)
def test_standing_warning(iso3: str, kind: str, sentence: str | None) -> None:
    warning = standing_warning(state(iso3), kind, TODAY)
    assert (sentence in warning) if sentence and warning else warning is sentence


def test_organisations_are_well_formed() -> None:
    codes = [o.code for o in organizations()]
    assert len(set(codes)) == len(codes) >= 90
    assert all(re.fullmatch(r"[A-Z0-9-]{2,16}", code) for code in codes)
    assert {o.kind for o in organizations()} == {
        "un_secretariat",
        "specialized_agency",
        "intergovernmental_organization",
        "other_entity",
    }
    acronyms = [*codes, *(a for o in organizations() for a in o.acronyms)]
    assert len(set(acronyms)) == len(acronyms)
    assert all(o.names["en"] for o in organizations())


def test_no_delegation_code_of_a_state_is_an_organisations() -> None:
    assert {s.iso3 for s in states()} & {o.code for o in organizations()} == set()


def test_variants_name_known_states() -> None:
    variants = read("variants.json")
    known = {s.iso3 for s in states()}
    assert set(variants["names"]) <= known
    assert set(variants["initials"].values()) <= known
