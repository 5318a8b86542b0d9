"""What the API and the form take and show of zone passes."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from app.core.schemas import Input, Output

ZoneKey = Annotated[str, Field(max_length=32, pattern=r"^[a-z_]+$")]


class PassIn(Input):
    """A zone to open."""

    zone: ZoneKey


class PassOut(Output):
    """A zone that a person's badge opens beyond its category."""

    zone: str
    granted_at: datetime
    granted_by: str
