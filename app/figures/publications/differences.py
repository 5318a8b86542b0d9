"""What has changed since a publication: each figure in a sentence that names no person."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.accounts.rules import Actor
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession
from app.figures import firsts
from app.figures import store as people
from app.figures.catalogue import Figure, catalogue
from app.figures.publications import rules, service, store
from app.figures.publications.schemas import Difference, DifferencesOut
from app.figures.rules import Basis, Terms, Traits, Unit
from app.figures.store import Instant

_AT_ONCE = 1_000
"""Ids in one statement: both drivers stop near 32,000 parameters."""
_CAME = {
    Basis.nominated: "was nominated",
    Basis.accredited: "was approved",
    Basis.badged: "collected the badge",
    Basis.attended: "arrived",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """People at an instant, by traits and by id, as terms and a basis count them."""

    basis: Basis
    terms: Terms
    traits: Mapping[UUID, Traits]
    alike: Mapping[Traits, list[UUID]]

    def behind(self, one: Figure) -> dict[UUID, Traits]:
        """The persons of a figure."""
        return {
            id: who
            for who, ids in self.alike.items()
            if one.counts(self.basis, self.terms, who)
            for id in ids
        }


async def seen(
    session: ReadSession, conference: Conference, basis: Basis, terms: Terms, at: Instant
) -> Seen:
    known = await firsts.past(session, conference, terms, at)
    found = await people.traits_of(session, conference.id, at)
    traits = {id: known.of(who, id) for id, who in found.items()}
    alike: dict[Traits, list[UUID]] = defaultdict(list)
    for id, who in traits.items():
        alike[who].append(id)
    return Seen(basis, terms, traits, alike)


async def differences(
    session: ReadSession, actor: Actor, conference: Conference, id: UUID
) -> DifferencesOut:
    """What the figures of a publication are now, by the definitions of then.

    Raises `Clash` for a report that was typed in.
    """
    one = await service.find(session, actor, conference, id)
    basis, at, terms = service.frozen_of(one)
    now = Instant(max(clock.now(), at.as_of), clock.now())
    then_seen = await seen(session, conference, basis, terms, at)
    now_seen = await seen(session, conference, basis, terms, now)
    whole = catalogue()["participants"]
    told = _Telling(conference, basis, at, then_seen.behind(whole), now_seen.behind(whole))
    moved = {
        id
        for id in {*then_seen.traits, *now_seen.traits}
        if then_seen.traits.get(id) != now_seen.traits.get(id)
    }
    await told.learn(session, now, sorted(moved))
    found = []
    for key, figure in catalogue().items():
        if key not in one.figures:
            continue
        then, present = then_seen.behind(figure), now_seen.behind(figure)
        number = one.figures[key]["number"]
        come, gone = told.reasons(figure.definition.unit, then, present)
        if come or gone:
            size = _size(figure.definition.unit, present)
            sentence = rules.difference(number, size, gone, come)
            found.append(_difference(key, number, size, sentence))
    intact = one.people_hash == rules.people_hash(told.then)
    return DifferencesOut(
        publication=one.id,
        as_of=now.as_of,
        known_at=now.known_at,
        intact=intact,
        differences=found,
    )


def _difference(key: str, published: int, now: int, sentence: str) -> Difference:
    return Difference(
        key=key, label=service.label_of(key), published=published, now=now, sentence=sentence
    )


def _size(unit: Unit, behind: Mapping[UUID, Traits]) -> int:
    return len(things(unit, behind))


def things(unit: Unit, behind: Mapping[UUID, Traits]) -> set[UUID]:
    if unit is Unit.persons:
        return set(behind)
    return {who.delegation_id for who in behind.values()}


class _Telling:
    """Says in words who came and who went, without naming a person."""

    def __init__(
        self,
        conference: Conference,
        basis: Basis,
        published: Instant,
        then: Mapping[UUID, Traits],
        now: Mapping[UUID, Traits],
    ) -> None:
        self.conference, self.basis, self.published = conference, basis, published
        self.then, self.now = then, now
        self.names: dict[UUID, str] = {}
        self.began: dict[UUID, datetime] = {}
        self.changed: dict[UUID, datetime] = {}
        self.seen: dict[UUID, datetime] = {}

    async def learn(self, session: ReadSession, at: Instant, moved: list[UUID]) -> None:
        """Reads when each of those who moved did."""
        tenant = self.conference.id
        for first in range(0, len(moved), _AT_ONCE):
            some = moved[first : first + _AT_ONCE]
            self.began |= await store.began(session, tenant, self.basis, at, some)
            self.changed |= await store.changed(session, tenant, at, some)
            self.seen |= await store.began(session, tenant, Basis.attended, at, some)
        bodies = await people.bodies(session, tenant)
        self.names = {id: body.name for id, body in bodies.items()}

    def reasons(
        self, unit: Unit, then: Mapping[UUID, Traits], now: Mapping[UUID, Traits]
    ) -> tuple[list[str], list[str]]:
        """Who is behind a figure now and was not then, and the other way round."""
        before, after = things(unit, then), things(unit, now)
        return (
            self._told(unit, after - before, now, self.then, came=True),
            self._told(unit, before - after, then, self.now, came=False),
        )

    def _told(
        self,
        unit: Unit,
        things: set[UUID],
        behind: Mapping[UUID, Traits],
        elsewhere: Mapping[UUID, Traits],
        *,
        came: bool,
    ) -> list[str]:
        if not things:
            return []
        groups: Counter[tuple[UUID, str]] = Counter()
        first: dict[tuple[UUID, str], datetime | None] = {}
        for id, who in behind.items():
            if (id if unit is Unit.persons else who.delegation_id) not in things:
                continue
            # Counted at both instants, but not by this figure: a presence or a trait is another.
            verb, moments = "changed", self.changed
            if came and id not in elsewhere:
                verb, moments = _CAME[self.basis], self.began
            elif not came and id not in elsewhere:
                verb = f"is no longer {self.basis} since"
            elif came and (presence := _presence(elsewhere[id], who)):
                verb, moments = presence, self.seen
            when = moments.get(id)
            key = (who.delegation_id, verb)
            groups[key] += 1
            known = [one for one in (when, first.get(key)) if one]
            first[key] = min(known) if known else None
        return [
            self._sentence(unit, self.names.get(body, "a delegation"), verb, n, first[body, verb])
            for (body, verb), n in groups.items()
        ]

    def _sentence(self, unit: Unit, name: str, verb: str, n: int, when: datetime | None) -> str:
        who = name if unit is Unit.bodies else f"{n} of {name}"
        if unit is Unit.persons and n > 1:
            verb = re.sub("^(was|is) ", lambda one: {"was": "were ", "is": "are "}[one[1]], verb)
        if when is None:
            return f"{who} {verb}"
        zone = self.conference.timezone
        local, told = (clock.utc_to_local(one, zone) for one in (when, self.published.as_of))
        day = f"{local:%b}" if local.year == told.year else f"{local:%b %Y}"
        late = ", entered later" if when <= self.published.as_of else ""
        return f"{who} {verb} {local.day} {day} {local:%H:%M}{late}"


def _presence(then: Traits, now: Traits) -> str | None:
    """What has been seen of somebody since, if that is what changed."""
    if now.scanned and not then.scanned:
        return "was scanned in"
    if now.attested and not then.attested:
        return "was attested"
    return "took part from afar" if now.remote and not then.remote else None
