"""Codes for delegations that are no state: from the name alone, the same every time."""

import re
from collections.abc import Container

from app.core.text import clean, to_latin

_ACRONYM = re.compile(r"\(([^()]{2,24})\)\s*$")
_WORDS = re.compile(r"[A-Z0-9]+")
_SMALL = re.compile(
    "A|AN|AND|AT|BY|DE|DEL|DER|DES|DI|DO|DOS|DU|E|EL|EN|ET|FOR|FROM|FUR|IN|LA|LAS|LE|LES|LOS|OF|ON|"
    "POUR|PARA|THE|TO|UND|WITH|Y|L|D|AL|WA"
)
_LONGEST = 16


def derive_code(name: str, taken: Container[str]) -> str:
    """A code `[A-Z0-9-]{2,16}` not in `taken`: `Arab League (LAS)` → `LAS`, else the initials.

    Deterministic: the same name after the same `taken` gives the same code.
    """
    base = _acronym(name) or _initials(name)
    code, number = base, 1
    while code in taken:
        number += 1
        suffix = f"-{number}"
        code = base[: _LONGEST - len(suffix)].rstrip("-") + suffix
    return code


def _latin(text: str) -> str:
    # Apostrophes and Arabic's ʿ and ʾ join letters; they do not part words.
    return re.sub("['’‘`ʻʼʾʿ]", "", to_latin(clean(text)).upper())


def _acronym(name: str) -> str:
    """What stands in brackets at the end, if it looks like an acronym rather than a remark."""
    found = _ACRONYM.search(clean(name))
    if not found or len(found.group(1).split()) > 1:
        return ""
    code = "-".join(_WORDS.findall(_latin(found.group(1))))
    return code if 2 <= len(code) <= _LONGEST else ""


def _initials(name: str) -> str:
    words = _WORDS.findall(_latin(re.sub(r"\([^()]*\)", " ", name))) or _WORDS.findall(_latin(name))
    words = [word for word in words if not _SMALL.fullmatch(word)] or words
    if len(words) == 1:
        word = words[0]
        return word[:8] if len(word) > 1 else f"{word}X"
    if words:
        return "".join(word[0] for word in words)[:8]
    return "ORG"
