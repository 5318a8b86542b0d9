"""Queries of columns and values; each carries the tenant predicate."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Column as Expression
from sqlalchemy import ColumnElement, Row, delete, exists, func, select, true

from app.core.db import ReadSession, WriteSession, insert_into, table
from app.core.text import fold
from app.participants.columns.models import Column, ColumnValue

C, V = table(Column), table(ColumnValue)
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list wants of one column, in canonical text: from, to, words, or none at all."""

    column_id: UUID
    low: str | None = None
    high: str | None = None
    words: str = ""
    empty: bool = False

    def clause(
        self, conference_id: Expression[Any], participant_id: Expression[Any]
    ) -> ColumnElement[bool]:
        """The condition on a row of participants, named by its columns."""
        conditions = [
            V.c.conference_id == conference_id,
            V.c.participant_id == participant_id,
            V.c.column_id == self.column_id,
            V.c.value.is_not(None),
            V.c.value >= self.low if self.low is not None else true(),
            V.c.value <= self.high if self.high is not None else true(),
            *(V.c.search.contains(word, autoescape=True) for word in self.words.split()),
        ]
        found = exists().where(*conditions)
        return ~found if self.empty else found


async def columns(session: ReadSession, conference_id: UUID) -> list[Column]:
    """All columns of a conference, in order."""
    found = await session.execute(
        select(Column).where(C.c.conference_id == conference_id).order_by(C.c.position, C.c.key)
    )
    return list(found.scalars())


async def by_key(
    session: ReadSession, conference_id: UUID, key: str, *, lock: bool = False
) -> Column | None:
    """The column of a key; locked until the transaction ends."""
    query = select(Column).where(C.c.conference_id == conference_id, C.c.key == key)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one_or_none()


async def filled(session: ReadSession, column: Column, but: Collection[str] = ()) -> int:
    """How many people have a value in the column, other than `but` some."""
    query = select(func.count()).where(
        V.c.conference_id == column.conference_id,
        V.c.column_id == column.id,
        V.c.value.is_not(None),
        V.c.value.not_in(but) if but else true(),
    )
    return int((await session.execute(query)).scalar_one())


async def values(
    session: ReadSession,
    conference_id: UUID,
    column_ids: Collection[UUID],
    participant_id: UUID | None = None,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Values of some columns, of one person or all: participant_id, column_id, value, stated."""
    if not column_ids:
        return []
    found = await session.execute(
        select(V.c.participant_id, V.c.column_id, V.c.value, V.c.stated).where(
            V.c.conference_id == conference_id,
            V.c.column_id.in_(column_ids),
            V.c.participant_id == participant_id if participant_id else true(),
        )
    )
    return found.all()


async def put(session: WriteSession, rows: Sequence[dict[str, Any]], *, stating: bool) -> None:
    """Writes many values, over those that are there; `stating`: what a file said is noted too."""
    statement = insert_into(session.get_bind().dialect.name, V)
    fields = ("value", "search", "stated") if stating else ("value", "search")
    statement = statement.on_conflict_do_update(
        index_elements=["conference_id", "participant_id", "column_id"],
        set_={field: statement.excluded[field] for field in fields},
    )
    for start in range(0, len(rows), _AT_ONCE):
        await session.execute(statement, rows[start : start + _AT_ONCE])


def row(
    conference_id: UUID, participant_id: UUID, column_id: UUID, value: str | None
) -> dict[str, Any]:
    """A value as `put` takes it."""
    return {
        "conference_id": conference_id,
        "participant_id": participant_id,
        "column_id": column_id,
        "value": value,
        "search": fold(value) if value else None,
        "stated": None,
    }


async def remove(session: WriteSession, column: Column) -> None:
    """Deletes a column with all its values."""
    here = (V.c.conference_id == column.conference_id, V.c.column_id == column.id)
    await session.execute(delete(V).where(*here))
    await session.delete(column)
    await session.flush()
