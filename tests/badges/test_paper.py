"""Badges on paper: a page each, nothing lost, and scanners read them back from a print."""

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.badges import qr
from app.badges.codes import Payload, decode, encode
from app.core import pdf
from app.core.documents import render
from app.core.images import silhouette
from tests.lacking import missing

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PEOPLE: list[dict[str, Any]] = [
    {
        "name": "Ahmad Al-Sample",
        "name_native": "أحمد المثال",
        "style": "H.E.",
        "function": "Minister",
    },
    {"name": "Zhang Weimuster", "name_native": "张伟明", "style": None, "function": None},
    {
        "name": "Wolfgang-Maximilian Freiherr von Habsburg-Musterstein-Beispielhausen zu Probe",
        "name_native": "Константин Александрович Рождественский-Примеров-Образцов",
        "style": "H.E.",
        "function": "Ministerialdirigent im Bundesministerium des Innern, für Bau",
    },
    {
        "name": "Wolfeschlegelsteinhausenbergerdorffmusterlangname",
        "name_native": "สมชายพงษ์ไพบูลย์สิริวัฒนกุลตัวอย่าง",
        "style": None,
        "function": "Adviser",
    },
]


def _print() -> tuple[dict[str, Any], dict[str, bytes], list[str]]:
    badges, files, codes = [], {}, []
    for number, person in enumerate(PEOPLE):
        payload = Payload(1, number, 2, 3, date(2024, 11, 1), date(2024, 11, 6))
        codes.append(encode(payload, KEY))
        files[f"q{number}.png"] = qr.png(qr.matrix(codes[-1]))
        files[f"p{number}.jpg"] = silhouette(number)
        badges.append(
            person
            | {
                "delegation": ["United Kingdom of Great Britain and Northern Ireland", "الكويت"],
                "category": {"label": "Head of delegation", "color": "#8c6d1f"},
                "photo": None if number == 1 else f"p{number}.jpg",
                "qr": f"q{number}.png",
                "serial": f"SERIAL{number}",
            }
        )
    conference = {
        "title": {"en": "High-Level Conference " * 8, "ar": "المؤتمر رفيع المستوى"},
        "dates": "4–5 November 2024",
        "venue": "Bayan Palace",
        "languages": ["en", "ar", "fr"],
        "accent": "#0b5345",
        "sample": True,
    }
    return {"conference": conference, "badges": badges}, files, codes


def _said(*command: str | Path) -> str:
    if not shutil.which(command[0]):
        missing(str(command[0]), "apt-get install zbar-tools poppler-utils")
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


def _pages(folder: Path) -> list[Path]:
    _said("pdftoppm", "-r", "200", "-gray", folder / "it.pdf", folder / "page")
    return sorted(folder.glob("page*.pgm"))


async def test_scanners_read_every_badge_of_a_joined_print(tmp_path: Path) -> None:
    data, files, codes = _print()
    printed = await render("badge", data, files=files)
    (tmp_path / "it.pdf").write_bytes(pdf.join([printed, printed]))
    read = [_said("zbarimg", "-q", "--raw", page).strip() for page in _pages(tmp_path)]
    assert read == codes * 2
    assert decode(read[3], {1: KEY.public_key()}).serial == 3


async def test_no_word_is_clipped(tmp_path: Path) -> None:
    data, files, _ = _print()
    (tmp_path / "it.pdf").write_bytes(await render("badge", data, files=files))
    boxes = _said("pdftotext", "-bbox", tmp_path / "it.pdf", "-")
    words = re.findall(r'<word xMin="([-\d.]+)".*?xMax="([-\d.]+)".*?>(.*?)</word>', boxes)
    left, right = 7.5 / 25.4 * 72, 97.5 / 25.4 * 72
    assert {word for _, _, word in words} >= {PEOPLE[3]["name"], "SERIAL3"}
    assert [w for w in words if float(w[0]) < left or float(w[1]) > right] == []
    assert boxes.count("<page") == len(PEOPLE)
