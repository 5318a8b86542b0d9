"""What a round of scans asks is looked up, whatever the database believes of the hall."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import asyncpg

from app.core.clock import now
from app.core.db import Database
from app.gates import hall


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.database
async def test_a_hall_that_was_vacuumed_while_empty_is_not_read_whole(database: Database) -> None:
    """A plan is kept from then on: one that reads all scans takes longer with each."""
    async with database.engine.connect() as plain:
        await plain.execution_options(isolation_level="AUTOCOMMIT")
        await plain.execute(text("VACUUM ANALYZE scans"))
    given = {
        "devices": [uuid4() for _ in range(16)],
        "nonces": [f"n{n}" for n in range(16)],
        "gates": [uuid4()],
        "days": [now().date()],
        "badges": [uuid4() for _ in range(16)],
    }
    compiled = hall._ON["postgresql"].before.compile(dialect=asyncpg.dialect())
    values = [given.get(name, compiled.params[name]) for name in compiled.positiontup]
    rows = await database.at_once(lambda asks: asks._ask(f"EXPLAIN {compiled}", values))
    plan = "\n".join(row[0] for row in rows)
    assert "(device_id = given.device) AND ((nonce)::text = (given.nonce)::text)" in plan
    assert re.search(r"Index Cond: \(+badge_id = ANY", plan)
    assert not any(word in plan for word in ("Hash", "Merge", "Seq Scan on scans"))
