"""QR modules of a badge code: made once, kept with the badge, drawn by paper and page.

A matrix is 41 rows of 6 bytes, most significant bit first, a set bit dark: 246 bytes. Rows end on
a byte because PNG's do.
"""

import struct
import zlib
from typing import Final

SIZE: Final = 41
_ROW: Final = 6
# A free choice of mask costs 7.5 ms a code, a fixed one 1.4; the signature makes the modules look
# random, so that no mask has patterns to break up.
_MASK: Final = 3


def matrix(code: str) -> bytes:
    """The modules of a 144-character badge code: version 6-M, alphanumeric, without quiet zone."""
    import segno

    rows = segno.make(
        code, version=6, error="m", mode="alphanumeric", mask=_MASK, boost_error=False
    ).matrix
    return b"".join(map(_pack, rows))


def png(modules: bytes) -> bytes:
    """The matrix as a PNG of one bit a pixel, one pixel a module, for templates to enlarge."""
    inverted = bytes(byte ^ 0xFF for byte in modules)
    rows = (b"\0" + inverted[at : at + _ROW] for at in range(0, len(inverted), _ROW))
    header = struct.pack(">IIBBBBB", SIZE, SIZE, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, body)
        for kind, body in (
            (b"IHDR", header),
            (b"IDAT", zlib.compress(b"".join(rows))),
            (b"IEND", b""),
        )
    )


def svg(modules: bytes) -> str:
    """The matrix as an SVG picture with its quiet zone, by attributes alone (strict pages)."""
    strokes: list[str] = []
    for y in range(SIZE):
        bits = f"{int.from_bytes(modules[y * _ROW : (y + 1) * _ROW], 'big'):048b}"[:SIZE]
        x = 0
        for run in bits.replace("10", "1 0").replace("01", "0 1").split():
            if run[0] == "1":
                strokes.append(f"M{x + 4} {y + 4}h{len(run)}v1h-{len(run)}z")
            x += len(run)
    side = SIZE + 8
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img">'
        f'<rect width="{side}" height="{side}" fill="#fff"/>'
        f'<path shape-rendering="crispEdges" d="{"".join(strokes)}"/></svg>'
    )


def _pack(row: bytearray) -> bytes:
    bits = 0
    for module in row:
        bits = bits << 1 | module
    return (bits << (_ROW * 8 - SIZE)).to_bytes(_ROW, "big")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
