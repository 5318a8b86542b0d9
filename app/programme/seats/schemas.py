"""What the API takes and shows of seats."""

from datetime import datetime
from uuid import UUID

from app.core.schemas import Input, Output


class SeatIn(Input):
    """Who takes a seat."""

    participant: UUID


class SeatOut(Output):
    """Who sits in a session."""

    session: UUID
    participant: UUID
    name: str
    function: str | None
    delegation: str
    delegation_name: str
    taken_at: datetime
