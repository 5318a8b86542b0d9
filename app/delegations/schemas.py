"""What the API and the forms take and show of delegations."""

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints, model_validator

from app.core.schemas import ByLanguage, Filled, Input, Output
from app.delegations.rules import Hosting, InvitationStatus, Kind, Language, Reach

Iso3 = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{2,16}$")]


class DelegationIn(Input):
    """A delegation to create: a state by `iso3`, anything else by `name`."""

    kind: Kind
    iso3: Iso3 | None = None
    name: Filled | None = None
    names: ByLanguage = {}
    code: Code | None = None
    reach: Reach | None = None
    invitation_status: InvitationStatus = InvitationStatus.invited
    hosting: Hosting | None = None
    language: Language | None = None

    @model_validator(mode="after")
    def _named(self) -> "DelegationIn":
        if not (self.iso3 or self.name):
            raise ValueError("Give the state's ISO code (iso3) or a name.")
        return self


class DelegationEdit(Input):
    """A change of a delegation; what is left out stays."""

    name: Filled | None = None
    names: ByLanguage | None = None
    kind: Kind | None = None
    reach: Reach | None = None
    iso3: Iso3 | None = None
    invitation_status: InvitationStatus | None = None
    hosting: Hosting | None = None
    language: Language | None = None


class DelegationOut(Output):
    """A delegation as the API shows it; addressed by its code."""

    id: UUID
    code: str
    name: str
    names: dict[str, str]
    kind: Kind
    reach: Reach | None
    iso3: str | None
    invitation_status: InvitationStatus
    hosting: Hosting | None
    language: Language | None
    warnings: list[str] = []
    version: int


class DelegationRow(Output):
    """A line of the list: the delegation and how many people it has."""

    code: str
    name: str
    kind: Kind
    iso3: str | None
    invitation_status: InvitationStatus
    hosting: Hosting | None
    participants: int
    approved: int
