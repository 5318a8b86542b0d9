"""The page of editions."""

from fastapi import APIRouter, Request, Response

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference
from app.figures.editions import service
from app.figures.publications.service import PUBLISHERS
from app.figures.rules import Basis
from app.web.doors import Reading
from app.web.render import render

router = APIRouter(prefix="/c/{slug}/figures")


@router.get("/editions")
async def editions(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    basis: Basis = Basis.accredited,
) -> Response:
    """The editions of the series side by side."""
    found = await service.editions(session, actor, conference, basis)
    told = [{one.key: one for one in edition.figures} for edition in found.editions]
    return render(
        request,
        "editions.html",
        basis=basis.value,
        editions=found.editions,
        rows=[(row, [figures.get(row.key) for figures in told]) for row in found.rows],
        may_publish=actor.may(conference.id, PUBLISHERS),
    )
