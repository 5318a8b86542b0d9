"""Quotas: how they stand, with those who wait, and the form that adds one."""

from fastapi import APIRouter, Depends, Request, Response

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.core.db import ReadSession
from app.core.text import sort_key
from app.delegations import store as delegations
from app.participants import places
from app.quotas import scopes, service
from app.quotas.schemas import QuotaIn
from app.web.doors import Reading
from app.web.flash import went
from app.web.forms import Errors, Values, attempt
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
