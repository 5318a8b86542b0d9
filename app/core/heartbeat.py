"""One row that readiness writes: a full disk or a read-only replica shows there."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.core import clock
from app.core.db import WriteSession, insert_into, table


class Heartbeat(SQLModel, table=True):
    """When readiness was last asked for."""

    __tablename__ = "heartbeats"

    id: int = Field(primary_key=True)
    at: datetime


async def beat(session: WriteSession) -> None:
    """Writes the row, in the caller's transaction."""
    insert = insert_into(session.get_bind().dialect.name, table(Heartbeat))
    insert = insert.values(id=1, at=clock.now())
    await session.execute(
        insert.on_conflict_do_update(index_elements=["id"], set_={"at": clock.now()})
    )
