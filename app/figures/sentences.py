"""The communiqué: sentences from a data file that a translator can edit, filled with figures."""

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
    figures: dict[str, str]
    definitions: dict[str, str]
    notice: str
    count: str
    nobody: str
    outcome: _Kind
    forecast: _Kind
    patronage: str


@cache
def _all() -> dict[str, Sentences]:
    path = Path(__file__).parent / "data" / "sentences.json"
    return cast(dict[str, Sentences], json.loads(path.read_text(encoding="utf-8")))


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


def _among(parts: Sequence[_Part], frame: str, figures: Mapping[str, int], language: str) -> str:
    """The parts that counted somebody, joined as the language joins a list; else nothing."""
    listed = [
        message(part["text"], language, {**figures, "n": figures[part["figure"]]})
        for part in parts
        if figures[part["figure"]]
    ]
    if not listed:
        return ""
    return message(frame, language, {"list": joined(listed, language)})


def communique(
    figures: Mapping[str, int],
    occasion: Occasion,
    *,
    basis: Basis,
    language: str,
    form: Form = "sentence",
) -> str:
    """The text for the press; groups that counted nobody are left out of it."""
    words = texts(language)
    kind = words["outcome"] if basis in OUTCOME else words["forecast"]
    if not figures["participants"]:
        return message(words["nobody"], language, {"title": occasion.title})
    known = dict(figures) | {
        "un_entities": figures["specialized_agencies"] + figures["un_secretariat"]
    }
    rounded = more_than(figures["participants"], occasion.step)
    count = message(
        words["count"], language, {"n": rounded.number, "more": "yes" if rounded.more else "no"}
    )
    patronage = (
        message(words["patronage"], language, {"patron": occasion.patron})
        if occasion.patron
        else ""
    )
    return message(
        kind[form],
        language,
        {
            "title": occasion.title,
            "place": occasion.place,
            "dates": dates.span(occasion.starts, occasion.ends, language),
            "count": count,
            "including": _among(kind["parts"], kind["including"], known, language),
            "partners": _among(kind["partners"], kind["with"], known, language),
            "patronage": patronage,
            "delegations": message(kind["delegations"], language, {"n": figures["delegations"]}),
        },
    )
