"""Figures at an instant: the table, the sentence, rows of what people are or where they were."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from app.accounts.rules import DESK, Actor
from app.conferences.models import Conference
from app.conferences.rules import in_language, policies_of
from app.core import clock
from app.core.db import ReadSession
from app.core.errors import Invalid
from app.figures import breakdown as breakdowns
from app.figures import catalogue as every
from app.figures import firsts, halls, moments, rules, sentences, store
from app.figures.breakdown import MOMENTS, PLACES, SEEN, By, Groups, Rows
from app.figures.catalogue import catalogue
from app.figures.rules import Basis, Tally, Terms
from app.figures.schemas import (
    BreakdownOut,
    FigureOut,
    FiguresOut,
    HallsOut,
    LineOut,
    StatisticsOut,
    SummaryOut,
)
from app.figures.sentences import Form, Occasion
from app.figures.store import Instant
from app.participants.rules import Rank, Sex
from app.participants.rules import Role as Part

READERS = DESK


def instant(conference: Conference, as_of: str | None, known_at: str | None) -> Instant:
    """The instant meant: a bare date is all of that local day; what is left out is now.

    Raises `Invalid`, naming each field that is none.
    """
    errors, found = [], {}
    for field, text in (("as_of", as_of), ("known_at", known_at)):
        typed = (text or "").strip()
        try:
            found[field] = clock.parse_instant(typed, conference.timezone) if typed else clock.now()
        except Invalid as error:
            errors.append((f"/{field}", error.detail))
    if errors:
        raise Invalid(errors[0][1], errors=errors)
    return Instant(**found)


def terms(conference: Conference) -> Terms:
    """What the conference decided about its figures."""
    policies = policies_of(conference.policies)
    return Terms(
        ministerial_ranks=frozenset(Rank(word) for word in policies.ministerial_ranks),
        excluded_roles=frozenset(Part(word) for word in policies.excluded_roles),
        rounding_step=policies.rounding_step,
    )


@dataclass(frozen=True, slots=True)
class Count:
    """What one query found, and who of it the basis counts."""

    terms: Terms
    tallies: list[Tally]
    counted: list[Tally]
    excluded: dict[str, int]


async def count(
    session: ReadSession, actor: Actor, conference: Conference, basis: Basis, at: Instant
) -> Count:
    """Tallies at an instant, decided by the rules."""
    actor.require(conference.id, READERS)
    tallies = await store.tallies(session, conference.id, at)
    return count_of(terms(conference), tallies, basis)


async def count_with_past(
    session: ReadSession, actor: Actor, conference: Conference, basis: Basis, at: Instant
) -> Count:
    """A count that also knows who comes for the first time: for every figure, not for a table."""
    actor.require(conference.id, READERS)
    decided = terms(conference)
    known = await firsts.past(session, conference, decided, at)
    tallies = await firsts.tallies(session, conference.id, at, known)
    return count_of(decided, tallies, basis)


def count_of(decided: Terms, tallies: list[Tally], basis: Basis) -> Count:
    """Tallies, decided by the rules on terms of their own."""
    return Count(
        decided,
        tallies,
        rules.counted(basis, decided, tallies),
        rules.bridge(basis, decided, tallies),
    )


def recount(found: Count, basis: Basis) -> Count:
    """The same people on another basis, without another query."""
    return count_of(found.terms, found.tallies, basis)


def figures_of(found: Count) -> dict[str, int]:
    """Every figure of a count, by its key."""
    return rules.figures(found.terms, found.counted)


def _shown(line: rules.Line, labels: Mapping[str, str]) -> LineOut:
    return LineOut(**asdict(line), label=labels[line.key])


def state_groups(conference: Conference) -> Groups:
    """The groups of States that the conference counts."""
    return Groups(policies_of(conference.policies).state_groups, conference.starts)


async def row_labels(session: ReadSession, conference: Conference, by: By) -> dict[str, str]:
    """The rows that a breakdown may have, with words."""
    if by in PLACES:
        return (await halls.places(session, conference)).names(by)
    if by in MOMENTS:
        return moments.labels(conference, by)
    bodies = await store.bodies(session, conference.id)
    return breakdowns.labels(by, bodies.values(), state_groups(conference))


async def breakdown(
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    basis: Basis,
    at: Instant,
    by: By,
) -> BreakdownOut:
    """Counted people by what they are, or where they were. Raises `Forbidden` or `NotFound`."""
    if by in SEEN:
        return await _by_seen(session, actor, conference, basis, at, by)
    found = await count(session, actor, conference, basis, at)
    bodies, groups = await store.bodies(session, conference.id), state_groups(conference)
    lines = breakdowns.lines(by, found.terms, found.counted, bodies, groups)
    labels = breakdowns.labels(by, bodies.values(), groups)
    return breakdown_of(found, conference, basis, at, by, lines, labels)


async def _by_seen(
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    basis: Basis,
    at: Instant,
    by: By,
) -> BreakdownOut:
    actor.require(conference.id, READERS)
    rows = await seen_rows(session, conference, at, by)
    people = await store.alike(session, conference.id, at)
    found = count_of(terms(conference), [(who, len(ids)) for who, ids in people], basis)
    counted = {who for who, _ in found.counted}
    lines = rows.lines([(who, ids) for who, ids in people if who in counted], found.terms)
    return breakdown_of(found, conference, basis, at, by, lines, rows.labels)


async def seen_rows(session: ReadSession, conference: Conference, at: Instant, by: By) -> Rows:
    """The rows by places or moments, with who is in each."""
    where = halls.rows if by in PLACES else moments.rows
    return await where(session, conference, at, by)


async def fullest(
    session: ReadSession, actor: Actor, conference: Conference, at: Instant, by: By = By.hall
) -> HallsOut:
    """How full sessions and halls were at the fullest. Raises `Forbidden` or `NotFound`."""
    actor.require(conference.id, READERS)
    excluded = terms(conference).excluded_roles
    return HallsOut(
        conference=conference.slug,
        basis=Basis.attended,
        as_of=at.as_of,
        known_at=at.known_at,
        definition=halls.DEFINITION,
        excluded=sorted(excluded),
        halls=await halls.fullest(session, conference, at, by, excluded),
    )


def breakdown_of(
    found: Count,
    conference: Conference,
    basis: Basis,
    at: Instant,
    by: By,
    lines: Iterable[rules.Line],
    words: Mapping[str, str],
) -> BreakdownOut:
    """The rows of a count, each with its words, and the total."""
    labels = {**words, "total": "Total"}
    return BreakdownOut(
        conference=conference.slug,
        by=by,
        basis=basis,
        as_of=at.as_of,
        known_at=at.known_at,
        definition=sentences.texts("en")["definitions"][basis],
        excluded_counts=found.excluded,
        sample=conference.sample,
        rows=[_shown(line, labels) for line in lines],
        total=_shown(rules.line_of("total", found.counted, found.terms), labels),
    )


async def every_figure(
    session: ReadSession, actor: Actor, conference: Conference, basis: Basis, at: Instant
) -> FiguresOut:
    """Every figure with its definition, and the bridge (rule 25) from the counted to all holders.

    Raises `Forbidden` or `NotFound` for who may not read figures.
    """
    found = await count_with_past(session, actor, conference, basis, at)
    return figures_out(found, conference, basis, at)


def figures_out(found: Count, conference: Conference, basis: Basis, at: Instant) -> FiguresOut:
    """The figures of a count, each with its definition."""
    numbers = every.figures(basis, found.terms, found.tallies)
    return FiguresOut(
        conference=conference.slug,
        basis=basis,
        as_of=at.as_of,
        known_at=at.known_at,
        definition=sentences.texts("en")["definitions"][basis],
        sample=conference.sample,
        counted=numbers["participants"],
        excluded_counts=found.excluded,
        holders=numbers["participants"] + sum(found.excluded.values()),
        figures=[
            FigureOut(
                key=key,
                label=one.label,
                definition=one.words,
                unit=one.definition.unit,
                number=numbers[key],
            )
            for key, one in catalogue().items()
        ],
    )


def statistics_of(
    found: Count, conference: Conference, basis: Basis, at: Instant, *, language: str = "en"
) -> StatisticsOut:
    """The participation table of a count."""
    words = sentences.texts(language)
    labels = words["groups"] | words["subtotals"] | policies_of(conference.policies).group_labels
    lines, total = rules.participation(found.terms, found.tallies, found.counted)

    return StatisticsOut(
        conference=conference.slug,
        basis=basis,
        as_of=at.as_of,
        known_at=at.known_at,
        excluded=list(found.excluded),
        excluded_counts=found.excluded,
        definition=words["definitions"][basis],
        sample=conference.sample,
        groups=[_shown(line, labels) for line in lines],
        subtotals=[_shown(line, labels) for line in rules.subtotals(lines)],
        total=_shown(total, labels),
    )


def summary_of(
    found: Count,
    conference: Conference,
    basis: Basis,
    at: Instant,
    *,
    language: str = "en",
    form: Form = "sentence",
) -> SummaryOut:
    """The communiqué of a count."""
    figures = figures_of(found)
    occasion = Occasion(
        title=in_language(conference.title, language),
        place=in_language(conference.city or conference.venue, language) or conference.timezone,
        starts=conference.starts,
        ends=conference.ends,
        patron=in_language(conference.patron, language),
        step=found.terms.rounding_step,
        native_digits=policies_of(conference.policies).native_digits,
    )
    women = [(who, n) for who, n in found.counted if who.sex is Sex.female]
    return SummaryOut(
        conference=conference.slug,
        basis=basis,
        as_of=at.as_of,
        known_at=at.known_at,
        language=language,
        excluded=list(found.excluded),
        definition=sentences.texts(language)["definitions"][basis],
        sample=conference.sample,
        notice=sentences.texts(language)["notice"] if conference.sample else None,
        text=sentences.communique(
            figures,
            occasion,
            basis=basis,
            language=language,
            form=form,
            women=rules.figures(found.terms, women),
        ),
        figures=figures,
    )


async def statistics(
    session: ReadSession, actor: Actor, conference: Conference, basis: Basis, at: Instant
) -> StatisticsOut:
    """The participation table. Raises `Forbidden` or `NotFound` for who may not read figures."""
    return statistics_of(await count(session, actor, conference, basis, at), conference, basis, at)


async def summary(
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    basis: Basis,
    at: Instant,
    *,
    language: str = "en",
    form: Form = "sentence",
) -> SummaryOut:
    """The communiqué."""
    found = await count(session, actor, conference, basis, at)
    return summary_of(found, conference, basis, at, language=language, form=form)
