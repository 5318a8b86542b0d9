"""What the API shows of the dashboard."""

from datetime import date, datetime

from app.core.schemas import Output
from app.figures.rules import Basis


class StepOut(Output):
    """A step from nomination to attendance."""

    basis: Basis
    persons: int


class HourOut(Output):
    """People first seen that day in one hour of the conference's clocks."""

    hour: int
    persons: int


class DayOut(Output):
    """The arrivals of a day of the conference, or of a day before it on which people came."""

    day: date
    persons: int
    hours: list[HourOut]


class RegionOut(Output):
    """A regional group of states; `no_group` is one too."""

    key: str
    states: int
    persons: int


class SexOut(Output):
    """Women, men or unknown, with a share in whole per cents."""

    key: str
    persons: int
    share: int


class QuotaUse(Output):
    """A quota and how much of it is taken."""

    name: str
    used: int
    capacity: int


class GateOut(Output):
    """A gate and how many first entries of a day it saw; none: attested by an officer."""

    name: str | None
    persons: int


class DashboardOut(Output):
    """The dashboard; `quotas` is none for who may not see them."""

    conference: str
    basis: Basis
    as_of: datetime
    known_at: datetime
    excluded: list[str]
    funnel: list[StepOut]
    days: list[DayOut]
    regions: list[RegionOut]
    sexes: list[SexOut]
    quotas: list[QuotaUse] | None
    gates: list[GateOut]


class LiveOut(Output):
    """How many people have been seen in person so far, and today."""

    so_far: int
    today: int
