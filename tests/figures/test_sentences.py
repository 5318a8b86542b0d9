"""The communiqué in six languages, each number's text written by hand."""

from dataclasses import replace
from datetime import date

import pytest

from app.conferences.rules import policies_of
from app.figures import rules
from app.figures.rules import Basis
from app.figures.sentences import Occasion, communique, languages

NUMBERS = (1, 2, 3, 11, 21, 91, 100, 512)
NOBODY = dict.fromkeys(rules.DEFINITIONS, 0)
OCCASION = Occasion("Forum 2030", "Aden", date(2024, 11, 4), date(2024, 11, 5), "", step=50)

# Per language: the sentence, then persons, ministers and states in it for each of the numbers.
SENTENCES = {
    "en": (
        "The Forum 2030, held in Aden on 4–5 November 2024, brought together {}, "
        "including {} and high-level representatives from {}.",
        [
            ("1 participant", "1 Government Minister", "1 Member State"),
            ("2 participants", "2 Government Ministers", "2 Member States"),
            ("3 participants", "3 Government Ministers", "3 Member States"),
            ("11 participants", "11 Government Ministers", "11 Member States"),
            ("21 participants", "21 Government Ministers", "21 Member States"),
            ("more than 50 participants", "91 Government Ministers", "91 Member States"),
            ("100 participants", "100 Government Ministers", "100 Member States"),
            ("more than 500 participants", "512 Government Ministers", "512 Member States"),
        ],
        "Nobody has been counted yet for the Forum 2030 on this basis.",
    ),
    "fr": (
        "La conférence « Forum 2030 », tenue à Aden (4–5 novembre 2024), a réuni {}, "
        "dont {} et des représentants de haut niveau {}.",
        [
            ("1 participant", "1 ministre", "d’un État Membre"),
            ("2 participants", "2 ministres", "de 2 États Membres"),
            ("3 participants", "3 ministres", "de 3 États Membres"),
            ("11 participants", "11 ministres", "de 11 États Membres"),
            ("21 participants", "21 ministres", "de 21 États Membres"),
            ("plus de 50 participants", "91 ministres", "de 91 États Membres"),
            ("100 participants", "100 ministres", "de 100 États Membres"),
            ("plus de 500 participants", "512 ministres", "de 512 États Membres"),
        ],
        "Aucun participant n’a encore été comptabilisé sur cette base "
        "pour la conférence « Forum 2030 ».",
    ),
    "es": (
        "La conferencia «Forum 2030», celebrada en Aden (4–5 de noviembre de 2024), reunió a {}, "
        "entre ellos {} y representantes de alto nivel de {}.",
        [
            ("1 participante", "1 ministro", "1 Estado Miembro"),
            ("2 participantes", "2 ministros", "2 Estados Miembros"),
            ("3 participantes", "3 ministros", "3 Estados Miembros"),
            ("11 participantes", "11 ministros", "11 Estados Miembros"),
            ("21 participantes", "21 ministros", "21 Estados Miembros"),
            ("más de 50 participantes", "91 ministros", "91 Estados Miembros"),
            ("100 participantes", "100 ministros", "100 Estados Miembros"),
            ("más de 500 participantes", "512 ministros", "512 Estados Miembros"),
        ],
        "Todavía no se ha contabilizado a nadie con este criterio en la conferencia «Forum 2030».",
    ),
    "ru": (
        "В работе конференции «Forum 2030» (Aden, 4–5 ноября 2024 г.) {}, "
        "в том числе {} и высокопоставленные представители {}.",
        [
            ("принял участие 1 человек", "1 министр", "1 государства-члена"),
            ("приняли участие 2 человека", "2 министра", "2 государств-членов"),
            ("приняли участие 3 человека", "3 министра", "3 государств-членов"),
            ("приняли участие 11 человек", "11 министров", "11 государств-членов"),
            ("принял участие 21 человек", "21 министр", "21 государства-члена"),
            ("приняли участие более 50 человек", "91 министр", "91 государства-члена"),
            ("приняли участие 100 человек", "100 министров", "100 государств-членов"),
            ("приняли участие более 500 человек", "512 министров", "512 государств-членов"),
        ],
        "На этой основе по конференции «Forum 2030» пока никто не учтён.",
    ),
    "ar": (
        "حضر مؤتمر «Forum 2030»، الذي عُقد في Aden (4–5 نوفمبر 2024)، {}، "
        "من بينهم {} وممثلون رفيعو المستوى عن {}.",
        [
            ("مشارك واحد", "وزير واحد", "دولة عضو واحدة"),
            ("مشاركان", "وزيران", "دولتين عضوين"),
            ("3 مشاركين", "3 وزراء", "3 دول أعضاء"),
            ("11 مشاركاً", "11 وزيراً", "11 دولة عضواً"),
            ("21 مشاركاً", "21 وزيراً", "21 دولة عضواً"),
            ("أكثر من 50 مشاركاً", "91 وزيراً", "91 دولة عضواً"),
            ("100 مشارك", "100 وزير", "100 دولة عضو"),
            ("أكثر من 500 مشارك", "512 وزيراً", "512 دولة عضواً"),
        ],
        "لم يُحتسب أحد بعد على هذا الأساس في مؤتمر «Forum 2030».",
    ),
    "zh": (
        "“Forum 2030”于2024年11月4日至5日在Aden举行，与会者{}，其中包括{}和来自{}的高级别代表。",
        [
            ("共1人", "1位政府部长", "1个会员国"),
            ("共2人", "2位政府部长", "2个会员国"),
            ("共3人", "3位政府部长", "3个会员国"),
            ("共11人", "11位政府部长", "11个会员国"),
            ("共21人", "21位政府部长", "21个会员国"),
            ("超过50人", "91位政府部长", "91个会员国"),
            ("共100人", "100位政府部长", "100个会员国"),
            ("超过500人", "512位政府部长", "512个会员国"),
        ],
        "“Forum 2030”按此口径尚无人计入。",
    ),
}
PARAGRAPHS = {
    "en": "The Forum 2030 will be held in Aden on 4–5 November 2024. It is expected to bring "
    "together 37 participants, together with representatives of UN specialized agencies and "
    "Secretariat entities, 2 international and regional organizations and 1 civil society "
    "association. In all, 4 delegations are registered.",
    "fr": "La conférence « Forum 2030 » se tiendra à Aden (4–5 novembre 2024). Elle devrait "
    "réunir 37 participants, ainsi que des représentants d’institutions spécialisées et d’entités "
    "du Secrétariat de l’ONU, 2 organisations internationales et régionales et 1 association de "
    "la société civile. Au total, 4 délégations sont inscrites.",
    "es": "La conferencia «Forum 2030» se celebrará en Aden (4–5 de noviembre de 2024). Se prevé "
    "que reúna a 37 participantes, así como a representantes de organismos especializados y "
    "entidades de la Secretaría de las Naciones Unidas, 2 organizaciones internacionales y "
    "regionales y 1 asociación de la sociedad civil. En total, están inscritas 4 delegaciones.",
    "ru": "Конференция «Forum 2030» состоится 4–5 ноября 2024 г. (Aden). Ожидается, что в её "
    "работе примут участие 37 человек, а также представители специализированных учреждений и "
    "подразделений Секретариата ООН, 2 международные и региональные организации и 1 объединение "
    "гражданского общества. Всего зарегистрированы 4 делегации.",
    "ar": "يُعقد مؤتمر «Forum 2030» في Aden (4–5 نوفمبر 2024). ومن المتوقع أن يحضره 37 مشاركاً، "
    "إلى جانب ممثلين عن وكالات الأمم المتحدة المتخصصة ووحدات أمانتها العامة ومنظمتين دوليتين أو "
    "إقليميتين وجمعية واحدة من المجتمع المدني. وسُجِّل في المجموع 4 وفود.",
    "zh": "“Forum 2030”将于2024年11月4日至5日在Aden举行。预计与会者共37人，以及联合国专门机构和"
    "秘书处单位的代表、2个国际和区域组织和1个民间社会团体。已登记代表团共4个。",
}


@pytest.mark.parametrize("language", languages())
def test_each_number_agrees(language: str) -> None:
    sentence, parts, nobody = SENTENCES[language]
    assert communique(NOBODY, OCCASION, basis=Basis.attended, language=language) == nobody
    for n, words in zip(NUMBERS, parts, strict=True):
        figures = NOBODY | {"participants": n, "ministers": n, "member_states": n}
        told = communique(figures, OCCASION, basis=Basis.attended, language=language)
        assert told == sentence.format(*words)


@pytest.mark.parametrize("language", languages())
def test_the_paragraph_of_a_forecast(language: str) -> None:
    figures = NOBODY | {
        "participants": 37,
        "delegations": 4,
        "specialized_agencies": 1,
        "un_secretariat": 1,
        "intergovernmental_organizations": 2,
        "civil_society_associations": 1,
    }
    told = communique(figures, OCCASION, basis=Basis.nominated, language=language, form="paragraph")
    assert told == PARAGRAPHS[language]


@pytest.mark.parametrize(
    ("language", "woman", "man", "women"),
    [
        ("en", "one Crown Princess", "one Crown Prince", "2 Crown Princesses"),
        ("fr", "une princesse héritière", "un prince héritier", "2 princesses héritières"),
        ("es", "una Princesa heredera", "un Príncipe heredero", "2 Princesas herederas"),
        ("ru", "1 наследная принцесса", "1 наследный принц", "2 наследные принцессы"),
        ("ar", "ولية عهد", "ولي عهد", "وليتا عهد"),
        ("zh", "1位王储", "1位王储", "2位王储"),
    ],
)
def test_a_language_with_genders_uses_them(language: str, woman: str, man: str, women: str) -> None:
    def told(n: int, of_them: int) -> str:
        figures = NOBODY | {"participants": 9, "crown_princes": n}
        among = NOBODY | {"crown_princes": of_them}
        return communique(figures, OCCASION, basis=Basis.attended, language=language, women=among)

    assert woman in told(1, 1)
    assert man in told(1, 0)
    assert women in told(2, 2)
    assert (women in told(2, 1)) is (language == "zh")


@pytest.mark.parametrize("language", languages())
def test_spaces_are_plain_and_digits_are_latin(language: str) -> None:
    figures = dict.fromkeys(rules.DEFINITIONS, 1512)
    told = communique(figures, OCCASION, basis=Basis.attended, language=language, form="paragraph")
    assert not set(told) & set("\u00a0\u2009\u202f")
    assert all(c.isascii() for c in told if c.isdigit())
    ours = replace(OCCASION, native_digits=True)
    own = communique(figures, ours, basis=Basis.attended, language=language, form="paragraph")
    assert (own == told) is (language != "ar")


def test_arabic_digits_where_the_conference_wants_them() -> None:
    figures = NOBODY | {"participants": 512, "member_states": 91}
    ours = replace(OCCASION, title="منتدى", place="عدن", native_digits=True)
    assert communique(figures, ours, basis=Basis.attended, language="ar") == (
        "حضر مؤتمر «منتدى»، الذي عُقد في عدن (٤–٥ نوفمبر ٢٠٢٤)، أكثر من ٥٠٠ مشارك، "
        "من بينهم ممثلون رفيعو المستوى عن ٩١ دولة عضواً."
    )
    assert policies_of({}).native_digits is False


@pytest.mark.parametrize(
    ("language", "title", "start"),
    [
        ("fr", "Conférence sur l’eau", "La Conférence sur l’eau, tenue à Aden"),
        ("es", "Conferencia del Agua", "La Conferencia del Agua, celebrada en Aden"),
        ("ar", "المؤتمر الرفيع المستوى", "حضر المؤتمر الرفيع المستوى، الذي عُقد في Aden"),
    ],
)
def test_a_title_that_says_what_it_is_is_not_called_so_twice(
    language: str, title: str, start: str
) -> None:
    named = replace(OCCASION, title=title, patron="X")
    figures = NOBODY | {"participants": 9}
    told = communique(figures, named, basis=Basis.attended, language=language)
    assert told.startswith(start)
