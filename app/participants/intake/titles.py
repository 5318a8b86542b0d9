"""The rank a title *suggests*. "Minister" in a title is not a minister; a person decides.

A title speaks only where it stands first in its clause: `Minister of Health` does, `Adviser to the
Minister of Health` and `Office of the Prime Minister` do not. The rules are `data/titles.json`, in
order, over folded text; the first that fits a clause speaks for it.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from app.core.text import clean, fold
from app.participants.intake.words import data

RANKS = (
    "head_of_state",
    "vice_president",
    "crown_prince",
    "head_of_government",
    "deputy_head_of_government",
    "foreign_minister",
    "minister",
    "minister_of_state",
    "deputy_minister",
    "speaker_of_parliament",
    "ambassador",
    "charge_daffaires",
    "executive_head",
    "deputy_executive_head",
    "senior_official",
    "official",
    "none",
)
# An embassy's "Minister for Economic Affairs" is a diplomat: a government's members are not posted.
_OF_A_GOVERNMENT = frozenset(RANKS[:9])
_ARABIC = re.compile("[\u0621-\u064a]+")
_CLAUSE = re.compile(r"[,;|/\n•،؛]|\s[-–—]\s")
# Lower case only: "A.I. Policy" is about machines.
_AD_INTERIM = re.compile(r"(?<!\w)a\.\s?i\.?(?!\w)")


class _Rule(NamedTuple):
    rank: str | None
    pattern: re.Pattern[str]
    organisation: bool


class _Book(NamedTuple):
    lead: re.Pattern[str]
    nothing: re.Pattern[str]
    staff: re.Pattern[str]
    mission: re.Pattern[str]
    join: re.Pattern[str]
    acting: re.Pattern[str]
    rules: list[_Rule]
    organisations: frozenset[str]


def _compiled(patterns: list[str]) -> re.Pattern[str]:
    """One pattern; its Arabic words are folded here, so that the data file can spell them well."""
    whole = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(_ARABIC.sub(lambda word: fold(word.group()), whole))


@cache
def _book() -> _Book:
    raw = data("titles")
    lead = "|".join(word if "(?=" in word else f"{word} " for word in raw["lead"])
    return _Book(
        lead=_compiled([f"(?:{lead})+"]),
        nothing=_compiled(raw["nothing"]),
        staff=_compiled([raw["staff"]]),
        mission=_compiled([raw["mission"]]),
        join=_compiled([raw["join"]]),
        acting=_compiled([raw["acting"]]),
        rules=[
            _Rule(
                rule["rank"],
                _compiled(rule["any"]),
                rule.get("organisation", False),
            )
            for rule in raw["rules"]
        ],
        organisations=frozenset(raw["organisations"]),
    )


@lru_cache(maxsize=16_384)
def suggest_rank(function: str, *, context: str = "") -> str | None:
    """The highest rank that the clauses of a title suggest, or nothing.

    `context` is what else is known, in words: the delegation's kind (only organisations have
    executive heads) and the affiliation (an embassy has no ministers of a government).
    """
    book = _book()
    whole = fold(function)
    if not whole or book.nothing.search(whole):
        return None
    organisation = bool(book.organisations.intersection(context.split()))
    posted = bool(book.mission.search(f"{whole} {fold(context)}"))
    best: str | None = None
    for clause in _CLAUSE.split(_clean_lines(function)):
        folded = fold(clause)
        # A second title counts only after a first one: "Adviser to the Prime Minister and Minister
        # of Finance" is an adviser's.
        while folded:
            rank = _of_clause(folded, organisation)
            if rank and (best is None or RANKS.index(rank) < RANKS.index(best)):
                best = rank
            more = book.join.search(folded) if rank in _OF_A_GOVERNMENT else None
            folded = folded[more.end() :] if more else ""
    return None if posted and best in _OF_A_GOVERNMENT else best


def _of_clause(clause: str, organisation: bool) -> str | None:
    """What the rules say of one clause, tried as it stands and without its leading courtesies."""
    book = _book()
    if book.staff.search(clause):
        return None
    starts = [0]
    if lead := book.lead.match(clause):
        starts.append(lead.end())
    for rule in book.rules:
        if rule.organisation and not organisation:
            continue
        if any(rule.pattern.match(clause, start) for start in starts):
            return rule.rank
    return None


def _clean_lines(text: str) -> str:
    """The text cleaned, its line ends kept as clause ends."""
    return "\n".join(clean(line) for line in text.splitlines())


def is_acting(function: str) -> bool:
    """Whether the title says that its holder stands in: acting, par intérim, a.i., بالنيابة."""
    return bool(_AD_INTERIM.search(function) or _book().acting.search(fold(function)))
