"""One accent colour per conference, darkened until everybody can read it."""

import re
from hashlib import sha256

from app.core.errors import Invalid

Colour = tuple[float, float, float]

DEFAULT_ACCENT = "#1f4e79"
WHITE: Colour = (1.0, 1.0, 1.0)
BLACK: Colour = (0.0, 0.0, 0.0)
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
# AA asks 4.5; some more, because accents are also set on grey grounds and on their own tint.
_ENOUGH = 5.6


def parse(color: str) -> Colour:
    """`#rrggbb` as three parts from 0 to 1; raises `Invalid`."""
    if not _HEX.fullmatch(color):
        raise Invalid(f"“{color[:20]}” is no colour; write one like {DEFAULT_ACCENT}.")
    return (int(color[1:3], 16) / 255, int(color[3:5], 16) / 255, int(color[5:7], 16) / 255)


def mix(color: Colour, other: Colour, share: float) -> Colour:
    """`color` with `share` of `other` in it."""
    red, green, blue = (a * (1 - share) + b * share for a, b in zip(color, other, strict=True))
    return (red, green, blue)


def luminance(color: Colour) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """The WCAG contrast of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def to_hex(color: Colour) -> str:
    """Back to `#rrggbb`."""
    return "#" + "".join(f"{round(part * 255):02x}" for part in color)


def accent_css(color: str) -> str:
    """The style sheet of a conference: its accent, legible as text and as ground, and tints of it.

    A light colour keeps its hue and is darkened just as far as AA needs. Raises `Invalid`.
    """
    accent = parse(color)
    while contrast(accent, WHITE) < _ENOUGH:
        accent = mix(accent, BLACK, 0.04)
    parts = {
        "--accent": accent,
        "--accent-strong": mix(accent, BLACK, 0.35),
        "--accent-soft": mix(accent, WHITE, 0.93),
        "--accent-line": mix(accent, WHITE, 0.70),
    }
    body = "".join(f"{name}:{to_hex(value)};" for name, value in parts.items())
    return f":root{{{body}}}\n"


def accent_version(color: str) -> str:
    """A short hash for the address of the sheet, so that it may be cached for ever."""
    return sha256(color.lower().encode()).hexdigest()[:12]
