"""What quotas tell the features above them."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class QuotaCreated:
    """A quota that covers, perhaps, registrations approved before it."""

    conference_id: UUID
    quota_id: UUID


@dataclass(frozen=True, slots=True)
class QuotaChanged:
    """A quota whose capacity changed: somebody may no longer have to wait."""

    conference_id: UUID
