"""What the API takes and shows of earlier editions."""

from typing import Literal
from uuid import UUID

from app.core.schemas import Input, Output


class EarlierIn(Input):
    """Who the person was at an earlier edition; none: comes for the first time."""

    earlier: UUID | None


class Namesake(Output):
    """Somebody of an earlier edition who may be the same person."""

    id: UUID
    name: str
    delegation: str
    conference: str
    year: int


class EarlierOut(Output):
    """What was decided of a person, and whom the names propose."""

    decision: Literal["unknown", "first", "returning"]
    earlier: UUID | None
    proposed: list[Namesake]

    @property
    def choices(self) -> list[tuple[UUID, str]]:
        """Those proposed, for a form."""
        return [(one.id, f"{one.name}, {one.delegation}, {one.year}") for one in self.proposed]
