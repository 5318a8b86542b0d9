"""The vocabulary of participants, and the status table."""

from dataclasses import dataclass
from enum import StrEnum

from app.core.errors import Clash, Invalid


class Role(StrEnum):
    """What a person does in the delegation."""

    head = "head"
    deputy_head = "deputy_head"
    alternate = "alternate"
    delegate = "delegate"
    adviser = "adviser"
    observer = "observer"
    expert = "expert"
    interpreter = "interpreter"
    security = "security"
    support = "support"
    spouse = "spouse"
    media = "media"
    organiser = "organiser"


class Rank(StrEnum):
    """Rank as decided by a person; the order here is the default order of precedence."""

    head_of_state = "head_of_state"
    vice_president = "vice_president"
    crown_prince = "crown_prince"
    head_of_government = "head_of_government"
    deputy_head_of_government = "deputy_head_of_government"
    foreign_minister = "foreign_minister"
    minister = "minister"
    minister_of_state = "minister_of_state"
    deputy_minister = "deputy_minister"
    speaker_of_parliament = "speaker_of_parliament"
    ambassador = "ambassador"
    charge_daffaires = "charge_daffaires"
    executive_head = "executive_head"
    deputy_executive_head = "deputy_executive_head"
    senior_official = "senior_official"
    official = "official"
    none = "none"


class Sex(StrEnum):
    """As stated, or certain from the form of address; otherwise unknown (null)."""

    female = "female"
    male = "male"


class Mode(StrEnum):
    """How a person takes part."""

    in_person = "in_person"
    remote = "remote"


class Status(StrEnum):
    """Where a registration stands."""

    nominated = "nominated"
    submitted = "submitted"
    waitlisted = "waitlisted"
    approved = "approved"
    refused = "refused"
    withdrawn = "withdrawn"
    substituted = "substituted"


class Place(StrEnum):
    """What a change of status does to the places in quotas."""

    unchanged = "unchanged"
    taken = "taken"
    queued = "queued"
    freed = "freed"
    passed_on = "passed_on"


class BadgeEffect(StrEnum):
    """What a change of status does to the badge."""

    unchanged = "unchanged"
    issued = "issued"
    revoked = "revoked"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the status table."""

    by: frozenset[str]
    place: Place
    badge: BadgeEffect


ACTIVE = frozenset({Status.nominated, Status.submitted, Status.waitlisted, Status.approved})
"""Statuses that the basis `nominated` counts, and from which one can withdraw."""

_OFFICER = frozenset({"officer"})
_DELEGATION = frozenset({"focal_point", "officer"})
_BY_ITSELF = frozenset({"promotion"})

_REFUSAL = Transition(_OFFICER, Place.freed, BadgeEffect.revoked)
_WITHDRAWAL = Transition(_DELEGATION, Place.freed, BadgeEffect.revoked)
_RETURN = Transition(_OFFICER, Place.unchanged, BadgeEffect.unchanged)

TABLE: dict[tuple[Status, Status], Transition] = {
    (Status.nominated, Status.submitted): Transition(
        _DELEGATION, Place.unchanged, BadgeEffect.unchanged
    ),
    (Status.submitted, Status.nominated): _RETURN,
    (Status.submitted, Status.approved): Transition(_OFFICER, Place.taken, BadgeEffect.issued),
    (Status.submitted, Status.waitlisted): Transition(
        _OFFICER, Place.queued, BadgeEffect.unchanged
    ),
    (Status.waitlisted, Status.approved): Transition(_BY_ITSELF, Place.taken, BadgeEffect.issued),
    (Status.submitted, Status.refused): _REFUSAL,
    (Status.waitlisted, Status.refused): _REFUSAL,
    (Status.approved, Status.refused): _REFUSAL,
    **{(status, Status.withdrawn): _WITHDRAWAL for status in sorted(ACTIVE)},
    (Status.approved, Status.substituted): Transition(
        _DELEGATION, Place.passed_on, BadgeEffect.revoked
    ),
    (Status.withdrawn, Status.submitted): _RETURN,
    (Status.substituted, Status.submitted): _RETURN,
    (Status.refused, Status.submitted): _RETURN,
}
"""The status table of the product: every change that is not here is refused."""


def transition(before: Status, after: Status, *, by: str) -> Transition:
    """The row of the status table for a change made by `officer`, `focal_point` or `promotion`.

    Raises `Clash` (`wrong-status`) where the table has none, or not for this actor.
    """
    row = TABLE.get((before, after))
    if row is None:
        raise Clash(
            f"A {before} registration cannot become {after}.",
            code="wrong-status",
            members={"status_now": before.value, "status_wanted": after.value},
        )
    if by not in row.by:
        raise Clash(
            f"Only {' or '.join(sorted(row.by)).replace('_', ' ')} makes a {before} registration "
            f"{after}.",
            code="wrong-status",
        )
    return row


MINISTERIAL = (Rank.foreign_minister, Rank.minister)
"""Default of a conference's ministerial ranks."""

APART = (
    Rank.head_of_state,
    Rank.vice_president,
    Rank.crown_prince,
    Rank.head_of_government,
)
"""Named apart, never among the ministers."""

HIGH_LEVEL = (*APART, Rank.deputy_head_of_government, *MINISTERIAL)
"""Ministerial rank and above, as the ministers' page lists it."""

RANK_ORDER = {rank: place for place, rank in enumerate(Rank)}


LONGEST_NAME = 300


def compose_name(name: str | None, given_names: str | None, family_name: str | None) -> str:
    """The printed name: as given, else composed of its parts.

    Raises `Invalid` without either, or where the composed name is longer than a name may be.
    """
    composed = name or " ".join(part for part in (given_names, family_name) if part)
    if not composed:
        raise Invalid(
            "A participant needs a name, or given and family names.",
            errors=[("/name", "Write the name as it is to be printed.")],
        )
    if len(composed) > LONGEST_NAME:
        raise Invalid(
            f"A printed name has at most {LONGEST_NAME} characters.",
            errors=[("/name", "Write a shorter name to be printed.")],
        )
    return composed


def sorted_name(name: str, family_name: str | None) -> str:
    """The name as an alphabetical list orders it: family name first where it is known."""
    if not family_name or name == family_name:
        return name
    rest = name.replace(family_name, "", 1).strip()
    return f"{family_name} {rest}".strip()
