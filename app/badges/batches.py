"""The print queue: batches that the worker prints in files of 500, and their custody receipts."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.accounts import audit
from app.accounts.rules import INSTALLATION, Actor
from app.badges import batch_store, printing, store
from app.badges.models import PrintBatch, PrintFile
from app.badges.rules import BADGES_A_FILE, BatchState, Design, categories, serial_of
from app.badges.service import OFFICERS
from app.badges.store import Choice
from app.conferences import service as conferences
from app.conferences.models import Conference
from app.core import clock, documents, jobs
from app.core.db import Database, ReadSession, WriteSession
from app.core.documents import DocumentError
from app.core.errors import NotFound
from app.core.keys import keyring
from app.core.outbox import enqueue

JOB = "badges.print"
PURGE = "badges.purge"
_PURPOSE = "prints"
_KEPT = timedelta(days=1)


def install() -> None:
    """Names who does the queue's jobs."""
    jobs.handles(JOB, work)
    jobs.handles(PURGE, purge)


async def queue(
    session: WriteSession, actor: Actor, conference: Conference, choice: Choice, design: Design
) -> PrintBatch:
    """Orders a print of what may be printed now. Raises `Clash` as `printing.to_print` does."""
    actor.require(conference.id, OFFICERS)
    ready, held = await printing.to_print(session, actor, conference, choice)
    batch = printing.batch_of(actor, conference, choice, design, ready, held)
    session.add(batch)
    await session.flush()
    audit.record(
        session,
        actor,
        "badge.queue",
        conference_id=conference.id,
        target=("print", batch.id),
        fields={"serials": batch.serials},
    )
    payload: dict[str, object] = {"slug": conference.slug, "batch": str(batch.id)}
    enqueue(session, JOB, payload, conference_id=conference.id)
    return batch


async def work(database: Database, payload: dict[str, object]) -> None:
    """Prints a batch, file by file; begun again after a fault, it goes on where it stopped.

    Badges revoked or printed meanwhile are left out.
    """
    id = UUID(str(payload["batch"]))
    async with database.reading() as session:
        conference = await conferences.conference(session, str(payload["slug"]))
        batch = await batch_store.batch(session, conference.id, id)
        made = await batch_store.files(session, conference.id, [id])
    if batch is None or batch.state is BatchState.done:
        return
    async with database.writing() as writing:
        await batch_store.advance(writing, conference.id, id, state=BatchState.printing)
    known = {row.position for row in made}
    try:
        for position, start in enumerate(range(0, len(batch.serials), BADGES_A_FILE)):
            if position not in known:
                await _file(database, conference, batch, position, start)
    except DocumentError:
        async with database.writing() as writing:
            await batch_store.advance(writing, conference.id, id, state=BatchState.failed)
        raise
    async with database.writing() as writing:
        await batch_store.advance(
            writing, conference.id, id, state=BatchState.done, finished_at=clock.now()
        )
        enqueue(writing, PURGE, payload, conference_id=conference.id, wait=_KEPT)


async def purge(database: Database, payload: dict[str, object]) -> None:
    """Deletes the files of a batch: faces and codes are not kept longer than they are needed."""
    async with database.writing() as session:
        conference = await conferences.conference(session, str(payload["slug"]))
        await batch_store.purge(session, conference.id, UUID(str(payload["batch"])))


async def _file(
    database: Database, conference: Conference, batch: PrintBatch, position: int, start: int
) -> None:
    serials = batch.serials[start : start + BADGES_A_FILE]
    choice = Choice(serials=tuple(map(serial_of, serials)), unprinted=True)
    async with database.reading() as session:
        ready, _ = await printing.sort_out(session, conference, choice)
    pdf = await printing.compose(database, conference, ready, batch.design) if ready else b""
    async with database.writing() as writing:
        if ready:
            sealed = keyring().seal(str(conference.id), _PURPOSE, pdf)
            writing.add(
                PrintFile(
                    conference_id=conference.id,
                    batch_id=batch.id,
                    position=position,
                    badges=len(ready),
                    sealed=sealed,
                    made_at=clock.now(),
                )
            )
            await printing.note_printed(writing, INSTALLATION, conference, ready)
        await batch_store.advance(writing, conference.id, batch.id, done=start + len(serials))


@dataclass(frozen=True, slots=True)
class Shown:
    """A batch, and its files as long as they are kept: of .id .position .badges."""

    batch: PrintBatch
    files: list[printing.Line]

    @property
    def running(self) -> bool:
        """Whether more is to come."""
        return self.batch.state in {BatchState.waiting, BatchState.printing}


async def listed(
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    *,
    offset: int = 0,
    limit: int | None = None,
) -> list[Shown]:
    """Batches with their files, newest first."""
    actor.require(conference.id, OFFICERS)
    found = await batch_store.batches(session, conference.id, offset=offset, limit=limit)
    return await _with_files(session, conference, found)


async def find(session: ReadSession, actor: Actor, conference: Conference, id: UUID) -> Shown:
    """One batch. Raises `NotFound`."""
    actor.require(conference.id, OFFICERS)
    found = await batch_store.batch(session, conference.id, id)
    if found is None:
        raise NotFound
    [shown] = await _with_files(session, conference, [found])
    return shown


async def _with_files(
    session: ReadSession, conference: Conference, found: list[PrintBatch]
) -> list[Shown]:
    files = await batch_store.files(session, conference.id, [one.id for one in found])
    return [Shown(one, [row for row in files if row.batch_id == one.id]) for one in found]


async def file(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID, file_id: UUID
) -> bytes:
    """The PDF of a file; the look is in the audit trail before the bytes go out.

    Raises `NotFound`, also a day after it was made.
    """
    actor.require(conference.id, OFFICERS)
    sealed = await batch_store.file(session, conference.id, id, file_id)
    if sealed is None:
        raise NotFound
    await audit.record_view(
        session, actor, "badge.file", conference_id=conference.id, target=("print", file_id)
    )
    return keyring().open(str(conference.id), _PURPOSE, sealed)


async def receipt(database: Database, actor: Actor, conference: Conference, id: UUID) -> bytes:
    """The custody receipt of a batch: every badge of it by delegation, to be signed for.

    Raises `NotFound`.
    """
    async with database.reading() as session:
        batch = (await find(session, actor, conference, id)).batch
        rows: list[printing.Line] = []
        for start in range(0, len(batch.serials), store.CHUNK):
            serials = tuple(map(serial_of, batch.serials[start : start + store.CHUNK]))
            choice = Choice(serials=serials, any_state=True)
            rows += await store.rows(session, conference.id, choice)
    groups: dict[str, list[list[str]]] = {}
    for row in rows:
        lines = groups.setdefault(row.delegation_name or "Held by nobody", [])
        name = row.name or row.label or ("Blank" if not row.delegation_name else "Card")
        category = categories()[row.category].words("en")
        said = "revoked" if row.revoked_at else ""
        lines.append([str(len(lines) + 1), name, category, str(row.serial), said])
    made = clock.told(batch.created_at, conference.timezone)
    counted = "1 badge" if len(rows) == 1 else f"{len(rows)} badges"
    data = {
        "title": "Custody receipt for badges",
        "subtitle": f"{printing.title_of(conference)}: {batch.title}",
        "notes": [
            f"{counted}, ordered by {batch.created_by} on {made}. Batch {batch.id}.",
            "Who signs has counted the badges, answers for them until each is collected, and"
            " brings back those that are not.",
        ],
        "headings": ["No.", "Name", "Category", "Serial", "Remarks"],
        "widths": ["auto", "2fr", "1fr", "auto", "25mm"],
        "groups": [{"heading": name, "rows": lines} for name, lines in sorted(groups.items())],
        "signatures": [
            "Handed over by (name, signature)",
            "Received by (name, signature)",
            "Date, time, badges received",
        ],
        "language": "en",
        "sample": conference.sample,
    }
    return await documents.render("list", data)
