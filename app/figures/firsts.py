"""What earlier editions of the series say of delegations and persons: first time, again, unknown.

A delegation comes again on a basis where an earlier edition counts somebody of the same State or
organization on that basis, and for the first time where each earlier edition counted people on it
and none of them did. Where one of them was not counted here, nobody can say that. Of a person an
officer says it.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from app.conferences.models import Conference
from app.core.db import ReadSession
from app.core.text import fold
from app.figures import rules, store
from app.figures.publications import store as publications
from app.figures.publications.rules import Origin
from app.figures.rules import Basis, Tally, Terms, Traits
from app.figures.store import Body, Instant
from app.participants.earlier import store as earlier
from app.states import matcher

_NOWHERE: frozenset[Basis] = frozenset()


@dataclass(frozen=True, slots=True)
class Past:
    """By delegation the bases on which it comes first, and again; by person what was decided."""

    bodies: Mapping[UUID, tuple[frozenset[Basis], frozenset[Basis]]]
    people: Mapping[UUID, bool]

    def of(self, who: Traits, id: UUID | None = None) -> Traits:
        """A person's traits with the past."""
        first, again = self.bodies.get(who.delegation_id, (_NOWHERE, _NOWHERE))
        newcomer = self.people.get(id) if id else None
        if not (first or again) and newcomer is None:
            return who
        return replace(who, first_on=first, again_on=again, newcomer=newcomer)


UNASKED = Past({}, {})
"""For figures that ask nothing of the past."""


def key_of(body: Body) -> str:
    """What is the same in two editions: the State, the organization however spelt, or the name."""
    if body.iso3:
        return body.iso3
    found = matcher.match_organization(body.name)
    return f"organization {found.code}" if found else fold(body.name)


async def past(session: ReadSession, conference: Conference, terms: Terms, at: Instant) -> Past:
    """What is known of the past by `known_at`, by this conference's exclusions.

    Earlier editions are asked as of the same instant, so that a list entered afterwards counts.
    """
    decided = await earlier.decisions(session, conference.id, at.known_at)
    people = {id: before is None for id, before in decided.items()}
    editions = await earlier.editions(session, conference)
    seen: dict[Basis, set[str]] = defaultdict(set)
    complete = dict.fromkeys(Basis, bool(editions))
    for edition in editions:
        tallies = await store.tallies(session, edition.id, at)
        bodies = await store.bodies(session, edition.id)
        for basis in Basis:
            counted = rules.counted(basis, terms, tallies)
            complete[basis] &= bool(counted)
            seen[basis] |= {key_of(bodies[who.delegation_id]) for who, _ in counted}
    if not any(seen.values()):
        return Past({}, people)
    years = {edition.starts.year for edition in editions}
    for one in await publications.publications(session, conference.id):
        told = one.dated if one.origin is Origin.edition else None
        if told and told < conference.starts and told.year not in years:
            complete = dict.fromkeys(Basis, False)
    here = await store.bodies(session, conference.id)
    found = {}
    for id, body in here.items():
        key = key_of(body)
        again = frozenset(basis for basis in Basis if key in seen[basis])
        found[id] = frozenset(b for b in Basis if complete[b]) - again, again
    return Past(found, people)


async def tallies(
    session: ReadSession, conference_id: UUID, at: Instant, known: Past
) -> list[Tally]:
    """The tallies of an instant with the past in their traits.

    Person by person only where officers decided on some.
    """
    if known.people:
        traits = await store.traits_of(session, conference_id, at)
        return list(Counter(known.of(who, id) for id, who in traits.items()).items())
    return [(known.of(who), n) for who, n in await store.tallies(session, conference_id, at)]
