"""QR pictures: the same modules in every form."""

from io import BytesIO
from xml.etree import ElementTree as ET

import segno
from PIL import Image

from app.badges import qr

CODE = "PLENARY2" * 18


def _rows(modules: bytes) -> list[str]:
    return [f"{int.from_bytes(modules[y * 6 : y * 6 + 6], 'big'):048b}"[:41] for y in range(41)]


def test_matrix_is_version_6_m_alphanumeric() -> None:
    code = segno.make(CODE, version=6, error="m", mode="alphanumeric", mask=3, boost_error=False)
    assert code.designator == "6-M"
    assert _rows(qr.matrix(CODE)) == ["".join(map(str, row)) for row in code.matrix]
    assert len(qr.matrix(CODE)) == 246


def test_png_shows_one_pixel_a_module() -> None:
    image = Image.open(BytesIO(qr.png(qr.matrix(CODE))))
    assert (image.mode, image.size) == ("1", (41, 41))
    dark = ["".join("01"[not image.getpixel((x, y))] for x in range(41)) for y in range(41)]
    assert dark == _rows(qr.matrix(CODE))


def test_svg_covers_the_dark_modules_and_carries_no_style() -> None:
    picture = qr.svg(qr.matrix(CODE))
    ET.fromstring(picture)
    assert "style" not in picture
    runs = [part.split("v")[0] for part in picture.split("M")[1:]]
    assert sum(int(run.split("h")[1]) for run in runs) == "".join(_rows(qr.matrix(CODE))).count("1")
