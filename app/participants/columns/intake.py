"""Columns of the conference's own in a file: which headings are theirs, what the cells say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zlib import crc32

from sqlalchemy import Row

from app.accounts import audit
from app.accounts.rules import Actor
from app.conferences.models import Conference
from app.core.db import ReadSession, WriteSession
from app.core.errors import Invalid
from app.participants.columns import service, store
from app.participants.columns.models import Column
from app.participants.columns.rules import PREFIX, parse, shown
from app.participants.intake.headings import claimed

Cells = dict[str, str]
"""Canonical values by the column's key."""


@dataclass(frozen=True, slots=True)
class Own:
    """The columns that whoever imports may write, and the clocks that instants are on."""

    columns: Mapping[str, Column] = field(default_factory=dict)
    zone: str = "UTC"

    @property
    def names(self) -> dict[str, str]:
        """The fields of an import that they are, with their words in English or any language."""
        return {
            PREFIX + key: one.label.get("en") or next(iter(one.label.values()))
            for key, one in self.columns.items()
        }

    def claims(self, headings: Sequence[str], explicit: Mapping[str, str]) -> dict[str, int]:
        """Field → column for those that the file has."""
        words = {PREFIX + k: (PREFIX + k, k, *c.label.values()) for k, c in self.columns.items()}
        return claimed(headings, words, explicit) if words else {}

    def read(self, cells: Mapping[str, str]) -> tuple[Cells, list[tuple[str, str, str]]]:
        """What a line says: values, and (field, cell, reason) for each that cannot be read."""
        values: Cells = {}
        errors: list[tuple[str, str, str]] = []
        for key, column in self.columns.items():
            if text := cells.get(PREFIX + key):
                try:
                    values[key] = parse(column, text, self.zone)
                except Invalid as refused:
                    errors.append((PREFIX + key, text, refused.detail))
        return values, errors


NONE = Own()


async def own(session: ReadSession, actor: Actor, conference: Conference) -> Own:
    """What reading a file needs of the conference's columns."""
    columns = await service.writable(session, actor, conference)
    return Own({column.key: column for column in columns}, conference.timezone)


Held = Mapping[UUID, Mapping[str, Row[*tuple[Any, ...]]]]
"""Stored values by person and key."""


async def held(
    session: ReadSession, conference_id: UUID, own: Own, columns: Mapping[str, int]
) -> Held:
    """What is stored in the columns that a file has, of everybody, in one query."""
    keys = {one.id: key for key, one in own.columns.items() if PREFIX + key in columns}
    found: dict[UUID, dict[str, Row[*tuple[Any, ...]]]] = {}
    for row in await store.values(session, conference_id, keys):
        found.setdefault(row.participant_id, {})[keys[row.column_id]] = row
    return found


def _mark(value: str) -> int:
    return crc32(value.encode())


def corrected(
    own: Own, cells: Cells, here: Mapping[str, Row[*tuple[Any, ...]]]
) -> tuple[dict[str, tuple[str | None, str]], Cells]:
    """What a line changes, as people read it: (before, after); and the cells to store.

    A cell that the file said before changes nothing, whatever the value became here meanwhile.
    """
    changes: dict[str, tuple[str | None, str]] = {}
    stored: Cells = {}
    for key, value in cells.items():
        row = here.get(key)
        if row is not None and row.stated == _mark(value):
            continue
        stored[key] = value
        before = row.value if row is not None else None
        if before != value:
            kind = own.columns[key].kind
            was = shown(kind, before, own.zone) if before is not None else None
            changes[PREFIX + key] = (was, shown(kind, value, own.zone))
    return changes, stored


async def keep(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    own: Own,
    people: Iterable[tuple[UUID, Cells, Iterable[str]]],
) -> None:
    """Stores many people's cells, a thousand a statement; notes those fields that they change."""
    rows = []
    for id, cells, changed in people:
        for key, value in cells.items():
            row = store.row(conference.id, id, own.columns[key].id, value)
            rows.append(row | {"stated": _mark(value)})
        if fields := {f: cells[f.removeprefix(PREFIX)] for f in changed if f.startswith(PREFIX)}:
            audit.record(
                session,
                actor,
                "participant.values",
                conference_id=conference.id,
                target=("participant", id),
                fields=fields,
            )
    await store.put(session, rows, stating=True)
