"""What a list of people is narrowed to and ordered by, from the address, for every door."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from app.core.schemas import Choice
from app.delegations.rules import Kind
from app.delegations.schemas import Code
from app.participants.rules import Rank, Role, Status
from app.participants.store import Filters

Ordering = Literal["delegation", "name", "status", "-created"]


def _filters(
    search: Annotated[str, Query(max_length=200)] = "",
    status: Choice[Status] = None,
    kind: Choice[Kind] = None,
    role: Choice[Role] = None,
    rank: Choice[Rank] = None,
    delegation: Choice[Code] = None,
    undecided: Choice[bool] = None,
) -> Filters:
    return Filters(search, status, kind, role, rank, delegation, bool(undecided))


Filtered = Annotated[Filters, Depends(_filters)]
