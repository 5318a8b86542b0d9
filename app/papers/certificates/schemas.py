"""What the API and the pages take and show of certificates."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.schemas import Filled, Input, Line, Output


class IssueIn(Input):
    """To whom certificates are issued; nobody named: to all who attended and have none."""

    participants: Annotated[list[UUID], Field(max_length=1_000)] = []


class RevokeIn(Input):
    """Why a certificate is revoked."""

    reason: Filled


class VerifyIn(Input):
    """What a certificate says: its code, and the name printed on it."""

    code: Line = ""
    name: Line = ""


class CertificateOut(Output):
    """A certificate; `attended` is false once the presence it stands on was annulled."""

    id: UUID
    participant: UUID
    name: str
    delegation: str
    code: str
    issued_at: datetime
    issued_by: str
    revoked_at: datetime | None
    reason: str | None
    attended: bool

    @property
    def is_valid(self) -> bool:
        """Neither revoked nor without the presence that it stands on."""
        return self.revoked_at is None and self.attended


class IssuedOut(Output):
    """How many certificates were made, and how many were annulled for want of a presence."""

    issued: int
    annulled: int
