"""What importing a file would do now: read, compare, count; nothing is written."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Row as Stored

from app.accounts.rules import Actor
from app.conferences.models import Conference
from app.core.db import ReadSession
from app.core.errors import Invalid
from app.core.sheets import Table, read_table
from app.core.spelling import skeleton
from app.core.text import fold
from app.delegations import store as delegation_store
from app.participants import service, store
from app.participants.columns import intake as own_columns
from app.participants.columns.intake import NONE, Held, Own
from app.participants.columns.rules import PREFIX
from app.participants.intake import headings as intake_headings
from app.participants.intake import rows as intake
from app.participants.intake.rows import Intake, Remark, Row
from app.participants.intake.stamps import restamp
from app.participants.intake.titles import is_acting
from app.participants.rules import ACTIVE, Role

_SAMPLE_ROWS = 500

Person = Stored[*tuple[Any, ...]]
"""A person as the comparison needs one: columns, no object, for there may be 100,000."""


@dataclass(slots=True)
class Change:
    """A person whom the file corrects: field → (as it is, as it will be); none: only noted."""

    line: int
    id: UUID
    name: str
    fields: dict[str, tuple[Any, Any]]
    key: str
    stamp: str
    values: dict[str, str]


@dataclass(slots=True)
class Preview:
    """What an import would do: errors must be mended or left out, warnings looked at."""

    headings: list[str]
    columns: dict[str, int]
    unmapped: list[str]
    intake: Intake
    read: int
    own: Own = NONE
    new_bodies: list[str] = field(default_factory=list)
    known_bodies: dict[str, UUID] = field(default_factory=dict)
    new_rows: list[Row] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    noted: list[Change] = field(default_factory=list)
    unchanged: int = 0
    errors: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)

    def heading(self, name: str) -> str:
        """The file's heading of a field."""
        return self.headings[self.columns[name]] if name in self.columns else name

    def named(self, field: str) -> str | None:
        """A field of the conference's own in words; none for one that everybody has."""
        return self.own.names.get(field)

    def warn(self, line: int, name: str, value: str, reason: str) -> None:
        """Notes a doubt about a cell."""
        self.warnings.append(Remark(line, self.heading(name), value[:200], reason))

    @property
    def left_out(self) -> int:
        """How many lines have an error."""
        return len({error.line for error in self.errors})

    @property
    def digest(self) -> str:
        """Changes when what the import would do changes: what was looked at is what is done."""
        told = (
            [row.key for row in self.new_rows],
            [(change.id, change.fields) for change in self.changes],
            [(error.line, error.reason) for error in self.errors],
        )
        return sha256(repr(told).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file as read: what it says, before anything here is looked at."""

    headings: list[str]
    columns: dict[str, int]
    intake: Intake
    read: int
    own: Own = NONE


def table_of(data: bytes, filename: str, *, sheet: str | None = None) -> Table:
    """The file's table under its real headings. Raises `Invalid` or `TooLarge`."""
    table = intake_headings.settle_headings(read_table(data, filename, sheet=sheet))
    if not table.rows:
        raise Invalid("There is but one line in the file: headings need people below them.")
    return table


def columns_of(
    table: Table, columns: Mapping[str, str] | None = None, own: Own = NONE
) -> dict[str, int]:
    """Field → column; `columns` maps fields to headings, an empty one to no column.

    What `own` columns are named by is theirs; the rest is for the fields that everybody has.
    """
    explicit = columns or {}
    mine = own.claims(table.headings, explicit)
    headings = ["" if i in mine.values() else h for i, h in enumerate(table.headings)]
    others = {
        field: heading
        for field, heading in explicit.items()
        # A column that a colleague left out may be one that is not there for this one.
        if field not in own.names and (heading or not field.startswith(PREFIX))
    }
    found = intake_headings.recognise(headings, table.rows[:_SAMPLE_ROWS], others)
    return {**found, **mine}


def lacking(columns: Mapping[str, int]) -> str | None:
    """The sentence on columns without which no line can be read, if one is missing."""
    if not columns.keys() & {"name", "given_names", "family_name"}:
        return "No column holds the people's names in Latin letters."
    if not columns.keys() & {"delegation", "iso3"}:
        return "No column holds the delegations."
    return None


def parse(
    data: bytes,
    filename: str,
    on: date,
    *,
    sheet: str | None = None,
    columns: Mapping[str, str] | None = None,
    own: Own = NONE,
) -> Parsed:
    """Reads a file for a conference that starts `on` a day; `columns` maps fields to headings.

    Takes a second for ten thousand lines: call it in a thread, outside any transaction. Raises
    `Invalid` or `TooLarge` for a file that is no table of people.
    """
    table = table_of(data, filename, sheet=sheet)
    found = columns_of(table, columns, own)
    if sentence := lacking(found):
        have = ", ".join(f"“{h}”" for h in table.headings[:30] if h)
        raise Invalid(f"{sentence} The headings are {have}; say which one it is.")
    return Parsed(table.headings, found, intake.read(table, found, on, own), len(table.rows), own)


async def preview(
    session: ReadSession, actor: Actor, conference: Conference, parsed: Parsed
) -> Preview:
    """What importing a parsed file would do now."""
    actor.require(conference.id, service.OFFICERS)
    result = Preview(
        parsed.headings,
        parsed.columns,
        intake_headings.unmapped(parsed.headings, parsed.columns),
        parsed.intake,
        parsed.read,
        parsed.own,
        errors=list(parsed.intake.errors),
        warnings=list(parsed.intake.warnings),
    )
    names: dict[UUID, str] = {}
    for row in await delegation_store.identities(session, conference.id):
        result.known_bodies.setdefault(intake.body_key(row.kind, row.iso3, row.name), row.id)
        names[row.id] = row.name
    people = await store.for_import(session, conference.id)
    pairs = _matched(result, people)
    held = await own_columns.held(session, conference.id, parsed.own, parsed.columns)
    _compare(result, people, pairs, names, held)
    wanted = {row.body for row in result.new_rows}
    result.new_bodies = [
        key for key in result.intake.bodies if key in wanted and key not in result.known_bodies
    ]
    _flag_alike(result, people)
    result.errors.sort(key=lambda error: error.line)
    result.warnings.sort(key=lambda warning: warning.line)
    return result


def _matched(result: Preview, people: Sequence[Person]) -> list[tuple[Row, Person | None]]:
    """Each row with the person it is about: of the same key, else of the same name there.

    By name are found people entered by hand, and those of a file that had no ids, or has none now.
    """
    by_key = {person.import_key: person for person in people if person.import_key}
    rows = result.intake.rows
    pairs = [(row, by_key.get(row.key)) for row in rows]
    claimed = {person.id for _, person in pairs if person is not None}
    for row, person in pairs:
        # The key of a row without id holds its delegation's name as the file writes it: where
        # the delegation was renamed here, its people still say which one it is.
        if person is not None and not row.given.external_id:
            result.known_bodies.setdefault(row.body, person.delegation_id)
    by_name: dict[tuple[UUID, str], list[Person]] = defaultdict(list)
    for person in people:
        if person.id not in claimed:
            by_name[person.delegation_id, fold(person.name)].append(person)
    if not by_name:
        return pairs
    found: list[tuple[Row, Person | None]] = []
    for row, known in pairs:
        person = known
        body = result.known_bodies.get(row.body)
        if person is None and body is not None:
            same = by_name.get((body, fold(row.name)), [])
            mine = row.given.external_id
            fits = (p for p in same if not (mine and p.external_id and p.external_id != mine))
            if (person := next(fits, None)) is not None:
                same.remove(person)
        found.append((row, person))
    return found


def _compare(
    result: Preview,
    people: Sequence[Person],
    pairs: Sequence[tuple[Row, Person | None]],
    names: Mapping[UUID, str],
    held: Held,
) -> None:
    changes = [
        (row, person, _change(row, person, result.own, held))
        for row, person in pairs
        if person is not None
    ]
    stepping_down = {c.id for _, p, c in changes if p.role is Role.head and "role" in c.fields}
    heads: dict[UUID | str, str] = {
        person.delegation_id: person.name
        for person in people
        if person.role is Role.head and person.status in ACTIVE and person.id not in stepping_down
    }
    for row, person, change in changes:
        rises = person.status in ACTIVE and change.fields.get("role", ("", ""))[1] is Role.head
        if rises and _is_second_head(result, heads, row, person.delegation_id):
            continue
        if (at := result.known_bodies.get(row.body)) != person.delegation_id:
            where = names[at] if at else result.intake.bodies[row.body].given.name or ""
            reason = (
                f"{person.name} is in the delegation of {names[person.delegation_id]}; "
                "an import moves nobody to another one."
            )
            result.warn(row.line, "delegation", where, reason)
        if change.fields:
            result.changes.append(change)
        else:
            result.unchanged += 1
            stamped = (person.import_key, person.import_row)
            if change.values or (change.key, change.stamp) != stamped:
                result.noted.append(change)
    for row, known in pairs:
        if known is not None:
            continue
        at = result.known_bodies.get(row.body)
        if row.given.role is Role.head and _is_second_head(result, heads, row, at or row.body):
            continue
        result.new_rows.append(row)


def _is_second_head(
    result: Preview, heads: dict[UUID | str, str], row: Row, body: UUID | str
) -> bool:
    """Notes the row as its delegation's head; or, where it has one, the error."""
    if body in heads:
        reason = f"{heads[body]} heads this delegation already; it has one head at a time."
        result.errors.append(Remark(row.line, result.heading("role"), "head", reason))
        return True
    heads[body] = row.name
    return False


def _change(row: Row, person: Person, own: Own, held: Held) -> Change:
    """What the row changes: cells that differ from the last import of it, and from what is here."""
    corrected, stamp = restamp(person.import_row, row.stated)
    fields: dict[str, tuple[Any, Any]] = {}
    for name in corrected:
        here, wanted = getattr(person, name), row.stated[name]
        if name == "names":
            wanted = {**here, **wanted}
        if here != wanted:
            fields[name] = (here, wanted)
    if "function" in fields:
        acting = is_acting(fields["function"][1])
        # The mark follows the title unless somebody set it otherwise.
        if person.acting == is_acting(person.function or "") != acting:
            fields["acting"] = (person.acting, acting)
    has_id = person.external_id and not row.given.external_id
    key = person.import_key if has_id and person.import_key else row.key
    changed, values = own_columns.corrected(own, row.values, held.get(person.id, {}))
    fields.update(changed)
    return Change(row.line, person.id, person.name, fields, key, stamp, values)


def _flag_alike(result: Preview, people: Sequence[Person]) -> None:
    """Warns of new people whose names, in another script, order or spelling, are here already."""
    alike = {person.skeleton: person.name for person in people}
    for row in result.new_rows:
        form = skeleton(row.name)
        if (other := alike.get(form)) is not None:
            reason = f"Looks like {other}, who is here already; nothing is merged."
            result.warn(row.line, "name", row.name, reason)
    seen: dict[str, Row] = {}
    for row in result.intake.rows:
        first = seen.setdefault(skeleton(row.name), row)
        # Of two in one delegation that are written the same, the reader has warned.
        if first is not row and not (first.body == row.body and fold(first.name) == fold(row.name)):
            reason = f"Looks like {first.name} in line {first.line}; both are kept."
            result.warn(row.line, "name", row.name, reason)


def foreseen(plan: Preview) -> dict[str, int]:
    """How many of each the import will make, before approval."""
    return {
        "delegations": len(plan.new_bodies),
        "created": len(plan.new_rows),
        "updated": len(plan.changes),
        "unchanged": plan.unchanged,
        "errors": len(plan.errors),
        "warnings": len(plan.warnings),
        "approved": 0,
        "waitlisted": 0,
    }


def remark(one: Remark) -> dict[str, object]:
    """A remark as the API and the report file show it."""
    return {"line": one.line, "heading": one.heading, "value": one.value, "reason": one.reason}


def report(plan: Preview) -> dict[str, object]:
    """All that a preview found, in whole: what the report files hold."""
    return {
        **foreseen(plan),
        "unmapped": plan.unmapped,
        "errors": [remark(e) for e in plan.errors],
        "warnings": [remark(w) for w in plan.warnings],
        "changes": [
            {"line": c.line, "name": c.name, "field": name, "old": told(old), "new": told(new)}
            for c in plan.changes
            for name, (old, new) in c.fields.items()
        ],
    }


def told(value: object) -> str:
    """A field's value as people read it: names by language, one after the other."""
    if isinstance(value, dict):
        return " · ".join(str(part) for part in value.values())
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, StrEnum):
        return value.replace("_", " ")
    return "" if value is None else str(value)
