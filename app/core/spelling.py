"""One name, many spellings: by order, script, hyphens and the customs of transliteration.

For *flagging* possible doubles and for search, never for merging. Names are romanised by ICU and
levelled where customs differ (Yusuf, Youssef, Юсуф, يوسف); what is left are consonants, which
agree between spellings, and vowels, which must nearly agree where both scripts write them.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import permutations, product
from typing import NamedTuple

import icu

from app.core.text import clean

_NEARLY = 0.75
_MOST_WORDS = 5

_VOWELLESS = re.compile("[\u0590-\u05ff\u0600-\u077f\u08a0-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_ARABIC_MARKS = re.compile("[\u0640\u064b-\u065f\u0670]")
_ARABIC_ARTICLE = re.compile(r"\bال(?!له\b)(?=\w\w)")
# Letters of Tajik, Kazakh, Uzbek and Ukrainian that the Russian table of ICU leaves as they are.
_CYRILLIC = str.maketrans(
    dict(zip("ҳқғӣӯўәңөұүһіїєґ", "хкгиууаноуухииег", strict=True)) | {"ҷ": "дж"}
)
# ICU writes ain and hamza as marks that Latin spellings leave out; an initial one is a vowel.
_ARABIC = str.maketrans(dict.fromkeys("أإآٱعء", "ا") | {"ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي"})
_NOT_LETTER = re.compile(r"[^a-z0-9\s./_-]")
_BETWEEN = re.compile(r"[\s./_-]+")

_LEVELLED = [
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"\b[ae]l(?:\b|(?=\w{4}))[ -]?", ""),  # the Arabic article
        (r"\b[ae](sh|th|dh|[sdrntz])[ -](?=\1)", ""),  # the same before a sun letter
        (r"\babd ?[aeou]+[lrsndtz]? ?(?=\w)", "abd "),  # Abdullah, Abd al-Rahman, Abdurrahman
        (r"\bibn\b", "bin"),
        (r"tch|sch|shch", "sh"),
        (r"dzh|dj", "j"),
        (r"tz", "ts"),
        (r"ck|q", "k"),
        (r"kh", "h"),
        (r"ph|v\b", "f"),  # Ivanov, Ivanoff
        (r"x", "ks"),
        (r"\bye(?=[^h\W])", "e"),  # Yevgeny, Evgeny
        (r"\bi(?=[aou])", "y"),  # Iulia, Yulia
        (r"(?<=[aeiou])h\b|(?<=\w\w[^\Waeiou])e\b", ""),  # Sarah, Hassane
        (r"ee", "i"),
        (r"ou|oo", "u"),
        (r"o", "u"),
        (r"e", "a"),
        (r"y", "i"),
        (r"(.)\1+", r"\1"),
    )
]
_SILENT = re.compile("[aeiouyhwj]")
_DOUBLED = re.compile(r"(.)\1+")


class _Word(NamedTuple):
    """`sound`: the first letter and the consonants; `heard`: the levelled word with its vowels."""

    sound: str
    heard: str


@lru_cache(maxsize=1)
def _transliterator() -> icu.Transliterator:
    return icu.Transliterator.createInstance("Russian-Latin/BGN; Any-Latin; Latin-ASCII; Lower")


def _sound(word: str) -> str:
    first = "a" if word[0] in "aeiou" else word[0]
    return _DOUBLED.sub(r"\1", first + _SILENT.sub("", word[1:]))


@lru_cache(maxsize=65_536)
def _words(name: str) -> tuple[_Word, ...]:
    """The words of a name in the order of their sounds."""
    text = clean(name)
    if not text.isascii():
        text = _ARABIC_ARTICLE.sub("", _ARABIC_MARKS.sub("", text)).translate(_ARABIC)
        text = str(_transliterator().transliterate(text.lower().translate(_CYRILLIC)))
    latin = " ".join(_BETWEEN.split(_NOT_LETTER.sub("", text.lower()))).strip()
    for pattern, plain in _LEVELLED:
        latin = pattern.sub(plain, latin)
    return tuple(sorted(_Word(_sound(word), word) for word in latin.split()))


def skeleton(name: str) -> str:
    """A name reduced so that its spellings in other scripts and orders fall together."""
    # Some signs are whole sentences in Latin letters; an index takes 2,700 bytes.
    return " ".join(word.sound for word in _words(name))[:300]


def name_key(name: str) -> str:
    """What names that are `alike` have in common, whatever their order and division into words."""
    return "".join(sorted(_consonants(_words(name))))[:100]


def _consonants(words: Sequence[_Word]) -> str:
    """The sounds written as one word, inside which no word begins with a vowel any more."""
    return "".join(word.sound.removeprefix("a") for word in words)


def alike(one: str, other: str) -> bool:
    """True if the two may be one name; both are as printed, in any script."""
    left, right = _words(one), _words(other)
    bare = [bool(_VOWELLESS.search(name)) for name in (one, other)]
    # Consonants alone say enough only where one script writes no more of them.
    wanted = 0.0 if bare[0] != bare[1] else 1.0 if all(bare) else _NEARLY
    if not left or not right:
        return False
    if [word.sound for word in left] == [word.sound for word in right]:
        pairs = [(a.heard, b.heard) for a, b in zip(left, right, strict=True)]
        # Salem and Salma differ by where the vowel stands.
        ends = wanted != _NEARLY or all((a[-1] in "aiu") == (b[-1] in "aiu") for a, b in pairs)
        return ends and all(_near(a, b, wanted) for a, b in pairs)
    if len(left) == len(right) or max(len(left), len(right)) > _MOST_WORDS:
        return False
    joined = _joined(right)
    return any(
        sounds in joined and _near(heard, joined[sounds], wanted)
        for sounds, heard in _joined(left).items()
    )


@lru_cache(maxsize=65_536)
def any_alike(names: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """True if two people, each with names in one script or more, may have one name.

    Where both are written with vowels and differ in nothing else, the vowels decide: سالم beside
    Salem is not taken for Salma.
    """
    pairs = list(product(names, others))
    voiced = [pair for pair in pairs if not any(_VOWELLESS.search(name) for name in pair)]
    if any(name_key(one) == name_key(other) for one, other in voiced):
        pairs = voiced
    return any(alike(*pair) for pair in pairs)


def _joined(words: tuple[_Word, ...]) -> dict[str, str]:
    """Every order of the words, written as one: sounds, and what is heard."""
    orders = permutations(words)
    return {_consonants(order): "".join(word.heard for word in order) for order in orders}


def _near(one: str, other: str, wanted: float) -> bool:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= wanted
