"""What an officer may decide about a person, and what became of one, in words."""

from dataclasses import dataclass
from datetime import timedelta

from app.participants.history import Change
from app.participants.rules import ACTIVE, TABLE, Mode, Status
from app.web.labels import label


@dataclass(frozen=True, slots=True)
class Act:
    """A decision as the page offers it."""

    name: str
    label: str
    explain: str = ""
    reason: bool = False
    danger: bool = False
    primary: bool = False
    weighed: bool = False  # what it touches is shown before it is done


_REINSTATE = Act("reinstate", "Reinstate", "A decision is due again.", primary=True)
_OVERRIDE = Act(
    "override",
    "Approve beyond the quota",
    "Approves at once, also where a quota is full. The badge enters and does not take the floor; "
    "your name and the reason are kept.",
    reason=True,
)
_BY_STATUS = {
    Status.submitted: Act(
        "submit", "Submit", "Puts the nomination before the officers.", primary=True
    ),
    Status.approved: Act(
        "approve", "Approve", "Takes a place in every quota that covers this person.", primary=True
    ),
    Status.nominated: Act(
        "return", "Return for correction", "The delegation corrects and submits again.", reason=True
    ),
    Status.refused: Act(
        "refuse", "Refuse", "Frees the place and revokes the badge.", reason=True, danger=True
    ),
    Status.withdrawn: Act(
        "withdraw",
        "Withdraw",
        "Frees the place, revokes the badge, and promotes whoever waits first.",
        reason=True,
        danger=True,
        weighed=True,
    ),
    Status.substituted: Act(
        "substitute",
        "Substitute",
        "Another person of the delegation takes the place; this badge is revoked first.",
        danger=True,
        weighed=True,
    ),
}


def acts(now: Status) -> list[Act]:
    """The decisions that the status table lets an officer take, the usual one first."""
    if now not in ACTIVE:
        return [_REINSTATE]
    decisions = [
        act
        for after, act in _BY_STATUS.items()
        # A waiting list promotes by itself, in its order.
        if (now, after) in TABLE and (now, after) != (Status.waitlisted, Status.approved)
    ]
    return [*decisions, _OVERRIDE] if now in (Status.submitted, Status.waitlisted) else decisions


_WORDS = {
    "status": "Status: {}",
    "rank": "Rank: {}",
    "role": "Role: {}",
    "mode": "Takes part: {}",
    "sex": "Sex: {}",
}
_ABSENT = {"rank": "undecided", "sex": "unknown"}


def told(change: Change) -> dict[str, object]:
    """A change in words, when it became true, and when it was entered if that was later."""
    parts = [
        words.format(label(change.fields[field] or _ABSENT[field], field))
        for field, words in _WORDS.items()
        if field in change.fields
        and not (change.first and change.fields[field] in (None, Mode.in_person))
    ]
    if "delegation_id" in change.fields and not change.first:
        parts.append("moved to another delegation")
    late = change.recorded_at - change.at > timedelta(minutes=1)
    return {
        "text": "; ".join(parts),
        "at": change.at,
        "recorded": change.recorded_at if late else None,
    }
