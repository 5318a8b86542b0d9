"""What badges tell the features above them, inside the transaction of the change."""

from dataclasses import dataclass
from uuid import UUID

from app.accounts.rules import Actor
from app.badges.models import Badge


@dataclass(frozen=True, slots=True)
class BadgeBound:
    """A blank badge, perhaps scanned already, is a person's from now on."""

    actor: Actor
    badge: Badge
    participant_id: UUID
