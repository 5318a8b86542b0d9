"""What the API and the forms take and show of gates, scans and presence."""

import re
from datetime import date, datetime, time
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from app.badges.rules import categories
from app.badges.schemas import AsText
from app.core.schemas import Filled, Input, Line, LongLine, Output
from app.gates.rules import Direction, GateKind, Result, Source, Way
from app.participants.rules import Rank


def _category(key: str) -> str:
    if key not in categories():
        raise ValueError("Choose one of the options.")
    return key


Zone = Annotated[int, Field(ge=0, le=61)]
GateName = Annotated[Filled, StringConstraints(max_length=200)]


class WindowIn(Input):
    """When a gate is open, by the conference's clocks; each day where none is named."""

    opens: time
    closes: time
    day: date | None = None

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.opens.tzinfo or self.closes.tzinfo or self.opens >= self.closes:
            raise ValueError("A gate closes after it opens, by the conference's clocks.")
        return self


_WINDOW = re.compile(r"(?:(\d{4}-\d\d-\d\d)\s+)?(\d\d:\d\d)\s*[-–]\s*(\d\d:\d\d)")


def _typed(given: object) -> object:
    """Windows as people type them, one a line: `08:00–12:00` or `2024-11-05 08:00–12:00`."""
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        return given
    found: list[dict[str, str | None]] = []
    for line in filter(None, (line.strip() for text in given for line in text.splitlines())):
        match = _WINDOW.fullmatch(line)
        if match is None:
            raise ValueError("Write a line like 08:00–12:00, or 2024-11-05 08:00–12:00.")
        found.append(dict(zip(("day", "opens", "closes"), match.groups(), strict=True)))
    return found


class RulesIn(Input):
    """What a gate asks beyond a valid badge of its zone; what is left out asks nothing.

    `zones` open it too; `seats` and `cards` are how many people, and how many transferable cards,
    of one delegation may be inside at once.
    """

    direction: Way = Way.both
    zones: Annotated[list[Zone], Field(max_length=62)] = []
    categories: Annotated[
        list[Annotated[str, AfterValidator(_category)]], Field(max_length=50)
    ] = []
    ranks: Annotated[list[Rank], Field(max_length=20)] = []
    seats: Annotated[int, Field(ge=0, le=100_000)] | None = None
    cards: Annotated[int, Field(ge=0, le=100_000)] | None = None
    reentry: bool = True
    anti_passback: bool = True
    windows: Annotated[list[WindowIn], BeforeValidator(_typed), Field(max_length=50)] = []

    def kept(self) -> dict[str, object]:
        """The rules as a gate keeps them."""
        return self.model_dump(mode="json", exclude_defaults=True)


class GateEdit(Input):
    """A change of a gate; what is left out stays, rules are replaced as a whole."""

    name: GateName | None = None
    counts: bool | None = None
    rules: RulesIn | None = None


class GateForm(RulesIn):
    """The same as the desk's form sends it."""

    name: GateName
    counts: bool = True


def _guarded(text: str) -> str:
    kind, _, id = text.partition(":")
    if kind not in (GateKind.session, GateKind.reception):
        kind, id = text, ""
    try:
        GateKind(kind), id and UUID(id)
    except ValueError:
        raise ValueError("Choose one of the options.") from None
    return text


class NewGateForm(GateForm):
    """A new gate as the desk's form sends it; it guards a `zone`, or a thing as `kind:id`."""

    guards: Annotated[str, AfterValidator(_guarded)] = "zone"
    zone: Zone = 0


class GateIn(Input):
    """A gate to create. `zone` is the bit that badges need; `counts` makes an entry attendance."""

    name: GateName
    kind: GateKind = GateKind.zone
    zone: Zone = 0
    counts: bool = True
    session_id: UUID | None = None
    reception_id: UUID | None = None
    rules: RulesIn = RulesIn()

    @model_validator(mode="after")
    def _guards(self) -> Self:
        if (self.kind is GateKind.session) != (self.session_id is not None):
            raise ValueError("A gate of a session names its session, and no other gate does.")
        if (self.kind is GateKind.reception) != (self.reception_id is not None):
            raise ValueError("A gate of a reception names its reception, and no other gate does.")
        return self


class GateOut(Output):
    """A gate as the API shows it."""

    id: UUID
    name: str
    kind: GateKind
    zone: int
    counts: bool
    session_id: UUID | None
    reception_id: UUID | None
    rules: dict[str, object]
    version: int


class GateStatus(Output):
    """Badges inside now (entered and not left today), admitted ever, and expected."""

    id: UUID
    name: str
    inside: int
    admitted: int
    expected: int


class RedeemIn(BaseModel):
    """A scan in the shape that scanning clients send; what only pretix needs is passed over."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    secret: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    # No list: its default would be copied, deeply, for every scan.
    lists: Annotated[tuple[UUID, ...], Field(max_length=100)] = ()
    type: Direction = Direction.entry
    nonce: Annotated[str, StringConstraints(max_length=64, pattern=r"^[!-~]*$")] | None = None
    at: Annotated[datetime | None, Field(alias="datetime")] = None
    force: bool = False


class RedeemOut(BaseModel):
    """The answer that scanning clients read; `position` is there for every badge we know."""

    status: Literal["ok", "error"]
    reason: str | None
    reason_explanation: str | None
    require_attention: bool
    checkin_texts: list[str]
    gate: Annotated[dict[str, str | None], Field(alias="list")]
    position: dict[str, object] | None = None
    detail: str | None = None


class ToldIn(RedeemIn):
    """A scan that a device decided alone, with what it decided."""

    nonce: Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[!-~]*$")]
    offline_result: Annotated[str | None, StringConstraints(max_length=32)] = None


class BatchIn(BaseModel):
    """Up to a thousand scans; `sent` is the device's clock at sending, by which it is corrected."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    scans: Annotated[list[ToldIn], Field(max_length=1_000)]
    sent: datetime | None = None


class AnnulOut(BaseModel):
    """What scanning clients read where no badge is the matter: annulling, or a strange gate."""

    status: Literal["ok", "error"]
    reason: str | None = None
    reason_explanation: str | None = None


class BatchOut(BaseModel):
    """One result for each scan, in the order in which they came; short for a gate of others."""

    results: list[RedeemOut | AnnulOut]


class AnnulIn(BaseModel):
    """The nonce of the scan to be taken back."""

    model_config = ConfigDict(extra="ignore")

    nonce: Annotated[str, StringConstraints(min_length=1, max_length=64)]


class FoundOut(BaseModel):
    """A badge found by its holder's name, as scanning clients know positions."""

    model_config = ConfigDict(extra="allow")

    id: UUID
    secret: str
    attendee_name: str | None


class AttestIn(Input):
    """Presence seen by an officer; now, where no instant is given."""

    at: datetime | None = None
    place: Annotated[Line, StringConstraints(max_length=200)] = ""
    note: LongLine | None = None


class AttestationOut(Output):
    """A presence that an officer attests."""

    id: UUID
    participant_id: UUID
    source: Source
    at: datetime
    place: str
    note: str | None
    recorded_at: datetime
    attested_by: str


class ScanOut(Output):
    """A scan as it was decided."""

    id: int
    gate: UUID
    gate_name: str
    direction: Direction
    result: Result
    explanation: str | None
    forced: bool
    passed: bool
    offline_result: str | None
    conflict: Result | None
    annulled_at: datetime | None
    device_at: datetime
    at: datetime
    received_at: datetime
    device: UUID
    nonce: str
    serial: AsText | None
    participant: UUID | None
    name: str | None
    settled_note: str | None
    settled_by: str | None
    settled_at: datetime | None


class SettleIn(Input):
    """What was done about a conflict."""

    note: Filled


class SettledOut(Output):
    """A conflict as an officer settled it."""

    scan: Annotated[int, Field(validation_alias="scan_id")]
    found: Result
    note: str
    settled_at: datetime
    settled_by: str
