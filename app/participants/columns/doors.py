"""What an address asks of own columns: `column.hotel=Palm`, `column.arrival.from=2026-11-03`.

A page's form, which cannot name its fields by a choice in it, says `column=hotel&value=Palm`.
"""

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Request

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference
from app.core.errors import Invalid
from app.core.text import fold
from app.participants import service as people
from app.participants.columns import service
from app.participants.columns.models import Column
from app.participants.columns.rules import PREFIX, ColumnKind, parse
from app.participants.columns.store import Wanted
from app.participants.doors import Filtered
from app.participants.store import Filters
from app.web.doors import database

_MOST = 10
_WAYS = ("", "from", "to", "empty", "filled")
_ORDERED = (ColumnKind.date, ColumnKind.instant)


def _asked(request: Request) -> list[tuple[str, str, str]]:
    """(key, way, text) of each condition in the address; a form's empty choice is none."""
    query = request.query_params
    asked = []
    for name, text in query.multi_items():
        if name.startswith(PREFIX) and text.strip():
            key, _, way = name.removeprefix(PREFIX).partition(".")
            asked.append((key, way, text))
    if key := query.get("column", ""):
        way = query.get("holds", "")
        if way or query.get("value", "").strip():
            asked.append((key, way, query.get("value", "")))
    return asked[:_MOST]


def _wanted(column: Column, way: str, text: str, zone: str) -> Wanted:
    """Raises `Invalid` for what the column cannot hold, or has no order."""
    if way not in _WAYS or (way in ("from", "to") and column.kind not in _ORDERED):
        raise Invalid("Only columns of dates and times are narrowed by from and to.")
    if way in ("empty", "filled"):
        return Wanted(column.id, empty=way == "empty")
    if column.kind is ColumnKind.text:
        if not fold(text):
            raise Invalid("Write a word to look for.")
        return Wanted(column.id, words=fold(text))
    low = high = _moment(column, text, zone, last=False)
    if column.kind is ColumnKind.instant:
        high = _moment(column, text, zone, last=True)
    return Wanted(column.id, low=low if way != "to" else None, high=high if way != "from" else None)


def _moment(column: Column, text: str, zone: str, *, last: bool) -> str:
    """The canonical text; of a bare day, where the column keeps instants, its first or last one."""
    if column.kind is ColumnKind.instant and ":" not in text:
        text = f"{text.strip()} {'23:59:59' if last else '00:00'}"
    return parse(column, text, zone)


async def _narrowed(
    request: Request, actor: CurrentActor, conference: InConference, narrowed: Filtered
) -> Filters:
    asked = _asked(request)
    if not asked:
        return narrowed
    actor.require(conference.id, people.READERS)
    async with database(request).reading() as session:
        columns = {c.key: c for c in await service.readable(session, actor, conference)}
    found = []
    for key, way, text in asked:
        if key not in columns:
            raise Invalid(
                f"There is no column “{key[:41]}”.",
                errors=[("/column", "There is no such column.")],
            )
        found.append(_wanted(columns[key], way, text, conference.timezone))
    return replace(narrowed, columns=tuple(found))


Narrowed = Annotated[Filters, Depends(_narrowed)]
"""The filters of a list of people, those by columns of the conference's own included."""
