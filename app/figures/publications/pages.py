"""Publications for the press officer: give out, type in, see what changed, compare."""

from collections.abc import Awaitable
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.core.db import ReadSession, WriteSession
from app.figures.catalogue import catalogue
from app.figures.publications import comparing, differences, service
from app.figures.publications.models import Publication
from app.figures.publications.rules import Origin
from app.figures.publications.schemas import PublicationIn, ReportIn
from app.figures.rules import Basis
from app.web.doors import Reading, Writing
from app.web.flash import went
from app.web.forms import Attempt, attempt
from app.web.render import render

router = APIRouter(prefix="/c/{slug}/figures/publications", dependencies=[Depends(desk("figures"))])


def _here(conference: Conference, path: str = "") -> str:
    return f"/c/{conference.slug}/figures/publications/{path}"


async def _listing(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    refused: Attempt[Publication] | None = None,
) -> Response:
    found = await service.listed(session, actor, conference)
    pairs = [(one.id, one.title) for one in found if one.origin is not Origin.edition]
    return render(
        request,
        "publications.html",
        refused.status if refused else 200,
        publications=found,
        pairs=pairs,
        newest={"first": pairs[1][0], "second": pairs[0][0]} if len(pairs) > 1 else {},
        may_publish=actor.may(conference.id, service.PUBLISHERS),
        values=refused.values if refused else {"basis": Basis.accredited},
        errors=refused.errors if refused else {},
    )


@router.get("/")
async def listing(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference
) -> Response:
    """What was given out and typed in, newest first."""
    return await _listing(request, session, actor, conference)


@router.post("/")
async def freeze(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference
) -> Response:
    """Gives a set of figures out."""

    def work(writing: WriteSession, given: PublicationIn, _: int | None) -> Awaitable[Publication]:
        return service.freeze(writing, actor, conference, given)

    sent = await attempt(request, PublicationIn, work)
    if sent.done is None:
        return await _listing(request, session, actor, conference, sent)
    return went(_here(conference, str(sent.done.id)), "published")


def _report_form(request: Request, refused: Attempt[Publication] | None = None) -> Response:
    return render(
        request,
        "publication_report.html",
        refused.status if refused else 200,
        figures=[(key, one.label, one.words) for key, one in catalogue().items()],
        labels={f"figures.{key}": one.label for key, one in catalogue().items()},
        values=refused.values if refused else {},
        errors=refused.errors if refused else {},
    )


@router.get("/report")
async def report(request: Request, actor: CurrentActor, conference: InConference) -> Response:
    """The empty form for what a press report said."""
    actor.require(conference.id, service.PUBLISHERS)
    return _report_form(request)


@router.post("/report")
async def type_in(request: Request, actor: CurrentActor, conference: InConference) -> Response:
    """Types a press report in."""
    actor.require(conference.id, service.PUBLISHERS)

    def work(writing: WriteSession, given: ReportIn, _: int | None) -> Awaitable[Publication]:
        return service.type_in(writing, actor, conference, given)

    sent = await attempt(request, ReportIn, work)
    if sent.done is None:
        return _report_form(request, sent)
    return went(_here(conference, str(sent.done.id)), "typed_in")


@router.get("/compare")
async def compare(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    first: str = "",
    second: str = "",
) -> Response:
    """Two of them, figure by figure, each difference in a sentence; the list, to choose them."""
    try:
        ids = UUID(first), UUID(second)
    except ValueError:
        # A cut-off address is no mistake in a form: there is no field here to mend it in.
        return RedirectResponse(_here(conference), 303)
    found = await comparing.compare(session, actor, conference, *ids)
    return render(request, "publications_compare.html", found=found)


@router.get("/{id}")
async def publication(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """One, as it was given out, and what has changed since."""
    one = await service.find(session, actor, conference, id)
    since = None
    if one.origin is Origin.frozen:
        since = await differences.differences(session, actor, conference, id)
    return render(
        request,
        "publication.html",
        one=service.shown(one, conference),
        since=since,
        may_drop=one.origin is not Origin.frozen and actor.may(conference.id, service.PUBLISHERS),
    )


@router.post("/{id}/drop")
async def drop(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Removes a report that was typed in wrongly."""
    await service.drop(session, actor, conference, id)
    return went(_here(conference), "dropped_report")
