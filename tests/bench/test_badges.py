"""Times a print of badges; alone: `python -m tests.bench.test_badges [COUNT] [A PART] [DESIGN]`.

Beside it: what others took for 500 such badges on a machine of this size, in seconds of CPU. Each
print is measured in a process of its own, so that its memory is that of the print.
"""

import asyncio
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.badges import qr
from app.badges.codes import Payload, encode
from app.badges.rules import TEMPLATES, Design, back_words
from app.core.documents import BADGES_A_PART, Part, render_in_parts
from app.core.images import silhouette

ROOT = Path(__file__).parents[2]
PEERS = "500 badges by others: Indico 5.1-6.0, ReportLab 7.6, WeasyPrint 8.9, pretix 21-25 s CPU"
KEY = Ed25519PrivateKey.generate()
PEOPLE = [
    ("Ahmad Al-Sample", "أحمد المثال", "Minister of Interior", "Kuwait", "الكويت"),
    ("Maria Beispiel", None, "Counsellor", "Austria", "النمسا"),
    ("Zhang Weimuster", "张伟明", "Deputy Director-General", "China", "الصين"),
    ("Nurlan Primerov", "Нурлан Примеров", "First Deputy Minister", "Tajikistan", "طاجيكستان"),
    (
        "Muhammad bin Abdulrahman bin Abdulaziz Al-Mithali Al-Namudhaji",
        "محمد بن عبد الرحمن بن عبد العزيز المثالي النموذجي",
        "Head of Department for International Cooperation and Treaties",
        "Saudi Arabia",
        "المملكة العربية السعودية",
    ),
    ("Anne-Sophie Exemple", None, "Special Adviser to the Minister", "France", "فرنسا"),
]
CONFERENCE = {
    "title": {
        "en": "High-Level Conference on Strengthening International Cooperation and Building "
        "Agile Border Security Mechanisms – a sample for measuring",
        "ar": "المؤتمر رفيع المستوى بشأن تعزيز التعاون الدولي وبناء آليات مرنة لأمن الحدود",
    },
    "dates": "4–5 November 2024",
    "venue": "Bayan Palace, Kuwait City",
    "languages": ["en", "ar"],
    "accent": "#0b5345",
    "sample": True,
}
BACK = [
    {"heading": words["heading"], "lines": words["lines"]}
    for words in (back_words()["en"], back_words()["ar"])
]


def part(numbers: range, design: Design = Design.a6) -> Part:
    """The data and the files of some badges, each with a photo and a name of its own."""
    badges: list[dict[str, Any]] = []
    files: dict[str, bytes] = {}
    for number in numbers:
        name, native, function, *delegation = PEOPLE[number % len(PEOPLE)]
        payload = Payload(1, number, 1, 1, date(2024, 11, 1), date(2024, 11, 6))
        files[f"q{number}.png"] = qr.png(qr.matrix(encode(payload, KEY)))
        files[f"p{number}.jpg"] = silhouette(number)
        badges.append(
            {
                "name": f"{name} {number}",
                "name_native": native,
                "style": "H.E." if number % 3 == 0 else None,
                "function": function,
                "delegation": delegation,
                "category": {"label": "Delegate", "color": "#34495e"},
                "photo": f"p{number}.jpg",
                "qr": f"q{number}.png",
                "serial": f"{number:08d}",
            }
        )
    head = CONFERENCE | ({"back": BACK} if design is Design.a6 else {})
    return {"conference": head, "badges": badges}, files


class Memory(threading.Thread):
    """The most that this process and its children held together, in MB."""

    peak = 0
    running = True

    def run(self) -> None:
        tasks = Path(f"/proc/{os.getpid()}/task")
        while self.running:
            held = 0
            try:
                children = " ".join(file.read_text() for file in tasks.glob("*/children"))
                for process in {str(os.getpid()), *children.split()}:
                    held += int(Path(f"/proc/{process}/statm").read_text().split()[1]) * 4
            except (OSError, IndexError):
                continue
            self.peak = max(self.peak, held // 1024)
            time.sleep(0.02)


def main(count: int = 500, size: int = BADGES_A_PART, design: Design = Design.a6) -> None:
    """Prints the best of three."""
    parts = [part(range(at, min(at + size, count)), design) for at in range(0, count, size)]

    async def given() -> AsyncIterator[Part]:
        for one in parts:
            yield one

    memory = Memory(daemon=True)
    memory.start()
    best = (float("inf"), 0.0, 0)
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        pdf = asyncio.run(render_in_parts(TEMPLATES[design], given()))
        wall = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        best = min(best, (wall, cpu, len(pdf)))
    memory.running = False
    print(
        f"{count} badges, {design}, {size} a part: {best[0]:.2f} s wall, {best[1]:.2f} s CPU, "
        f"{memory.peak} MB at most, {best[2] / 1e6:.1f} MB of PDF; "
        f"load {os.getloadavg()[0]:.1f}"
    )


def _alone(count: int, design: Design) -> None:
    command = [sys.executable, "-m", "tests.bench.test_badges"]
    subprocess.run([*command, str(count), str(BADGES_A_PART), design], cwd=ROOT, check=True)


def test_print_of_500_badges() -> None:
    print(f"\n{PEERS}", flush=True)
    for design in Design:
        _alone(500, design)


def test_print_of_2000_badges() -> None:
    print(flush=True)
    _alone(2_000, Design.a6)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *map(Design, sys.argv[3:4]))
