"""Photos: allowed formats come out small, upright and clean; everything else gets a sentence."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageColor

from app.core.errors import Invalid, TooLarge
from app.core.images import HEIGHT, MOST_STORED, WIDTH, Crop, portrait, silhouette


def _written(image: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _read(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def _bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(9999)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("size", [(900, 600), (600, 1200), (1, 1), (30, 4000)])
def test_becomes_a_small_portrait(kind: str, size: tuple[int, int]) -> None:
    result = _read(portrait(_written(Image.new("RGB", size, "#336699"), kind)))
    assert (result.format, result.size, result.mode) == ("JPEG", (WIDTH, HEIGHT), "RGB")
    assert result.getpixel((10, 10)) == pytest.approx((0x33, 0x66, 0x99), abs=4)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_mode_of_png(mode: str) -> None:
    assert _read(portrait(_written(Image.new(mode, (60, 80)), "PNG"))).mode == "RGB"


def test_cmyk_jpeg() -> None:
    assert _read(portrait(_written(Image.new("CMYK", (60, 80)), "JPEG"))).mode == "RGB"


def test_noise_stays_under_the_limit() -> None:
    noise = Image.effect_noise((WIDTH, HEIGHT), 200).convert("RGB")
    assert len(portrait(_written(noise, "PNG"))) <= MOST_STORED


def test_metadata_goes_and_orientation_is_applied() -> None:
    image = Image.new("RGB", (800, 600), "white")
    image.paste("red", (0, 0, 400, 600))  # left half; upright it is the top
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SecretCamera"
    exif[0x8825] = {1: "N"}
    data = _written(image, "JPEG", exif=exif, comment=b"SecretComment")
    result = portrait(data)
    assert b"Secret" not in result
    assert not dict(_read(result).getexif())
    top, bottom = _read(result).getpixel((195, 40)), _read(result).getpixel((195, 480))
    assert top == pytest.approx((254, 0, 0), abs=12)
    assert bottom == pytest.approx((255, 255, 255), abs=12)


def test_transparency_lies_on_white() -> None:
    clear = _written(Image.new("RGBA", (60, 80), (0, 0, 0, 0)), "PNG")
    assert _read(portrait(clear)).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7",
             b"\xff\xd8\xff\xe0" + bytes(99), _written(Image.new("RGB", (9, 9)), "GIF"),
             _written(Image.new("RGB", (9, 9)), "BMP"), _written(Image.new("RGB", (9, 9)), "TIFF"),
             _written(Image.effect_noise((200, 200), 9), "PNG")[:500], _bomb(3000, 3000)],
)  # fmt: skip
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match="JPEG, PNG or WebP"):
        portrait(data)


@pytest.mark.parametrize("data", [bytes(10_000_001), _bomb(50_000, 50_000), _bomb(10_000, 10_000)])
def test_bombs_are_refused_before_they_are_decoded(data: bytes) -> None:
    with pytest.raises(TooLarge):
        portrait(data)


def test_silhouettes_are_small_varied_and_the_same_for_a_seed() -> None:
    drawn = [silhouette(seed) for seed in range(40)]
    assert drawn == [silhouette(seed) for seed in range(40)]
    assert len(set(drawn)) == 40
    assert all(5_000 < len(data) < 20_000 for data in drawn)
    assert {_read(data).size for data in drawn} == {(300, 400)}
    assert silhouette(3, feminine=True) != silhouette(3, feminine=False)


@pytest.mark.parametrize(
    ("size", "crop", "expected"),
    [
        ((900, 900), Crop(0, 0, 0.5), "red"),
        ((900, 900), Crop(0.5, 0.1, 0.5), "blue"),
        ((900, 900), Crop(1, 1, 0.4), "blue"),  # moved until it lies inside
        ((900, 300), Crop(0, 0, 0.2), "red"),
        ((900, 300), Crop(0.75, 0.9, 1), "blue"),  # shrunk to the height
    ],
)
def test_a_section_is_kept(size: tuple[int, int], crop: Crop, expected: str) -> None:
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    kept = _read(portrait(_written(image, "PNG"), crop))
    assert kept.size == (WIDTH, HEIGHT)
    wanted = ImageColor.getrgb(expected)
    for at in ((8, 8), (WIDTH - 8, HEIGHT - 8)):
        assert kept.getpixel(at) == pytest.approx(wanted, abs=8)
