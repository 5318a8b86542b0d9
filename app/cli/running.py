"""What commands share: a database for the length of a command, and how results are written."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import to_jsonable_python

from app.core.db import Database
from app.core.errors import Invalid
from app.core.settings import settings

Result = TypeVar("Result")
Schema = TypeVar("Schema", bound=BaseModel)


def run(work: Callable[[Database], Awaitable[Result]]) -> Result:
    """Runs a command's work over the database of the settings."""

    # Kept in a list, not returned: the runner writes out the task's result in a message that it
    # then throws away, which for a large one takes longer than the work.
    result: list[Result] = []

    async def whole() -> None:
        database = Database(settings().database_url)
        try:
            result.append(await work(database))
        finally:
            await database.close()

    asyncio.run(whole())
    return result[0]


class TextOrJson(StrEnum):
    """How a command answers."""

    text = "text"
    json = "json"


def as_json(value: object) -> str:
    """JSON as scripts read it: one document, text as it is."""
    return json.dumps(to_jsonable_python(value), ensure_ascii=False, indent=2)


def write(content: str | bytes, out: Path | None) -> None:
    """The result: to a file, or to standard output. Raises `Invalid` where no file can be made."""
    if isinstance(content, str):
        content = (content.rstrip("\n") + "\n").encode()
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        # What the path itself gets wrong is the asker's to mend: a sentence, not our traceback.
        why = (error.strerror or "it is no file").lower()
        raise Invalid(f"{out} could not be written: {why}.") from None


def listing(rows: Sequence[dict[str, object]], format: TextOrJson) -> None:
    """Rows as JSON, or under the headings of the first."""
    if format is TextOrJson.json:
        write(as_json(rows), None)
    elif rows:
        write(columns([list(rows[0]), *(list(row.values()) for row in rows)]), None)


def made(schema: type[Schema], **given: object) -> Schema:
    """What a command was given, checked as the API checks it. Raises `Invalid` in one sentence."""
    try:
        return schema.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        place = first["loc"][0] if first["loc"] else schema.__name__
        from app.web.forms import wording

        raise Invalid(f"{place}: {wording(first)}") from None


def say(text: str) -> None:
    """Progress and remarks, on standard error."""
    print(text, file=sys.stderr)


def columns(rows: Sequence[Sequence[object]]) -> str:
    """Rows under one another, numbers to the right; nothing but spaces between."""
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in texts) for i in range(len(texts[0]))] if texts else []
    numeric = [all(isinstance(row[i], int) for row in rows[1:]) for i in range(len(widths))]
    lines = (
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, widths, numeric, strict=True)
        )
        for row in texts
    )
    return "\n".join(line.rstrip() for line in lines)
