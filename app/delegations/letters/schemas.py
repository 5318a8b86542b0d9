"""What the API and the forms take and show of letters."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import UploadFile
from pydantic import StringConstraints, model_validator

from app.core.schemas import Input, Line, Output
from app.delegations.invitations.rules import Channel
from app.delegations.letters.rules import LetterKind


class LetterIn(Input):
    """A letter beside its file; a note verbale has no signatory."""

    kind: LetterKind
    number: Annotated[Line, StringConstraints(max_length=100)] | None = None
    dated: date | None = None
    signatory: Annotated[Line, StringConstraints(max_length=200)] | None = None
    channel: Channel | None = None

    @model_validator(mode="after")
    def _unsigned(self) -> "LetterIn":
        if self.kind is LetterKind.note_verbale and self.signatory:
            raise ValueError("A note verbale has no signatory; leave the name out.")
        return self


class LetterOut(Output):
    """A letter as the API lists it."""

    id: UUID
    kind: LetterKind
    number: str | None
    dated: date | None
    signatory: str | None
    channel: Channel | None
    created_at: datetime


class LetterForm(LetterIn):
    """A letter with its file, as a form sends both."""

    file: UploadFile
