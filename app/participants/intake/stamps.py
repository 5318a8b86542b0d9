"""What a file said of a person when it was last imported, kept as one mark per cell.

With the marks an import knows which cells of a corrected file were corrected; only those change
anything, so that what officers changed meanwhile stays.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from zlib import crc32

STAMPED = (
    "name",
    "given_names",
    "family_name",
    "names",
    "style",
    "function",
    "division",
    "affiliation",
    "role",
    "rank",
    "sex",
    "email",
    "phone",
    "external_id",
)
"""The fields in the order of their marks: new ones go to the end, sixteen have room."""

_MARK = 3
_EMPTY = bytes(_MARK)


def _mark(value: object) -> bytes:
    # 24 bits: one correction in 17 million would go unnoticed, and the file still says it.
    return crc32(str(value).encode()).to_bytes(4, "big")[-_MARK:]


def restamp(before: str | None, stated: Mapping[str, object]) -> tuple[list[str], str]:
    """The fields that the file states otherwise than before, and the stamp to keep.

    An empty cell states nothing: it keeps the mark of what was stated before.
    """
    old = b64decode(before) if before else b""
    corrected: list[str] = []
    marks: list[bytes] = []
    for place, name in enumerate(STAMPED):
        mark = old[place * _MARK : place * _MARK + _MARK] or _EMPTY
        if name in stated and (now := _mark(stated[name])) != mark:
            corrected.append(name)
            mark = now
        marks.append(mark)
    return corrected, b64encode(b"".join(marks)).decode()
