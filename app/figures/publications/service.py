"""Use cases of publications: freeze figures, type in a press report, and say what has changed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from app.accounts import audit
from app.accounts.rules import Actor, Role
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession, WriteSession
from app.core.errors import Clash, Invalid, NotFound
from app.figures import catalogue as every
from app.figures import firsts
from app.figures import service as figures
from app.figures import store as people
from app.figures.catalogue import catalogue
from app.figures.publications import rules, store
from app.figures.publications.models import Publication
from app.figures.publications.rules import Origin
from app.figures.publications.schemas import (
    PublicationIn,
    PublicationOut,
    PublishedFigure,
    ReportIn,
)
from app.figures.rules import Basis, Rounded, Tally, Terms, Traits
from app.figures.store import Instant
from app.participants.rules import Rank
from app.participants.rules import Role as Part

READERS = figures.READERS
PUBLISHERS = frozenset({Role.press_officer})


async def listed(
    session: ReadSession, actor: Actor, conference: Conference
) -> Sequence[Publication]:
    """The publications and press reports, newest first. Raises `Forbidden` or `NotFound`."""
    actor.require(conference.id, READERS)
    return await store.publications(session, conference.id)


async def find(session: ReadSession, actor: Actor, conference: Conference, id: UUID) -> Publication:
    """One of them. Raises `Forbidden` or `NotFound`."""
    actor.require(conference.id, READERS)
    found = await store.by_id(session, conference.id, id)
    if found is None:
        raise NotFound
    return found


def tallied(traits: Mapping[UUID, Traits]) -> list[Tally]:
    """People as tallies."""
    return list(Counter(traits.values()).items())


async def freeze(
    session: WriteSession, actor: Actor, conference: Conference, given: PublicationIn
) -> Publication:
    """Gives figures out, for good: values, definitions, exclusions, instants and persons' hash.

    Raises `Invalid` for an instant that is none or to come, `Clash` for a language without
    sentences.
    """
    actor.require(conference.id, PUBLISHERS)
    at = _come(conference, figures.instant(conference, given.as_of, given.known_at))
    # The persons once: their list and the figures cannot be of two states of the database.
    traits = await people.traits_of(session, conference.id, at)
    decided = figures.terms(conference)
    known = await firsts.past(session, conference, decided, at)
    traits = {id: known.of(who, id) for id, who in traits.items()}
    found = figures.count_of(decided, tallied(traits), given.basis)
    numbers = every.figures(given.basis, found.terms, found.tallies)
    whole = catalogue()["participants"]
    behind = [id for id, who in traits.items() if whole.counts(given.basis, found.terms, who)]
    told = figures.summary_of(
        found, conference, given.basis, at, language=given.language, form=given.form
    )
    table = figures.statistics_of(found, conference, given.basis, at)
    made = Publication(
        conference_id=conference.id,
        origin=Origin.frozen,
        title=given.title,
        basis=given.basis,
        as_of=at.as_of,
        known_at=at.known_at,
        terms={
            "ministerial_ranks": sorted(found.terms.ministerial_ranks),
            "excluded_roles": sorted(found.terms.excluded_roles),
            "rounding_step": found.terms.rounding_step,
        },
        figures={key: {"number": n, "more": 0} for key, n in numbers.items()},
        definitions={key: one.words for key, one in catalogue().items()},
        excluded_counts=found.excluded,
        participation=[line.model_dump(mode="json") for line in table.lines],
        text=told.text,
        people=len(behind),
        people_hash=rules.people_hash(behind),
        published_at=clock.now(),
        published_by=actor.name[:200],
    )
    return await _add(session, actor, made, "publication.freeze")


def _come(conference: Conference, asked: Instant) -> Instant:
    """An instant of which nothing can be told later that was not known: today ends with now.

    Raises `Invalid`, naming the field, for a later day.
    """
    now = clock.now()
    tonight = clock.day_end(
        clock.utc_to_local(now, conference.timezone).date(), conference.timezone
    )
    moments = {"as_of": asked.as_of, "known_at": asked.known_at}
    if late := [field for field, moment in moments.items() if moment >= tonight]:
        words = "Figures are given out of what has come: this day has not."
        raise Invalid(words, errors=[(f"/{field}", words) for field in late])
    return Instant(min(asked.as_of, now), min(asked.known_at, now))


async def type_in(
    session: WriteSession, actor: Actor, conference: Conference, given: ReportIn
) -> Publication:
    """Keeps what a press report said. Raises `Invalid` for what is no figure."""
    actor.require(conference.id, PUBLISHERS)
    told: dict[str, dict[str, int]] = {}
    errors: list[tuple[str, str]] = []
    for key, text in given.figures.items():
        try:
            if key not in catalogue():
                raise Invalid(f"No figure has the key “{key[:40]}”.")
            if text and text.strip():
                one = rules.told(text)
                told[key] = {"number": one.number, "more": int(one.more)}
        except Invalid as error:
            errors.append((f"/figures/{key}", error.detail))
    if given.edition and given.dated is None:
        errors.append(("/dated", "Say when the edition took place."))
    today = clock.utc_to_local(clock.now(), conference.timezone).date()
    if given.dated and given.dated > today:
        errors.append(("/dated", "This day has not come yet."))
    if not told and not errors:
        errors.append(("/figures", "Type in at least one figure."))
    if errors:
        raise Invalid(errors[0][1], errors=errors)
    made = Publication(
        conference_id=conference.id,
        origin=Origin.edition if given.edition else Origin.typed,
        title=given.title,
        source=given.source,
        dated=given.dated,
        figures=told,
        published_at=clock.now(),
        published_by=actor.name[:200],
    )
    return await _add(session, actor, made, "publication.type_in")


async def _add(session: WriteSession, actor: Actor, made: Publication, action: str) -> Publication:
    session.add(made)
    audit.record(
        session,
        actor,
        action,
        conference_id=made.conference_id,
        target=("publication", made.id),
        fields={"title": made.title, "figures": made.figures, "people_hash": made.people_hash},
    )
    await session.flush()
    return made


async def drop(session: WriteSession, actor: Actor, conference: Conference, id: UUID) -> None:
    """Removes a report that was typed in wrongly. Raises `Clash` for a publication of ours."""
    actor.require(conference.id, PUBLISHERS)
    found = await find(session, actor, conference, id)
    if found.origin is Origin.frozen:
        raise Clash("What was published stays; publish again to correct it.", code="published")
    await session.delete(found)
    audit.record(
        session,
        actor,
        "publication.drop",
        conference_id=conference.id,
        target=("publication", id),
    )
    await session.flush()


def frozen_of(one: Publication) -> tuple[Basis, Instant, Terms]:
    """What a publication of ours counted by. Raises `Clash` for a report that was typed in."""
    if one.basis is None or one.as_of is None or one.known_at is None:
        raise Clash("A report that was typed in has no persons behind it.", code="typed-in")
    return one.basis, Instant(one.as_of, one.known_at), _terms(one.terms)


def _terms(kept: Mapping[str, object]) -> Terms:
    ranks, roles, step = (kept[k] for k in ("ministerial_ranks", "excluded_roles", "rounding_step"))
    assert isinstance(ranks, list)
    assert isinstance(roles, list)
    assert isinstance(step, int)
    return Terms(frozenset(map(Rank, ranks)), frozenset(map(Part, roles)), step)


def report_of(one: Publication) -> dict[str, Rounded]:
    """What it tells, by figure."""
    return {k: Rounded(n["number"], more=bool(n["more"])) for k, n in one.figures.items()}


def label_of(key: str) -> str:
    """The words of a figure; its key where there is no such figure any more."""
    return catalogue()[key].label if key in catalogue() else key


def shown(one: Publication, conference: Conference) -> PublicationOut:
    """A publication as the API shows it."""
    words = one.definitions or {key: it.words for key, it in catalogue().items()}
    return PublicationOut.model_validate(
        {
            **one.model_dump(),
            "conference": conference.slug,
            "figures": [
                PublishedFigure(
                    key=key,
                    label=label_of(key),
                    definition=words.get(key, ""),
                    number=told.number,
                    more=told.more,
                )
                for key, told in report_of(one).items()
            ],
        }
    )
