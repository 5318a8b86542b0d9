"""Policies of a conference, and what its slug may be."""

import re

from pydantic import BaseModel, ConfigDict

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


class Policies(BaseModel):
    """What a conference decides for itself, kept as data. Ranks and roles by their words."""

    model_config = ConfigDict(extra="forbid")

    ministerial_ranks: list[str] = ["foreign_minister", "minister"]
    excluded_roles: list[str] = ["security", "support", "media", "organiser", "spouse"]
    photo_exempt_ranks: list[str] = [
        "head_of_state",
        "vice_president",
        "crown_prince",
        "head_of_government",
    ]
    rounding_step: int = 50
    native_digits: bool = False
    precedence_profile: str = "unga"
    observer_profile: str = "general_assembly"
    group_labels: dict[str, str] = {}
    state_groups: dict[str, list[str]] = {}
    press_sees_names: bool = False
    badge_back: dict[str, list[str]] = {}


def policies_of(data: dict[str, object]) -> Policies:
    """The stored policies, completed by the defaults."""
    return Policies.model_validate(data)


def in_language(names: dict[str, str], language: str, default: str = "") -> str:
    """The name in a language, else in English, else in any."""
    return names.get(language) or names.get("en") or next(iter(names.values()), default)
