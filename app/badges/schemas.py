"""What the API and the forms take and show of badges."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator
from sqlalchemy import Row

from app.badges.rules import BadgeState, BatchState, CardKind, Design, categories, serial_of
from app.badges.store import Choice
from app.core.schemas import Filled, Input, Output
from app.delegations.schemas import Code


def _known(key: str) -> str:
    if key not in categories():
        raise ValueError(f"There is no such category; write one of {', '.join(categories())}.")
    return key


Category = Annotated[str, StringConstraints(max_length=32), AfterValidator(_known)]
Serial = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,19}$")]
Words = Annotated[Filled, StringConstraints(max_length=200)]
AsText = Annotated[str, BeforeValidator(str)]
"""A serial has 63 bits: as a JSON number, scripts in a browser would round it."""


class PrintIn(Input):
    """Which badges to print; all that are not collected where nothing is said.

    A person's badge that was printed before gets a new serial, and the old one scans `revoked`; a
    card that was printed before is left out. What is asked for by serial or person and is
    collected is refused.
    """

    delegation: Code | None = None
    category: Category | None = None
    unprinted: bool = False
    participant: UUID | None = None
    serials: list[Serial] = []
    design: Design = Design.a6

    def choice(self) -> Choice:
        """The badges meant."""
        return Choice(
            delegation=self.delegation,
            participant=self.participant,
            category=self.category,
            unprinted=self.unprinted,
            serials=tuple(map(serial_of, self.serials)),
        )


class _Some(Input):
    delegation: Code | None = None
    participant: UUID | None = None
    serial: Serial | None = None
    serials: list[Serial] = []

    @model_validator(mode="after")
    def _chosen(self) -> Self:
        if not (self.delegation or self.participant or self.serial or self.serials):
            raise ValueError("Say which: serial, serials, participant or delegation.")
        return self

    def choice(self) -> Choice:
        """The badges meant."""
        named = [*self.serials, *([self.serial] if self.serial else [])]
        return Choice(
            delegation=self.delegation,
            participant=self.participant,
            serials=tuple(map(serial_of, named)),
        )


class HandOverIn(_Some):
    """Badges given in bulk to somebody who distributes them."""

    to: Words


class CollectIn(_Some):
    """Badges that their holders have now; `by` names a proxy, `letter` the paper they showed."""

    by: Words | None = None
    letter: Words | None = None
    at: datetime | None = None

    @model_validator(mode="after")
    def _of_a_proxy(self) -> Self:
        if self.letter and not self.by:
            raise ValueError("A letter is a proxy's: say who came.")
        return self


class ProxyIn(Input):
    """Who came in a holder's place, and on what paper they act."""

    by: Words
    letter: Words


class RevokeIn(Input):
    """Why a badge is revoked."""

    reason: Words


class LostIn(Input):
    """A badge reported lost; by what the officer knew who was asking."""

    identity_check: Words


class BindIn(Input):
    """Whose a blank day badge is, and since when."""

    participant: UUID
    at: datetime | None = None


class CardsIn(Input):
    """Cards that name no person. `label` is printed in place of a name."""

    kind: CardKind
    count: Annotated[int, Field(ge=1, le=500)] = 1
    delegation: Code | None = None
    label: Words | None = None
    valid_on: date | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.kind is CardKind.transferable) != (self.delegation is not None):
            raise ValueError("A transferable card is held by a delegation, and no other card is.")
        if (self.kind is CardKind.day) != (self.valid_on is not None):
            raise ValueError("A day badge names its day, and no other card does.")
        if self.kind in {CardKind.service, CardKind.vehicle} and not self.label:
            raise ValueError("Say what the pass is for: it is printed in place of a name.")
        return self


class BadgeOut(Output):
    """A badge as the list shows it; the code admits its bearer."""

    serial: AsText
    code: str
    participant: UUID | None
    name: str | None
    delegation: str | None
    delegation_name: str | None
    category: str
    status: BadgeState
    issued_at: datetime
    printed_at: datetime | None
    handed_over_at: datetime | None
    handed_over_to: str | None
    collected_at: datetime | None
    collected_by: str | None
    revoked_at: datetime | None
    revoked_reason: str | None
    label: str | None
    valid_from: date
    valid_until: date
    collected_letter: str | None
    identity_check: str | None


def shown(row: Row[*tuple[Any, ...]]) -> BadgeOut:
    """A line of the list as it is shown, with how far the badge came."""
    steps = {
        BadgeState.revoked: row.revoked_at,
        BadgeState.collected: row.collected_at,
        BadgeState.handed_over: row.handed_over_at,
        BadgeState.printed: row.printed_at,
    }
    status = next((state for state, at in steps.items() if at), BadgeState.issued)
    return BadgeOut.model_validate({**row._mapping, "status": status})


class FoundOut(BadgeOut):
    """A badge that somebody found, and the serial that took its place."""

    replaced_by: str | None


class HeldOut(Output):
    """A badge that may not be printed, and why."""

    participant: UUID
    name: str
    delegation: str
    reason: str


class Counted(Output):
    """How many badges an act reached."""

    count: int


class FileOut(Output):
    """A PDF of a batch, for a day."""

    id: UUID
    position: int
    badges: int


class BatchOut(Output):
    """A print: how many of its badges are done, how many were held back, and its files."""

    id: UUID
    title: str
    design: Design
    state: BatchState
    badges: int
    done: int
    held: int
    created_at: datetime
    created_by: str
    finished_at: datetime | None
    files: list[FileOut]
