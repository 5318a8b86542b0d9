"""What the portal's forms take."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from app.core.images import Crop
from app.core.schemas import Filled, Input, LongLine
from app.delegations.invitations.rules import Channel
from app.participants.rules import Role
from app.participants.schemas import ParticipantEdit, ParticipantIn, Reason

Fraction = Annotated[float, Field(ge=0, le=1)]


class PersonIn(ParticipantEdit):
    """A person as the delegation states one. A rank is for officers to decide."""

    rank: None = None
    acting: None = None

    def to_nominate(self, code: str) -> ParticipantIn:
        """The nomination for a delegation."""
        return ParticipantIn.model_validate(
            {"delegation": code, **self.model_dump(exclude_none=True)}
        )


class CropIn(Input):
    """The part of a photo to keep, as fractions; all three, or none for the upper middle."""

    x: Fraction | None = None
    y: Fraction | None = None
    size: Annotated[float, Field(ge=0.1, le=1)] | None = None

    @model_validator(mode="after")
    def _whole(self) -> "CropIn":
        if len({part is None for part in (self.x, self.y, self.size)}) > 1:
            raise ValueError("Write all three numbers of the section, or none.")
        return self

    def crop(self) -> Crop | None:
        """The part, if one is stated."""
        if self.x is None or self.y is None or self.size is None:
            return None
        return Crop(self.x, self.y, self.size)


class Move(Input):
    """A person to go up (-1) or down (1) in the delegation's order."""

    id: UUID
    step: Annotated[int, Field(ge=-1, le=1)]


class HoldIn(Input):
    """Places to hold for names to come."""

    role: Role
    number: Annotated[int, Field(ge=1, le=100)] = 1


class Sitting(Input):
    """A session, and whether somebody sits in it."""

    session: UUID
    sits: bool = False


class GiveBack(Input):
    """A held place to give back."""

    slot: UUID


class Replacement(Reason):
    """Who takes a person's place: one nominated already, or somebody new."""

    successor: UUID | None = None
    name: Filled | None = None
    function: LongLine | None = None

    @model_validator(mode="after")
    def _one(self) -> "Replacement":
        if (self.successor is None) == (self.name is None):
            raise ValueError("Choose a person, or write the name of a new one.")
        return self


class Paper(Input):
    """The delegation's own word that an officer acts on."""

    paper_channel: Channel
    paper_number: Annotated[Filled, StringConstraints(max_length=100)]
    paper_date: date
