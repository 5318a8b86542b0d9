"""The outbox: done once, retried, leased; mail kept without SMTP and sent with it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from app.core import clock, jobs, mail
from app.core.db import Database
from app.core.jobs import O, handles, run_due
from app.core.outbox import enqueue
from app.core.settings import settings

Payload = dict[str, object]
START = datetime(2026, 11, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_handlers", {})


async def put(database: Database, *names: str, kind: str = "note") -> None:
    async with database.writing() as session:
        for name in names:
            enqueue(session, kind, {"name": name})


async def left(database: Database) -> list[tuple[str, int, bool, str | None]]:
    """Name, attempts, done, error."""
    async with database.reading() as session:
        rows = (await session.execute(select(O).order_by(O.c.id))).all()
    return [(r.payload["name"], r.attempts, r.done_at is not None, r.error) for r in rows]


async def test_two_workers_do_each_job_once(database: Database) -> None:
    done: Counter[str] = Counter()

    async def note(_: Database, payload: Payload) -> None:
        await asyncio.sleep(0)
        done[str(payload["name"])] += 1

    handles("note", note)
    names = [f"job {n}" for n in range(12)]
    await put(database, *names)
    other = Database(database.url)
    try:
        tried = await asyncio.gather(run_due(database), run_due(other))
    finally:
        await other.close()
    assert sum(tried) == 12
    assert done == dict.fromkeys(names, 1)
    assert await run_due(database) == 0


async def test_a_failed_job_is_tried_again_later_and_not_for_ever(database: Database) -> None:
    async def fail(_: Database, payload: Payload) -> None:
        raise ConnectionRefusedError("the passport P1234567 could not be sent")

    handles("note", fail)
    with clock.frozen(START):
        await put(database, "x")
        assert (await run_due(database), await run_due(database)) == (1, 0)
    assert await left(database) == [("x", 1, False, "ConnectionRefusedError")]
    now, tried = START, 1
    for _ in range(jobs.ATTEMPTS + 3):
        now += timedelta(days=1)
        with clock.frozen(now):
            tried += await run_due(database)
    assert tried == jobs.ATTEMPTS
    assert await left(database) == [("x", jobs.ATTEMPTS, False, "ConnectionRefusedError")]


async def test_a_job_of_a_worker_that_died_is_due_again(database: Database) -> None:
    async def die(_: Database, payload: Payload) -> None:
        raise asyncio.CancelledError

    handles("note", die)
    with clock.frozen(START):
        await put(database, "x")
        with pytest.raises(asyncio.CancelledError):
            await run_due(database)
    done: list[object] = []

    async def note(_: Database, payload: Payload) -> None:
        done.append(payload["name"])

    handles("note", note)
    with clock.frozen(START + jobs.LEASE - timedelta(seconds=1)):
        assert await run_due(database) == 0
    with clock.frozen(START + jobs.LEASE):
        assert await run_due(database) == 1
    assert done == ["x"]


async def test_a_slow_job_does_not_use_up_the_lease_of_the_next(database: Database) -> None:
    """While one worker is at its first job, another may take the second, but only once."""
    done: Counter[str] = Counter()
    going, go_on = asyncio.Event(), asyncio.Event()

    async def note(_: Database, payload: Payload) -> None:
        done[str(payload["name"])] += 1
        if payload["name"] == "slow":
            going.set()
            await go_on.wait()

    handles("note", note)
    await put(database, "slow", "next")
    first = asyncio.create_task(run_due(database))
    await going.wait()
    assert await run_due(database) == 1
    go_on.set()
    assert await first == 1
    assert done == {"slow": 1, "next": 1}


async def test_a_rolled_back_change_sends_nothing(database: Database) -> None:
    async def change() -> None:
        async with database.writing() as session:
            enqueue(session, "note", {"name": "x"})
            await session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await change()
    assert await left(database) == []


async def test_without_smtp_mail_is_kept(database: Database) -> None:
    mail.install()
    async with database.writing() as session:
        mail.write(session, to="a@b.example", subject="Hello", text="Text")
    assert await run_due(database) == 0
    async with database.reading() as session:
        [row] = (await session.execute(select(O))).all()
    assert (row.kind, row.done_at, row.payload["to"]) == ("mail", None, "a@b.example")


class Mailbox:
    """As much of an SMTP server as a client needs; refuses the first `failures` mails."""

    def __init__(self, failures: int = 0) -> None:
        self.mails: list[bytes] = []
        self.failures = failures

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                data = await reader.readuntil(b"\r\n.\r\n")
                if self.failures:
                    self.failures -= 1
                    writer.write(b"451 later\r\n")
                else:
                    self.mails.append(data)
                    writer.write(b"250 kept\r\n")
            else:
                writer.write(b"221 bye\r\n" if word == b"QUIT" else b"250 fine\r\n")
            await writer.drain()
            if word == b"QUIT":
                break
        writer.close()


@pytest.fixture
async def mailbox(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Mailbox]:
    box = Mailbox(failures=1)
    server = await asyncio.start_server(box.talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setattr(settings(), "smtp_url", SecretStr(f"smtp://127.0.0.1:{port}"))
    yield box
    server.close()


async def test_mail_goes_out_once_even_after_a_failure(
    database: Database, mailbox: Mailbox
) -> None:
    mail.install()
    with clock.frozen(START):
        async with database.writing() as session:
            mail.write(
                session,
                to="a@b.example\nBcc: c@d.example",
                subject="Réponse\r\nX-Evil: yes",
                text="مرحبا\nBcc: nobody\n",
            )
        assert await run_due(database) == 1
    assert mailbox.mails == []
    with clock.frozen(START + timedelta(minutes=1)):
        assert await run_due(database) == 1
        assert await run_due(database) == 0
    [data] = mailbox.mails
    sent = message_from_bytes(data, policy=policy.SMTP)
    assert sent["Subject"] == "Réponse X-Evil: yes"
    assert sent["X-Evil"] is None
    assert sent["Bcc"] is None
    assert sent["Date"].datetime == START + timedelta(minutes=1)
    assert sent["Message-ID"].endswith("@testserver>")
    assert sent["From"] == "Plenary <no-reply@testserver>"
    assert "مرحبا" in sent.get_content()


async def test_the_worker_outlives_a_fault(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = 0
    finished = asyncio.Event()

    async def also() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 1:
            raise ConnectionRefusedError
        finished.set()

    worker = asyncio.create_task(jobs.run_forever(database, every=0, also=also))
    async with asyncio.timeout(10):
        await finished.wait()
    worker.cancel()
    with pytest.raises(asyncio.CancelledError):
        await worker
