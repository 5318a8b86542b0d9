"""Pairing codes: short enough to type, without letters that look like digits."""

from datetime import timedelta

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8
LIFETIME = timedelta(minutes=15)
PHOTO_WINDOW = timedelta(minutes=5)
"""How long after a scan its device may see the photo."""


def shown(code: str) -> str:
    """The code in two halves, as people read it out."""
    return f"{code[:4]}-{code[4:]}"


def folded(typed: str) -> str:
    """What somebody typed without what makes no difference: case, spaces, hyphens."""
    return "".join(c for c in typed.upper() if c in ALPHABET)
