"""What the gates tell whoever counts or watches."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Seen:
    """What gates count at these conferences is another now: a scan, an attestation, a conflict."""

    conferences: frozenset[UUID]
