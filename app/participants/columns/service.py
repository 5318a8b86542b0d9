"""Use cases of columns: define them, set a person's values."""

import json
from collections.abc import Mapping, Sequence
from uuid import UUID
from zlib import crc32

from app.accounts import audit
from app.accounts.rules import Actor, Role
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession, WriteSession
from app.core.errors import Clash, Forbidden, Invalid, NotFound, Outdated
from app.core.text import fold
from app.participants import service as people
from app.participants.columns import store
from app.participants.columns.models import Column
from app.participants.columns.rules import PREFIX, Share, may_read, may_write, parse
from app.participants.columns.schemas import ColumnEdit, ColumnIn, Given
from app.participants.intake.headings import claimant

WRITERS = people.EDITORS | {Role.focal_point}
Values = dict[str, str]
"""Canonical values by the column's key; an empty one is not there."""


async def readable(session: ReadSession, actor: Actor, conference: Conference) -> list[Column]:
    """The columns that an actor may read, in order."""
    roles = actor.roles_in(conference.id)
    return [c for c in await store.columns(session, conference.id) if may_read(c, roles)]


async def writable(session: ReadSession, actor: Actor, conference: Conference) -> list[Column]:
    """The columns whose values an actor may set, in order."""
    roles = actor.roles_in(conference.id)
    return [c for c in await store.columns(session, conference.id) if may_write(c, roles)]


async def find(
    session: ReadSession, actor: Actor, conference: Conference, key: str, *, lock: bool = False
) -> Column:
    """A column. Raises `NotFound`, also for one that the actor may not read."""
    column = await store.by_key(session, conference.id, key, lock=lock)
    if column is None or not may_read(column, actor.roles_in(conference.id)):
        raise NotFound
    return column


def _record(
    session: WriteSession, actor: Actor, act: str, column: Column, fields: Mapping[str, object]
) -> None:
    audit.record(
        session,
        actor,
        f"column.{act}",
        conference_id=column.conference_id,
        target=("column", column.id),
        fields=fields,
    )


async def _require_sound(
    session: WriteSession, actor: Actor, conference: Conference, column: Column
) -> None:
    """Raises `Clash` where the headings of a file, or people, could not tell the column."""
    if not may_read(column, actor.roles_in(conference.id)):
        raise Clash(
            "You would not see this column yourself; only an administrator may do that.",
            code="not-your-own-column",
        )
    others = [one for one in await readable(session, actor, conference) if one.id != column.id]
    taken = {fold(word) for one in others for word in (one.key, *one.label.values())}
    for word in (column.key, *column.label.values()):
        if field := claimant(word):
            raise Clash(
                f"An import reads the heading “{word}” as {field.replace('_', ' ')}; "
                "name the column otherwise.",
                code="heading-taken",
            )
        if fold(word) in taken:
            raise Clash(f"There is a column “{word}” already.", code="column-taken")


async def create(
    session: WriteSession, actor: Actor, conference: Conference, given: ColumnIn
) -> Column:
    """Adds a column, the last one unless said otherwise. Raises `Clash` for a taken key or word."""
    actor.require(conference.id, people.OFFICERS)
    known = await store.columns(session, conference.id)
    if any(one.key == given.key for one in known):
        raise Clash(f"There is a column “{given.key}” already.", code="column-taken")
    fields = given.model_dump()
    if given.position is None:
        # After those that one reads: a gap would tell of one that is not there for them.
        seen = await readable(session, actor, conference)
        fields["position"] = max((one.position for one in seen), default=0) + 1
    column = Column(**fields, conference_id=conference.id, created_at=clock.now())
    await _require_sound(session, actor, conference, column)
    session.add(column)
    _record(session, actor, "create", column, given.model_dump(mode="json"))
    await session.flush()
    return column


async def edit(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    key: str,
    given: ColumnEdit,
    *,
    version: int | None = None,
) -> Column:
    """Changes words, order or access. Raises `Outdated`, or `Clash` for a choice still in use."""
    actor.require(conference.id, people.OFFICERS)
    column = await find(session, actor, conference, key, lock=True)
    if version is not None and version != column.version:
        raise Outdated("Somebody changed this column meanwhile. Look at it and decide again.")
    changes = {
        field: value
        for field, value in given.model_dump(exclude_unset=True, mode="json").items()
        if value is not None and value != getattr(column, field)
    }
    if "choices" in changes and bool(changes["choices"]) is not bool(column.choices):
        raise Invalid(
            "A column of choices has some, another one has none.",
            errors=[("/choices", "A column of choices has some, another one has none.")],
        )
    if "choices" in changes and await store.filled(session, column, changes["choices"]):
        raise Clash("A choice that people have cannot go.", code="choice-in-use")
    if not changes:
        return column
    for field, value in changes.items():
        setattr(column, field, Share(value) if field in ("delegation", "person") else value)
    await _require_sound(session, actor, conference, column)
    column.version += 1
    _record(session, actor, "edit", column, changes)
    await session.flush()
    return column


async def delete(
    session: WriteSession, actor: Actor, conference: Conference, key: str, *, confirm: bool = False
) -> None:
    """Deletes a column; one that holds values only with `confirm`. Raises `Clash` without."""
    actor.require(conference.id, people.OFFICERS)
    column = await find(session, actor, conference, key, lock=True)
    count = await store.filled(session, column)
    if count and not confirm:
        raise Clash(
            f"{count} people have a value in this column; confirm that all of them go.",
            code="column-in-use",
            members={"values": count},
        )
    _record(session, actor, "delete", column, {"key": column.key, "values": count})
    await store.remove(session, column)


async def held(
    session: ReadSession, conference_id: UUID, columns: Sequence[Column], participant_id: UUID
) -> Values:
    """A person's values in some columns."""
    keys = {column.id: column.key for column in columns}
    rows = await store.values(session, conference_id, keys, participant_id)
    return {keys[row.column_id]: row.value for row in rows if row.value is not None}


def state(values: Mapping[str, str | None]) -> int:
    """The version of what somebody sees: a column that they may not read never moves it."""
    told = json.dumps({key: value for key, value in sorted(values.items()) if value})
    return crc32(told.encode()) % 1_000_000_000


def _text(value: Given) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else "" if value is None else str(value)


async def set_values(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    participant_id: UUID,
    given: Mapping[str, Given],
    *,
    version: int | None = None,
) -> None:
    """Sets or, by null, empties values of a person; `version` is the `state` that was read.

    Raises `Invalid` by column, also for one that is not there for the actor, and `Outdated`.
    """
    actor.require(conference.id, WRITERS)
    await people.find(session, actor, conference.id, participant_id, lock=True)
    columns = await readable(session, actor, conference)
    roles = actor.roles_in(conference.id)
    if unknown := given.keys() - {column.key for column in columns}:
        errors = [(f"/{key}", "There is no such column.") for key in sorted(unknown)]
        raise Invalid("There is no such column.", errors=errors)
    if any(column.key in given and not may_write(column, roles) for column in columns):
        raise Forbidden("You may read this column, not write it.")
    await write(session, actor, conference, participant_id, columns, given, version=version)


async def write(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    participant_id: UUID,
    columns: Sequence[Column],
    given: Mapping[str, Given],
    *,
    version: int | None = None,
) -> None:
    """Sets a person's values in columns whose access has been settled. Call with them locked."""
    before = await held(session, conference.id, columns, participant_id)
    if version is not None and version != state(before):
        raise Outdated("Somebody changed these entries meanwhile. Look at them and decide again.")
    changes: dict[str, str | None] = {}
    errors: list[tuple[str, str]] = []
    for column in columns:
        text = _text(given.get(column.key))
        try:
            value = parse(column, text, conference.timezone) if text.strip() else None
        except Invalid as refused:
            errors.append((f"/{column.key}", refused.detail))
        else:
            if column.key in given and value != before.get(column.key):
                changes[column.key] = value
    if errors:
        raise Invalid(f"{errors[0][0][1:]}: {errors[0][1]}", errors=errors)
    if not changes:
        return
    ids = {column.key: column.id for column in columns}
    rows = [store.row(conference.id, participant_id, ids[k], v) for k, v in changes.items()]
    await store.put(session, rows, stating=False)
    audit.record(
        session,
        actor,
        "participant.values",
        conference_id=conference.id,
        target=("participant", participant_id),
        fields={PREFIX + key: value for key, value in changes.items()},
    )
