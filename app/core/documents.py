"""Papers by Typst: data goes in as JSON, photos as files, a child process under limits sets them.

A template is a file of ours in `templates/`; nothing that a user typed is ever source text, so that
no name can run code. Fonts come from installed packages: the same paper on every machine.
"""

import asyncio
import json
import re
import shutil
import sys
from collections.abc import AsyncIterable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from weakref import WeakKeyDictionary

import app
from app.core import pdf
from app.core.errors import AppError

BADGES_A_PART: Final = 250
"""How many badges one compile sets: two children of 250 take 500 MB, of 500 over 700."""

_CHILDREN: Final = 2
_CPU_SECONDS: Final = 60
_WALL_SECONDS: Final = 90.0
_MEMORY: Final = 3 * 1024**3
_TEMPLATES: Final = Path(app.__file__).parent.parent / "templates"
_TYPESET: Final = Path(__file__).with_name("typeset.py")
_TEMPLATE_NAME: Final = re.compile(r"[a-z_]+")
_FILE_NAME: Final = re.compile(r"[A-Za-z0-9_-]+\.(jpg|png|svg)")

Part = tuple[object, Mapping[str, bytes]]

_free: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


class DocumentError(AppError):
    """A paper could not be set. The sentence names template and line, never the data."""

    status = 500
    code = "document-failed"
    title = "The document could not be made"


async def render(
    template: str, data: object, *, files: Mapping[str, bytes] | None = None, tagged: bool = False
) -> bytes:
    """The PDF of `templates/<template>.typ` over `data`; `files` lie beside it under their names.

    `tagged` adds the structure that screen readers follow. Raises `DocumentError`.
    """
    if not _TEMPLATE_NAME.fullmatch(template) or not (_TEMPLATES / f"{template}.typ").is_file():
        raise DocumentError(f"There is no template “{template[:40]}” in the templates folder.")
    async with _free.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_CHILDREN)):
        with TemporaryDirectory(prefix="plenary-") as name:
            folder = Path(name)
            await asyncio.to_thread(_lay_out, folder, template, data, files or {})
            await _run(template, folder, tagged=tagged)
            return await asyncio.to_thread((folder / "document.pdf").read_bytes)


async def render_in_parts(template: str, parts: AsyncIterable[Part]) -> bytes:
    """One PDF of many compiles, each over its own data and files, in the order given.

    Parts are asked for as children become free, so that two parts' photos are in memory at most.
    """
    room = asyncio.Semaphore(_CHILDREN)
    tasks: list[asyncio.Task[bytes]] = []
    try:
        async with asyncio.TaskGroup() as group:
            async for data, files in parts:
                await room.acquire()
                task = group.create_task(render(template, data, files=files))
                task.add_done_callback(lambda _: room.release())
                tasks.append(task)
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    pages = [task.result() for task in tasks]
    return pages[0] if len(pages) == 1 else await asyncio.to_thread(pdf.join, pages)


def _lay_out(folder: Path, template: str, data: object, files: Mapping[str, bytes]) -> None:
    for source in _TEMPLATES.glob("*.typ"):
        shutil.copyfile(source, folder / source.name)
    (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    for name, content in files.items():
        if not _FILE_NAME.fullmatch(name):
            raise ValueError("A file for a template has a plain name and ends in jpg, png or svg.")
        (folder / name).write_bytes(content)


async def _run(template: str, folder: Path, *, tagged: bool) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(_TYPESET),
        template,
        str(folder),
        str(_CPU_SECONDS),
        str(_MEMORY),
        "tagged" if tagged else "plain",
        *font_folders(),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        # No templates are fetched; should one ask for a package, there is no way out to get it.
        env={"https_proxy": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"},
    )
    try:
        async with asyncio.timeout(_WALL_SECONDS):
            _, said = await child.communicate()
    except TimeoutError:
        raise DocumentError(
            f"The document “{template}” took longer than {_WALL_SECONDS:.0f} seconds; "
            "ask for fewer people at once."
        ) from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode == 0:
        return
    place = re.fullmatch(r"(\w+\.typ) (\d+)", said.decode("ascii", "replace"))
    if child.returncode == 1 and place:
        raise DocumentError(
            f"The document “{template}” could not be set: {place[1]} stops at line {place[2]}, "
            "for want of something in the data."
        )
    raise DocumentError(
        f"The document “{template}” could not be set within its limits; ask for fewer at once."
    )


@cache
def font_folders() -> tuple[str, ...]:
    folders: list[str] = []
    for package in ("manimgx_fonts", "manimgx_fonts_cjk"):
        spec = find_spec(package)
        if spec is None:
            raise DocumentError(f"The font package {package.replace('_', '-')} is not installed.")
        folders += spec.submodule_search_locations or ()
    return tuple(folders)
