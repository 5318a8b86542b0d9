"""Papers by Typst, in the child process that makes them."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.core import documents
from app.core.documents import DocumentError, Part, render, render_in_parts
from tests.lacking import missing

LIST: dict[str, Any] = {
    "title": "List of participants",
    "subtitle": None,
    "notes": ["Issued without formal editing."],
    "headings": ["No.", "Name"],
    "widths": ["auto", "1fr"],
    "groups": [{"heading": "Kuwait", "rows": [["1", '#panic("no code")'], ["2", "أحمد المثال"]]}],
    "language": "en",
    "sample": True,
}


def _text(pdf: bytes, tmp_path: Path) -> str:
    if not shutil.which("pdftotext"):
        missing("pdftotext", "apt-get install poppler-utils")
    (tmp_path / "it.pdf").write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", "-layout", tmp_path / "it.pdf", "-"], capture_output=True, check=True
    ).stdout.decode()


async def test_data_is_never_code(tmp_path: Path) -> None:
    said = _text(await render("list", LIST, tagged=True), tmp_path)
    assert '#panic("no code")' in said
    assert "Page 1 of 1" in said
    assert "Invented sample" in said


@pytest.mark.parametrize("language", ["ar", "fr", "zh", "xx"])
async def test_lists_in_other_languages(language: str) -> None:
    assert (await render("list", LIST | {"language": language})).startswith(b"%PDF")


async def test_parts_keep_their_order(tmp_path: Path) -> None:
    async def parts() -> AsyncIterator[Part]:
        for number in range(4):
            yield LIST | {"title": f"Part {number}"}, {}

    pdf = await render_in_parts("list", parts())
    assert re.findall(r"Part \d", _text(pdf, tmp_path)) == [f"Part {n}" for n in range(4)]


async def test_a_failing_template_names_its_line_and_no_data() -> None:
    with pytest.raises(DocumentError, match=r"list\.typ stops at line \d+") as refusal:
        await render("list", {"title": "Secret Name"})
    assert "Secret" not in refusal.value.detail


async def test_a_failing_part_is_one_refusal() -> None:
    async def parts() -> AsyncIterator[Part]:
        yield LIST, {}
        yield {}, {}

    with pytest.raises(DocumentError):
        await render_in_parts("list", parts())


@pytest.mark.parametrize("name", ["missing", "../app", "List", ""])
async def test_only_our_templates(name: str) -> None:
    with pytest.raises(DocumentError, match="no template"):
        await render(name, {})


@pytest.mark.parametrize("name", ["../x.jpg", "data.json", "a/b.jpg", "list.typ"])
async def test_files_cannot_leave_or_replace(name: str) -> None:
    with pytest.raises(ValueError, match="plain name"):
        await render("list", LIST, files={name: b""})


async def test_a_template_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_WALL_SECONDS", 0.01)
    with pytest.raises(DocumentError, match="took longer"):
        await render("list", LIST)


async def test_too_little_memory_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_MEMORY", 60 * 1024**2)
    with pytest.raises(DocumentError, match="limits"):
        await render("list", LIST)


async def test_the_working_directory_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert await asyncio.gather(*(render("list", LIST) for _ in range(3)))


def test_templates_fetch_nothing_and_evaluate_nothing() -> None:
    for template in (Path(documents.__file__).parents[2] / "templates").glob("*.typ"):
        assert not re.search(r"@\w+/|\beval\b|plugin", template.read_text("utf-8")), template.name


def test_importing_is_cheap() -> None:
    check = (
        "import sys, app.core.documents, app.badges.qr;"
        "print({'typst', 'segno', 'PIL'} & {*sys.modules})"
    )
    said = subprocess.run(
        [sys.executable, "-c", check],
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONPATH": ":".join(sys.path)},
    )
    assert said.stdout.strip() == b"set()"
