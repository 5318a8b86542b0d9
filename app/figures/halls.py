"""Where people were: by session and hall, and how full it was at the fullest.

A place is what gates guard together: a session, a reception, or a zone. Only scans tell where: who
was attested by an officer is in no row.
"""

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import groupby
from typing import TypeVar
from uuid import UUID

from app.conferences.models import Conference
from app.conferences.rules import in_language
from app.core import clock
from app.core.db import ReadSession
from app.figures import hall_store, rules
from app.figures.breakdown import By
from app.figures.days import TICK, Days, Span, all_spans
from app.figures.rules import Line, Terms, Traits
from app.figures.schemas import HallOut
from app.figures.store import Instant
from app.participants.rules import Role

Found = TypeVar("Found")
_SESSION = "session:"
_MINUTE = "%Y-%m-%d %H:%M"
DEFINITION = (
    "persons let in at a gate of the place by a scan, without the excluded roles as they are now; "
    "where exits are scanned the most inside at the end of a minute, else the entries"
)


@dataclass(slots=True)
class Tide:
    """How many came and left, and the first minute at the end of which the most were inside.

    A second entry without an exit between is none, and midnight empties a hall, as gates have it.
    """

    came: int = 0
    left: int = 0
    most: int = 0
    when: datetime | None = None
    inside: set[str] = field(default_factory=set)
    day: date | None = None

    def flow(
        self, day: date, minute: datetime, passages: Iterable[str], out: Collection[str]
    ) -> None:
        """What a minute's passages do, each `:59 +id` for in or `:59 -id` for out.

        Of passages at one moment those in are first; who is `out` is not counted.
        """
        inside = self.inside
        if day != self.day:
            inside.clear()
            self.day = day
        for passage in sorted(passages):
            way = passage.partition(" ")[2]
            who = way[1:]
            if way[0] == "+":
                if who not in inside and who not in out:
                    inside.add(who)
                    self.came += 1
            elif who in inside:
                inside.remove(who)
                self.left += 1
        if len(inside) > self.most:
            self.most, self.when = len(inside), minute


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a conference: their names by key, the key by gate, and which gates count."""

    labels: dict[str, str]
    of_gate: Mapping[UUID, str]
    counting: frozenset[UUID]

    @property
    def bits(self) -> dict[str, int]:
        """Places as one number, of which each has a bit: whoever was in a few is one among few."""
        return {key: 1 << n for n, key in enumerate(sorted(set(self.of_gate.values())))}

    @property
    def key(self) -> Hashable:
        """What must be the same for what was found to be true still."""
        return frozenset(self.of_gate.items()), self.counting

    def names(self, by: By) -> dict[str, str]:
        """The rows of a breakdown, with words."""
        return {
            key: name
            for key, name in self.labels.items()
            if by is By.hall or key.startswith(_SESSION)
        }


async def places(session: ReadSession, conference: Conference) -> Places:
    """All places that have a gate; a zone is called as its gates are."""
    names: dict[str, list[str]] = defaultdict(list)
    gates: dict[UUID, str] = {}
    counting: set[UUID] = set()
    for one in await hall_store.gates(session, conference.id):
        if one.session_id:
            key, name = f"{_SESSION}{one.session_id}", in_language(one.session, "en")
        elif one.reception_id:
            key, name = f"reception:{one.reception_id}", in_language(one.reception, "en")
        else:
            key, name = f"zone:{one.zone}", one.name
        gates[one.id] = key
        counting |= {one.id} if one.counts else set()
        names[key] += [name] if name not in names[key] else []
    labels = {key: ", ".join(some) for key, some in names.items()}
    return Places(labels, gates, frozenset(counting))


_entered: Days[tuple[Hashable, dict[str, int]]] = Days()
_tides: Days[tuple[Hashable, dict[str, Tide]]] = Days()


async def _each(
    days: Days[tuple[Hashable, Found]],
    session: ReadSession,
    conference: Conference,
    at: Instant,
    key: Hashable,
    ask: Callable[[Span, Found | None], Awaitable[Found]],
) -> list[Found]:
    """What is found of each day of the conference, and before and after it.

    `ask` goes on from what was found of the day's beginning, or from nothing.
    """
    recalled = await days.recall(session, conference.id, at)
    over = recalled.over and recalled.over.replace(second=0, microsecond=0) - TICK
    found: list[Found] = []
    for since, until in all_spans(conference, at.as_of):
        begins, one = since, None
        if since in recalled.found:
            kept_until, (of, kept) = recalled.found[since]
            if of == key and kept_until <= until:  # the conference may have begun later then
                begins, one = kept_until + TICK, kept
        # What is over of a day is kept for the next asking; the rest may still change.
        for end in (min(over or until, until), until):
            if begins <= end:
                one = await ask((begins, end), one)
                days.keep(session, conference.id, at, recalled, {(since, end): (key, one)})
                begins = end + TICK
        found += [] if one is None else [one]
    return found


async def entered(
    session: ReadSession, conference: Conference, at: Instant, found: Places
) -> dict[str, int]:
    """By person, an id as the database's text, the places where they were let in, as `bits`."""
    bits = found.bits
    bit_of = {gate: bits[place] for gate, place in found.of_gate.items()}

    async def ask(span: Span, start: dict[str, int] | None) -> dict[str, int]:
        seen = dict(start or {})
        let_in = await hall_store.entered(
            session, conference.id, span, at, bit_of.keys(), found.counting
        )
        for gate, people in let_in.items():
            for who in people:
                seen[who] = seen.get(who, 0) | bit_of[gate]
        return seen

    first, *others = await _each(_entered, session, conference, at, found.key, ask)
    ever = dict(first)
    for seen in others:
        for who, where in seen.items():
            ever[who] = ever.get(who, 0) | where
    return ever


def lines(
    found: Places,
    by: By,
    seen: Mapping[str, int],
    counted: Iterable[tuple[Traits, Iterable[str]]],
    terms: Terms,
) -> list[Line]:
    """A row for each place that saw any of the counted people."""
    alike = [
        (who, where, n)
        for who, ids in counted
        for where, n in Counter(map(seen.get, ids)).items()
        if where
    ]
    bits = found.bits
    rows = []
    for key in found.names(by):
        if inside := [(who, n) for who, where, n in alike if where & bits[key]]:
            rows.append(rules.line_of(key, inside, terms))
    return rows


async def fullest(
    session: ReadSession, conference: Conference, at: Instant, by: By, excluded: Collection[Role]
) -> list[HallOut]:
    """How full each place was at the fullest; one that saw nobody is left out."""
    found = await places(session, conference)
    out = await hall_store.of_roles(session, conference.id, excluded)

    async def ask(span: Span, start: dict[str, Tide] | None) -> dict[str, Tide]:
        tides = {
            key: replace(start[key], inside=set(start[key].inside)) if start else Tide()
            for key in found.labels
        }
        async for rows in hall_store.passages(session, conference.id, span, at, found.of_gate):
            for text, of_minute in groupby(rows, key=lambda row: row.minute):
                at_place: dict[str, list[str]] = {}
                for row in of_minute:
                    at_place.setdefault(found.of_gate[row.gate_id], []).extend(row.line.split(";"))
                minute = datetime.strptime(text, _MINUTE).replace(tzinfo=UTC)
                day = clock.utc_to_local(minute, conference.timezone).date()
                for key, passages in at_place.items():
                    tides[key].flow(day, minute, passages, out)
        return tides

    days = await _each(_tides, session, conference, at, (found.key, out), ask)
    shown = []
    for key, label in found.names(by).items():
        tides = [of_day[key] for of_day in days]
        entries, exits = sum(one.came for one in tides), sum(one.left for one in tides)
        most = max(tides, key=lambda one: one.most)  # the first of those with so many
        if entries:
            shown.append(
                HallOut(
                    key=key,
                    label=label,
                    entries=entries,
                    exits=exits,
                    peak=most.most if exits else None,
                    peak_at=most.when if exits else None,
                )
            )
    return shown
