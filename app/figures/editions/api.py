"""Editions under `/api/v1/conferences/{slug}/editions`."""

from fastapi import APIRouter

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference
from app.figures.editions import service
from app.figures.editions.schemas import EditionsOut
from app.figures.rules import Basis
from app.web.doors import Reading

router = APIRouter(prefix="/conferences/{slug}/editions", tags=["figures"])


@router.get("", response_model=EditionsOut)
async def list_editions(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    basis: Basis = Basis.accredited,
) -> EditionsOut:
    """The editions of the series that you may see, by date, with every figure they tell."""
    return await service.editions(session, actor, conference, basis)
