"""Joins PDFs that Typst wrote: pages of many compiles in one file.

Libraries that read any PDF cost 10 MB or half a second a thousand pages. Ours all come from one
writer, with a plain cross-reference table and no object streams; anything else is refused.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

_REFERENCE: Final = re.compile(rb"\b(\d+) 0 R\b")
_ROOT: Final = re.compile(rb"/Root (\d+) 0 R")
_PAGES: Final = re.compile(rb"/Pages (\d+) 0 R")
_COUNT: Final = re.compile(rb"/Count (\d+)")
_HEADER: Final = b"%PDF-1.7\n%\x80\x80\x80\x80\n"


def join(parts: Sequence[bytes]) -> bytes:
    """One PDF with the parts' pages in order. Raises `ValueError` for a PDF of another writer."""
    objects: list[list[bytes]] = [[], []]  # 1 is the catalogue, 2 the root of all pages
    kids: list[int] = []
    count = 0
    for part in parts:
        base = len(objects)
        bodies, root = _read(part)
        catalogue = _PAGES.search(bodies[root])
        pages = int(catalogue[1]) if catalogue else -1
        counted = _COUNT.search(bodies.get(pages, b""))
        if counted is None:
            raise ValueError("This PDF has no page tree where Typst puts it.")
        count += int(counted[1])
        kids.append(base + pages)
        for number in range(1, max(bodies) + 1):
            body = bodies.get(number, b"null\nendobj\n")
            if number == root:
                body = b"null\nendobj\n"
            moved = _moved(body, base)
            if number == pages:
                moved[0] = moved[0].replace(b"/Type/Pages", b"/Type/Pages/Parent 2 0 R", 1)
            objects.append(moved)
    references = b" ".join(b"%d 0 R" % kid for kid in kids)
    objects[0] = [b"<</Type/Catalog/Pages 2 0 R>>\nendobj\n"]
    objects[1] = [b"<</Type/Pages/Count %d/Kids[%s]>>\nendobj\n" % (count, references)]
    return _write(objects)


def _read(part: bytes) -> tuple[dict[int, bytes], int]:
    """The objects' bodies by number, and the number of the catalogue."""
    start = int(part[part.rindex(b"startxref") + 9 :].split()[0])
    lines = part[start:].split(b"\n", 2)
    trailer = part[part.index(b"trailer", start) :]
    root = _ROOT.search(trailer)
    if lines[0].strip() != b"xref" or not lines[1].startswith(b"0 ") or root is None:
        raise ValueError("This PDF has no plain cross-reference table.")
    table = lines[2]
    places = sorted(
        (int(table[at : at + 10]), at // 20)
        for at in range(0, 20 * int(lines[1].split()[1]), 20)
        if table[at + 17 : at + 18] == b"n"
    )
    bodies: dict[int, bytes] = {}
    for (begin, number), (end, _) in pairwise([*places, (start, 0)]):
        head = b"%d 0 obj" % number
        if not part.startswith(head, begin):
            raise ValueError("This PDF's cross-reference table is wrong.")
        bodies[number] = part[begin + len(head) : end].lstrip(b"\r\n")
    return bodies, int(root[1])


def _moved(body: bytes, base: int) -> list[bytes]:
    """The body with its references moved up by `base`; a stream's bytes are left alone."""
    head, mark, stream = body.partition(b"stream\n")
    return [
        _REFERENCE.sub(lambda found: b"%d 0 R" % (int(found[1]) + base), head),
        mark,
        stream,
    ]


def _write(objects: Sequence[Sequence[bytes]]) -> bytes:
    pieces = [_HEADER]
    at = len(_HEADER)
    table = [b"0000000000 65535 f \n"]
    for number, body in enumerate(objects, 1):
        table.append(b"%010d 00000 n \n" % at)
        head = b"%d 0 obj\n" % number
        pieces += (head, *body)
        at += len(head) + sum(map(len, body))
    size = len(objects) + 1
    pieces.append(b"xref\n0 %d\n" % size)
    pieces += table
    pieces.append(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, at))
    return b"".join(pieces)
