"""Quotas: how they stand, with those who wait, and the forms that add or change one."""

from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession
from app.core.text import sort_key
from app.delegations import store as delegations
from app.participants import places
from app.quotas import scopes, service
from app.quotas.models import Quota
from app.quotas.schemas import QuotaEdit, QuotaIn
from app.web.doors import Reading
from app.web.flash import went
from app.web.forms import Attempt, Errors, Values, attempt
from app.web.render import render

router = APIRouter(prefix="/quotas", dependencies=[Depends(desk("quotas"))])


async def _page(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    values: Values,
    errors: Errors,
    status: int = 200,
) -> Response:
    found = await service.listed(session, actor, conference.id)
    things = await scopes.choices(session, conference.id)
    bodies = await delegations.identities(session, conference.id)
    return render(
        request,
        "desk/quotas.html",
        status,
        quotas=await places.standing(session, conference.id, found),
        names={row.id: row.name for row in bodies},
        delegations=sorted(
            ((row.code, row.name) for row in bodies), key=lambda pair: sort_key(pair[1])
        ),
        things=[(f"{kind}:{id}", name) for (kind, id), name in things.items()],
        thing_names={id: name for (_, id), name in things.items()},
        officer=actor.may(conference.id, service.OFFICERS),
        values=values,
        errors=errors,
    )


@router.get("/")
async def listing(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference
) -> Response:
    """The quotas with the places used."""
    return await _page(request, session, actor, conference, {"waiting_list": "true"}, {})


@router.post("/")
async def add(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference
) -> Response:
    """Adds a quota."""
    sent = await attempt(
        request,
        QuotaIn,
        lambda writing, given, _: service.create(writing, actor, conference, given),
    )
    if sent.done is None:
        return await _page(
            request, session, actor, conference, sent.values, sent.errors, sent.status
        )
    return went(f"/c/{conference.slug}/desk/quotas/", "quota_added")


async def _one(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    sent: Attempt[Quota] | None = None,
) -> Response:
    found = await service.one(session, actor, conference.id, id)
    local = {
        field: clock.utc_to_local(at, conference.timezone).strftime("%Y-%m-%dT%H:%M")
        for field, at in (("opens_at", found.opens_at), ("closes_at", found.closes_at))
        if at is not None
    }
    kept = found.model_dump(include={"name", "capacity", "waiting_list", "offer_hours", "version"})
    values = {field: "" if value is None else str(value).lower() for field, value in kept.items()}
    everything = await service.listed(session, actor, conference.id)
    stand = await places.standing(session, conference.id, everything)
    return render(
        request,
        "desk/quota.html",
        sent.status if sent else 200,
        quota=next((one for one in stand if one.id == id), found),
        own=found.parent_id is not None,
        values=sent.values if sent else {**values, "name": found.name, **local},
        errors=sent.errors if sent else {},
    )


@router.get("/{id}")
async def show(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """One quota, to change it."""
    actor.require(conference.id, service.OFFICERS)
    return await _one(request, session, actor, conference, id)


@router.post("/{id}")
async def change(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Changes a quota; never below the places used."""
    sent = await attempt(
        request,
        QuotaEdit,
        lambda writing, given, version: service.edit(
            writing, actor, conference, id, given, version=version
        ),
    )
    if sent.done is None:
        return await _one(request, session, actor, conference, id, sent)
    return went(f"/c/{conference.slug}/desk/quotas/", "saved")
