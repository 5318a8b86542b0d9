"""What the gates tell the features above."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody was scanned or attested at these conferences."""

    conferences: frozenset[UUID]
