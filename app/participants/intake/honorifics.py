"""Forms of address: printed tidily, taken off names, and what they certainly say about a person."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from app.core.text import clean, fold
from app.participants.intake.words import data

Sex = Literal["female", "male"]

# A word with the stop that may end it: "H.E.Mr." is three.
_ATOM = re.compile(r"\w+(?:['’](?=\W|$))?\.?")


@dataclass(frozen=True, slots=True)
class Style:
    """A form of address as printed, and the sex it says where it says one for certain."""

    text: str
    sex: Sex | None
    known: bool


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    peel: str  # when it may be taken off a name: always, dotted, beside, excellency
    sex: Sex | None
    excellency: bool


@cache
def _tokens() -> tuple[dict[str, _Token], int]:
    """Folded form → token, and the number of words of the longest form."""
    tokens = {
        fold(form): _Token(
            entry["text"], entry["peel"], entry.get("sex"), entry.get("excellency", False)
        )
        for entry in data("honorifics")["tokens"]
        for form in entry["forms"]
    }
    return tokens, max(form.count(" ") + 1 for form in tokens)


def _match(words: list[str], start: int) -> tuple[_Token, int] | None:
    """The longest form that begins at `start`, and where it ends."""
    tokens, longest = _tokens()
    for end in range(min(len(words), start + longest), start, -1):
        if token := tokens.get(" ".join(words[start:end])):
            return token, end
    return None


@lru_cache(maxsize=8_192)
def normalise_style(value: str) -> Style:
    """`HE Mr` → `H.E. Mr.`, male. Unknown words leave the text as it was; `Dr` tells no sex."""
    words = [fold(atom) for atom in _ATOM.findall(value)]
    found: list[_Token] = []
    place = 0
    while place < len(words) and (match := _match(words, place)):
        token, place = match
        found.append(token)
    if not found or place < len(words):
        return Style(clean(value), None, known=False)
    sexes = {token.sex for token in found if token.sex}
    sex = sexes.pop() if len(sexes) == 1 else None
    return Style(" ".join(token.text for token in found), sex, known=True)


def split_honorific(name: str, *, language: str = "") -> tuple[str, str]:
    """The honorifics before a name, as printed, and the name: `("H.E. Mr.", "Ali Sabah")`.

    Words that are also names or initials stay: `He Yafei`, `Prince Okoro`, `M. Ali Khan` (unless
    `language` is French). Something is always left as the name.
    """
    atoms = list(_ATOM.finditer(name))
    words = [fold(atom.group()) for atom in atoms]
    found: list[_Token] = []
    place = 0
    while match := _match(words, place):
        token, end = match
        dotted = any(atom.group().endswith(".") for atom in atoms[place:end])
        if end >= len(atoms) or not _may_peel(token, words, end, found, dotted, language):
            break
        found.append(token)
        place = end
    if not found:
        return "", clean(name)
    return " ".join(token.text for token in found), clean(name[atoms[place].start() :])


def _may_peel(
    token: _Token, words: list[str], end: int, found: list[_Token], dotted: bool, language: str
) -> bool:
    following = _match(words, end)
    followed = following is not None and following[0].peel in ("always", "excellency")
    match token.peel:
        case "always":
            return True
        case "dotted":
            return dotted or (followed and not found)
        case "excellency":
            return bool(found and found[-1].excellency) or (dotted and language == "fr")
        case _:  # beside another honorific, and never the only word of two
            return (bool(found) or followed) and len(words) - end >= 2
