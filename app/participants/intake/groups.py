"""What the labels of a file mean in the vocabulary: kinds, roles, ranks, sexes, by language."""

from typing import Literal

from app.core.text import fold
from app.participants.intake.words import index


def kind_of(label: str) -> str | None:
    """The delegation kind that a group or kind label names, if it names one."""
    return index("groups", "kinds").get(fold(label))


def role_of(label: str) -> str | None:
    """The role that a label names."""
    return index("groups", "roles").get(fold(label))


def rank_of(label: str) -> str | None:
    """The rank that a label of a Rank column names: here somebody has decided it."""
    return index("groups", "ranks").get(fold(label))


def sex_of(label: str) -> Literal["female", "male"] | None:
    """The sex that a label names; empty and unknown labels name none."""
    match index("groups", "sexes").get(fold(label)):
        case "female":
            return "female"
        case "male":
            return "male"
    return None
