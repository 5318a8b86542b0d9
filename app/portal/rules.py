"""What a person still lacks, what a delegation may do with one, and the order it gives."""

from collections.abc import Collection, Sequence
from typing import TypeVar

from app.core.text import in_latin
from app.participants.rules import Rank, Role, Sex, Status

One = TypeVar("One")


OPEN = frozenset({Status.nominated, Status.submitted, Status.waitlisted})
"""Not decided yet: the delegation still changes these data itself."""

_WITHOUT_FUNCTION = frozenset({Role.spouse})
_WITHOUT_EMAIL = frozenset({Role.spouse, Role.security, Role.support})

STYLES = (
    *("H.E. Mr.", "H.E. Ms.", "H.R.H.", "H.H.", "Hon.", "Dr.", "Mr.", "Ms."),
    *("S.E. M.", "S.E. Mme", "M.", "Mme"),
    *("معالي", "سعادة", "سمو", "السيد", "السيدة"),
)
"""Forms of address that the form proposes; any other may be written."""


def missing(
    *,
    name: str,
    function: str | None,
    role: Role,
    rank: Rank | None,
    sex: Sex | None,
    email: str | None,
    photo: bool,
    exempt: Collection[str],
) -> list[str]:
    """What a nomination lacks, by key, most important first; `rank` may be only suggested.

    Nobody of an exempt rank is asked for a photo or an address.
    """
    principal = rank is not None and rank in exempt
    found = {
        "latin_name": not in_latin(name),
        "function": not function and role not in _WITHOUT_FUNCTION,
        "photo": not photo and not principal,
        "sex": sex is None,
        "email": not email and not principal and role not in _WITHOUT_EMAIL,
    }
    return [key for key, lacks in found.items() if lacks]


def may_send_photo(status: Status, *, has_one: bool) -> bool:
    """An approved photo stands, but one that never came may still come: the badge waits for it."""
    return status in OPEN or (status is Status.approved and not has_one)


def moved(order: Sequence[One], one: One, step: int) -> list[One]:
    """The order after `one` went `step` places down (up, if negative), as far as there is room."""
    rest = [other for other in order if other != one]
    place = max(0, min(order.index(one) + step, len(rest)))
    return [*rest[:place], one, *rest[place:]]
