"""Importing: the whole of a preview in one transaction, and the files that wait for it."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from app.accounts import audit
from app.accounts.rules import Actor
from app.conferences import service as conferences
from app.conferences import store as conference_store
from app.conferences.models import Conference
from app.conferences.rules import policies_of
from app.core import clock
from app.core.db import ReadSession, WriteSession, table
from app.core.errors import Clash, NotFound, Outdated
from app.core.text import direction, fold
from app.delegations import service as delegations
from app.delegations import store as delegation_store
from app.delegations.models import Delegation
from app.delegations.rules import GROUP_OF
from app.participants import approval, notices, service, store
from app.participants.columns import intake as own_columns
from app.participants.columns.rules import PREFIX
from app.participants.imports.preview import Change, Parsed, Preview, foreseen, preview, remark
from app.participants.intake.stamps import restamp
from app.participants.models import ImportFile
from app.participants.rules import Role, Status
from app.quotas.store import lock as lock_quotas

I = table(ImportFile)  # noqa: E741 - the imports
_AT_ONCE = 1_000
"""People that one statement inserts: more are no faster, and all at once cost 100 MB."""


async def plan_of(
    session: WriteSession, actor: Actor, conference: Conference, parsed: Parsed
) -> Preview:
    """The preview that `run` takes; nothing it depends on changes until the transaction ends."""
    actor.require(conference.id, service.OFFICERS)
    # Two imports at once would both find a person missing. Quotas before people, as everywhere.
    await conference_store.lock(session, conference.id)
    await lock_quotas(session, conference.id)
    return await preview(session, actor, conference, parsed)


async def run(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    plan: Preview,
    *,
    status: Status = Status.nominated,
    accept_valid: bool = False,
) -> dict[str, int]:
    """Does what the plan says, in this transaction; returns how many of each.

    Raises `Clash` with the errors unless `accept_valid`; with `status` approved, what the quotas
    refuse refuses the whole file, naming lines and quota.
    """
    actor.require(conference.id, service.OFFICERS)
    notices.keep_silent(session)
    if plan.errors and not accept_valid:
        raise _faulty(plan)
    bodies = await _make_bodies(session, actor, conference, plan)
    await _apply_changes(session, actor, conference, plan, bodies)
    people = await _make_people(session, actor, conference, plan, bodies)
    outcome = foreseen(plan)
    if status is not Status.nominated and people:
        stored = await store.by_ids(session, conference.id, list(people))
        pairs = [stored[id] for id in people]
        await approval.submit_many(session, actor, conference, pairs)
        if status is Status.approved:
            try:
                decisions = await approval.approve_many(session, actor, conference, pairs)
            except Clash as clash:
                raise _by_line(clash, people) from clash
            for decision in decisions:
                outcome[decision.person.status] += 1
    audit.record(
        session,
        actor,
        "participants.import",
        conference_id=conference.id,
        target=("conference", conference.id),
        fields=dict(outcome),
    )
    return outcome


def _faulty(plan: Preview) -> Clash:
    first, count = plan.errors[0], len(plan.errors)
    where = f"line {first.line}, {first.heading}" + (f" “{first.value}”" if first.value else "")
    return Clash(
        f"The file has {count} error{'s' if count > 1 else ''}{'; the first' if count > 1 else ''}:"
        f" {where}: {first.reason} Nothing was imported.",
        code="import-errors",
        members={"errors": [remark(e) for e in plan.errors[:500]]},
    )


def _by_line(clash: Clash, lines: Mapping[UUID, int]) -> Clash:
    """A quota's refusal in the words of the file: lines and names, not ids."""
    refused = clash.members.get("refused")
    if clash.code != "quota-exhausted" or not isinstance(refused, list):
        return clash
    rows = [{**one, "line": lines[UUID(one["id"])]} for one in refused]
    some = ", ".join(f"{row['line']} ({row['name']})" for row in rows[:5])
    more = f" and {len(rows) - 5} more" if len(rows) > 5 else ""
    quota = clash.members["quota"]
    assert isinstance(quota, dict)
    return Clash(
        f"No place for line{'s' if len(rows) > 1 else ''} {some}{more}: the quota "
        f"“{quota['name']}” of {quota['capacity']} is spent and keeps no waiting list. "
        "Nothing was imported.",
        code=clash.code,
        members={
            "quota": quota,
            "refused": [{"line": r["line"], "name": r["name"], "quota": r["quota"]} for r in rows],
        },
    )


async def _make_bodies(
    session: WriteSession, actor: Actor, conference: Conference, plan: Preview
) -> dict[UUID, Delegation]:
    new = [plan.intake.bodies[key] for key in plan.new_bodies]
    made = await delegations.create_many(session, actor, conference, [b.given for b in new])
    for body, delegation in zip(new, made, strict=True):
        plan.known_bodies[body.key] = delegation.id
    await _label_groups(session, conference, plan)
    query = delegation_store.listing(delegation_store.D.c.conference_id == conference.id)
    return {d.id: d for d in (await session.execute(query)).scalars()}


async def _label_groups(session: WriteSession, conference: Conference, plan: Preview) -> None:
    """The file's own word for a group ("Parties") becomes its label, where it has none yet."""
    stored = await conferences.conference(session, conference.slug)
    known = policies_of(stored.policies).group_labels
    labels = dict(known)
    first = stored.languages[0] if stored.languages else "en"
    for key, body in plan.intake.bodies.items():
        if (
            key in plan.known_bodies
            and body.label
            and _is_label(body.label, body.given.kind, first)
        ):
            labels.setdefault(GROUP_OF[body.given.kind], body.label)
    if labels != known:
        stored.policies = {**stored.policies, "group_labels": labels}
        await session.flush()


def _is_label(text: str, kind: str, language: str) -> bool:
    """Whether a word of the file is for people to read, in the conference's first script."""
    arabic = any("\u0600" <= letter <= "\u06ff" for letter in text)
    return fold(text) != fold(kind) and arabic == (direction(language) == "rtl")


async def _apply_changes(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    plan: Preview,
    bodies: Mapping[UUID, Delegation],
) -> None:
    """Changes people as the file says; who stops being a head does so before another becomes it."""
    ids = [change.id for change in (*plan.changes, *plan.noted)]
    stored = await store.by_ids(session, conference.id, ids)
    people = {id: person for id, (person, _) in stored.items()}

    def becomes_head(change: Change) -> bool:
        return change.fields.get("role", (None, None))[1] is Role.head

    for change in sorted(plan.changes, key=becomes_head):
        person = people[change.id]
        values = {
            name: new for name, (_, new) in change.fields.items() if not name.startswith(PREFIX)
        }
        person.import_key, person.import_row = change.key, change.stamp
        if values:
            await service.apply(session, actor, person, bodies[person.delegation_id], values)
    for change in plan.noted:
        people[change.id].import_key, people[change.id].import_row = change.key, change.stamp
    await session.flush()
    cells = [(c.id, c.values, c.fields) for c in (*plan.changes, *plan.noted)]
    await own_columns.keep(session, actor, conference, plan.own, cells)


async def _make_people(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    plan: Preview,
    bodies: Mapping[UUID, Delegation],
) -> dict[UUID, int]:
    """Stores the new people; returns the lines they come from, in the order of the file."""
    last = await store.last_positions(session, conference.id)
    lines: dict[UUID, int] = {}
    for start in range(0, len(plan.new_rows), _AT_ONCE):
        people: list[service.PersonRow] = []
        cells = []
        for row in plan.new_rows[start : start + _AT_ONCE]:
            delegation = bodies[plan.known_bodies[row.body]]
            position = last[delegation.id] = last.get(delegation.id, 0) + 1
            person = service.build(conference, delegation, row.given, position=position)
            person["import_key"], person["import_row"] = row.key, restamp(None, row.stated)[1]
            people.append(person)
            cells.append((person["id"], row.values, [PREFIX + key for key in row.values]))
            lines[person["id"]] = row.line
        await service.store_many(session, actor, conference, people)
        await own_columns.keep(session, actor, conference, plan.own, cells)
    return lines


async def keep(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    data: bytes,
    filename: str,
    *,
    sheet: str | None = None,
    columns: Mapping[str, str] | None = None,
    status: Status = Status.nominated,
) -> ImportFile:
    """Keeps a file, encrypted, until it is confirmed."""
    actor.require(conference.id, service.OFFICERS)
    kept = await conferences.keep_file(session, conference.id, data, "application/octet-stream")
    row = ImportFile(
        conference_id=conference.id,
        file_id=kept.id,
        filename=filename[:200],
        sheet=sheet,
        columns=dict(columns or {}),
        status=status,
        created_at=clock.now(),
    )
    session.add(row)
    await session.flush()
    return row


async def kept(
    session: ReadSession, actor: Actor, conference: Conference, id: UUID
) -> tuple[ImportFile, bytes]:
    """A kept file and its bytes. Raises `NotFound`."""
    actor.require(conference.id, service.OFFICERS)
    row = await session.get(ImportFile, id)
    if row is None or row.conference_id != conference.id:
        raise NotFound
    data, _ = await conferences.read_file(session, conference.id, row.file_id)
    return row, data


async def choose_columns(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    *,
    sheet: str | None,
    columns: Mapping[str, str],
) -> ImportFile:
    """Sets which sheet of a kept file is read, and which column holds what."""
    row = await _locked(session, actor, conference, id)
    if row.confirmed_at is not None:
        raise Clash("This file was imported already.", code="already-imported")
    row.sheet, row.columns = sheet, dict(columns)
    await session.flush()
    return row


async def confirm(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    parsed: Parsed,
    *,
    accept_valid: bool = False,
    seen: str | None = None,
) -> ImportFile:
    """Imports a kept file, compared anew; asking again answers what the first time did.

    With `seen`, the digest of the preview that somebody looked at, raises `Outdated` where the
    import would now do something else.
    """
    row = await _locked(session, actor, conference, id)
    if row.confirmed_at is None:
        plan = await plan_of(session, actor, conference, parsed)
        if seen is not None and seen != plan.digest:
            raise Outdated("Something changed here since you looked; look at the result again.")
        outcome = await run(
            session, actor, conference, plan, status=row.status, accept_valid=accept_valid
        )
        row.confirmed_at = clock.now()
        row.result = {**outcome, "left_out": plan.left_out}
        await session.flush()
    return row


async def _locked(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID
) -> ImportFile:
    actor.require(conference.id, service.OFFICERS)
    row = await session.get(ImportFile, id, with_for_update=True)
    if row is None or row.conference_id != conference.id:
        raise NotFound
    return row


async def past(session: ReadSession, actor: Actor, conference: Conference) -> list[ImportFile]:
    """The latest files, newest first."""
    actor.require(conference.id, service.OFFICERS)
    query = select(ImportFile).where(I.c.conference_id == conference.id)
    found = await session.execute(query.order_by(I.c.created_at.desc(), I.c.id).limit(20))
    return list(found.scalars())
