"""Migrations and models say the same, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlmodel.sql.sqltypes import UTCDateTime

from app import models
from app.core import migrate
from app.core.db import Database, metadata

assert models


def _differences(connection: Connection) -> list[object]:
    def compare_type(*given: object) -> bool | None:
        return False if isinstance(given[-1], UTCDateTime) else None

    context = MigrationContext.configure(connection, opts={"compare_type": compare_type})
    return list(compare_metadata(context, metadata))


async def test_migrations_equal_the_models(database: Database) -> None:
    async with database.reading() as session:
        assert await (await session.connection()).run_sync(_differences) == []


async def test_checks_and_partial_indexes_are_there(database: Database) -> None:
    """Autogenerate compares neither CHECK constraints nor the conditions of indexes."""
    query = (
        "SELECT sql FROM sqlite_master"
        if database.is_sqlite
        else "SELECT pg_get_constraintdef(oid) FROM pg_constraint UNION ALL "
        "SELECT indexdef FROM pg_indexes"
    )
    async with database.reading() as session:
        found = " ".join(str(row[0]) for row in await session.execute(text(query)))
    assert found.count("used <= capacity") == 2
    assert "role" in found[found.index("uq_participants_head") :]
    assert "revoked_at IS NULL" in found
    assert (
        "active" in found[found.index("uq_identity_documents_active") :].partition("WHERE")[2][:9]
    )
    assert "first_id < second_id" in found


async def test_upgrading_again_changes_nothing(database: Database) -> None:
    assert await migrate.current(database) == migrate.newest() != ""
