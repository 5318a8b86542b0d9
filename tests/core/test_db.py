"""Work done at once is one transaction in its turn; sets of any size are one parameter."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import Connection, func, insert, select, text

from app.accounts.models import User
from app.core import clock, db
from app.core.db import Database, among, table
from app.core.errors import Unavailable

U = table(User)


def _row(email: str) -> dict[str, object]:
    now = datetime(2026, 11, 4, 9, tzinfo=UTC)
    return {"id": uuid4(), "email": email, "name": email, "is_active": True, "created_at": now}


async def _emails(database: Database) -> list[str]:
    async with database.reading() as session:
        return sorted((await session.execute(select(U.c.email))).scalars())


async def test_what_fails_is_not_kept(database: Database) -> None:
    def work(connection: Connection) -> None:
        connection.execute(insert(U), [_row("ana@example.org")])
        raise LookupError

    with pytest.raises(LookupError):
        await database.at_once(work)
    await database.at_once(lambda connection: connection.execute(insert(U), [_row("bo@x.org")]))
    assert await _emails(database) == ["bo@x.org"]


async def test_it_takes_its_turn_among_sessions_that_write(database: Database) -> None:
    async def at_once(n: int) -> None:
        await database.at_once(lambda plain: plain.execute(insert(U), [_row(f"a{n}@x.org")]))

    async def in_session(n: int) -> None:
        async with database.writing() as session:
            await session.execute(insert(U), [_row(f"s{n}@x.org")])
            await asyncio.sleep(0)

    await asyncio.gather(*(way(n) for n in range(20) for way in (at_once, in_session)))
    assert len(await _emails(database)) == 40


async def test_it_sees_the_clock_of_who_asks(database: Database) -> None:
    noon = datetime(2026, 11, 4, 12, tzinfo=UTC)
    with clock.frozen(noon):
        assert await database.at_once(lambda _: clock.now()) == noon


@pytest.mark.parametrize("count", [0, 1, 2, 1_000])
async def test_a_set_of_any_size_is_one_parameter(database: Database, count: int) -> None:
    rows = [_row(f"{n}@x.org") for n in range(3)]

    def work(connection: Connection) -> tuple[int, int]:
        connection.execute(insert(U), rows)
        others = [uuid4() for _ in range(max(0, count - 2))]
        ids = [row["id"] for row in rows[:count][:2]] + others
        emails = [row["email"] for row in rows[:count][:2]] + [str(one) for one in others]
        by = {
            column.name: select(U.c.id).where(among(column, "given", connection.dialect.name))
            for column in (U.c.id, U.c.email)
        }
        return (
            len(connection.execute(by["id"], {"given": ids}).all()),
            len(connection.execute(by["email"], {"given": emails}).all()),
        )

    assert await database.at_once(work) == (min(count, 2), min(count, 2))


_CUT = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    " AND datname = current_database()"
)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.database
async def test_a_connection_that_was_cut_while_idle_is_replaced(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cut() -> None:
        async with database.writing() as session:
            await session.execute(_CUT)

    def who(connection: Connection) -> int:
        return connection.execute(select(func.pg_backend_pid())).scalar_one()

    first = await database.at_once(who)
    assert await database.at_once(who) == first
    monkeypatch.setattr(db, "_A_MOMENT", 0.0)
    await cut()
    assert await database.at_once(who) != first
    # One that answered a moment ago is believed: its end is told, and it is the last to tell it.
    monkeypatch.setattr(db, "_A_MOMENT", 60.0)
    await cut()
    with pytest.raises(Unavailable):
        await database.at_once(who)
    assert await database.at_once(who)
