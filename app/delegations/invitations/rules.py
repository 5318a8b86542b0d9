"""Who may be invited and who confirms it."""

from enum import StrEnum
from uuid import UUID

from app.core.errors import Clash
from app.delegations.rules import InvitationStatus


class Channel(StrEnum):
    """How a reply or a letter reached the conference."""

    note_verbale = "note_verbale"
    letter = "letter"
    email = "email"
    telephone = "telephone"
    in_person = "in_person"
    portal = "portal"


class Act(StrEnum):
    """One step of an invitation, as the delegation's timeline tells it."""

    invited = "invited"
    reminded = "reminded"
    accepted = "accepted"
    declined = "declined"


class ProposalState(StrEnum):
    """What became of a proposed bulk invitation."""

    proposed = "proposed"
    confirmed = "confirmed"
    dropped = "dropped"


class RegionalGroup(StrEnum):
    """The regional groups of the United Nations."""

    african = "african"
    asia_pacific = "asia_pacific"
    eastern_european = "eastern_european"
    latin_american_and_caribbean = "latin_american_and_caribbean"
    western_european_and_others = "western_european_and_others"


class LeftOut(StrEnum):
    """Why a bulk invitation passes a delegation over."""

    not_invited = "not_invited"
    answered = "answered"
    invited_before = "invited_before"


ANSWERED = frozenset({InvitationStatus.accepted, InvitationStatus.declined})


def waits(status: InvitationStatus, *, invited: bool) -> bool:
    """Whether a reply is awaited: invited by a letter kept here, or marked as silent."""
    return status is InvitationStatus.no_reply or (invited and status not in ANSWERED)


def left_out(*, listed: bool, status: InvitationStatus, invited: bool) -> LeftOut | None:
    """Why a bulk invitation leaves a delegation out, if it does."""
    if listed:
        return LeftOut.not_invited
    if status in ANSWERED:
        return LeftOut.answered
    return LeftOut.invited_before if invited else None


def require_invitable(name: str, reason: str | None, status: InvitationStatus) -> None:
    """Raises `Clash` where one delegation cannot be invited: listed with a reason, or coming."""
    if reason is not None:
        raise Clash(f"{name} is on the not-invited list: {reason}", code="not-invited")
    if status is InvitationStatus.accepted:
        raise Clash(f"{name} has accepted already.", code="already-accepted")


def require_second(proposed_by: UUID | None, actor_id: UUID | None) -> None:
    """Raises `Clash` unless another known officer than the one who proposed decides."""
    if actor_id is None or actor_id == proposed_by:
        raise Clash(
            "A bulk invitation is confirmed by another officer than the one who proposed it.",
            code="second-officer",
        )
