"""The print queue: files of 500, progress, receipts; what a fault interrupts goes on."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.accounts.rules import INSTALLATION
from app.badges import batches, cards, printing, service
from app.badges.rules import BatchState, CardKind, Design
from app.badges.store import Choice
from app.core import clock, jobs
from app.core.documents import DocumentError
from app.core.errors import Clash
from tests.badges.test_paper import _said
from tests.hall import Hall


@pytest.fixture(autouse=True)
def _worker() -> None:
    batches.install()


async def _passes(hall: Hall, count: int) -> None:
    async with hall.database.writing() as session:
        arguments = (session, INSTALLATION, hall.conference, CardKind.service, count)
        await cards.issue(*arguments, label="Kitchen")


async def _queued(hall: Hall, choice: Choice, design: Design = Design.a6) -> Any:
    async with hall.database.writing() as session:
        return await batches.queue(session, INSTALLATION, hall.conference, choice, design)


async def _shown(hall: Hall, batch: Any) -> batches.Shown:
    async with hall.database.reading() as session:
        return await batches.find(session, INSTALLATION, hall.conference, batch.id)


async def test_a_batch_is_printed_in_files(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BADGES_A_FILE", 2)
    await _passes(hall, 5)
    batch = await _queued(hall, Choice(unprinted=True), Design.card)
    assert (await _shown(hall, batch)).running
    async with hall.database.writing() as session:
        arguments = (session, INSTALLATION, hall.conference, int(batch.serials[4]))
        await service.revoke(*arguments, reason="Not needed.")
    assert await jobs.run_due(hall.database) == 1
    shown = await _shown(hall, batch)
    assert (shown.batch.state, shown.batch.done) == (BatchState.done, 5)
    assert [(row.position, row.badges) for row in shown.files] == [(0, 2), (1, 2)]
    assert all(row.printed_at for row in await hall.badges())
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert await jobs.run_due(hall.database) == 1
    assert (await _shown(hall, batch)).files == []
    with pytest.raises(Clash, match="no badge to print"):
        await _queued(hall, Choice(unprinted=True))


async def test_a_fault_is_seen_and_the_next_attempt_goes_on(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BADGES_A_FILE", 1)
    await _passes(hall, 2)
    batch = await _queued(hall, Choice())
    compose, calls = printing.compose, []

    async def failing(*arguments: Any) -> bytes:
        calls.append(arguments)
        if len(calls) == 2:
            raise DocumentError("No paper.")
        return await compose(*arguments)

    monkeypatch.setattr(printing, "compose", failing)
    payload = {"slug": hall.conference.slug, "batch": str(batch.id)}
    with pytest.raises(DocumentError):
        await batches.work(hall.database, payload)
    shown = await _shown(hall, batch)
    assert (shown.batch.state, shown.batch.done, len(shown.files)) == (BatchState.failed, 1, 1)
    await batches.work(hall.database, payload)
    await batches.work(hall.database, payload)
    shown = await _shown(hall, batch)
    assert (shown.batch.state, shown.batch.done, len(shown.files)) == (BatchState.done, 2, 2)
    assert len(calls) == 3


async def test_doors_of_batches(hall: Hall, tmp_path: Path) -> None:
    await _passes(hall, 1)
    id = await hall.approved("King Example", rank="head_of_state")
    await hall.approved("Adviser Example", role="adviser")
    officer = await hall.client("registration_officer")
    address = f"{hall.base}/badges/batches"
    made = await officer.post(address, json={"delegation": "KWT", "design": "a4"})
    assert made.status_code == 201, made.text
    assert (made.json()["badges"], made.json()["held"], made.json()["state"]) == (1, 1, "waiting")
    await jobs.run_due(hall.database)
    here = f"{address}/{made.json()['id']}"
    shown = (await officer.get(here)).json()
    assert (shown["state"], shown["title"]) == ("done", "King Example, KWT")
    [file] = shown["files"]
    paper = await officer.get(f"{here}/files/{file['id']}")
    assert (paper.headers["content-type"], paper.content[:4]) == ("application/pdf", b"%PDF")
    one = await officer.post(f"{hall.base}/badges/print", json={"participant": str(id)})
    assert one.headers["badges-printed"] == "1"
    assert (await officer.get(address)).json()["count"] == 2
    receipt = await officer.get(f"{address}/{one.headers['badges-batch']}/receipt")
    (tmp_path / "it.pdf").write_bytes(receipt.content)
    said = _said("pdftotext", "-layout", tmp_path / "it.pdf", "-")
    [badge] = await hall.badges(Choice(participant=id))
    for words in ("Custody receipt", "King Example", str(badge.serial), "1 badge,", "Kuwait"):
        assert words in said
