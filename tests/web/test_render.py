"""Pages: escaped, strict, the same words everywhere, and a part of a page on request."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import jinja2
import pytest
from fastapi import Request

import app.web
from app.core.dates import span
from app.core.errors import Clash, Invalid, NotFound
from app.web.accent import WHITE, accent_css, accent_version, contrast, parse
from app.web.assets import static
from app.web.errors import refusal
from app.web.labels import choices, label, phrase
from app.web.render import TEMPLATES, environment, in_language, render

CONFERENCE = SimpleNamespace(
    slug="kuwait-2024",
    title={"en": "Kuwait <Conference>", "ar": "مؤتمر الكويت"},
    accent="#0f6b5c",
    sample=True,
    timezone="Asia/Kuwait",
    starts=date(2024, 11, 4),
    ends=date(2024, 11, 5),
)


def request(path: str = "/", lang: str = "en", **headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    made = Request({"type": "http", "method": "GET", "path": path, "headers": raw, "state": {}})
    made.state.lang = lang
    made.state.conference = CONFERENCE
    return made


def programme() -> dict[str, object]:
    session = SimpleNamespace(
        id="s1",
        title="<script>alert(1)</script>",
        starts=datetime(2024, 11, 4, 6, 0, tzinfo=UTC),
        ends=datetime(2024, 11, 4, 7, 0, tzinfo=UTC),
        room="Main hall",
        kind="",
        abstract=None,
        speakers=[],
        languages=[],
        closed=False,
        cancelled=False,
        moved=False,
        files=[],
    )
    return {
        "days": [SimpleNamespace(date=date(2024, 11, 4), sessions=[session])],
        "rooms": [],
        "filters": {"search": '"><b>', "room": ""},
        "feeds": [],
        "subscribe": "webcal://x",
        "zone_name": "Kuwait City",
    }


def sources() -> list[str]:
    return sorted(str(file.relative_to(TEMPLATES)) for file in TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("name", sources())
def test_templates_compile_and_hold_no_inline_script_or_style(name: str) -> None:
    environment().get_template(name)
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    assert not re.search(
        r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?! type=\"module\" src)", text
    )
    assert "https://" not in text


def test_a_page_is_escaped_local_and_labelled_as_a_sample() -> None:
    body = bytes(render(request("/c/kuwait-2024/"), "programme.html", **programme()).body).decode()
    assert "<script>alert" not in body
    assert '"><b>' not in body
    assert "Kuwait &lt;Conference&gt;" in body
    assert ">09:00</time>–<time" in body
    assert "everything here is invented" in body
    assert f"/c/kuwait-2024/accent.css?v={accent_version('#0f6b5c')}" in body
    assert static("plenary.css") in body


def test_arabic_turns_the_page_round() -> None:
    answer = render(request(lang="ar"), "programme.html", **programme())
    body = bytes(answer.body).decode()
    assert '<html lang="ar" dir="rtl">' in body
    assert "مؤتمر الكويت" in body
    assert "الاثنين، 4 نوفمبر" in body


def test_the_script_gets_the_block_it_names_and_only_that() -> None:
    part = render(request(x_fragment="results"), "programme.html", **programme())
    body = bytes(part.body).decode()
    assert "<html" not in body
    assert 'id="session-s1"' in body
    assert part.headers["vary"] == "X-Fragment"
    whole = render(request(x_fragment="../etc"), "programme.html", **programme())
    assert b"<html" in bytes(whole.body)


def test_a_forgotten_variable_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError):
        render(request(), "programme.html")


def test_a_form_keeps_what_was_typed_and_ties_errors_to_fields() -> None:
    values = {"email": "a@b\"'<", "next": "/"}
    answer = render(
        request(),
        "sign_in.html",
        422,
        values=values,
        errors={"email": "Write an address."},
        next="",
        ask_code=False,
    )
    body = bytes(answer.body).decode()
    assert answer.status_code == 422
    assert 'value="a@b&#34;&#39;&lt;"' in body
    assert 'aria-describedby="f-email-error"' in body
    assert 'aria-invalid="true"' in body
    assert 'href="#f-email"' in body


@pytest.mark.parametrize(
    ("start", "end", "language", "text"),
    [
        ((2024, 11, 4), (2024, 11, 5), "en", "4–5 November 2024"),
        ((2024, 11, 30), (2024, 12, 2), "en", "30 November – 2 December 2024"),
        ((2024, 12, 31), (2025, 1, 1), "en", "31 December 2024 – 1 January 2025"),
        ((2024, 11, 4), (2024, 11, 4), "en", "4 November 2024"),
        ((2024, 11, 4), (2024, 11, 5), "fr", "4–5 novembre 2024"),
        ((2024, 11, 4), (2024, 11, 5), "es", "4–5 de noviembre de 2024"),
        ((2024, 11, 4), (2024, 11, 5), "ru", "4–5 ноября 2024\u00a0г."),
        ((2024, 11, 4), (2024, 11, 5), "ar", "4–5 نوفمبر 2024"),
        ((2024, 11, 4), (2024, 11, 5), "zh", "2024年11月4日至5日"),
    ],
)
def test_date_ranges(
    start: tuple[int, int, int], end: tuple[int, int, int], language: str, text: str
) -> None:
    assert span(date(*start), date(*end), language) == text


@pytest.mark.parametrize(
    ("source", "context", "text"),
    [
        ("{{ at|localtime }}", {}, "02:30"),
        ("{{ at|localdate }}", {}, "5 November 2024"),
        ("{{ at|localdate('short', 'UTC') }}", {}, "4 Nov 2024"),
        ("{{ at|localstamp }}", {}, "5 Nov 2024, 02:30"),
        ("{{ 12345|number }}", {}, "12,345"),
        ("{{ 12345|number }}", {"lang": "fr"}, "12\u202f345"),
        ("{{ 'head'|label('role') }}", {"lang": "fr"}, "Chef de délégation"),
        ("{{ 'head'|label('role') }}", {"lang": "de"}, "Head of delegation"),
        ("{{ none|label('role') }}", {}, "–"),
        ("{{ {'en': 'a', 'ar': 'ب'}|in_language }}", {"lang": "ar"}, "ب"),
        ("{{ t('programme') }}", {"lang": "ar"}, "البرنامج"),
    ],
)
def test_filters(source: str, context: dict[str, object], text: str) -> None:
    at = datetime(2024, 11, 4, 23, 30, tzinfo=UTC)
    values = {"lang": "en", "at": at, "conference": CONFERENCE, **context}
    assert environment().from_string(source).render(values) == text


def test_words() -> None:
    assert in_language({"fr": "Koweït"}, "en") == "Koweït"
    assert in_language(None, "en") == ""
    assert label("never_heard", "status") == "Never heard"
    assert ("approved", "Approved") in choices("status")
    with pytest.raises(KeyError):
        phrase("never_written")


@pytest.mark.parametrize(
    "color", ["#ffffff", "#ffff00", "#00ff00", "#0f6b5c", "#000000", "#F7A600"]
)
def test_every_accent_is_legible(color: str) -> None:
    sheet = dict(re.findall(r"(--[a-z-]+):(#[0-9a-f]{6})", accent_css(color)))
    accent, strong, soft = (parse(sheet[f"--accent{part}"]) for part in ("", "-strong", "-soft"))
    assert contrast(accent, WHITE) >= 4.5
    assert contrast(accent, soft) >= 4.5
    assert contrast(strong, soft) >= 7


@pytest.mark.parametrize("color", ["red", "#fff", "#12345g", "#0f6b5c;}body{display:none"])
def test_what_is_no_colour_is_refused(color: str) -> None:
    with pytest.raises(Invalid):
        accent_css(color)


def test_known_contrasts() -> None:
    assert contrast(parse("#000000"), WHITE) == pytest.approx(21)
    assert contrast(parse("#767676"), WHITE) == pytest.approx(4.54, abs=0.01)


def test_a_refusal_is_a_problem_for_scripts_and_a_page_for_people() -> None:
    error = Clash("All places are taken.", code="quota-exhausted", members={"quota": "1+4"})
    problem = refusal(request("/api/v1/x").scope, error)
    assert problem.status_code == 409
    assert problem.media_type == "application/problem+json"
    assert b'"quota":"1+4"' in bytes(problem.body)
    page = refusal(request("/x").scope, NotFound())
    assert page.status_code == 404
    assert b"There is nothing here that you may see." in bytes(page.body)


def style_sheet() -> str:
    return (Path(app.web.__file__).parent / "static" / "plenary.css").read_text(encoding="utf-8")


def test_the_style_sheet_knows_no_left_and_right() -> None:
    found = re.findall(
        r"(?:margin|padding|border)-(?:left|right)|[{;]\s*(?:left|right)\s*:|: (?:left|right);",
        style_sheet(),
    )
    assert found == []


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "paper"),
        ("muted", "paper"),
        ("muted", "ground"),
        ("muted", "accent-soft"),
        ("accent", "accent-soft"),
        ("good", "good-soft"),
        ("warn", "warn-soft"),
        ("bad", "bad-soft"),
        ("bad", "paper"),
    ],
)
def test_every_pair_of_colours_is_legible(text: str, ground: str) -> None:
    tokens = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", style_sheet())) | {"paper": "#ffffff"}
    assert contrast(parse(tokens[text]), parse(tokens[ground])) >= 4.5
