"""Figures under `/api/v1/conferences/{slug}/statistics` and `/summary`."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference
from app.core.paging import Page, Paged
from app.delegations.rules import Group
from app.figures import drilldown, service
from app.figures.breakdown import By
from app.figures.catalogue import catalogue
from app.figures.rules import Basis
from app.figures.schemas import (
    BreakdownOut,
    FiguresOut,
    HallsOut,
    PersonOut,
    StatisticsOut,
    SummaryOut,
)
from app.web.doors import Reading

router = APIRouter(prefix="/conferences/{slug}", tags=["figures"])

InstantText = Annotated[str | None, Query(min_length=10, max_length=40)]
FigureKey = Annotated[str, Query(max_length=64, json_schema_extra={"enum": list(catalogue())})]


@dataclass(frozen=True)
class Asked:
    """What every figure is asked with."""

    basis: Basis = Basis.accredited
    as_of: InstantText = None
    known_at: InstantText = None


@router.get("/statistics", response_model=StatisticsOut)
async def statistics(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    asked: Annotated[Asked, Depends()],
) -> StatisticsOut:
    """The participation table by basis, as-of and known-at."""
    at = service.instant(conference, asked.as_of, asked.known_at)
    return await service.statistics(session, actor, conference, asked.basis, at)


@router.get("/statistics/breakdown", response_model=BreakdownOut)
async def breakdown(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    asked: Annotated[Asked, Depends()],
    by: By = By.kind,
) -> BreakdownOut:
    """Counted people by kind, role, rank, delegation, regional or other group of States."""
    at = service.instant(conference, asked.as_of, asked.known_at)
    return await service.breakdown(session, actor, conference, asked.basis, at, by)


@router.get("/statistics/halls", response_model=HallsOut)
async def halls(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    as_of: InstantText = None,
    known_at: InstantText = None,
    by: Literal[By.session, By.hall] = By.hall,
) -> HallsOut:
    """How full sessions and halls were at the fullest; entries where no exit is scanned."""
    at = service.instant(conference, as_of, known_at)
    return await service.fullest(session, actor, conference, at, by)


@router.get("/statistics/figures", response_model=FiguresOut)
async def figures(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    asked: Annotated[Asked, Depends()],
) -> FiguresOut:
    """Every figure with its definition, and the bridge to all whom the basis counts."""
    at = service.instant(conference, asked.as_of, asked.known_at)
    return await service.every_figure(session, actor, conference, asked.basis, at)


@router.get("/statistics/people", response_model=Page[PersonOut])
async def people(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    paging: Paged,
    asked: Annotated[Asked, Depends()],
    figure: FigureKey = "participants",
    group: Group | None = None,
    by: By | None = None,
    row: Annotated[str | None, Query(max_length=100)] = None,
) -> Page[PersonOut]:
    """The persons behind a figure or a row of the table."""
    at = service.instant(conference, asked.as_of, asked.known_at)
    found = await drilldown.people(
        session,
        actor,
        conference,
        asked.basis,
        at,
        figure=figure,
        group=group,
        row=(by, row) if by and row else None,
    )
    return paging.of(found[paging.offset : paging.offset + paging.size], len(found))


@router.get("/summary", response_model=SummaryOut)
async def summary(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    asked: Annotated[Asked, Depends()],
    lang: Literal["en", "fr", "es", "ru", "ar", "zh"] = "en",
    form: Literal["sentence", "paragraph"] = "sentence",
) -> SummaryOut:
    """The communiqué and the figures in it."""
    at = service.instant(conference, asked.as_of, asked.known_at)
    return await service.summary(
        session, actor, conference, asked.basis, at, language=lang, form=form
    )
