"""Identity documents as they are compared and shown, and what a registration lacks, in words."""

import unicodedata
from collections.abc import Collection
from datetime import date
from enum import StrEnum

from app.core.errors import Invalid


class DocumentType(StrEnum):
    """What proves who somebody is."""

    passport = "passport"
    national_id = "national_id"
    laissez_passer = "laissez_passer"
    other = "other"


ISSUERS = frozenset(
    {"EUE", "RKS", "UNA", "UNK", "UNO", "XBA", "XCC", "XCE", "XCO", "XDC", "XEC", "XES", "XIM"}
    | {"XMP", "XOM", "XPO", "XXA", "XXB", "XXC", "XXX"}
)
"""Issuers that are no state of ISO 3166. Source: ICAO Doc 9303, part 3, section 5."""


def normalised(number: str) -> str:
    """A document's number as two writings of it agree: capitals and digits 0-9 only.

    Raises `Invalid` for fewer than 4 or more than 32 of them.
    """
    kept = "".join(
        str(unicodedata.digit(sign, sign))
        for sign in unicodedata.normalize("NFKC", number).upper()
        if sign.isalnum()
    )
    if not 4 <= len(kept) <= 32:
        raise Invalid(
            "A document's number has 4 to 32 letters and digits.",
            errors=[("/number", "Write the 4 to 32 letters and digits of the document.")],
        )
    return kept


def masked(number: str) -> str:
    """The number with all but its last two characters hidden; always as long."""
    return f"••••••{number[-2:]}"


def missing(
    *,
    photo: bool,
    photo_exempt: bool,
    function: str | None,
    rank: str | None,
    sex: str | None,
    document: tuple[DocumentType, date | None] | None,
    ends: date,
) -> list[str]:
    """What a registration lacks, each in a sentence; none of it hinders an approval."""
    expires = document[1] if document else None
    lacks: Collection[tuple[bool, str]] = (
        (not photo and not photo_exempt, "No photo: the badge will be held."),
        (not function, "No function to be printed."),
        (rank is None, "The rank is undecided: in no figure of ministers until it is."),
        (sex is None, "The sex is not stated: counted as unknown."),
        (document is None, "No identity document."),
        (expires is not None and expires < ends, "The document expires before the last day."),
    )
    return [sentence for lacking, sentence in lacks if lacking]
