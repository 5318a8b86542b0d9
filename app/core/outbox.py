"""Side effects outside the database, written as rows of the change that causes them."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.core import clock
from app.core.db import BigId, Json, WriteSession


class OutboxRow(SQLModel, table=True):
    """One mail or job: waiting until `done_at`, retried after `run_after`."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_waiting",
            "run_after",
            "id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, sa_type=BigId, primary_key=True)
    conference_id: UUID | None = Field(default=None, foreign_key="conferences.id", index=True)
    kind: str = Field(max_length=32)
    payload: dict[str, object] = Field(sa_type=Json)
    created_at: datetime
    run_after: datetime
    attempts: int = 0
    done_at: datetime | None = None
    error: str | None = Field(default=None, max_length=500)


def enqueue(
    session: WriteSession,
    kind: str,
    payload: dict[str, object],
    *,
    conference_id: UUID | None = None,
    wait: timedelta = timedelta(),
) -> None:
    """Writes a job in the transaction of the change that causes it; it is due after `wait`."""
    now = clock.now()
    session.add(
        OutboxRow(
            conference_id=conference_id,
            kind=kind,
            payload=payload,
            created_at=now,
            run_after=now + wait,
        )
    )
