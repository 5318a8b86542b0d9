"""Photos: what arrives is decoded under limits and written anew; what samples need is drawn."""

import random
import struct
from io import BytesIO
from typing import Final, NamedTuple

from PIL import Image, ImageDraw, ImageOps

from app.core.errors import Invalid, TooLarge

MOST_BYTES: Final = 10_000_000
MOST_STORED: Final = 100_000
# 300 dots an inch on a badge; a print of many badges holds all its photos decoded in memory.
WIDTH, HEIGHT = 390, 520

_FORMATS: Final = ("JPEG", "PNG", "WEBP")
# JPEG decodes at a fraction of its size, the others in full: 4 bytes a pixel stay under 100 MB.
_MOST_PIXELS: Final = {"JPEG": 50_000_000}
_MOST_PIXELS_IN_FULL: Final = 20_000_000
_HEADS_ARE_HIGH: Final = (0.5, 0.35)

Point = tuple[float, float]


class Crop(NamedTuple):
    """The part of a picture to keep, as fractions of it: left and upper edge, and the width."""

    x: float
    y: float
    size: float


def _framed(picture: Image.Image, crop: Crop) -> Image.Image:
    """The part, in the proportions of a portrait, moved and shrunk until it lies inside."""
    width = min(crop.size * picture.width, picture.width, picture.height * WIDTH / HEIGHT)
    height = width * HEIGHT / WIDTH
    left = min(crop.x * picture.width, picture.width - width)
    top = min(crop.y * picture.height, picture.height - height)
    return picture.resize((WIDTH, HEIGHT), box=(left, top, left + width, top + height))


def portrait(data: bytes, crop: Crop | None = None) -> bytes:
    """A JPEG of 390 × 520 and at most 100 KB, upright, without metadata, from JPEG, PNG or WebP.

    Without a crop the upper middle is kept, where heads are.

    Raises `TooLarge` for over 10 MB or too many pixels, `Invalid` for anything that is no such
    picture.
    """
    if len(data) > MOST_BYTES:
        raise TooLarge("The photo has more than 10 MB; send a smaller one.")
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as image:
            limit = _MOST_PIXELS.get(image.format or "", _MOST_PIXELS_IN_FULL)
            if image.width * image.height > limit:
                raise TooLarge(
                    f"The photo has {image.width} × {image.height} pixels; send a smaller one."
                )
            picture = _upright(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooLarge("The photo has too many pixels; send a smaller one.") from None
    except (OSError, ValueError, SyntaxError, KeyError, TypeError, OverflowError, struct.error):
        raise Invalid("This is not a readable photo; send a JPEG, PNG or WebP.") from None
    if crop:
        picture = _framed(picture, crop)
    else:
        picture = ImageOps.fit(picture, (WIDTH, HEIGHT), centering=_HEADS_ARE_HIGH)
    for quality in (88, 80, 70, 55, 40, 25, 12):
        written = _jpeg(picture, quality)
        if len(written) <= MOST_STORED:
            break
    return written


def _upright(image: Image.Image) -> Image.Image:
    """The first frame in RGB on white, turned as its EXIF says, not much larger than needed."""
    shown: Image.Image = image
    if image.mode.startswith("I"):
        shown = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    elif image.mode in {"1", "P", "PA", "LA"}:
        shown = image.convert("RGBA")
    shown.thumbnail((4 * WIDTH, 4 * WIDTH), reducing_gap=2.0)
    shown = ImageOps.exif_transpose(shown)
    if shown.mode == "RGBA":
        white = Image.new("RGBA", shown.size, "white")
        shown = Image.alpha_composite(white, shown)
    return shown.convert("RGB")


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    # A new image carries no EXIF, profile or comment over.
    Image.frombytes("RGB", picture.size, picture.tobytes()).save(out, "JPEG", quality=quality)
    return out.getvalue()


_SKINS: Final = ("#f3d3ba", "#ebc2a0", "#dcab84", "#c98f66", "#a86f48", "#83522f", "#623c24")
_HAIRS: Final = ("#1d1815", "#2b211b", "#473123", "#6d4a30", "#96703f", "#7d7a78", "#b9b6b2")
_WALLS: Final = (
    ("#eef1f4", "#cdd5dd"), ("#f3efe8", "#dcd2c2"), ("#e6eef0", "#bcd0d4"), ("#edeaf2", "#cfc8dc"),
    ("#e9efe6", "#c6d3c0"), ("#f0f0ee", "#d0d0cc"),
)  # fmt: skip
_SUITS: Final = ("#1f2a3c", "#2c2f36", "#3a3f4a", "#27384f", "#4a4039", "#1d1f24")
_JACKETS: Final = ("#27384f", "#5a2a3c", "#2f4f4a", "#43395c", "#2c2f36", "#7a4a3a", "#35506e")
_TIES: Final = ("#7b241c", "#1f4e79", "#2f5d50", "#5b3a8c", "#8c6d1f", "#394150")
_SCARVES: Final = ("#2d3a4d", "#6b4a5e", "#d9d2c5", "#3f5c58", "#1d1f24", "#a9b8c4", "#7c5b4a")

_FRAME: Final = (60, 130, 660, 930)


def silhouette(seed: int, *, feminine: bool | None = None) -> bytes:
    """A drawn portrait for a synthetic person: the same JPEG of 300 × 400 for the same seed."""
    chance = random.Random(f"{seed}:{feminine}")  # noqa: S311 - a drawing, not a secret
    drawing = _Drawing(chance)
    if chance.random() < 0.4 if feminine is None else feminine:
        drawing.woman()
    else:
        drawing.man()
    return _jpeg(drawing.image.crop(_FRAME).reduce(2), 84)


class _Drawing:
    """Flat shapes, twice the final size so that edges come out smooth; x = 360 is the middle."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        light, dark = chance.choice(_WALLS)
        shades = ImageOps.colorize(Image.linear_gradient("L"), light, dark)
        self.image = shades.resize((720, 960), Image.Resampling.NEAREST)
        self.pen = ImageDraw.Draw(self.image)
        self.skin = chance.choice(_SKINS)
        self.shade = _mix(self.skin, "#3a1d10", 0.16)
        self.hair = chance.choice(_HAIRS)
        self.half = chance.randint(112, 126)  # half the width of the face
        self.chin = chance.randint(566, 592)

    def man(self) -> None:
        chance = self.chance
        robed = chance.random() < 0.3
        white_robe = robed and chance.random() < 0.6
        if robed:
            self._robe(white_robe)
        else:
            self._suit(chance.choice(_SUITS), tie=chance.random() < 0.85)
        if robed:
            self._head(hair=None)
            self._beard(chance.choice(("short", "full", None)))
            self._ghutra()
            return
        style = chance.choice(("short", "short", "side", "receding", "bald"))
        self._head(hair=style)
        self._beard(chance.choice((None, None, None, "short", "full", "moustache")))

    def woman(self) -> None:
        chance = self.chance
        scarf = chance.choice(_SCARVES) if chance.random() < 0.4 else None
        style = chance.choice(("bob", "long", "bun", "bob"))
        if not scarf and style in {"bob", "long"}:
            bottom = 620 if style == "bob" else 770
            left, right = 360 - self.half - 34, 360 + self.half + 34
            self.pen.rounded_rectangle((left, 226, right, bottom), 130, self.hair)
        self._suit(chance.choice(_JACKETS), tie=False, open_neck=True)
        if scarf:
            self._scarf_back(scarf)
        elif style == "bun":
            self.pen.ellipse((312, 176, 408, 268), self.hair)
        self._head(hair=None if scarf else "parted", lips=True)
        if scarf:
            self._scarf_front(scarf)

    def _head(self, *, hair: str | None, lips: bool = False) -> None:
        pen, half, chin, skin = self.pen, self.half, self.chin, self.skin
        left, right = 360 - half, 360 + half
        pen.rounded_rectangle((306, 520, 414, 690), 40, self.shade)
        for side in (left, right):
            pen.ellipse((side - 18, 400, side + 18, 468), self.shade)
        if hair and hair != "bald":
            top = {"receding": 262, "parted": 232}.get(hair, 240)
            pen.rounded_rectangle((left - 8, top, right + 8, 452), 118, self.hair)
        pen.rounded_rectangle((left, 268 if hair == "bald" else 300, right, chin), half - 4, skin)
        if hair in {"short", "side"}:
            pen.chord((left - 4, 246, right + 4, 400), 180, 360, self.hair)
            if hair == "side":
                pen.polygon([(left, 322), (left + 90, 322), (left + 4, 372)], self.hair)
        elif hair == "receding":
            pen.chord((left + 6, 262, right - 6, 350), 180, 360, self.hair)
        elif hair == "parted":
            part = self.chance.choice((-40, 0, 40))
            pen.polygon(
                [(left - 6, 420), (left + 8, 300), (360 + part, 268), (330 + part, 330)], self.hair
            )
            pen.polygon(
                [(right + 6, 420), (right - 8, 300), (360 + part, 268), (390 + part, 330)],
                self.hair,
            )
            pen.chord((left - 6, 236, right + 6, 390), 190, 350, self.hair)
        self._face(lips=lips)

    def _face(self, *, lips: bool) -> None:
        pen = self.pen
        brow = "#4a3a30" if self.hair in _HAIRS[4:] else self.hair
        for x in (312, 408):
            pen.ellipse((x - 11, 418, x + 11, 438), "#2a211d")
            pen.ellipse((x - 1, 421, x + 6, 428), "#ffffff")
            pen.arc((x - 32, 388, x + 32, 424), 205, 335, brow, 5 if lips else 8)
        pen.line([(360, 432), (350, 484), (366, 488)], self.shade, 5, joint="curve")
        tint = _mix(self.skin, "#a02c34", 0.5 if lips else 0.3)
        if lips:
            pen.chord((326, 500, 394, 546), 10, 170, tint)
        else:
            pen.arc((322, 488, 398, 538), 25, 155, tint, 7)
        if self.chance.random() < 0.25:
            for x in (312, 408):
                pen.rounded_rectangle((x - 38, 404, x + 38, 452), 16, None, "#30343a", 5)
            pen.line([(350, 424), (370, 424)], "#30343a", 5)

    def _beard(self, kind: str | None) -> None:
        if kind is None:
            return
        pen, colour = self.pen, self.hair
        if kind != "moustache":
            left, right = 360 - self.half, 360 + self.half
            drop = 14 if kind == "short" else 40
            pen.chord((left, 400, right, self.chin + drop), 8, 172, colour)
            pen.chord((left + 30, 420, right - 30, 520), 0, 180, self.skin)
            pen.ellipse((322, 500, 398, 540), self.skin)
            pen.arc((328, 496, 392, 530), 25, 155, _mix(self.skin, "#a02c34", 0.35), 7)
        pen.chord((310, 488, 410, 530), 190, 350, colour)

    def _suit(self, cloth: str, *, tie: bool, open_neck: bool = False) -> None:
        pen = self.pen
        pen.rounded_rectangle((92, 656, 628, 1100), 150, cloth)
        pen.polygon([(262, 654), (458, 654), (360, 880)], "#f6f5f2")
        if open_neck:
            pen.polygon([(300, 640), (420, 640), (360, 760)], self.shade)
        if tie:
            colour = self.chance.choice(_TIES)
            pen.polygon(
                [
                    (338, 678),
                    (382, 678),
                    (372, 716),
                    (392, 855),
                    (360, 895),
                    (328, 855),
                    (348, 716),
                ],
                colour,
            )
        lapel = _mix(cloth, "#ffffff", 0.1)
        for turn in (-1, 1):
            pen.polygon(
                [
                    (360 + turn * x, y)
                    for x, y in (
                        (58, 640),
                        (104, 650),
                        (136, 750),
                        (104, 766),
                        (118, 788),
                        (2, 896),
                    )
                ],
                lapel,
            )

    def _robe(self, white: bool) -> None:
        pen = self.pen
        pen.rounded_rectangle((92, 650, 628, 1100), 150, "#f4f2ec")
        pen.line([(360, 670), (360, 960)], "#d8d4c8", 5)
        if not white:
            cloak = self.chance.choice(("#2a211b", "#5b4630", "#1f2226"))
            for turn in (-1, 1):
                pen.polygon(
                    [
                        (360 + turn * x, y)
                        for x, y in ((150, 650), (276, 740), (276, 960), (70, 960))
                    ],
                    cloak,
                )
                pen.line([(360 + turn * 150, 650), (360 + turn * 70, 960)], "#c2a14d", 12)

    def _ghutra(self) -> None:
        pen = self.pen
        checked = self.chance.random() < 0.35
        cloth, fold = ("#e9d6d2", "#b5463f") if checked else ("#fbfaf7", "#dcd9d0")
        left, right = 360 - self.half, 360 + self.half
        pen.chord((left - 30, 196, right + 30, 470), 180, 360, cloth)
        for turn in (-1, 1):
            side = [
                (self.half - 22, 318),
                (self.half + 30, 322),
                (self.half + 62, 560),
                (self.half + 80, 790),
                (self.half - 30, 800),
                (self.half - 4, 560),
            ]
            pen.polygon([(360 + turn * x, y) for x, y in side], cloth)
            for shift in (18, 44):
                pen.line(
                    [
                        (360 + turn * (self.half + shift - 8), 350),
                        (360 + turn * (self.half + shift + 8), 770),
                    ],
                    fold,
                    4,
                )
        pen.rounded_rectangle((left - 26, 316, right + 26, 336), 8, cloth)
        for y in (262, 286):
            pen.rounded_rectangle((left - 24, y, right + 24, y + 17), 8, "#17181b")

    def _scarf_back(self, cloth: str) -> None:
        half = self.half
        self.pen.rounded_rectangle((360 - half - 42, 214, 360 + half + 42, 700), 158, cloth)
        self.pen.rounded_rectangle((206, 560, 514, 780), 100, cloth)

    def _scarf_front(self, cloth: str) -> None:
        pen, half = self.pen, self.half
        pen.chord((360 - half - 8, 240, 360 + half + 8, 420), 180, 360, cloth)
        pen.polygon(
            [
                (360 - half + 4, 520),
                (360, self.chin - 4),
                (360 + half - 4, 520),
                (470, 704),
                (250, 704),
            ],
            cloth,
        )
        line = _mix(cloth, "#000000", 0.18)
        pen.arc((256, 510, 516, 730), 20, 130, line, 5)
        pen.arc((224, 490, 476, 710), 40, 140, line, 5)


def _mix(colour: str, other: str, part: float) -> str:
    pairs = zip(bytes.fromhex(colour[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + bytes(round(a + (b - a) * part) for a, b in pairs).hex()
