"""Codes of certificates: easy to copy from paper, hopeless to guess."""

import re
import secrets

from app.core.text import fold

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O 1 I L, which people confuse
_LENGTH = 12


def new_code() -> str:
    """Twelve random letters and digits, 59 bits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def spaced(code: str) -> str:
    """`ABCD-EFGH-JKMN`, as it is printed."""
    return "-".join(code[n : n + 4] for n in range(0, _LENGTH, 4))


def typed(text: str) -> str:
    """The code that somebody typed, in whatever grouping and case."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def is_same_name(typed: str, name: str, style: str | None = None) -> bool:
    """Whether somebody typed the printed name, with or without the style before it.

    Case, accents and punctuation do not count.
    """
    return bool(fold(typed)) and fold(typed) in {fold(name), fold(f"{style or ''} {name}")}
