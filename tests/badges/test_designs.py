"""Every design: real names of five scripts stay inside the paper, and every code is read back."""

import re
from pathlib import Path
from typing import Any

import pytest

from app.badges.rules import TEMPLATES, Design, back_words
from app.core.documents import render
from tests.badges.test_paper import PEOPLE, _pages, _print, _said

LONG: list[dict[str, Any]] = [
    {
        "name": "Muhammad bin Abdulrahman bin Abdulaziz Al-Mithali Al-Namudhaji Al-Khayali",
        "name_native": "الشيخ محمد بن عبد الرحمن بن عبد العزيز المثالي النموذجي الخيالي",
        "style": "His Royal Highness",
        "function": "President of the Council of Ministers and Minister of Defence",
    },
    {
        "name": "Phra Somchaiphongphaibun Siriwatthanakun-Tuayang",
        "name_native": "สมชายพงษ์ไพบูลย์ สิริวัฒนกุลตัวอย่าง ณ อยุธยา",
        "style": None,
        "function": "Deputy Permanent Secretary, Ministry of Foreign Affairs",
    },
    {"name": "", "name_native": None, "style": None, "function": None, "note": "5 November 2024"},
    {"name": "King Example", "name_native": None, "style": "H.M.", "function": "Head of State"},
]
BACK = [
    {"heading": words["heading"], "lines": words["lines"] + ["plenary.example.org/c/it"]}
    for words in (back_words()["en"], back_words()["ar"])
]


@pytest.mark.parametrize(
    ("design", "width", "height", "a_page"),
    [
        (Design.a6, 105, 296, 1),
        (Design.card, 53.98, 85.6, 1),
        (Design.a4, 210, 297, 4),
    ],
)
async def test_every_design(
    design: Design,
    width: float,
    height: float,
    a_page: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.badges.test_paper.PEOPLE", [*PEOPLE, *LONG])
    data, files, codes = _print()
    data["badges"][-1]["photo"] = None
    if design is Design.a6:
        data["conference"]["back"] = BACK
    (tmp_path / "it.pdf").write_bytes(await render(TEMPLATES[design], data, files=files))
    boxes = _said("pdftotext", "-bbox", tmp_path / "it.pdf", "-")
    pages = re.findall(r'<page width="([\d.]+)" height="([\d.]+)"', boxes)
    assert len(pages) == len(codes) / a_page
    for page in pages:
        assert [float(side) / 72 * 25.4 for side in page] == pytest.approx([width, height], abs=0.1)
    words = re.findall(
        r'xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)<', boxes
    )
    edge = 3 / 25.4 * 72
    right, bottom = float(pages[0][0]) - edge, float(pages[0][1])
    clipped = [
        w for w in words if float(w[0]) < edge or float(w[2]) > right or float(w[3]) > bottom
    ]
    assert clipped == []
    assert {word for *_, word in words} >= {"Example", "SERIAL7", "Ministerialdirigent"}
    read = [_said("zbarimg", "-q", "--raw", page).split() for page in _pages(tmp_path)]
    assert sorted(code for page in read for code in page) == sorted(codes)


def test_every_back_says_the_same_in_each_language() -> None:
    assert back_words().keys() == {"en", "fr", "es", "ru", "ar", "zh"}
    assert {len(words["lines"]) for words in back_words().values()} == {3}
