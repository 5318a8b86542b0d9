"""The check-in doors in the shape that scanning clients know, under `/api/v1/checkinrpc`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response

from app.accounts.doors import CurrentActor
from app.core.errors import Clash
from app.core.paging import Page, Paged
from app.gates import answers, checkin
from app.gates.answers import Written, language_of
from app.gates.schemas import (
    AnnulIn,
    AnnulOut,
    BatchIn,
    BatchOut,
    FoundOut,
    RedeemIn,
    RedeemOut,
)
from app.web.doors import Reading, Writing, database
from app.web.idempotency import IdempotentRoute

router = APIRouter(prefix="/checkinrpc", route_class=IdempotentRoute, tags=["gates"])
Tongue = Annotated[str, Header(alias="accept-language", max_length=500)]


@router.post(
    "/redeem/",
    status_code=201,
    response_model=RedeemOut,
    responses={400: {"model": RedeemOut}, 404: {"model": RedeemOut}},
)
async def redeem(
    request: Request, actor: CurrentActor, given: RedeemIn, accept_language: Tongue = ""
) -> Response:
    """Scans a badge: 201 admitted, 400 with the reason why not, 404 for an unknown serial."""
    answer = await checkin.redeem(database(request), checkin.Asked(actor, given))
    status, body = answers.told(answer, language_of(accept_language))
    return Written(body, status)


@router.post("/batch/", response_model=BatchOut)
async def batch(
    session: Writing,
    actor: CurrentActor,
    given: BatchIn,
    accept_language: Tongue = "",
) -> Response:
    """Takes scans that a device decided alone, any order, any number of times; one result each."""
    told = await checkin.tell(session, actor, given)
    return Written(answers.results_of(told, language_of(accept_language)))


@router.get("/search/", response_model=Page[FoundOut])
async def search(
    session: Reading,
    actor: CurrentActor,
    paging: Paged,
    q: Annotated[str, Query(max_length=200)],
    list: UUID | None = None,
) -> Page[FoundOut]:
    """Badges by their holder's name, for who has none at hand; on-line only."""
    found = [
        FoundOut.model_validate(answers.position(row, row.code))
        for row in await checkin.search(session, actor, list, q)
    ]
    return paging.of(found[paging.offset : paging.offset + paging.size], len(found))


@router.post("/annul/", response_model=AnnulOut, responses={400: {"model": AnnulOut}})
async def annul(
    session: Writing,
    actor: CurrentActor,
    given: AnnulIn,
    accept_language: Tongue = "",
) -> Response:
    """Takes a scan of the last fifteen minutes back, from the device that made it."""
    try:
        await checkin.annul(session, actor, given.nonce)
    except Clash as late:
        return Written(answers.failed(late, language_of(accept_language)), 400)
    return Written({"status": "ok"})
