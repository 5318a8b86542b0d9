"""People as a table to work with, the conference's own columns beside what everybody has."""

from collections.abc import Sequence

from app.accounts import audit
from app.accounts.rules import Actor
from app.conferences.models import Conference
from app.core.db import WriteSession
from app.core.errors import Clash, Invalid
from app.core.sheets import to_csv, to_xlsx
from app.participants import service as people
from app.participants import store as people_store
from app.participants.columns import service, store
from app.participants.columns.models import Column
from app.participants.columns.rules import PREFIX, ColumnKind, shown
from app.participants.store import Filters
from app.web.labels import label

FORMATS = ("xlsx", "csv")
_FIELDS = ("iso3", "kind", "delegation_name", "style", "name", "function", "role", "rank", "sex")
_HEADINGS = ("ISO3", "Kind", "Delegation", "Style", "Name", "Function", "Role", "Rank", "Sex")
Table = tuple[list[str], list[list[object]]]


def words(column: Column) -> str:
    """A column's heading: in English, else in the first language that it has."""
    return column.label.get("en") or next(iter(column.label.values()))


def _cell(column: Column, value: str | None, zone: str) -> object:
    if value is not None and column.kind is ColumnKind.number:
        return float(value) if "." in value else int(value)
    return shown(column.kind, value, zone) if value is not None else None


async def table(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    filters: Filters,
    keys: Sequence[str] | None = None,
) -> Table:
    """Headings that an import reads again, and a row for each person; four queries in all.

    Own columns are those of `keys` in that order, or all that the actor reads; the audit trail
    says who took which. Raises `Clash` for one that is not there to read.
    """
    actor.require(conference.id, people.READERS)
    known = {one.key: one for one in await service.readable(session, actor, conference)}
    chosen = list(known) if keys is None else list(dict.fromkeys(keys))
    if unknown := [key for key in chosen if key not in known]:
        raise Clash(f"There is no column “{unknown[0][:41]}”.", code="unknown-column")
    columns = [known[key] for key in chosen]
    rows = await people_store.rows(session, actor, conference.id, filters)
    held = {
        (one.participant_id, one.column_id): one.value
        for one in await store.values(session, conference.id, [column.id for column in columns])
    }
    body: list[list[object]] = [
        [
            *(label(row._mapping[f], f) if f == "kind" else row._mapping[f] for f in _FIELDS),
            label(row.status, "status"),
            *(_cell(c, held.get((row.id, c.id)), conference.timezone) for c in columns),
        ]
        for row in rows
    ]
    audit.record(
        session,
        actor,
        "participants.export",
        conference_id=conference.id,
        target=("conference", conference.id),
        fields={"people": len(rows), **{PREFIX + key: True for key in chosen}},
    )
    return [*_HEADINGS, "Status", *map(words, columns)], body


def written(conference: Conference, found: Table, format: str) -> bytes:
    """The table as a file; no cell can run as a formula. Raises `Invalid` for another format."""
    if format not in FORMATS:
        raise Invalid(f"A table of participants is written as {' or '.join(FORMATS)}.")
    headings, rows = found
    if format == "csv":
        return to_csv(headings, rows)
    notes = ["Invented people: a sample conference."] if conference.sample else []
    return to_xlsx(headings, rows, title="Participants", notes=notes)
