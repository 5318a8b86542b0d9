"""What a round of scans asks is looked up, whatever the database believes of the hall."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import Executable, text
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.dialects.sqlite import pysqlite

from app.core.clock import now
from app.core.db import Database
from app.core.direct import _words
from app.gates import hall

ROUND = 16
GIVEN: dict[str, object] = {
    "devices": [uuid4() for _ in range(ROUND)],
    "nonces": [f"n{n}" for n in range(ROUND)],
    "pairs": "[]",
    "conferences": [uuid4()],
    "gates": [uuid4()],
    "days": [now().date()],
    "badges": [uuid4() for _ in range(ROUND)],
    "delegations": [uuid4() for _ in range(ROUND)],
    "serials": list(range(ROUND)),
    "ids": [uuid4() for _ in range(ROUND)],
}


async def _plan(database: Database, asked: str) -> str:
    statement: Executable = getattr(hall._ON[database.url.get_backend_name()], asked)
    dialect = pysqlite.dialect() if database.is_sqlite else asyncpg.dialect()
    words = _words(statement, dialect)
    values = [
        change(GIVEN.get(name, default)) if change else GIVEN.get(name, default)
        for name, default, change in words.takes
    ]
    explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    rows = await database.at_once(lambda asks: asks._ask(f"{explain} {words.text}", values))
    return "\n".join(str(row[-1]) for row in rows)


def _looked_up(plan: str) -> None:
    assert "Index Scan" in plan or "SEARCH" in plan
    assert not re.findall(r"Seq Scan.*|Hash .*|Merge .*|SubPlan.*", plan), plan
    assert not re.findall(r"Index Scan using .*\n(?!\s+Index Cond).*", plan), plan
    assert not re.findall(r"SCAN (?!anon_\d+ VIRTUAL).*|CORRELATED.*", plan), plan


@pytest.mark.parametrize("asked", ["badges", "before", "of_delegations", "passages", "holders"])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.sqlite
async def test_sqlite_reads_nothing_whole(database: Database, asked: str) -> None:
    """Nor once for each row of something else."""
    _looked_up(await _plan(database, asked))


@pytest.mark.parametrize("asked", ["before", "passages"])
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.database
async def test_a_hall_that_was_vacuumed_while_empty_is_not_read_whole(
    database: Database, asked: str
) -> None:
    """Reading all scans seems cheap then, and the plan is kept while they become many."""
    async with database.engine.connect() as plain:
        await plain.execution_options(isolation_level="AUTOCOMMIT")
        await plain.execute(text("VACUUM ANALYZE scans"))
    _looked_up(await _plan(database, asked))
