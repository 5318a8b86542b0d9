"""Free text to the state or organisation it names, by its whole name, or to nothing.

A name is compared as the set of its telling words: accents, case, word order, articles and the
usual abbreviations do not count, so that "Korea, Republic of", "KOREA (Rep. of)" and "Republic of
Korea" are one name. A word too many or too few is another name: there is no likeness by edit
distance, since Niger, Nigeria and "Niger Delta Institute" are a letter or a word apart.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal, TypeVar

from app.core.text import clean, fold
from app.states.catalogue import organizations, read, state, states
from app.states.rules import Organization, State

_T = TypeVar("_T")

Via = Literal["code", "name", "former", "variant"]


@dataclass(frozen=True, slots=True)
class Match:
    """The state a text names, and by what: a code, a current, a former or a common other name."""

    state: State
    via: Via


_INITIALS = re.compile(r"\b(?:\w\.\s?)+\w\b\.?")
_POSSESSIVE = re.compile(r"(?<=\w)['’ʼ‘`´](?=s\b)", re.IGNORECASE)
_ARABIC_ARTICLE = re.compile("^و?ال")
_PERSIAN_KEYBOARD = str.maketrans("یک", "يك")
_BRACKETS = re.compile(r"[()\[\]]")
_PARTS = re.compile(r"[/()\[\]|;=\n]|\s[-–—:]\s")
_ORGANS = re.compile(
    r"(?:the )?(?:government|delegation|embassy|(?:permanent )?(?:observer )?mission)"
    r" of (?P<en>.+?)(?: (?:to|at|in(?! exile)) .*)?"
    r"|(?:l[ae]? )?(?:gouvernement|delegation|ambassade|mission permanente)"
    r" d(?:e l|e la|es|u|e)? (?P<fr>.+?)(?: aupres .*)?"
    r"|(?:el |la )?(?:gobierno|delegacion|embajada|mision permanente)"
    r" de(?:l| la| los| las)? (?P<es>.+?)(?: ante .*)?"
    r"|(?:حكومه|وفد|سفاره) (?P<ar>.+)"
)
# Not "el": without it El Salvador would be the given name and the Brazilian city.
_SILENT = frozenset(
    "the of and le la les l de du des d et los las del y и و".split()  # noqa: SIM905
)
_ONE_SPELLING = {
    spelling: word
    for word, spellings in {
        "republic": "rep republique republica",
        "democratic": "dem democratique democratica",
        "peoples": "people",
        "federal": "fed federale federative",
        "federated": "federees",
        "islands": "is isl isls island",
        "saint": "st ste sainte",
        "organization": "organisation org",
        "programme": "program",
        "center": "centre",
        "defense": "defence",
    }.items()
    for spelling in spellings.split()
}
_FOOTNOTES = " .,*†‡¹²³"
_REMARKS = frozenset({"observer", "observer state", "member state", "host", "host country"})
_FORMS_OF_STATE = (
    "republic",
    "kingdom",
    "royaume",
    "reino",
    "республика",
    "королевство",
    "جمهوريه",
    "مملكه",
)


def _undotted(text: str) -> str:
    """ "U.S.A." as "USA", wherever it stands."""
    return _INITIALS.sub(lambda m: re.sub(r"[.\s]", "", m[0]), text)


@lru_cache(maxsize=8_192)
def _telling_words(text: str) -> tuple[str, ...]:
    text = _undotted(text.replace("&", " and "))
    text = fold(_POSSESSIVE.sub("", text)).translate(_PERSIAN_KEYBOARD)
    words = text.replace("co operation", "cooperation").split()
    if words[:1] == ["el"] and words[1:2] != ["salvador"]:
        del words[0]
    telling = [w for w in words if w not in _SILENT]
    return tuple(sorted(_ONE_SPELLING.get(w, _ARABIC_ARTICLE.sub("", w)) for w in telling))


def _key(text: str) -> str:
    return " ".join(_telling_words(text))


def _with_form_of_state(short: str, formal: str) -> Iterator[str]:
    """ "Kingdom of Jordan", though its formal name says Hashemite too."""
    short_words, formal_words = _telling_words(short), _telling_words(formal)
    for form in _FORMS_OF_STATE:
        if form in formal_words and form not in short_words:
            yield " ".join(sorted([*short_words, form]))


@cache
def _variants() -> dict[str, Any]:
    return dict(read("variants.json"))


def _named() -> Iterator[tuple[str, State, Via]]:
    """Every key with its state, the most official first: a later claim to a key is void."""
    for s in states():
        for name in s.names.values():
            for text in (name.short, name.formal, name.index, name.sort):
                yield _key(text), s, "name"
    for s in states():
        for former in s.former:
            for text in (*former.short.values(), *former.formal.values()):
                yield _key(text), s, "former"
        for text in _variants()["names"].get(s.iso3, ()):
            yield _key(text), s, "variant"
    for s in states():
        for name in s.names.values():
            for key in _with_form_of_state(name.index.partition("(")[0], name.formal):
                yield key, s, "variant"


@cache
def _states_by_key() -> dict[str, Match]:
    found: dict[str, Match] = {}
    for key, named, via in _named():
        found.setdefault(key, Match(named, via))
    for text in _variants()["nobody"]:
        found.pop(_key(text), None)
    return found


@cache
def _states_by_code() -> dict[str, Match]:
    codes = {code: Match(s, "code") for s in states() for code in (s.iso3, s.iso2)}
    return {code: match for code, match in codes.items() if code not in _variants()["not_codes"]}


@cache
def _states_by_initials() -> dict[str, Match]:
    return {code: Match(state(i), "variant") for code, i in _variants()["initials"].items()}


def _unanimous(
    text: str, match: Callable[[str], _T | None], same: Callable[[_T], object]
) -> _T | None:
    """ "Chad / Tchad", "Kuwait (KWT)": several names that all mean one, remarks apart."""
    for borders in (_BRACKETS, _PARTS):
        pieces = borders.split(text)
        parts = [p for p in pieces if p.strip() and fold(p) not in _REMARKS]
        if len(pieces) > 1 and 1 <= len(parts) <= 4:
            found = [m for part in parts if (m := match(part)) is not None]
            if len(found) == len(parts) and len({same(m) for m in found}) == 1:
                return found[0]
    return None


def _one_state(text: str) -> Match | None:
    text = clean(text).strip(_FOOTNOTES)
    return (
        _states_by_code().get(text)
        or _states_by_initials().get(_undotted(text))
        or _states_by_key().get(_key(text))
    )


@lru_cache(maxsize=4_096)
def match_state(text: str) -> Match | None:
    """The state that the text names as a whole, in any of the six languages, or None.

    Knows current, formal, former and common other names, ISO codes in capitals, "Government of
    …" and the like, and the same state named twice. What could be two states ("Korea") or not
    a state at all ("NA") is None: an officer decides.
    """
    if len(text) > 200:
        return None
    if match := _one_state(text):
        return match
    if organ := _ORGANS.fullmatch(fold(_POSSESSIVE.sub("", text))):
        return _one_state(next(group for group in organ.groups() if group))
    return _unanimous(text, _one_state, lambda m: m.state.iso3)


@cache
def _organizations_by_key() -> dict[str, Organization]:
    found: dict[str, Organization] = {}
    for organization in organizations():
        for text in (*organization.names.values(), *organization.variants):
            found.setdefault(_key(text), organization)
    return found


@cache
def _organizations_by_code() -> dict[str, Organization]:
    by_acronym = {acronym: o for o in organizations() for acronym in o.acronyms}
    return by_acronym | {o.code: o for o in organizations()}


def _one_organization(text: str) -> Organization | None:
    text = clean(text).strip(_FOOTNOTES)
    return _organizations_by_code().get(text) or _organizations_by_key().get(_key(text))


def _named_or_coded(text: str) -> Organization | None:
    return _one_organization(text) or _organizations_by_code().get(text.strip().upper())


@lru_cache(maxsize=4_096)
def match_organization(text: str) -> Organization | None:
    """The organisation the text names as a whole, by name or by acronym in capitals, or None.

    A name followed by its acronym counts in any case ("World Bank (Ibrd)"); a name followed by
    anything else, say an office or a section, is another body.
    """
    if len(text) > 200:
        return None
    return _one_organization(text) or _unanimous(text, _named_or_coded, lambda o: o.code)
