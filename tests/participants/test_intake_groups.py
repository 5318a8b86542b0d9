"""Labels of files in the vocabulary's words, or nothing."""

import pytest

from app.core.text import fold
from app.participants.intake.groups import kind_of, rank_of, role_of, sex_of
from app.participants.intake.titles import RANKS
from app.participants.intake.words import data


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Parties", "member_state"),
        ("MEMBER STATES", "member_state"),
        ("États Parties", "member_state"),
        ("الدول الأعضاء", "member_state"),
        ("Observer States", "observer_state"),
        ("Non-governmental organizations", "civil_society"),
        ("ONG", "civil_society"),
        ("Intergovernmental organizations", "intergovernmental_organization"),
        ("المنظمات الدولية", "intergovernmental_organization"),
        ("Specialized agencies and related organizations", "specialized_agency"),
        ("United Nations Secretariat units and bodies", "un_secretariat"),
        ("Médias", "media"),
        ("وسائل الإعلام", "media"),
        ("Women’s organizations", "womens_organization"),
        ("think_tank", "think_tank"),
        ("Academia", "academia"),
        ("القطاع الخاص", "private_sector"),
        ("Observers", None),
        ("Organizations", None),
        ("", None),
    ],
)
def test_kinds(label: str, kind: str | None) -> None:
    assert kind_of(label) == kind


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Head of delegation", "head"),
        ("Chef de délégation", "head"),
        ("رئيس الوفد", "head"),
        ("Deputy Head of Delegation", "deputy_head"),
        ("Conseillère", "adviser"),
        ("Interprète", "interpreter"),
        ("أمن", "security"),
        ("Delegate", "delegate"),
        ("Juggler", None),
    ],
)
def test_roles(label: str, role: str | None) -> None:
    assert role_of(label) == role


@pytest.mark.parametrize(
    ("label", "rank"),
    [
        ("minister", "minister"),
        ("foreign_minister", "foreign_minister"),
        ("Head of State", "head_of_state"),
        ("Vice-ministre", "deputy_minister"),
        ("وزير", "minister"),
        ("charge_daffaires", "charge_daffaires"),
        ("none", "none"),
        ("Minister Counsellor", None),
        ("", None),
    ],
)
def test_ranks(label: str, rank: str | None) -> None:
    assert rank_of(label) == rank


@pytest.mark.parametrize(
    ("label", "sex"),
    [
        ("Female", "female"),
        ("F", "female"),
        ("أنثى", "female"),
        ("Mme", "female"),
        ("M", "male"),
        ("Homme", "male"),
        ("ذكر", "male"),
        ("X", None),
        ("", None),
    ],
)
def test_sexes(label: str, sex: str | None) -> None:
    assert sex_of(label) == sex


def test_each_label_means_one_thing_and_each_rank_has_labels() -> None:
    for section in data("groups").values():
        folded = [fold(label) for labels in section.values() for label in {*map(fold, labels)}]
        assert len(folded) == len(set(folded))
    assert set(data("groups")["ranks"]) == set(RANKS)
