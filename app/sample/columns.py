"""Invented hotels, arrivals and visas: what an organiser would keep in a spreadsheet beside."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from app.accounts.rules import INSTALLATION
from app.conferences.models import Conference
from app.core.db import WriteSession
from app.participants.columns import service, store
from app.participants.columns.models import Column
from app.participants.columns.rules import ColumnKind
from app.participants.columns.schemas import ColumnIn

_UNKNOWN = 11
"""Of so many people one has no value yet, so that there is something left to do."""


async def store_columns(
    session: WriteSession,
    conference: Conference,
    given: Sequence[Mapping[str, Any]],
    people: Sequence[UUID],
) -> None:
    """Defines the columns and fills them in for people, in their order."""
    rows = []
    for place, one in enumerate(given):
        column = await service.create(session, INSTALLATION, conference, ColumnIn(**one))
        rows += [
            store.row(conference.id, id, column.id, _value(column, conference, number))
            for number, id in enumerate(people)
            if number % _UNKNOWN != place
        ]
    await store.put(session, rows, stating=False)


def _value(column: Column, conference: Conference, number: int) -> str:
    if column.kind is ColumnKind.choice:
        return column.choices[number % len(column.choices)]
    if column.kind is ColumnKind.instant:
        eve = datetime.combine(conference.starts - timedelta(days=2), time(12), UTC)
        landed = eve + timedelta(minutes=number * 35 % 2_160)
        return landed.isoformat().replace("+00:00", "Z")
    return "yes" if number % 5 else "no"
