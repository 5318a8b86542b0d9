"""What delegations tell the features above them, inside the transaction of the change."""

from dataclasses import dataclass

from app.delegations.models import Delegation


@dataclass(frozen=True, slots=True)
class KindChanged:
    """A delegation takes part in another way than before."""

    delegation: Delegation
