"""Work done at once is one transaction in its turn; sets of any size are one parameter."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import bindparam, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Token, User
from app.accounts.rules import Role
from app.core import clock, db
from app.core.db import Database, among, table
from app.core.direct import Asks, Keep, Through
from app.core.errors import Unavailable

U, T = table(User), table(Token)
_FIELDS = ("id", "email", "name", "is_active", "created_at")
_ADD = Keep(U, [U.c[name] for name in _FIELDS])


def _row(email: str) -> dict[str, object]:
    now = datetime(2026, 11, 4, 9, tzinfo=UTC)
    return {"id": uuid4(), "email": email, "name": email, "is_active": True, "created_at": now}


async def _emails(database: Database) -> list[str]:
    async with database.reading() as session:
        return sorted((await session.execute(select(U.c.email))).scalars())


async def test_what_fails_is_not_kept(database: Database) -> None:
    def work(asks: Asks) -> None:
        asks.keep([_row("ana@example.org")], _ADD)
        raise LookupError

    with pytest.raises(LookupError):
        await database.at_once(work)
    await database.at_once(lambda asks: asks.keep([_row("bo@x.org")], _ADD))
    assert await _emails(database) == ["bo@x.org"]


async def test_a_broken_key_is_called_what_it_is_everywhere(database: Database) -> None:
    twice = [_row("ana@example.org"), _row("bo@x.org"), _row("ana@example.org")]
    with pytest.raises(IntegrityError):
        await database.at_once(lambda asks: asks.keep(twice, _ADD))
    await database.at_once(lambda asks: asks.keep(twice[:2], _ADD))
    assert await _emails(database) == ["ana@example.org", "bo@x.org"]


async def test_values_and_rows_are_those_of_a_session(database: Database) -> None:
    """Ids, words of a vocabulary, instants and what is not there, both ways."""
    add = Keep(T, list(T.c))
    call = update(T).where(T.c.id == bindparam("which")).values(name=bindparam("called"))
    found = select(T).order_by(T.c.name)
    rows = [
        {
            "id": uuid4(),
            "kind": "token",
            "name": name.upper(),
            "token_hash": name * 32,
            "role": Role.gate_operator,
            "created_at": datetime(2026, 11, 4, 9, 0, 0, micros, tzinfo=UTC),
            "revoked_at": revoked,
        }
        for name, micros, revoked in (
            ("a", 0, None),
            ("b", 123_456, datetime(2026, 11, 5, tzinfo=UTC)),
        )
    ]
    async with database.writing() as session:
        await session.run_sync(lambda plain: Through(plain.connection()).keep(rows[:1], add))
    await database.at_once(lambda asks: asks.keep(rows[1:], add))
    await database.at_once(lambda asks: asks.tell(call, []))
    calls = [{"which": row["id"], "called": "A door"} for row in rows]
    await database.at_once(lambda asks: asks.tell(call, calls))
    direct = await database.at_once(lambda asks: asks.ask(found, {}))
    async with database.reading() as session:
        through = await session.run_sync(lambda plain: Through(plain.connection()).ask(found, {}))
    assert [tuple(row) for row in direct] == [tuple(row) for row in through]
    assert [[getattr(row, name) for name in rows[0]] for row in direct] == [
        list((row | {"name": "A door"}).values()) for row in rows
    ]
    assert all(row.role is Role.gate_operator and row.conference_id is None for row in direct)


async def test_it_takes_its_turn_among_sessions_that_write(database: Database) -> None:
    async def at_once(n: int) -> None:
        await database.at_once(lambda asks: asks.keep([_row(f"a{n}@x.org")], _ADD))

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

    def work(asks: Asks) -> tuple[int, int]:
        asks.keep(rows, _ADD)
        others = [uuid4() for _ in range(max(0, count - 2))]
        ids = [row["id"] for row in rows[:count][:2]] + others
        emails = [row["email"] for row in rows[:count][:2]] + [str(one) for one in others]
        by = {
            column.name: select(U.c.id).where(among(column, "given", asks.kind))
            for column in (U.c.id, U.c.email)
        }
        return (
            len(asks.ask(by["id"], {"given": ids})),
            len(asks.ask(by["email"], {"given": emails})),
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

    def who(asks: Asks) -> int:
        [row] = asks.ask(select(func.pg_backend_pid().label("process")), {})
        return int(row.process)

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


@pytest.mark.parametrize(
    "error", [asyncpg.InternalClientError("state"), asyncpg.ConnectionDoesNotExistError("gone")]
)
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.database
async def test_a_connection_that_breaks_in_between_is_an_outage(
    database: Database, error: Exception
) -> None:
    """The driver hears of the end before it believes it, and says so in words of its own then."""

    def broken(asks: Asks) -> None:
        asks.keep([_row("ana@example.org")], _ADD)
        raise error

    with pytest.raises(Unavailable):
        await database.at_once(broken)
    await database.at_once(lambda asks: asks.keep([_row("bo@x.org")], _ADD))
    assert await _emails(database) == ["bo@x.org"]
