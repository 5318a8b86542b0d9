"""The editions of a series side by side."""

from app.accounts.rules import Actor
from app.conferences import store as conferences
from app.conferences.models import Conference
from app.conferences.rules import in_language
from app.core.db import ReadSession
from app.figures import catalogue, service
from app.figures.editions.schemas import Edition, EditionFigure, EditionsOut, Row
from app.figures.publications import store as publications
from app.figures.publications.rules import Origin
from app.figures.rules import Basis


async def editions(
    session: ReadSession, actor: Actor, conference: Conference, basis: Basis
) -> EditionsOut:
    """This conference and the others of its series, those that were not run here as typed in.

    Another conference is another tenant: it is shown to who may read its figures, and one without
    a single person is not counted as zero but left to what was typed in. Raises `Forbidden`.
    """
    actor.require(conference.id, service.READERS)
    found: list[Edition] = []
    for other, _ in await conferences.conferences(session):
        same = other.series_id is not None and other.series_id == conference.series_id
        if other.id != conference.id and not (same and actor.may(other.id, service.READERS)):
            continue
        count = await service.count_with_past(
            session, actor, other, basis, service.instant(other, None, None)
        )
        if not count.tallies and other.id != conference.id:
            continue
        numbers = catalogue.figures(basis, count.terms, count.tallies)
        found.append(
            Edition(
                title=in_language(other.title, "en"),
                slug=other.slug,
                year=other.starts.year,
                dated=other.starts,
                basis=basis,
                source=None,
                figures=[
                    EditionFigure(key=key, number=number, more=False)
                    for key, number in numbers.items()
                ],
            )
        )
    for one in await publications.publications(session, conference.id):
        if one.origin is Origin.edition and one.dated is not None:
            found.append(
                Edition(
                    title=one.title,
                    slug=None,
                    year=one.dated.year,
                    dated=one.dated,
                    basis=None,
                    source=one.source or f"typed in by {one.published_by}",
                    figures=[
                        EditionFigure(key=key, number=told["number"], more=bool(told["more"]))
                        for key, told in one.figures.items()
                    ],
                )
            )
    told = {one.key for edition in found for one in edition.figures if one.number}
    return EditionsOut(
        conference=conference.slug,
        basis=basis,
        rows=[
            Row(key=key, label=one.label)
            for key, one in catalogue.catalogue().items()
            if key in told
        ],
        editions=sorted(found, key=lambda one: (one.dated, one.slug or "")),
    )
