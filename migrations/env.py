"""Runs migrations on a plain engine, inside one transaction, for both databases.

SQLite's foreign keys stay off here: with them on, the batch rewrite of a parent table would
silently delete its children. The keys are checked before the commit instead.
"""

import asyncio
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from app import models
from app.core.db import metadata
from app.core.migrate import migrating
from app.core.settings import settings

assert models  # imported so that every table is known


def render_item(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Writes SQLAlchemy's own types, so that old migrations do not depend on SQLModel."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


def compare_type(
    _: object, __: object, ___: object, inspected: object, declared: object
) -> bool | None:
    """Instants are compared by what they store, not by SQLModel's wrapper."""
    return False if isinstance(declared, UTCDateTime) else None


def run(connection: Connection) -> None:
    """Migrates over an open connection, all or nothing."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_item=render_item,
        compare_type=compare_type,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            # Two processes that start at once migrate one after the other, and a migration that
            # cannot get its locks gives up instead of blocking registration.
            connection.exec_driver_sql("SET LOCAL lock_timeout = '15s'")
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(736368)")
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            assert not broken, f"the migration breaks foreign keys: {broken[:3]}"


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    # Called by the alembic command itself, to write a new revision.
    asyncio.run(migrating(settings().database_url, run))
