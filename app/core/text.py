"""Text in many scripts: cleaning, comparing, ordering and plural sentences, all by ICU."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

import icu

# Controls, bidirectional overrides and zero-width marks: they hide or reorder what a person reads.
# U+200C and U+200D stay: Persian and several Indic names are misspelt without them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_OTHER_SCRIPT = re.compile("[\u0370-\u1dff\u2e80-\ud7ff\uf900-\ufdff\ufe70-\ufeff]")
_SPACE = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[^\w]+|_+")
_ARABIC_MARKS = re.compile("[\u0640\u064b-\u065f\u0670]")
_ARABIC_LETTERS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي"}
)

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "dv", "ckb", "sd", "ug"})


def clean(text: str) -> str:
    """One line of printable NFC text; controls and bidi overrides dropped, spaces collapsed."""
    if text.isascii() and text.isprintable():  # most of every file, in a tenth of the time
        return " ".join(text.split())
    return _SPACE.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """The text as matching sees it: case, accents, punctuation and Arabic spelling levelled.

    Words stand apart by one space and keep their script: `fold("Côte d'Ivoire")` is
    `"cote d ivoire"`, `fold("الإمارات")` is `"الامارات"`.
    """
    if text.isascii():
        return _NOT_WORD.sub(" ", clean(text).lower()).strip()
    text = unicodedata.normalize("NFKD", clean(text).casefold().replace("ß", "ss"))
    text = _ARABIC_MARKS.sub("", text)
    text = "".join(c for c in text if not unicodedata.combining(c)).translate(_ARABIC_LETTERS)
    text = text.translate(_LATIN_LEFTOVERS)
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFC", text)).strip()


_LATIN_LEFTOVERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ə": "e",
        "ħ": "h",
    }
)


@lru_cache(maxsize=1)
def _transliterator() -> icu.Transliterator:
    return icu.Transliterator.createInstance("Any-Latin; Latin-ASCII; Lower")


def to_latin(text: str) -> str:
    """Lower-case ASCII letters for text in any script, by sound."""
    return text.lower() if text.isascii() else str(_transliterator().transliterate(text))


def searchable(*parts: str | None) -> str:
    """What a search box looks through: each part folded, and transliterated where not Latin."""
    words: dict[str, None] = {}
    for part in parts:
        if part:
            words[fold(part)] = None
            if not part.isascii():
                words[fold(to_latin(part))] = None
    return " ".join(words)


def native_name(names: Mapping[str, str]) -> str:
    """The first of some names by language that is not in Latin letters; empty without one."""
    return next((name for name in names.values() if _OTHER_SCRIPT.search(name)), "")


def in_latin(name: str) -> bool:
    """Whether a name has no letter of another script."""
    return not _OTHER_SCRIPT.search(name)


@lru_cache(maxsize=32)
def _collator(language: str) -> icu.Collator:
    collator = icu.Collator.createInstance(icu.Locale(language))
    collator.setAttribute(
        icu.UCollAttribute.ALTERNATE_HANDLING, icu.UCollAttributeValue.NON_IGNORABLE
    )
    return collator


def sort_key(text: str, language: str = "en") -> bytes:
    """Bytes that order as `language` orders; compare keys of one language only."""
    return bytes(_collator(language).getSortKey(text))


@lru_cache(maxsize=1_024)
def _pattern(pattern: str, language: str) -> icu.MessageFormat:
    return icu.MessageFormat(pattern, icu.Locale(language))


def message(pattern: str, language: str, values: Mapping[str, str | int]) -> str:
    """An ICU message (plural, select) in `language`; digits 0-9 unless the locale tag asks else."""
    names = list(values)
    return str(
        _pattern(pattern, language).format(names, [icu.Formattable(values[name]) for name in names])
    )


def direction(language: str) -> str:
    """`rtl` or `ltr`, for the `dir` attribute."""
    return "rtl" if language.split("-", maxsplit=1)[0] in RIGHT_TO_LEFT else "ltr"


def locale_of(language: str) -> icu.Locale:
    """The locale of a language; English as the United Nations write it: day before month."""
    return icu.Locale("en_GB" if language == "en" else language)


def joined(parts: Sequence[str], language: str) -> str:
    """`a, b and c`, as the language joins a list."""
    return str(icu.ListFormatter.createInstance(locale_of(language)).format(list(parts)))


def language_name(code: str, language: str) -> str:
    """The language of a tag as another language calls it: `ar` in French is `arabe`."""
    return str(icu.Locale(code).getDisplayLanguage(icu.Locale(language))) or code
