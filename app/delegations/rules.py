"""The vocabulary of delegations, and the groups that their kinds add up to."""

import re
from enum import StrEnum


class Kind(StrEnum):
    """How a delegation takes part in this conference."""

    member_state = "member_state"
    observer_state = "observer_state"
    other_state = "other_state"
    un_secretariat = "un_secretariat"
    specialized_agency = "specialized_agency"
    intergovernmental_organization = "intergovernmental_organization"
    civil_society = "civil_society"
    womens_organization = "womens_organization"
    youth_organization = "youth_organization"
    think_tank = "think_tank"
    academia = "academia"
    private_sector = "private_sector"
    other_entity = "other_entity"
    media = "media"
    organiser = "organiser"


class Group(StrEnum):
    """The rows of the participation table, in their order."""

    member_states = "member_states"
    observer_states = "observer_states"
    other_states = "other_states"
    un_secretariat = "un_secretariat"
    specialized_agencies = "specialized_agencies"
    intergovernmental = "intergovernmental"
    non_governmental = "non_governmental"
    other_entities = "other_entities"
    media = "media"
    organisers = "organisers"


class Reach(StrEnum):
    """How far an intergovernmental organisation reaches."""

    global_ = "global"
    regional = "regional"


class InvitationStatus(StrEnum):
    """What became of the invitation."""

    invited = "invited"
    accepted = "accepted"
    declined = "declined"
    no_reply = "no_reply"


class Language(StrEnum):
    """The languages of mails to a delegation."""

    en = "en"
    fr = "fr"
    ar = "ar"
    es = "es"
    ru = "ru"
    zh = "zh"


class Hosting(StrEnum):
    """A mark on a delegation: it hosts, or organises with the host."""

    host = "host"
    co_organiser = "co_organiser"


GROUP_OF: dict[Kind, Group] = {
    Kind.member_state: Group.member_states,
    Kind.observer_state: Group.observer_states,
    Kind.other_state: Group.other_states,
    Kind.un_secretariat: Group.un_secretariat,
    Kind.specialized_agency: Group.specialized_agencies,
    Kind.intergovernmental_organization: Group.intergovernmental,
    Kind.civil_society: Group.non_governmental,
    Kind.womens_organization: Group.non_governmental,
    Kind.youth_organization: Group.non_governmental,
    Kind.think_tank: Group.non_governmental,
    Kind.academia: Group.non_governmental,
    Kind.private_sector: Group.non_governmental,
    Kind.other_entity: Group.other_entities,
    Kind.media: Group.media,
    Kind.organiser: Group.organisers,
}

STATES = frozenset({Kind.member_state, Kind.observer_state, Kind.other_state})
CIVIL_SOCIETY = frozenset(
    {Kind.civil_society, Kind.womens_organization, Kind.youth_organization, Kind.think_tank}
)

CODE = re.compile(r"[A-Z0-9-]{2,16}")
