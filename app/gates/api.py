"""Gates, scans, presence and redeeming under `/api/v1`."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference
from app.core.paging import Page, Paged
from app.core.text import sort_key
from app.gates import conflicts, editing, service, store
from app.gates.models import Attestation, Gate, SettledConflict
from app.gates.rules import Result
from app.gates.schemas import (
    AttestationOut,
    AttestIn,
    GateEdit,
    GateIn,
    GateOut,
    GateStatus,
    ScanOut,
    SettledOut,
    SettleIn,
)
from app.gates.store import ScanFilter
from app.web.doors import Reading, Writing
from app.web.etag import IfMatch, version_of
from app.web.idempotency import IdempotentRoute

router = APIRouter(route_class=IdempotentRoute, tags=["gates"])
BELOW = "/conferences/{slug}"


@router.get(BELOW + "/gates", response_model=Page[GateOut])
async def list_gates(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    paging: Paged,
    ordering: Literal["position", "name"] = "position",
) -> Page[Gate]:
    """The gates, in their order or by name."""
    found = await service.listed(session, actor, conference.id)
    if ordering == "name":
        found = sorted(found, key=lambda gate: sort_key(gate.name))
    return paging.of(found[paging.offset : paging.offset + paging.size], len(found))


@router.post(BELOW + "/gates", status_code=201, response_model=GateOut)
async def create_gate(
    session: Writing, actor: CurrentActor, conference: InConference, given: GateIn
) -> Gate:
    """Creates a gate (registration and protocol officers)."""
    return await service.create(session, actor, conference, given)


def _tagged(gate: Gate, response: Response) -> Gate:
    response.headers["ETag"] = f'"{gate.version}"'
    return gate


@router.get(BELOW + "/gates/{id}", response_model=GateOut)
async def show_gate(
    session: Reading, actor: CurrentActor, conference: InConference, id: UUID, response: Response
) -> Gate:
    """One gate with its rules."""
    return _tagged(await editing.read(session, actor, conference, id), response)


@router.patch(BELOW + "/gates/{id}", response_model=GateOut)
async def edit_gate(
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    id: UUID,
    given: GateEdit,
    response: Response,
    if_match: IfMatch = None,
) -> Gate:
    """Changes a gate or its rules. `If-Match` guards against lost updates."""
    version = version_of(if_match)
    edited = await editing.edit(session, actor, conference, id, given, version=version)
    return _tagged(edited, response)


@router.get(BELOW + "/gates/{id}/status", response_model=GateStatus, include_in_schema=False)
@router.get(BELOW + "/gates/{id}/status/", response_model=GateStatus)
async def gate_status(
    session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> GateStatus:
    """Badges inside now, admitted ever and expected."""
    return await service.status(session, actor, conference, id)


@router.get(BELOW + "/scans", response_model=Page[ScanOut])
async def list_scans(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    paging: Paged,
    gate: UUID | None = None,
    result: Result | None = None,
    participant: UUID | None = None,
    refused: Annotated[bool, Query()] = False,
    conflict: Annotated[bool, Query()] = False,
    settled: bool | None = None,
) -> Page[ScanOut]:
    """Scans, newest first (auditors and gate operators; of conflicts officers too).

    With `conflict` those of devices that were alone and did otherwise than the gate decides now,
    `settled` by an officer or not.
    """
    officers = service.OFFICERS if conflict else frozenset()
    actor.require(conference.id, service.SCAN_READERS | officers)
    narrowed = ScanFilter(
        gate=gate,
        result=result,
        participant=participant,
        refused=refused,
        conflict=conflict,
        settled=settled,
    )
    count = await store.count_scans(session, conference.id, narrowed)
    found = await store.scans(
        session, conference.id, narrowed, offset=paging.offset, limit=paging.size
    )
    return paging.of([ScanOut.model_validate(row) for row in found], count)


@router.post(BELOW + "/scans/{id}/settle", response_model=SettledOut)
async def settle_conflict(
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    id: Annotated[int, Path(ge=0, lt=2**63)],
    given: SettleIn,
) -> SettledConflict:
    """Says what was done about a conflict of a device, which alarms no more then."""
    return await conflicts.settle(session, actor, conference, id, note=given.note)


@router.post(BELOW + "/participants/{id}/attest", response_model=AttestationOut)
async def attest(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID, given: AttestIn
) -> Attestation:
    """Notes that you saw a person, who passed no scanner."""
    return await service.attest(session, actor, conference, id, given)
