"""What the API takes and shows of quotas."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from app.core.schemas import Filled, Input, Output
from app.delegations.rules import Kind
from app.delegations.schemas import Code

Name = Annotated[Filled, StringConstraints(max_length=200)]
RoleWord = Annotated[str, Field(max_length=32, pattern=r"^[a-z_]+$")]


class Scope(Input):
    """Whom a quota covers; what is left out covers all."""

    kind: Kind | None = None
    delegation: Code | None = None
    roles: Annotated[list[RoleWord], Field(max_length=32)] = []


class QuotaIn(Input):
    """A quota to create."""

    name: Name
    capacity: Annotated[int, Field(ge=0, le=1_000_000)]
    scope: Scope = Scope()
    waiting_list: bool = False


class QuotaEdit(Input):
    """A change of a quota; what is left out stays."""

    name: Name | None = None
    capacity: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    waiting_list: bool | None = None


class QuotaOut(Output):
    """A quota and how many of its places are used."""

    id: UUID
    name: str
    capacity: int
    used: int
    kind: Kind | None
    delegation_id: UUID | None
    roles: list[str]
    waiting_list: bool
    version: int
