"""Ministers under `/api/v1/conferences/{slug}/ministers`."""

from fastapi import APIRouter

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference
from app.core.paging import Page, Paged
from app.papers.ministers import ministers
from app.papers.schemas import Minister
from app.web.doors import Reading

router = APIRouter(prefix="/conferences/{slug}", tags=["ministers"])


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
