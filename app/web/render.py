"""Pages: one environment, one layout, one way to answer with a whole page or a part of it."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2.runtime import Context

import app
from app.core import dates
from app.core.clock import utc_to_local
from app.core.text import direction, language_name
from app.web.accent import DEFAULT_ACCENT, accent_version
from app.web.assets import static
from app.web.flash import flash_of, said
from app.web.labels import LANGUAGES, choices, label, phrase

TEMPLATES = Path(app.__file__).resolve().parent.parent / "templates"
_BLOCK = re.compile(r"[a-z][a-z_]{0,30}")


def _zone(context: Context, zone: str | None) -> str:
    return zone or getattr(context.get("conference"), "timezone", None) or "UTC"


def in_language(texts: Mapping[str, str] | str | None, language: str) -> str:
    """The text in that language, else in English, else any; a plain string is itself."""
    if texts is None or isinstance(texts, str):
        return texts or ""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


@jinja2.pass_context
def _localdate(
    context: Context, value: datetime | date, form: str = "long", zone: str | None = None
) -> str:
    if isinstance(value, datetime) and value.tzinfo:
        value = utc_to_local(value, _zone(context, zone))
    return dates.day(value, context["lang"], _FORMS.get(form, form))


_FORMS = {"weekday": "EEEEMMMMd", "short": "yMMMd"}


@jinja2.pass_context
def _localtime(context: Context, value: datetime | time, zone: str | None = None) -> str:
    if isinstance(value, datetime) and value.tzinfo:
        value = utc_to_local(value, _zone(context, zone))
    return value.strftime("%H:%M")


@jinja2.pass_context
def _localstamp(context: Context, value: datetime, zone: str | None = None) -> str:
    comma = "، " if context["lang"] == "ar" else ", "
    return _localdate(context, value, "short", zone) + comma + _localtime(context, value, zone)


@jinja2.pass_context
def _daterange(context: Context, start: date, end: date) -> str:
    return dates.span(start, end, context["lang"])


@jinja2.pass_context
def _number(context: Context, value: int | float) -> str:
    return dates.number(value, context["lang"])


@jinja2.pass_context
def _label(context: Context, value: object, group: str) -> str:
    return label(value, group, context["lang"])


@jinja2.pass_context
def _language(context: Context, code: str) -> str:
    """`ar` as the page's language calls it: Arabic."""
    return language_name(code, context["lang"])


@jinja2.pass_context
def _choices(context: Context, group: str, *left_out: str) -> list[tuple[str, str]]:
    return [pair for pair in choices(group, context["lang"]) if pair[0] not in left_out]


@jinja2.pass_context
def _phrase(context: Context, key: str) -> str:
    return phrase(key, context["lang"])


@jinja2.pass_context
def _in_language(context: Context, texts: Mapping[str, str] | None, language: str = "") -> str:
    return in_language(texts, language or context["lang"])


@cache
def environment() -> jinja2.Environment:
    """The one environment: everything escaped, every missing variable an error."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(
        localdate=_localdate,
        localtime=_localtime,
        localstamp=_localstamp,
        daterange=_daterange,
        number=_number,
        label=_label,
        in_language=_in_language,
        direction=direction,
        language=_language,
    )
    made.globals.update(static=static, t=_phrase, choices=_choices, language_names=LANGUAGES)
    return made


def _layout(request: Request, context: Mapping[str, Any]) -> dict[str, Any]:
    """What every page has: who looks, at which conference, in which language."""
    state = request.state
    conference = context.get("conference", getattr(state, "conference", None))
    lang = context.get("lang") or getattr(state, "lang", None) or "en"
    accent = getattr(conference, "accent", None) or DEFAULT_ACCENT
    return {
        "actor": getattr(state, "actor", None),
        "conference": conference,
        "base": f"/c/{conference.slug}" if conference else "",
        "accent_version": accent_version(accent),
        "lang": lang,
        "languages": ["en"],
        "path": request.url.path,
        "address": request.url,
        "links": getattr(state, "links", ()),
        "flash": flash_of(request, lang),
        "desk_sections": getattr(state, "desk_sections", None),
        **context,
    }


def render(
    request: Request,
    template: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> HTMLResponse:
    """A page; or, when the script asks by `X-Fragment: results`, only the block of that name.

    The layout takes `actor`, `conference`, `lang` and `desk_sections` from `request.state` unless
    given. Macros are at hand as `ui` everywhere, fragments included.
    """
    made = environment()
    page = made.get_template(template)
    values = _layout(request, context)
    values["ui"] = made.get_template("macros.html").make_module({"lang": values["lang"]})
    block = request.headers.get("x-fragment", "")
    vary = {"Vary": "X-Fragment", **(headers or {})}
    if _BLOCK.fullmatch(block) and block in page.blocks:
        part = "".join(page.blocks[block](page.new_context(values)))
        return HTMLResponse(part, status, headers=vary)
    answer = HTMLResponse(page.render(values), status, headers=vary)
    said(request, answer)
    return answer
