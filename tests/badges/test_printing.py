"""From approval to paper to the gate: what a scanner reads off the print is admitted once."""

import shutil
import subprocess
from pathlib import Path

import pytest

from app.accounts.rules import INSTALLATION
from app.badges import cli, printing
from app.core.errors import Clash
from tests.hall import Hall
from tests.lacking import missing


def _read(paper: bytes, folder: Path) -> list[str]:
    """What a scanner reads off each page."""
    (folder / "badges.pdf").write_bytes(paper)
    command = ["pdftoppm", "-r", "200", "-gray", folder / "badges.pdf", folder / "page"]
    subprocess.run(command, check=True)
    return [
        subprocess.run(
            ["zbarimg", "-q", "--raw", page], check=True, capture_output=True, text=True
        ).stdout.strip()
        for page in sorted(folder.glob("page*.pgm"))
    ]


async def test_the_paper_opens_the_gate_once(hall: Hall, tmp_path: Path) -> None:
    if not (shutil.which("zbarimg") and shutil.which("pdftoppm")):
        missing("zbarimg or pdftoppm", "apt-get install zbar-tools poppler-utils")
    await hall.pictured("Ana Amari", names={"ar": "آنا عماري"}, function="Adviser", style="Ms.")
    await hall.approved("President Example", rank="head_of_state")
    await hall.approved("Adviser Example", role="adviser")
    officer = await hall.client("registration_officer")
    made = await officer.post(f"{hall.base}/badges/print", json={"delegation": "KWT"})
    assert made.status_code == 200, made.text
    assert (made.headers["badges-printed"], made.headers["badges-held"]) == ("2", "1")
    codes = _read(made.content, tmp_path)
    assert sorted(codes) == sorted(row.code for row in await hall.badges() if row.printed_at)
    for code in codes:
        assert (await hall.redeem(code)).status_code == 201
        assert (await hall.redeem(code)).json()["reason"] == "already_redeemed"


async def test_held_ones_are_named_and_printed_ones_are_done(hall: Hall) -> None:
    held = await hall.approved("Adviser Example", role="adviser")
    with pytest.raises(Clash, match="1 waits for a photo"):
        await cli.export_pdf(hall.database, hall.conference.slug)
    await hall.approved("Crown Prince Example", rank="crown_prince")
    batch = await cli.export_pdf(hall.database, hall.conference.slug, unprinted=True)
    assert batch.pdf.startswith(b"%PDF")
    assert batch.badges == 1
    assert [(one.participant, one.delegation) for one in batch.held] == [(held, "KWT")]
    assert "photo" in batch.held[0].reason
    with pytest.raises(Clash) as refused:
        await cli.export_pdf(hall.database, hall.conference.slug, unprinted=True)
    assert refused.value.code == "nothing-to-print"
    async with hall.database.reading() as session:
        kept = await printing.held(session, INSTALLATION, hall.conference)
    assert len(kept) == 1
    listed = await cli.listed(hall.database, hall.conference.slug)
    assert {one["participant"] for one in listed} >= {str(held)}
    assert all(row.keys() == {"serial", "code", "participant"} for row in listed)


async def test_the_desk_page(hall: Hall) -> None:
    await hall.approved("Ana <b>Amari</b>", role="adviser")
    await hall.approved("King Example", rank="head_of_state")
    officer = await hall.client("registration_officer")
    address = f"/c/{hall.conference.slug}/desk/badges"
    page = await officer.get(address + "/")
    assert page.status_code == 200
    assert "Ana &lt;b&gt;Amari&lt;/b&gt;" in page.text
    assert "There is no photo yet" in page.text
    found = await officer.get(address, params={"search": "king"})
    assert "King Example" in found.text
    assert "1 badge<" in found.text
    paper = await officer.post(f"{address}/print", data={"category": "principal", "unprinted": ""})
    assert (paper.status_code, paper.headers["content-type"]) == (200, "application/pdf")
    [king] = [row for row in await hall.badges() if row.name == "King Example"]
    done = await officer.post(f"{address}/collect", data={"serial": str(king.serial)})
    assert done.status_code == 303
    assert "King Example" in (await officer.get(address, params={"status": "collected"})).text
    press = await hall.client("press_officer")
    assert (await press.get(address)).status_code == 403
