"""Where people were: by session and hall, and how full it was at the fullest.

A place is what gates guard together: a session, a reception, or a zone. Only scans tell where: who
was attested by an officer is in no row.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import groupby
from typing import TypeVar
from uuid import UUID

from app.conferences.models import Conference
from app.conferences.rules import in_language
from app.core import clock
from app.core.db import ReadSession
from app.figures import hall_store
from app.figures.breakdown import By, Rows, united
from app.figures.days import Days, Span, all_spans, each
from app.figures.schemas import HallOut
from app.figures.store import Instant
from app.participants.rules import Role

Found = TypeVar("Found")
_SESSION = "session:"
_MINUTE = "%Y-%m-%d %H:%M"
DEFINITION = (
    "entries by scan at the gates of the place, each day anew, a second one without an exit "
    "between left out, without the excluded roles as they are now; where exits are scanned the "
    "most inside at the end of a minute"
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

    first, *others = await each(
        _entered, session, conference, all_spans(conference, at.as_of), at, found.key, ask
    )
    return united(first, others)


async def rows(session: ReadSession, conference: Conference, at: Instant, by: By) -> Rows:
    """Where people were let in, by session or hall."""
    found = await places(session, conference)
    bits = found.bits
    seen = await entered(session, conference, at, found)
    return Rows({key: bits[key] for key in found.names(by)}, found.labels, seen)


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

    spans = all_spans(conference, at.as_of)
    days = await each(_tides, session, conference, spans, at, (found.key, out), ask)
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
