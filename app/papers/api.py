"""Ministers under `/api/v1/conferences/{slug}/ministers`."""

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference
from app.core.paging import Page, Paged
from app.gates.models import Attestation
from app.gates.schemas import AttestationOut
from app.papers import photo_sheet as sheets
from app.papers.ministers import ministers
from app.papers.schemas import Minister, TallyIn
from app.web.doors import Reading, Writing, database
from app.web.idempotency import IdempotentRoute

router = APIRouter(route_class=IdempotentRoute, prefix="/conferences/{slug}", tags=["ministers"])


@router.get("/ministers", response_model=Page[Minister])
async def list_ministers(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    paging: Paged,
    undecided: bool = False,
) -> Page[Minister]:
    """Ministerial ranks and above, in order; with `undecided`, those whose rank is a suggestion."""
    found = await ministers(session, actor, conference)
    people = found.to_decide if undecided else found.listed
    return paging.of(people[paging.offset : paging.offset + paging.size], len(people))


@router.get("/ministers/photo-sheet", response_class=Response)
async def photo_sheet(request: Request, actor: CurrentActor, conference: InConference) -> Response:
    """The faces of principals for the VIP entrance, as a PDF."""
    pdf = await sheets.sheet(database(request), actor, conference)
    return Response(pdf, media_type="application/pdf")


@router.post("/ministers/tally", response_model=list[AttestationOut])
async def enter_tally(
    session: Writing, actor: CurrentActor, conference: InConference, given: TallyIn
) -> Sequence[Attestation]:
    """Attests what was ticked on paper, with its witness."""
    return await sheets.tally(session, actor, conference, given)
