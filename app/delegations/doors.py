"""A delegation's place in an address, for every door."""

from typing import Annotated

from fastapi import Path

ByCode = Annotated[str, Path(pattern=r"^[A-Z0-9-]{2,16}$")]
