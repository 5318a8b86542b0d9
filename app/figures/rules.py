"""What each figure counts: pure functions over tallies of people who are alike in all that matters.

A query groups people by every trait that a definition may ask for; the definitions here decide, so
a figure and the list of persons behind it can never be decided differently.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from enum import StrEnum
from operator import attrgetter
from uuid import UUID

from app.delegations.rules import CIVIL_SOCIETY, GROUP_OF, STATES, Group, Kind, Reach
from app.participants.rules import ACTIVE, APART, Mode, Rank, Role, Sex, Status


class Basis(StrEnum):
    """Whom a figure counts at its instant."""

    nominated = "nominated"
    accredited = "accredited"
    badged = "badged"
    attended = "attended"


OUTCOME = frozenset({Basis.badged, Basis.attended})
"""Bases of which the communiqué speaks as of a result; of the others, as of a forecast."""


@dataclass(frozen=True, slots=True)
class Traits:
    """All that a definition may ask about a person, as at one instant.

    On `first_on` no earlier edition of the series counted the delegation, on `again_on` one did; on
    other bases nobody knows. `newcomer` is what an officer decided. `firsts` fills in these three.
    """

    delegation_id: UUID
    kind: Kind
    reach: Reach | None
    status: Status
    rank: Rank | None
    role: Role
    sex: Sex | None
    badged: bool
    scanned: bool
    attested: bool
    remote: bool = False
    mode: Mode = Mode.in_person
    first_on: frozenset[Basis] = frozenset()
    again_on: frozenset[Basis] = frozenset()
    newcomer: bool | None = None


Tally = tuple[Traits, int]

_ALL_BUT_BODY = attrgetter(*(one.name for one in fields(Traits) if one.name != "delegation_id"))


def is_counted(basis: Basis, who: Traits) -> bool:
    """True if a basis counts such a person; exclusions by role are a second question.

    Presence survives withdrawal and refusal; a collected badge survives neither withdrawal nor
    substitution.
    """
    if basis is Basis.nominated:
        return who.status in ACTIVE
    if basis is Basis.accredited:
        return who.status is Status.approved
    if basis is Basis.badged:
        return who.badged and who.status not in (Status.withdrawn, Status.substituted)
    return who.scanned or who.attested


@dataclass(frozen=True, slots=True)
class Terms:
    """What a conference decides about its figures."""

    ministerial_ranks: frozenset[Rank]
    excluded_roles: frozenset[Role]
    rounding_step: int = 50


class Unit(StrEnum):
    """What a figure counts: persons, or bodies with at least one such person."""

    persons = "persons"
    bodies = "bodies"


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure: its key, its unit, and whom it counts among the counted."""

    key: str
    unit: Unit
    holds: Callable[[Traits, Terms], bool]


def _kinds(*kinds: Kind) -> Callable[[Traits, Terms], bool]:
    return lambda who, _: who.kind in kinds


def _ranks(*ranks: Rank) -> Callable[[Traits, Terms], bool]:
    return lambda who, _: who.rank in ranks


_PERSONS = {
    "participants": lambda who, _: True,
    # A person both scanned and attested is told as scanned, so that the two add up.
    "scanned": lambda who, _: who.scanned,
    "attested": lambda who, _: who.attested and not who.scanned,
    "heads_of_state_or_government": _ranks(Rank.head_of_state, Rank.head_of_government),
    "vice_presidents": _ranks(Rank.vice_president),
    "crown_princes": _ranks(Rank.crown_prince),
    "ministers": lambda who, terms: who.rank in terms.ministerial_ranks and who.rank not in APART,
    "deputy_ministers": _ranks(Rank.deputy_minister),
    "ranks_undecided": lambda who, _: who.rank is None,
    "women": lambda who, _: who.sex is Sex.female,
    "men": lambda who, _: who.sex is Sex.male,
    "sex_unknown": lambda who, _: who.sex is None,
    "civil_society_experts": _kinds(*CIVIL_SOCIETY),
}
_BODIES = {
    "delegations": lambda who, _: True,
    "states_at_ministerial_level": lambda who, terms: (
        who.kind in STATES and _PERSONS["ministers"](who, terms)
    ),
    "member_states": _kinds(Kind.member_state),
    "observer_states": _kinds(Kind.observer_state),
    "other_states": _kinds(Kind.other_state),
    "intergovernmental_organizations": _kinds(Kind.intergovernmental_organization),
    "un_secretariat": _kinds(Kind.un_secretariat),
    "specialized_agencies": _kinds(Kind.specialized_agency),
    "civil_society_associations": _kinds(*CIVIL_SOCIETY),
}
DEFINITIONS: Mapping[str, Definition] = {
    key: Definition(key, unit, holds)
    for unit, figures in ((Unit.persons, _PERSONS), (Unit.bodies, _BODIES))
    for key, holds in figures.items()
}
"""Every figure by its key."""


def counted(basis: Basis, terms: Terms, tallies: Iterable[Tally]) -> list[Tally]:
    """The tallies that a basis counts, without the excluded roles."""
    return [
        (who, n)
        for who, n in tallies
        if is_counted(basis, who) and who.role not in terms.excluded_roles
    ]


def bridge(basis: Basis, terms: Terms, tallies: Iterable[Tally]) -> dict[str, int]:
    """How many of each excluded role the basis would count: with the counted, they make all."""
    found = {role.value: 0 for role in Role if role in terms.excluded_roles}
    for who, n in tallies:
        if is_counted(basis, who) and who.role in terms.excluded_roles:
            found[who.role.value] += n
    return found


@dataclass(slots=True)
class Alike:
    """People who differ in their delegation only, of which no definition asks which it is."""

    who: Traits
    persons: int
    bodies: set[UUID]


def alike(among: Iterable[Tally]) -> list[Alike]:
    """Tallies by all but the delegation: a definition is asked once for each of few."""
    found: dict[tuple[object, ...], Alike] = {}
    for who, n in among:
        one = found.setdefault(_ALL_BUT_BODY(who), Alike(who, 0, set()))
        one.persons += n
        one.bodies.add(who.delegation_id)
    return list(found.values())


def figure(definition: Definition, terms: Terms, among: Iterable[Alike]) -> int:
    """One figure among counted people."""
    matching = [one for one in among if definition.holds(one.who, terms)]
    if definition.unit is Unit.persons:
        return sum(one.persons for one in matching)
    return len(set[UUID]().union(*(one.bodies for one in matching)))


def figures(terms: Terms, among: Iterable[Tally]) -> dict[str, int]:
    """All figures among counted tallies."""
    counted = alike(among)
    return {key: figure(d, terms, counted) for key, d in DEFINITIONS.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the participation table; women, men and unknown sum to the participants."""

    key: str
    bodies: int
    participants: int
    women: int
    men: int
    unknown: int


def participation(
    terms: Terms, tallies: Sequence[Tally], among: Sequence[Tally]
) -> tuple[list[Line], Line]:
    """The participation table: a line per group of the conference, and the total."""
    present = {GROUP_OF[who.kind] for who, _ in tallies}
    lines = [
        line_of(group.value, [(w, n) for w, n in among if GROUP_OF[w.kind] is group], terms)
        for group in Group
        if group in present
    ]
    return lines, line_of("total", among, terms)


SUBTOTALS: Mapping[str, tuple[Group, ...]] = {
    "states": (Group.member_states, Group.observer_states, Group.other_states),
    "organizations": (
        Group.un_secretariat,
        Group.specialized_agencies,
        Group.intergovernmental,
        Group.non_governmental,
        Group.other_entities,
    ),
}
"""What lists of participants of the United Nations sum up; media and organisers stand alone."""
ORDER = [
    key
    for group in Group
    for key in (group.value, *(name for name, of in SUBTOTALS.items() if of[-1] is group))
]
"""The keys of groups and subtotals as a table is read."""


def subtotals(lines: Sequence[Line]) -> list[Line]:
    """The lines that belong together summed up; a line alone needs no sum.

    Bodies add up, because a delegation is of one kind at an instant.
    """
    found = []
    for key, groups in SUBTOTALS.items():
        some = [astuple(line)[1:] for line in lines if line.key in groups]
        if len(some) > 1:
            found.append(Line(key, *map(sum, zip(*some, strict=True))))
    return found


def line_of(key: str, among: Iterable[Tally], terms: Terms) -> Line:
    """A row over some counted tallies."""
    names = ("delegations", "participants", "women", "men", "sex_unknown")
    counted = alike(among)
    return Line(key, *(figure(DEFINITIONS[name], terms, counted) for name in names))


@dataclass(frozen=True, slots=True)
class Rounded:
    """A number as the press is told it: "more than" its floor, or exactly."""

    number: int
    more: bool


def more_than(n: int, step: int) -> Rounded:
    """Floors to the conference's step: 512 by 50 is more than 500; 500 is 500; 37 is 37."""
    if step <= 0 or n < step or n % step == 0:
        return Rounded(n, more=False)
    return Rounded(n - n % step, more=True)
