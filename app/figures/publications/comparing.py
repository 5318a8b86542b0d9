"""Why two reports differ: each figure in a sentence."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from app.accounts.rules import Actor
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession
from app.core.errors import Clash
from app.figures import catalogue as every
from app.figures import firsts
from app.figures import service as figures
from app.figures.catalogue import Figure, catalogue
from app.figures.publications import rules, service
from app.figures.publications.differences import Seen, seen, things
from app.figures.publications.models import Publication
from app.figures.publications.rules import Origin, Reading
from app.figures.publications.schemas import Compared, ComparisonOut, Side
from app.figures.rules import Basis, Rounded, Unit
from app.figures.store import Instant

_DAYS_BEFORE = timedelta(days=7)
_MOST_DAYS = 30


def _days(conference: Conference) -> list[date]:
    """Today, the week before the conference, and its days, those of them that have come."""
    today = clock.utc_to_local(clock.now(), conference.timezone).date()
    first = conference.starts - _DAYS_BEFORE
    days = [first + timedelta(days=n) for n in range((conference.ends - first).days + 1)]
    return [today, *(day for day in days[-_MOST_DAYS:] if day < today)]


@dataclass(frozen=True, slots=True)
class _Way:
    """A reading, and the instant to ask for the persons behind it."""

    reading: Reading
    at: Instant
    day: date | None = None


def _also(others: list[_Way]) -> list[str]:
    """Other ways in words, the days of one basis together."""
    days: dict[Basis, list[date]] = defaultdict(list)
    for one in others:
        if one.day:
            days[one.reading.basis].append(one.day)
    return [
        f"{basis} as of {found[0]}"
        if len(found) == 1
        else f"{basis} as of any of {len(found)} days from {found[0]} to {found[-1]}"
        for basis, found in days.items()
    ]


async def _ways(
    session: ReadSession, conference: Conference, known: datetime | None = None
) -> list[_Way]:
    """How a report may have counted: each basis at the end of each day, what claims least last.

    By what is known now, or was `known` at an instant.
    """
    terms = figures.terms(conference)
    told = f", known at {clock.told(known, conference.timezone)}" if known else ""
    known = known or clock.now()
    before = await firsts.past(session, conference, terms, Instant(known, known))
    found = []
    for day in _days(conference):
        end = clock.day_end(day, conference.timezone) - timedelta(microseconds=1)
        tallies = await firsts.tallies(session, conference.id, Instant(end, known), before)
        for basis in Basis:
            when = f"as of {clock.told(end, conference.timezone)}{told}"
            numbers = every.figures(basis, terms, tallies)
            found.append(_Way(Reading(basis, when, terms, numbers), Instant(end, known), day))
    bases = list(Basis)
    return sorted(found, key=lambda one: -bases.index(one.reading.basis))


def _own(conference: Conference, one: Publication) -> _Way:
    basis, at, terms = service.frozen_of(one)
    zone = conference.timezone
    when = f"as of {clock.told(at.as_of, zone)}, known at {clock.told(at.known_at, zone)}"
    numbers = {key: told.number for key, told in service.report_of(one).items()}
    # A figure that was not defined then was not published: nobody is behind it.
    kept = {key: numbers.get(key, 0) for key in catalogue()}
    return _Way(Reading(basis, when, terms, kept), at)


def _best(report: Mapping[str, Rounded], ways: list[_Way]) -> tuple[_Way, list[_Way]]:
    """The way that gives most of a report's figures, and comes nearest to the others; its equals.

    Of equals the last.
    """
    scores = [rules.score(report, one.reading) for one in ways]
    equal = [one for one, n in zip(ways, scores, strict=True) if n == max(scores)]
    return equal[-1], equal[:-1] if max(scores)[0] else []


async def compare(
    session: ReadSession, actor: Actor, conference: Conference, first: UUID, second: UUID
) -> ComparisonOut:
    """Two reports, figure by figure, each difference in a sentence.

    Raises `NotFound`, or `Clash` for one that tells of another edition of the series.
    """
    both = [await service.find(session, actor, conference, id) for id in (first, second)]
    for one in both:
        if one.origin is Origin.edition:
            raise Clash(
                f"“{one.title}” tells of another edition: no count of this conference explains "
                "its figures. Editions stand side by side on their own page.",
                code="another-edition",
            )
    typed = any(one.origin is not Origin.frozen for one in both)
    ways = await _ways(session, conference) if typed else []
    readings = [way.reading for way in ways]
    chosen: list[_Way] = []
    sides = []
    for one in both:
        report, also = service.report_of(one), list[_Way]()
        if one.origin is Origin.frozen:
            way = _own(conference, one)
        else:
            # No report counts what happened after its date.
            known = [w for w in ways if not one.dated or not w.day or w.day <= one.dated] or ways
            way, also = _best(report, known)
            if one.dated and len(rules.matched(report, way.reading)) < len(report):
                # Nor what was entered after its date; where that gives more, it counted so.
                end = clock.day_end(one.dated, conference.timezone) - timedelta(microseconds=1)
                then = await _ways(session, conference, min(end, clock.now()))
                then = [one_way for one_way in then if one_way.day and one_way.day <= one.dated]
                readings += [one_way.reading for one_way in then]
                nearest, equal = _best(report, [*then, way])
                if nearest is not way:
                    way, also = nearest, [one_way for one_way in equal if one_way in then]
        chosen.append(way)
        sides.append(
            Side(
                id=one.id,
                title=one.title,
                reading=way.reading.words,
                also=_also(also),
                matched=len(rules.matched(report, way.reading)),
                told=len(report),
            )
        )
    behind = [
        await seen(session, conference, way.reading.basis, way.reading.terms, way.at)
        for way in chosen
    ]
    reports = [service.report_of(one) for one in both]
    rows = [
        _compared(key, figure, reports, [way.reading for way in chosen], readings, behind, sides)
        for key, figure in catalogue().items()
        if any(key in report for report in reports)
    ]
    return ComparisonOut(conference=conference.slug, first=sides[0], second=sides[1], figures=rows)


def _compared(
    key: str,
    figure: Figure,
    reports: list[dict[str, Rounded]],
    ways: list[Reading],
    others: list[Reading],
    behind: list[Seen],
    sides: list[Side],
) -> Compared:
    """A figure of two reports. Of one of which nothing comes out no way of counting is claimed."""
    explained = all(side.matched for side in sides)
    a, b = (report.get(key) for report in reports)
    labels = {one: it.label for one, it in catalogue().items()}
    why = [
        f" {name}: {rules.unmatched(key, one, way, others, labels)}."
        for name, one, way in zip("AB", (a, b), ways, strict=True)
        if one and not rules.fits(one, way.figures[key], way.terms.rounding_step)
    ]
    if a and b:
        if a == b:
            sentence = f"Both say {rules.in_words(a)}."
        else:
            unit = "persons" if figure.definition.unit is Unit.persons else "delegations"
            left, right = (things(figure.definition.unit, one.behind(figure)) for one in behind)
            reason = rules.apart(*ways) or "what each counts"
            sentence = f"A says {rules.in_words(a)}, B says {rules.in_words(b)}"
            sentence += (
                f": they differ in {reason}. {rules.sides(left, right, unit)}."
                if explained
                else "."
            )
    else:
        one, name, other, silent = (a, "A", "B", ways[1]) if a else (b, "B", "A", ways[0])
        assert one is not None
        sentence = f"Only {name} tells it: {rules.in_words(one)}, which counts {figure.words}."
        if explained:
            sentence += f" Counted as {other} counts it would be {silent.figures[key]}."
    return Compared(
        key=key,
        label=figure.label,
        first=rules.in_words(a) if a else None,
        second=rules.in_words(b) if b else None,
        differs=a != b,
        sentence=sentence + "".join(why),
    )
