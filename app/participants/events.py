"""What participants tell the features above them, inside the transaction of the change."""

from dataclasses import dataclass

from app.accounts.rules import Actor
from app.delegations.models import Delegation
from app.participants.models import Participant
from app.participants.rules import Status


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """Registrations that took a new status together; each with the status before."""

    actor: Actor
    changes: tuple[tuple[Participant, Delegation, Status], ...]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ParticipantEdited:
    """A person's data changed; `fields` names what."""

    actor: Actor
    person: Participant
    delegation: Delegation
    fields: frozenset[str]
