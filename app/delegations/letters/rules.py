"""What a letter is, what is a PDF, and who may not sign."""

from collections.abc import Iterable
from enum import StrEnum

from app.core.errors import Invalid
from app.core.spelling import skeleton

LARGEST = 10 * 1024 * 1024


class LetterKind(StrEnum):
    """What a delegation sent: a note verbale bears no signature."""

    note_verbale = "note_verbale"
    letter_of_nomination = "letter_of_nomination"


def require_pdf(data: bytes) -> None:
    """Raises `Invalid` for anything but a whole PDF of at most 10 MB, whatever its name says."""
    reason = ""
    if not data:
        reason = "Choose a file."
    elif len(data) > LARGEST:
        reason = "The file is larger than 10 MB."
    elif not data.startswith((b"%PDF-1.", b"%PDF-2.")):
        reason = "This is no PDF; scan or print the letter to a PDF file."
    elif b"%%EOF" not in data[-1024:] or b"startxref" not in data:
        reason = "This PDF has no end; send the whole file."
    if reason:
        raise Invalid(f"{reason} Nothing was stored.", errors=[("/file", reason)], code="no-pdf")


def signs_own(signatory: str, names: Iterable[str]) -> bool:
    """Whether a nominee signed the nomination: the same name in any script, order or spelling.

    The signatory's form of address and title may stand around the name.
    """
    signed = skeleton(signatory)
    words = set(signed.split())
    for name in names:
        known = skeleton(name)
        if known and (known == signed or (" " in known and words.issuperset(known.split()))):
            return True
    return False
