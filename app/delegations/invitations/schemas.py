"""What the API and the forms take and show of invitations."""

import re
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from app.core.schemas import Filled, Input, Line, Output
from app.delegations.invitations.rules import Channel, ProposalState, RegionalGroup
from app.delegations.rules import InvitationStatus, Kind
from app.delegations.schemas import Code

Email = Annotated[
    Line, StringConstraints(max_length=254, pattern=r"^[^@\s,;<>\"()]+@[^@\s,;<>\"()]+$")
]
Number = Annotated[Filled, StringConstraints(max_length=100)]


def _split(given: object) -> object:
    """Codes as a form sends them: in one text, apart by spaces or commas."""
    if isinstance(given, list) and len(given) == 1 and isinstance(given[0], str):
        return [code for code in re.split(r"[\s,;]+", given[0].upper()) if code]
    return given


Codes = Annotated[list[Code], BeforeValidator(_split), Field(max_length=500)]


class FocalPointIn(Input):
    """A focal point to add, by e-mail."""

    email: Email
    name: Annotated[Filled, StringConstraints(max_length=200)]


class FocalPointOut(Output):
    """A focal point of a delegation."""

    id: UUID
    email: str
    name: str


class InvitationIn(Input):
    """Whom to invite, by codes, kind or regional group, with the letter's number and date.

    One delegation is invited at once; more wait for a second officer.
    """

    delegations: Codes = []
    kind: Kind | None = None
    regional_group: RegionalGroup | None = None
    number: Number
    dated: date
    reply_by: date | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "InvitationIn":
        if sum(map(bool, (self.delegations, self.kind, self.regional_group))) != 1:
            raise ValueError("Name delegations, or a kind, or a regional group: one of the three.")
        return self


class ProposalOut(Output):
    """An invitation under one letter, and what became of it."""

    id: UUID
    state: ProposalState
    codes: list[str]
    left_out: dict[str, str]
    number: str
    dated: date
    reply_by: date | None
    proposer: str
    created_at: datetime
    decider: str | None
    decided_at: datetime | None


class NotInvitedIn(Input):
    """Whom nobody invites: a delegation's code or a state's ISO code, and why."""

    code: Code
    reason: Annotated[Filled, StringConstraints(max_length=300)]


class NotInvitedOut(Output):
    """An entry of the not-invited list."""

    id: UUID
    code: str
    reason: str


class Reminded(Output):
    """How many delegations were reminded, and how many mails that took."""

    delegations: int
    mails: int


class ReplyIn(Input):
    """A reply to the invitation; an officer adds the paper that it came on."""

    invitation_status: Literal[InvitationStatus.accepted, InvitationStatus.declined]
    channel: Channel | None = None
    number: Annotated[Line, StringConstraints(max_length=100)] | None = None
    dated: date | None = None
