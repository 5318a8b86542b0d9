"""Forms of address: printed tidily, taken off names conservatively, sex only where certain."""

import pytest

from app.participants.intake.honorifics import Style, normalise_style, split_honorific


@pytest.mark.parametrize(
    ("value", "text", "sex"),
    [
        ("HE Mr", "H.E. Mr.", "male"),
        ("H.E. Mrs.", "H.E. Mrs.", "female"),
        ("H.E.Ms", "H.E. Ms.", "female"),
        ("HE", "H.E.", None),
        ("SE M", "S.E. M.", "male"),
        ("S.E.M.", "S.E. M.", "male"),
        ("S.E. Mme", "S.E. Mme", "female"),
        ("M", "M.", "male"),
        ("M.", "M.", "male"),
        ("Mme", "Mme", "female"),
        ("mr.", "Mr.", "male"),
        ("MISS", "Miss", "female"),
        ("Sra", "Sra.", "female"),
        ("Excmo. Sr.", "Excmo. Sr.", "male"),
        ("Excma Sra", "Excma. Sra.", "female"),
        ("Prof Dr", "Prof. Dr.", None),
        ("Dr", "Dr.", None),
        ("Dra.", "Dra.", "female"),
        ("Rt Hon", "Rt. Hon.", None),
        ("The Right Honourable", "Rt. Hon.", None),
        ("Hon.", "Hon.", None),
        ("Lt. Gen.", "Lt. Gen.", None),
        ("Lt-Gen", "Lt. Gen.", None),
        ("H.E. Sheikh", "H.E. Sheikh", "male"),
        ("H.R.H. Prince", "H.R.H. Prince", "male"),
        ("Her Excellency", "H.E.", None),
        ("Mgr", "Mgr", "male"),
        ("Herr", "Herr", "male"),
        ("Dott.ssa", "Dott.ssa", "female"),
        ("Mr/Ms", "Mr. Ms.", None),
        ("معالي", "معالي", None),
        ("معالي السيد", "معالي السيد", "male"),
        ("سعادة السيدة", "سعادة السيدة", "female"),
        ("السيده", "السيدة", "female"),
        ("صاحب السمو الملكي الأمير", "صاحب السمو الملكي الأمير", "male"),
        ("الدكتور", "الدكتور", None),
        ("سمو الشيخ", "سمو الشيخ", "male"),
    ],
)
def test_known_styles(value: str, text: str, sex: str | None) -> None:
    assert normalise_style(value) == Style(text, sex, known=True)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["", "—", "Minister", "Mr Smith", "Chief", "M. Ali Khan"])
def test_unknown_styles_are_left_as_they_are(value: str) -> None:
    assert normalise_style(f" {value} ") == Style(value, None, known=False)


@pytest.mark.parametrize(
    ("name", "style", "rest"),
    [
        ("H.E. Mr. Ali Sabah", "H.E. Mr.", "Ali Sabah"),
        ("HE Mr Ali Sabah", "H.E. Mr.", "Ali Sabah"),
        ("H.E.Mr.Ali Sabah", "H.E. Mr.", "Ali Sabah"),
        ("H.E. Ali Sabah", "H.E.", "Ali Sabah"),
        ("S.E. M. Jean Dupont", "S.E. M.", "Jean Dupont"),
        ("S.E.M. Jean Dupont", "S.E. M.", "Jean Dupont"),
        ("S.E. Mme Jeanne d'Arc", "S.E. Mme", "Jeanne d'Arc"),
        ("Sr. D. Juan Pérez", "Sr.", "D. Juan Pérez"),
        ("Excmo. Sr. Don Juan Pérez", "Excmo. Sr. D.", "Juan Pérez"),
        ("Prof. Dr. Anna Weiß", "Prof. Dr.", "Anna Weiß"),
        ("Rt Hon Jane Doe", "Rt. Hon.", "Jane Doe"),
        ("Hon. Jane Doe", "Hon.", "Jane Doe"),
        ("Lt. Gen. Omar Haddad", "Lt. Gen.", "Omar Haddad"),
        ("H.E. Sheikh Sabah Khaled", "H.E. Sheikh", "Sabah Khaled"),
        ("H.R.H. Prince Faisal bin Ali", "H.R.H. Prince", "Faisal bin Ali"),
        ("Dr Mary-Jane O'Neil", "Dr.", "Mary-Jane O'Neil"),
        ("معالي السيد علي الصباح", "معالي السيد", "علي الصباح"),
        ("سعادة السفيرة ليلى حسن", "سعادة السفيرة", "ليلى حسن"),
        ("د. علي حسن", "د.", "علي حسن"),
        # Words that are names or initials stay.
        ("M. Ali Khan", "", "M. Ali Khan"),
        ("Dr. M. Ali Khan", "Dr.", "M. Ali Khan"),
        ("He Yafei", "", "He Yafei"),
        ("HE YAFEI", "", "HE YAFEI"),
        ("Se Hoon Park", "", "Se Hoon Park"),
        ("Dr. He Yafei", "Dr.", "He Yafei"),
        ("Prince Okoro", "", "Prince Okoro"),
        ("Sheikh Hasina", "", "Sheikh Hasina"),
        ("Cheikh Anta Diop", "", "Cheikh Anta Diop"),
        ("H.E. Sheikh Hasina", "H.E.", "Sheikh Hasina"),
        ("Dame Diouf", "", "Dame Diouf"),
        ("Major Singh", "", "Major Singh"),
        ("Don Mason", "", "Don Mason"),
        ("Amir Khan", "", "Amir Khan"),
        ("Emir Kusturica", "", "Emir Kusturica"),
        ("Justice Malala", "", "Justice Malala"),
        ("Drew Barry", "", "Drew Barry"),
        ("Suharto", "", "Suharto"),
        ("Mr", "", "Mr"),
        ("دولة حسن", "", "دولة حسن"),
        ("", "", ""),
    ],
)
def test_honorifics_before_names(name: str, style: str, rest: str) -> None:
    assert split_honorific(name) == (style, rest)


def test_a_french_m_is_monsieur() -> None:
    assert split_honorific("M. Jean Dupont", language="fr") == ("M.", "Jean Dupont")
    assert split_honorific("M Jean Dupont", language="fr") == ("", "M Jean Dupont")
