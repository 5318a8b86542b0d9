"""The communiqué: sentences from data files that translators can edit, filled with figures.

A sentence is an ICU message. It may ask for `n` (plural), `more` ("yes" where the number is
rounded), `own` ("yes" where the conference's title begins with the language's own `noun`, so that
it needs neither that word nor quotation marks) and, in a part, `sex` ("female" where all are).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, TypedDict, cast

from app.core import dates
from app.core.errors import Clash
from app.core.text import joined, message
from app.figures.rules import OUTCOME, Basis, more_than
from app.web.labels import LANGUAGES

Form = Literal["sentence", "paragraph"]


class _Part(TypedDict):
    figure: str
    text: str


_Kind = TypedDict(
    "_Kind",
    {
        "sentence": str,
        "paragraph": str,
        "including": str,
        "with": str,
        "parts": list[_Part],
        "partners": list[_Part],
        "delegations": str,
    },
)


class Sentences(TypedDict):
    """All texts of one language, as ICU messages."""

    groups: dict[str, str]
    subtotals: dict[str, str]
    figures: dict[str, str]
    definitions: dict[str, str]
    noun: str
    notice: str
    count: str
    nobody: str
    outcome: _Kind
    forecast: _Kind
    patronage: str
    dashboard: dict[str, str]


@cache
def _all() -> dict[str, Sentences]:
    folder = Path(__file__).parent / "data" / "sentences"
    found = {code: json.loads((folder / f"{code}.json").read_text("utf-8")) for code in LANGUAGES}
    return cast(dict[str, Sentences], found)


def languages() -> list[str]:
    """The languages in which there are sentences."""
    return list(_all())


def texts(language: str) -> Sentences:
    """The texts of a language. Raises `Clash` where nobody has written them yet."""
    found = _all().get(language)
    if found is None:
        raise Clash(
            f"There are no sentences in “{language}” yet; there are in {', '.join(_all())}.",
            code="no-sentences",
        )
    return found


@dataclass(frozen=True, slots=True)
class Occasion:
    """What the sentence says about the conference itself, in its language."""

    title: str
    place: str
    starts: date
    ends: date
    patron: str
    step: int
    native_digits: bool = False

    def is_called(self, noun: str) -> str:
        """Whether the title begins with the language's word for a conference, as ICU selects."""
        return "yes" if noun and self.title.startswith(noun) else "no"


_NATIVE = {"ar": "ar-u-nu-arab"}
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2009\u202f", " "))
"""Scripts look for `512 participants`, with a plain space."""


def _among(
    parts: Sequence[_Part],
    frame: str,
    figures: Mapping[str, int],
    women: Mapping[str, int],
    locale: str,
) -> str:
    """The parts that counted somebody, joined as the language joins a list; else nothing."""
    listed = []
    for part in parts:
        n = figures[part["figure"]]
        sex = "female" if women.get(part["figure"]) == n else "other"
        if n:
            listed.append(message(part["text"], locale, {**figures, "n": n, "sex": sex}))
    return message(frame, locale, {"list": joined(listed, locale)}) if listed else ""


def communique(
    figures: Mapping[str, int],
    occasion: Occasion,
    *,
    basis: Basis,
    language: str,
    form: Form = "sentence",
    women: Mapping[str, int] | None = None,
) -> str:
    """The text for the press; groups that counted nobody are left out of it.

    `women` are the same figures among women: where all are, a language may say so.
    """
    words = texts(language)
    kind = words["outcome"] if basis in OUTCOME else words["forecast"]
    locale = _NATIVE.get(language, language) if occasion.native_digits else language
    rounded = more_than(figures["participants"], occasion.step)
    given: dict[str, str | int] = {
        "title": occasion.title,
        "own": occasion.is_called(words["noun"]),
        "n": rounded.number,
        "more": "yes" if rounded.more else "no",
    }
    if not figures["participants"]:
        return message(words["nobody"], locale, given)
    known = dict(figures) | {
        "un_entities": figures["specialized_agencies"] + figures["un_secretariat"]
    }
    bodies = figures["delegations"]
    text = message(
        kind[form],
        locale,
        given
        | {
            "place": occasion.place,
            "dates": dates.span(occasion.starts, occasion.ends, locale),
            "count": message(words["count"], locale, given),
            "including": _among(kind["parts"], kind["including"], known, women or {}, locale),
            "partners": _among(kind["partners"], kind["with"], known, women or {}, locale),
            "patronage": message(words["patronage"], locale, {"patron": occasion.patron})
            if occasion.patron
            else "",
            "delegations": message(kind["delegations"], locale, {"n": bodies}) if bodies else "",
        },
    )
    return text.translate(_SPACES)
