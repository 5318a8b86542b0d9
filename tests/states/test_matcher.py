"""Free text finds the state it names, and nothing else does."""

import csv
from itertools import combinations
from pathlib import Path

import pytest

from app.states.catalogue import organizations, read, states
from app.states.matcher import _key, _named, match_organization, match_state

HERE = Path(__file__).parent


def rows(file: str) -> list[tuple[str, str]]:
    with (HERE / file).open(encoding="utf-8", newline="") as lines:
        return [(row["iso3"], row["text"]) for row in csv.DictReader(lines)]


def found(text: str) -> str | None:
    match = match_state(text)
    return match.state.iso3 if match else None


def test_spellings_met_in_lists_are_found_and_none_is_mistaken() -> None:
    variants = rows("variants.csv")
    assert len(variants) >= 400
    answers = [(text, iso3, found(text)) for iso3, text in variants]
    assert [a for a in answers if a[2] not in (a[1], None)] == []
    missed = [text for text, _, answer in answers if answer is None]
    assert len(missed) <= 0.02 * len(variants), missed


def test_every_party_of_1995_is_found() -> None:
    assert [(t, i, found(t)) for i, t in rows("parties_1995.csv") if found(t) != i] == []


def test_decoys_match_nothing() -> None:
    decoys = (HERE / "decoys.txt").read_text(encoding="utf-8").splitlines()
    assert len(decoys) >= 100
    assert [(d, found(d)) for d in decoys if found(d)] == []


def test_every_name_and_code_of_the_table_finds_its_state() -> None:
    ours_not = set(read("variants.json")["not_codes"])
    for state in states():
        texts = [state.iso3, *({state.iso2} - ours_not)]
        for name in state.names.values():
            texts += [name.short, name.formal, name.index]
            texts += [name.formal.upper(), name.short.lower(), f"  {name.short} ", f"{name.index}*"]
        for former in state.former:
            texts += [*former.short.values(), *former.formal.values()]
        assert {text for text in texts if found(text) != state.iso3} == set()


def test_no_two_states_claim_one_name() -> None:
    claims: dict[str, set[str]] = {}
    for key, state, _ in _named():
        claims.setdefault(key, set()).add(state.iso3)
    assert {key: who for key, who in claims.items() if len(who) > 1} == {}
    assert "" not in claims


def test_what_is_nobody_is_not_a_listed_variant() -> None:
    variants = read("variants.json")
    keys = {_key(text) for names in variants["names"].values() for text in names}
    assert {text for text in variants["nobody"] if _key(text) in keys} == set()


@pytest.mark.parametrize(
    ("text", "via"),
    [("KWT", "code"), ("Kuwait", "name"), ("Swaziland", "former"), ("Ivory Coast", "variant")],
)
def test_a_match_says_by_what(text: str, via: str) -> None:
    match = match_state(text)
    assert match is not None
    assert match.via == via


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("UNOCT", "UNOCT"),
        ("UN Office of Counter-Terrorism", "UNOCT"),
        ("United Nations Development Programme (Undp)", "UNDP"),
        ("Food and Agriculture Organisation of The United Nations (Fao)", "FAO"),
        ("World Bank (Ibrd)", "WORLD-BANK"),
        ("Wmo/Unep Intergovernmental Panel On Climate Change (Ipcc)", "IPCC"),
        ("European Community (Ec)", "EU"),
        ("Organization for Economic Cooperation and Development (OECD)", "OECD"),
        ("International Criminal Police Organization (INTERPOL)", "INTERPOL"),
        ("The League of Arab States", "LAS"),
        ("جامعة الدول العربية", "LAS"),
        ("Organisation du Traité de sécurité collective", "CSTO"),
        ("OTAN", "NATO"),
        ("UN-Habitat", "UN-HABITAT"),
        ("Comité international de la Croix-Rouge (CICR)", "ICRC"),
    ],
)
def test_organisations_are_found(text: str, code: str) -> None:
    organization = match_organization(text)
    assert organization is not None
    assert organization.code == code


@pytest.mark.parametrize(
    "text",
    [
        "International Chamber of Commerce (Icc)",
        "Climate Action Network (Can)",
        "World Council of Churches (Wcc)",
        "World Wide Fund for Nature (Wwf)",
        "World Coal Institute",
        "Friends of the United Nations",
        "United Nations Association of Norway",
        "Model United Nations",
        "who",
        "eco",
        "World Health Organization (Kuwait Office)",
        "ICC",
        "Kuwait",
        "",
        "()",
    ],
)
def test_other_bodies_are_not_taken_for_organisations(text: str) -> None:
    assert match_organization(text) is None


def test_every_organisation_is_found_by_its_names_and_acronyms() -> None:
    for o in organizations():
        texts = [o.code, *o.acronyms, *o.names.values(), *o.variants]
        texts += [f"{name} ({o.code})" for name in o.names.values()]
        answers = {text: match_organization(text) for text in texts}
        assert {text: a for text, a in answers.items() if a is not o} == {}


def test_states_and_organisations_do_not_share_names() -> None:
    assert [o.code for o in organizations() if match_state(o.code)] == []
    names = [n for o in organizations() for n in (*o.names.values(), *o.variants)]
    assert [n for n in names if match_state(n)] == []
    assert [s.iso3 for s in states() for n in s.names.values() if match_organization(n.short)] == []


def test_two_different_states_in_one_cell_are_nobody() -> None:
    some = ["Kuwait", "Chad", "Georgia", "Korea, Republic of"]
    assert [(a, b) for a, b in combinations(some, 2) if found(f"{a} / {b}")] == []


def test_absurd_input_is_nobody() -> None:
    for text in ["", " ", "\x00", "(" * 150, "Kuwait " * 5_000, "🇰🇼", "()[]/|;"]:
        assert found(text) is None
