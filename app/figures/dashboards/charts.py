"""Bars as SVG: attributes only, so that a page with a strict policy and a paper show the same.

A page may colour them by class; the attributes are what a paper uses. Right-to-left pictures are
mirrored here: SVG has no logical directions.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

_WIDTH = 480
_LINE = 50
_ACCENT, _GROUND, _INK = "#1f4e79", "#e4e8ec", "#1c242c"
_FONTS = "Noto Sans, Noto Sans Arabic, Noto Sans CJK SC, sans-serif"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its words, its length, the number shown, and the whole that it is a part of."""

    label: str
    value: int
    shown: str
    whole: int = 0


def _text(x: float, y: float, anchor: str, words: str) -> Markup:
    return Markup('<text x="{}" y="{}" text-anchor="{}" fill="{}" font-size="15">{}</text>').format(
        round(x, 1), round(y, 1), anchor, _INK, words
    )


def _rect(x: float, y: float, width: float, height: float, fill: str, name: str) -> Markup:
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}" fill="{}"/>').format(
        name, round(x, 1), round(y, 1), round(width, 1), round(height, 1), fill
    )


def _svg(title: str, height: float, parts: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" direction="ltr" viewBox="0 0 {} {}"'
        ' width="{}" height="{}" font-family="{}"><title>{}</title>{}</svg>'
    ).format(_WIDTH, height, _WIDTH, height, _FONTS, title, Markup("").join(parts))


def bars(title: str, found: Sequence[Bar], *, rtl: bool) -> Markup:
    """Lying bars, each below its words; where there is a whole, the bar stands in its outline."""
    most = max((max(bar.value, bar.whole) for bar in found), default=0) or 1
    parts = []
    for n, bar in enumerate(found):
        top = n * _LINE
        parts += [
            _text(_WIDTH if rtl else 0, top + 16, "end" if rtl else "start", bar.label),
            _text(0 if rtl else _WIDTH, top + 16, "start" if rtl else "end", bar.shown),
        ]
        for value, fill, name in (
            (bar.whole or most, _GROUND, "ground"),
            (bar.value, _ACCENT, "bar"),
        ):
            width = value * _WIDTH / most
            parts.append(_rect(_WIDTH - width if rtl else 0, top + 25, width, 14, fill, name))
    return _svg(title, max(1, len(found)) * _LINE, parts)


def columns(title: str, found: Sequence[Bar], *, rtl: bool) -> Markup:
    """Standing bars over their words, as time goes in the direction of reading."""
    most = max((bar.value for bar in found), default=0) or 1
    step = _WIDTH / max(6, len(found))
    parts = [_rect(0, 140, _WIDTH, 1, _INK, "axis")]
    for n, bar in enumerate(found):
        left = _WIDTH - (n + 1) * step if rtl else n * step
        height = bar.value * 118 / most
        parts.append(_rect(left + step * 0.15, 140 - height, step * 0.7, height, _ACCENT, "bar"))
        parts.append(_text(left + step / 2, 159, "middle", bar.label))
        if bar.value:
            parts.append(_text(left + step / 2, 134 - height, "middle", bar.shown))
    return _svg(title, 166, parts)
