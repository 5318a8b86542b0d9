"""What pairing and its lists take and show."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import StringConstraints, model_validator

from app.core.schemas import Input, Line, Output


class PairIn(Input):
    """A pairing code as typed, for which conference's page, and what the device is to be called."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    conference: Annotated[str, StringConstraints(max_length=64)] | None = None
    name: Annotated[Line, StringConstraints(max_length=100)] = ""


class PairedOut(Output):
    """The device's token, shown this once, and the gate it is for."""

    token: str
    conference: str
    gate: UUID
    gate_name: str


class CodeOut(Output):
    """A pairing code, shown this once."""

    code: str
    expires_at: datetime


class DeviceOut(Output):
    """A scanner that was paired, and when it last asked what to decide by or brought a scan."""

    id: UUID
    name: str
    created_at: datetime
    last_seen_at: datetime | None


class DeviceForm(Input):
    """What the desk does with a gate's devices."""

    how: Literal["code", "revoke"]
    device: UUID | None = None

    @model_validator(mode="after")
    def _which(self) -> Self:
        if (self.how == "revoke") != (self.device is not None):
            raise ValueError("Revoking names a device, and asking for a code does not.")
        return self
