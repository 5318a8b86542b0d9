"""The communiqué's page, its files, and the command that writes them."""

from datetime import UTC, date, datetime

import httpx
import pytest

from app.conferences.models import Conference
from app.figures import communique, sentences
from app.figures.rules import Basis
from app.figures.schemas import SummaryOut
from tests.participants.people import nominated
from tests.world import World, signed_in

MADE = SummaryOut(
    conference="test-2026",
    basis=Basis.attended,
    as_of=datetime(2026, 11, 5, tzinfo=UTC),
    known_at=datetime(2026, 11, 5, tzinfo=UTC),
    language="ar",
    excluded=[],
    definition="x",
    sample=True,
    notice="A & B",
    text="<b>512</b>",
    figures={},
)
CONFERENCE = Conference(
    slug="test-2026",
    title={"en": "Test Conference", "ar": "مؤتمر للاختبار"},
    starts=date(2026, 11, 4),
    ends=date(2026, 11, 5),
    timezone="Asia/Kuwait",
)


def test_the_file_is_a_page_in_its_direction_and_escapes() -> None:
    made = communique.html(MADE)
    assert '<html lang="ar" dir="rtl">' in made
    assert "<p>&lt;b&gt;512&lt;/b&gt;</p>" in made
    assert "A &amp; B" in made
    plain = communique.html(MADE.model_copy(update={"language": "zh", "notice": None}))
    assert '<html lang="zh" dir="ltr">' in plain
    assert "<small>" not in plain


@pytest.mark.parametrize(
    ("language", "title", "said"),
    [
        (
            "en",
            "Test Conference",
            [
                "Counted as of 5 Nov 2026 23:59, known at 5 Nov 2026 23:59.",
                "Not counted, by role: Security.",
                "All times are local, Kuwait.",
            ],
        ),
        (
            "ar",
            "مؤتمر للاختبار",
            ["الأرقام في 5 نوفمبر 2026 23:59 بحسب المعلوم في 5 نوفمبر 2026 23:59."],
        ),
        (
            "zh",
            "Test Conference",
            ["截至2026年11月5日 23:59，所知时点2026年11月5日 23:59。", "按身份不计入：安保人员。"],
        ),
    ],
)
def test_the_paper_says_what_it_stands_on(language: str, title: str, said: list[str]) -> None:
    at = datetime(2026, 11, 5, 20, 59, 59, tzinfo=UTC)
    told = {"language": language, "as_of": at, "known_at": at, "excluded": ["security"]}
    found = communique.sheet(MADE.model_copy(update=told), CONFERENCE)
    assert found["title"] == title
    notes = found["notes"]
    assert isinstance(notes, list)
    assert set(said) < set(notes)
    assert notes[-1] == "A & B"
    assert not any("UTC" in note for note in notes)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "1 minister"),
        ("fr", "1 ministre"),
        ("es", "1 ministro"),
        ("ru", "1 министр"),
        ("ar", "وزير واحد"),
        ("zh", "1位部长"),
    ],
)
async def test_the_page_in_each_language(
    client: httpx.AsyncClient, world: World, language: str, said: str
) -> None:
    await nominated(world, approve=True, rank="minister")
    await signed_in(client, world, "press_officer")
    page = f"/c/{world.conference.slug}/figures/communique"
    found = await client.get(page, params={"lang": language, "form": "paragraph"})
    assert found.status_code == 200
    assert f'<html lang="{language}"' in found.text
    assert f'<div lang="{language}"' in found.text
    assert said in found.text
    assert "built-in" not in found.text
    # What it counts and as of when.
    assert sentences.texts(language)["definitions"]["accredited"][1:] in found.text
    assert sentences.texts(language)["dashboard"]["subtitle"].split("{")[0].strip() in found.text
    short = await client.get(page, params={"lang": language})
    assert len(short.text) < len(found.text)
    text = await client.get(f"/c/{world.conference.slug}/figures/summary.txt?lang={language}")
    assert text.text.strip() in short.text
    paper = await client.get(f"{page}.pdf", params={"lang": language})
    assert paper.content.startswith(b"%PDF")


async def test_a_wrong_instant_is_said_at_its_field(
    client: httpx.AsyncClient, world: World
) -> None:
    await signed_in(client, world, "press_officer")
    page = f"/c/{world.conference.slug}/figures/communique"
    wrong = await client.get(page, params={"as_of": "yesterday", "lang": "fr"})
    assert wrong.status_code == 422
    assert 'id="f-as-of-error"' in wrong.text
    assert "Ce n’est pas une date." in wrong.text
    assert (await client.get(page, params={"lang": "tlh"})).status_code == 422


@pytest.mark.parametrize(("role", "status"), [("focal_point", 403), ("nobody", 401)])
async def test_strangers_see_neither(
    client: httpx.AsyncClient, world: World, role: str, status: int
) -> None:
    await signed_in(client, world, role)
    for name in ("communique", "communique.pdf"):
        answer = await client.get(f"/c/{world.conference.slug}/figures/{name}")
        assert answer.status_code == status
