"""What the API shows of figures."""

from datetime import datetime
from uuid import UUID

from app.core.schemas import Output
from app.delegations.rules import Kind
from app.figures.breakdown import By
from app.figures.rules import ORDER, Basis, Unit
from app.participants.rules import Rank, Role, Status


class LineOut(Output):
    """A row of the participation table."""

    key: str
    label: str
    bodies: int
    participants: int
    women: int
    men: int
    unknown: int


class StatisticsOut(Output):
    """The participation table with all that it stands on."""

    conference: str
    basis: Basis
    as_of: datetime
    known_at: datetime
    excluded: list[str]
    excluded_counts: dict[str, int]
    definition: str
    sample: bool
    groups: list[LineOut]
    subtotals: list[LineOut]
    total: LineOut

    @property
    def lines(self) -> list[LineOut]:
        """The table as it is read: each subtotal after what it sums, the total last."""
        inner = sorted((*self.groups, *self.subtotals), key=lambda one: ORDER.index(one.key))
        return [*inner, self.total]


class BreakdownOut(Output):
    """Counted people by what they are; a person may be in several rows or in none."""

    conference: str
    by: By
    basis: Basis
    as_of: datetime
    known_at: datetime
    definition: str
    excluded_counts: dict[str, int]
    sample: bool
    rows: list[LineOut]
    total: LineOut

    @property
    def lines(self) -> list[LineOut]:
        """The rows and the total."""
        return [*self.rows, self.total]


class HallOut(Output):
    """A session, reception or zone: `peak` is none where no exit was scanned."""

    key: str
    label: str
    entries: int
    exits: int
    peak: int | None
    peak_at: datetime | None


class HallsOut(Output):
    """How full each place was at the fullest, by scans."""

    conference: str
    basis: Basis
    as_of: datetime
    known_at: datetime
    definition: str
    excluded: list[str]
    halls: list[HallOut]


class FigureOut(Output):
    """One figure and its definition."""

    key: str
    label: str
    definition: str
    unit: Unit
    number: int


class FiguresOut(Output):
    """Every figure, and the bridge: counted and left out make all whom the basis counts."""

    conference: str
    basis: Basis
    as_of: datetime
    known_at: datetime
    definition: str
    sample: bool
    counted: int
    excluded_counts: dict[str, int]
    holders: int
    figures: list[FigureOut]


class SummaryOut(Output):
    """The communiqué and the figures in it."""

    conference: str
    basis: Basis
    as_of: datetime
    known_at: datetime
    language: str
    excluded: list[str]
    definition: str
    sample: bool
    notice: str | None
    text: str
    figures: dict[str, int]


class PersonOut(Output):
    """One of the persons behind a figure."""

    id: UUID
    name: str
    style: str | None
    function: str | None
    delegation: str
    delegation_name: str
    kind: Kind
    status: Status
    role: Role
    rank: Rank | None
    presence: str | None
