"""Delegations under `/api/v1/conferences/{slug}/delegations`, addressed by their code."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.accounts.doors import CurrentActor
from app.accounts.rules import DESK, Role
from app.conferences.doors import InConference
from app.conferences.models import Conference
from app.core.paging import Page, Paged
from app.delegations import service, store
from app.delegations.doors import ByCode
from app.delegations.models import Delegation
from app.delegations.rules import InvitationStatus, Kind
from app.delegations.schemas import DelegationEdit, DelegationIn, DelegationOut
from app.web.doors import Reading, Writing
from app.web.etag import IfMatch, version_of
from app.web.idempotency import IdempotentRoute

router = APIRouter(
    route_class=IdempotentRoute, prefix="/conferences/{slug}/delegations", tags=["delegations"]
)
READERS = DESK | {Role.focal_point}


def shown(conference: Conference, delegation: Delegation) -> DelegationOut:
    """A delegation as the API shows it."""
    out = DelegationOut.model_validate(delegation)
    out.warnings = service.standing(conference, delegation)
    return out


@router.get("", response_model=Page[DelegationOut])
async def list_delegations(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    paging: Paged,
    search: Annotated[str, Query(max_length=200)] = "",
    kind: Kind | None = None,
    invitation_status: InvitationStatus | None = None,
) -> Page[DelegationOut]:
    """The delegations you may see, by name."""
    actor.require(conference.id, READERS)
    where = store.visible_to(actor, conference.id) & store.matching(
        search=search, kind=kind, invitation_status=invitation_status
    )
    found = await session.execute(
        store.listing(where).order_by(*store.BY_NAME).offset(paging.offset).limit(paging.size)
    )
    results = [shown(conference, d) for d in found.scalars()]
    return paging.of(results, await store.count(session, where))


@router.post("", status_code=201, response_model=DelegationOut)
async def create_delegation(
    session: Writing, actor: CurrentActor, conference: InConference, given: DelegationIn
) -> DelegationOut:
    """Creates a delegation: a state by `iso3`, anything else by `name`."""
    return shown(conference, await service.create(session, actor, conference, given))


@router.get("/{code}", response_model=DelegationOut)
async def show_delegation(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    code: ByCode,
    response: Response,
) -> DelegationOut:
    """One delegation."""
    actor.require(conference.id, READERS)
    found = await service.find(session, actor, conference.id, code)
    response.headers["ETag"] = f'"{found.version}"'
    return shown(conference, found)


@router.patch("/{code}", response_model=DelegationOut)
async def edit_delegation(
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    code: ByCode,
    given: DelegationEdit,
    if_match: IfMatch = None,
) -> DelegationOut:
    """Changes a delegation, never its code. `If-Match` guards against lost updates."""
    version = version_of(if_match)
    return shown(
        conference,
        await service.edit(session, actor, conference, code, given, version=version),
    )
