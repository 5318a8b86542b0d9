"""The dashboard under `/api/v1/conferences/{slug}/dashboard`."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference
from app.figures import service as figures
from app.figures.dashboards import service
from app.figures.dashboards.schemas import DashboardOut
from app.figures.rules import Basis
from app.web.doors import Reading

router = APIRouter(prefix="/conferences/{slug}", tags=["figures"])
InstantText = Annotated[str | None, Query(min_length=10, max_length=40)]


@router.get("/dashboard", response_model=DashboardOut)
async def dashboard(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    basis: Basis | None = None,
    as_of: InstantText = None,
    known_at: InstantText = None,
) -> DashboardOut:
    """Funnel, arrivals by day and hour, regional groups, women's share, quotas and gates."""
    at = figures.instant(conference, as_of, known_at)
    return await service.dashboard(session, actor, conference, at, basis)
