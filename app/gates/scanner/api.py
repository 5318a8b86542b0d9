"""Pairing, devices, snapshots and photos of the scanned, under `/api/v1`."""

import gzip
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.accounts.doors import CurrentActor
from app.accounts.models import Token
from app.conferences.doors import InConference
from app.core import clock
from app.gates.scanner import service
from app.gates.scanner.schemas import CodeOut, DeviceOut, PairedOut, PairIn
from app.gates.scanner.snapshot import snapshot
from app.web.cached import etag_of
from app.web.doors import Reading, Writing, database
from app.web.idempotency import IdempotentRoute

# A pairing code is its own key: it works once, and its answer, a token, is kept nowhere.
_pairing = APIRouter(tags=["gates"])
_kept = APIRouter(route_class=IdempotentRoute, tags=["gates"])
BELOW = "/conferences/{slug}"
_PHOTO = {"description": "The photo", "content": {"image/jpeg": {}}}


@_pairing.post("/checkinrpc/pair/", status_code=201, response_model=PairedOut)
async def pair(request: Request, session: Writing, given: PairIn) -> service.Paired:
    """Pairs a scanner by the one-time code of a gate; its token is shown this once."""
    return await service.pair(
        session,
        given.code,
        slug=given.conference,
        name=given.name,
        network=request.client.host if request.client else "-",
    )


@_kept.post(BELOW + "/gates/{id}/pairing-codes", status_code=201, response_model=CodeOut)
async def offer_code(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID
) -> CodeOut:
    """A one-time code for a scanner at a gate, good for fifteen minutes; shown this once."""
    code, until = await service.offer(session, actor, conference, id)
    return CodeOut(code=code, expires_at=until)


@_kept.get(BELOW + "/gates/{id}/devices", response_model=list[DeviceOut])
async def list_devices(
    session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> list[service.Device]:
    """The scanners paired with a gate, and when each was last seen."""
    return await service.listed(session, actor, conference, id)


@_kept.post(BELOW + "/devices/{id}/revoke", response_model=DeviceOut)
async def revoke_device(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID
) -> Token:
    """Ends a scanner's token at once."""
    return await service.revoke(session, actor, conference, id)


@_kept.get(
    BELOW + "/gates/{id}/snapshot",
    response_class=Response,
    responses={
        200: {"description": "The snapshot", "content": {"application/json": {}}},
        304: {"description": "Nothing has changed"},
    },
)
async def get_snapshot(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """What a scanner decides by without a network; the header `Server-Time` sets its clock."""
    body = await snapshot(session, actor, conference, id)
    if await service.is_news(session, actor, conference):
        async with database(request).writing() as writing:
            await service.note(writing, actor)
    etag = etag_of(body)
    headers = {
        "ETag": etag,
        "Cache-Control": "private, no-cache",
        "Vary": "Accept-Encoding, Authorization",
        "Server-Time": clock.now().isoformat(timespec="milliseconds"),
    }
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, 6, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, media_type="application/json", headers=headers)


@_kept.get(BELOW + "/gates/{id}/photos/{person}", response_class=Response, responses={200: _PHOTO})
async def get_scanned_photo(
    session: Reading, actor: CurrentActor, conference: InConference, id: UUID, person: UUID
) -> Response:
    """The photo of a person whom this scanner read in the last minutes."""
    data = await service.photo(session, actor, conference, id, person)
    return Response(data, media_type="image/jpeg")


router = APIRouter()
router.include_router(_pairing)
router.include_router(_kept)
