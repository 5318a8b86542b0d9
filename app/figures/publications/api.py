"""Publications under `/api/v1/conferences/{slug}/publications`."""

from uuid import UUID

from fastapi import APIRouter

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference
from app.core.paging import Page, Paged
from app.figures.publications import comparing, differences, service
from app.figures.publications.schemas import (
    ComparisonOut,
    DifferencesOut,
    PublicationIn,
    PublicationOut,
    PublicationRow,
    ReportIn,
)
from app.web.doors import Reading, Writing
from app.web.idempotency import IdempotentRoute

router = APIRouter(
    route_class=IdempotentRoute,
    prefix="/conferences/{slug}/publications",
    tags=["publications"],
)


@router.get("", response_model=Page[PublicationRow])
async def list_publications(
    session: Reading, actor: CurrentActor, conference: InConference, paging: Paged
) -> Page[PublicationRow]:
    """What was published and typed in, newest first."""
    found = await service.listed(session, actor, conference)
    some = found[paging.offset : paging.offset + paging.size]
    return paging.of([PublicationRow.model_validate(one) for one in some], len(found))


@router.post("", status_code=201, response_model=PublicationOut)
async def freeze(
    session: Writing, actor: CurrentActor, conference: InConference, given: PublicationIn
) -> PublicationOut:
    """Freezes the figures of a basis and an instant."""
    made = await service.freeze(session, actor, conference, given)
    return service.shown(made, conference)


@router.post("/reports", status_code=201, response_model=PublicationOut)
async def type_in(
    session: Writing, actor: CurrentActor, conference: InConference, given: ReportIn
) -> PublicationOut:
    """Types in what a press report said."""
    made = await service.type_in(session, actor, conference, given)
    return service.shown(made, conference)


@router.get("/compare", response_model=ComparisonOut)
async def compare(
    session: Reading, actor: CurrentActor, conference: InConference, first: UUID, second: UUID
) -> ComparisonOut:
    """Two of them, figure by figure, each difference in a sentence."""
    return await comparing.compare(session, actor, conference, first, second)


@router.get("/{id}", response_model=PublicationOut)
async def show(
    session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> PublicationOut:
    """One, as it was given out."""
    return service.shown(await service.find(session, actor, conference, id), conference)


@router.get("/{id}/differences", response_model=DifferencesOut)
async def changes(
    session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> DifferencesOut:
    """What has changed since."""
    return await differences.differences(session, actor, conference, id)


@router.delete("/{id}", status_code=204)
async def drop(session: Writing, actor: CurrentActor, conference: InConference, id: UUID) -> None:
    """Removes a report that was typed in wrongly; what was published stays."""
    await service.drop(session, actor, conference, id)
