"""Who is invited, until when one replies, and when there is a place; nothing here fetches."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.core.errors import Clash
from app.core.text import clean

LAPSES_BEFORE = timedelta(hours=48)
"""How long before a reception an unanswered invitation lapses."""


class Reply(StrEnum):
    """What became of an invitation."""

    no_reply = "no_reply"
    accepted = "accepted"
    declined = "declined"
    lapsed = "lapsed"


@dataclass(frozen=True, slots=True)
class Places:
    """A reception's places: `extra` are those laid for principals beyond the capacity."""

    capacity: int
    used: int
    extra: int = 0


def is_principal(role: str, rank: str | None, principal_ranks: Collection[str]) -> bool:
    """Heads of delegation, and people of ministerial rank and above: never turned away."""
    return role == "head" or rank in principal_ranks


def standing(reply: Reply, *, starts_at: datetime, now: datetime, principal: bool) -> Reply:
    """The reply as it stands now: silence lapses 48 hours before, except that of a principal."""
    if reply is Reply.no_reply and now >= starts_at - LAPSES_BEFORE and not principal:
        return Reply.lapsed
    return reply


def check_reply_time(*, starts_at: datetime, now: datetime, officer: bool) -> None:
    """Raises `Clash` (`too-late`) for guests within 48 hours; officers record until it starts."""
    if now >= starts_at - LAPSES_BEFORE and not officer:
        raise Clash(
            "It is too late to reply here; call the protocol desk, which can still record it.",
            code="too-late",
        )


def check_companions(asked: int, allowed: int) -> None:
    """Raises `Clash` (`companions-exceeded`) for more companions than the invitation says."""
    if asked > allowed:
        raise Clash(
            f"This invitation is for the guest and {allowed} more, not {asked}.",
            code="companions-exceeded",
        )


def places_of(reply: Reply, companions: int) -> int:
    """How many places a reply takes."""
    return 1 + companions if reply is Reply.accepted else 0


def exchange(places: Places, *, had: int, wants: int, principal: bool) -> Places:
    """The places after one reply instead of another. Raises `Clash` (`reception-full`).

    Who asks for no more than before is never refused. For a principal a place is laid where there
    is none; companions come only where there is room.
    """
    used = places.used - had + wants
    if wants <= had or used <= places.capacity:
        return Places(places.capacity, used, max(0, used - places.capacity))
    if principal and wants == 1:
        return Places(places.capacity, used, used - places.capacity)
    free = max(0, places.capacity - places.used + had)
    left = f"{free} places are free" if free > 1 else "one place is free" if free else "it is full"
    raise Clash(
        f"The reception has {places.capacity} places and {left}.",
        code="reception-full",
        members={"capacity": places.capacity, "used": places.used},
    )


_LINKS = re.compile(r"[<>\[\](){}@/\\]|https?:|www\.", re.IGNORECASE)
_DOTTED = re.compile(r"\.(?=\S)")


def inert(text: str) -> str:
    """A text that no mail program makes a link of: a name must not carry one into our mails."""
    return clean(_DOTTED.sub(". ", _LINKS.sub(" ", text)))
