"""Which column is which, in three languages, by heading and where needed by values."""

import pytest

from app.core.errors import Invalid
from app.core.sheets import Table
from app.participants.intake.headings import fields, recognise, settle_headings, unmapped

PERSON = ["Mr", "A. Person", "Minister of Health"]


def names(
    headings: list[str], sample: list[list[str]] | None = None, **explicit: str
) -> dict[str, str]:
    columns = recognise(headings, sample or [], explicit)
    return {field: headings[column] for field, column in columns.items()}


@pytest.mark.parametrize(
    ("field", "headings"),
    [
        ("external_id", ["ID", "external_id", "Registration No.", "رقم التسجيل"]),
        ("group", ["Group", "Category", "Catégorie", "الفئة"]),
        ("kind", ["Type of organisation", "Type de délégation", "نوع الوفد"]),
        ("delegation", ["Delegation", "COUNTRY", "Organisation", "Pays/Organisation", "الوفد"]),
        ("iso3", ["ISO3", "Country code", "Code pays", "رمز الدولة"]),
        ("style", ["Honorific", "Civilité", "Salutation", "Mr/Ms", "اللقب الشرفي"]),
        ("name", ["Name", "Nom complet", "Name *", "Name (as in passport)", "Nom / Name"]),
        ("given_names", ["First name", "Given name(s)", "Prénom", "Prénom(s)", "الاسم الأول"]),
        ("family_name", ["Last Name", "SURNAME", "Nom de famille", "اسم العائلة"]),
        ("name_ar", ["Name (Arabic)", "Nom en arabe", "الاسم بالعربية", "name_ar"]),
        ("function", ["Function", "Job title", "Position", "Fonction", "المنصب", "المسمى الوظيفي"]),
        ("division", ["Division", "Department", "Département", "القسم"]),
        ("affiliation", ["Affiliation", "Ministry", "Ministère", "جهة العمل"]),
        ("role", ["Role", "Rôle dans la délégation", "صفة المشاركة"]),
        ("rank", ["Rank", "Rang", "الرتبة"]),
        ("sex", ["Sex", "Gender", "Sexe", "M/F", "الجنس"]),
        ("email", ["E-mail:", "Courriel", "البريد الإلكتروني", "البريد الإلكتروني Email"]),
        ("phone", ["Tel.", "Mobile", "Téléphone", "رقم الهاتف"]),
    ],
)  # fmt: skip
def test_headings_of_each_field(field: str, headings: list[str]) -> None:
    for heading in headings:
        assert names([heading]) == {field: heading}


def test_every_field_is_found_by_its_own_name() -> None:
    assert recognise(fields(), []) == {field: i for i, field in enumerate(fields())}


@pytest.mark.parametrize("heading", ["Title", "Titre", "اللقب"])
@pytest.mark.parametrize(
    ("values", "field"),
    [
        (["Mr", "HE Ms", "Dr", ""], "style"),
        (["S.E. M.", "Mme", "SE Mme"], "style"),
        (["معالي", "السيدة"], "style"),
        (["Minister of Health", "Director", "Mr"], "function"),
        ([], "function"),
    ],
)
def test_title_is_what_its_values_are(heading: str, values: list[str], field: str) -> None:
    assert names([heading], [[v] for v in values]) == {field: heading}


def test_title_beside_clear_columns() -> None:
    values = [["Mr", "Minister"], ["Ms", "Director"]]
    assert names(["Title", "Function"], values) == {"style": "Title", "function": "Function"}
    jobs = [["Minister", "Mr"], ["Director", "Ms"]]
    assert names(["Title", "Honorific"], jobs) == {"function": "Title", "style": "Honorific"}


def test_country_and_organisation() -> None:
    assert names(["Country", "Organisation"]) == {
        "delegation": "Country",
        "affiliation": "Organisation",
    }
    assert names(["Organisation", "Affiliation"])["delegation"] == "Organisation"


def test_names_in_parts_and_scripts() -> None:
    assert names(["Nom", "Prénom"]) == {"family_name": "Nom", "given_names": "Prénom"}
    assert names(["Name", "الاسم"]) == {"name": "Name", "name_ar": "الاسم"}
    assert names(["الاسم"], [["علي"]]) == {"name_ar": "الاسم"}
    assert names(["الاسم"], [["Ali"]]) == {"name": "الاسم"}


def test_nationality_and_row_numbers_are_left_alone() -> None:
    headings = ["No.", "Nationality", "الجنسية", "Name", "Shoe size", ""]
    columns = recognise(headings, [])
    assert columns == {"name": 3}
    assert unmapped(headings, columns) == ["No.", "Nationality", "الجنسية", "Shoe size"]


def test_explicit_maps_win() -> None:
    assert names(["Shoe size", "Function", "Name"], rank="Shoe size", division="function") == {
        "rank": "Shoe size",
        "division": "Function",
        "name": "Name",
    }
    assert names(["Name", "Prénom"], name="Name") == {"name": "Name", "given_names": "Prénom"}


@pytest.mark.parametrize(
    ("explicit", "words"),
    [
        ({"shoe": "Name"}, "“shoe” is no field of an import; known are external_id"),
        ({"rank": "Level X"}, "no heading “Level X” for rank; it has “Name”"),
    ],
)
def test_wrong_maps_are_named(explicit: dict[str, str], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        recognise(["Name"], [], explicit)


def test_headings_below_a_letterhead() -> None:
    table = Table(
        ["List of participants"],
        [["As of noon"], ["Country", "Name", "Title"], ["Chad", "A", "Mr"]],
        [3, 5, 6],
    )
    assert settle_headings(table) == Table(["Country", "Name", "Title"], [["Chad", "A", "Mr"]], [6])
    plain = Table(["Name", "x"], [["Country", "Title"]], [2])
    assert settle_headings(plain) is plain
