"""The desk's forms for delegations; lists and details, which show people, stand above."""

from fastapi import APIRouter, Depends, Request, Response

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.delegations import service
from app.delegations.doors import ByCode
from app.delegations.models import Delegation
from app.delegations.schemas import DelegationEdit, DelegationIn
from app.states import catalogue
from app.web.doors import Reading
from app.web.flash import went
from app.web.forms import Errors, Values, attempt
from app.web.render import render

router = APIRouter(prefix="/c/{slug}/desk/delegations", dependencies=[Depends(desk("delegations"))])


def _form(
    request: Request,
    conference: Conference,
    delegation: Delegation | None,
    values: Values,
    errors: Errors,
    status: int = 200,
) -> Response:
    known = delegation.names if delegation else {}
    return render(
        request,
        "desk/delegation_form.html",
        status,
        delegation=delegation,
        values=values,
        errors=errors,
        states=sorted(
            ((s.iso3, catalogue.name(s, "en", "index")) for s in catalogue.states()),
            key=lambda pair: catalogue.sort_key(catalogue.state(pair[0]), "en"),
        ),
        languages_of_name=[*dict.fromkeys([*conference.languages, *known])],
    )


def _typed(delegation: Delegation) -> Values:
    """A delegation as its form shows it."""
    plain = delegation.model_dump(mode="json", exclude={"names"})
    return {
        **{name: "" if value is None else str(value) for name, value in plain.items()},
        **{f"names.{language}": name for language, name in delegation.names.items()},
    }


@router.get("/new")
async def new(request: Request, actor: CurrentActor, conference: InConference) -> Response:
    """The form for a new delegation."""
    actor.require(conference.id, service.OFFICERS)
    return _form(request, conference, None, {}, {})


@router.post("/new")
async def add(request: Request, actor: CurrentActor, conference: InConference) -> Response:
    """Adds a delegation."""
    actor.require(conference.id, service.OFFICERS)
    sent = await attempt(
        request,
        DelegationIn,
        lambda session, given, _: service.create(session, actor, conference, given),
    )
    if sent.done is None:
        return _form(request, conference, None, sent.values, sent.errors, sent.status)
    return went(f"/c/{conference.slug}/desk/delegations/{sent.done.code}", "delegation_added")


@router.get("/{code}/edit")
async def form(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, code: ByCode
) -> Response:
    """A delegation's form."""
    actor.require(conference.id, service.OFFICERS)
    delegation = await service.find(session, actor, conference.id, code)
    return _form(request, conference, delegation, _typed(delegation), {})


@router.post("/{code}/edit")
async def edit(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, code: ByCode
) -> Response:
    """Changes a delegation, never its code."""
    actor.require(conference.id, service.OFFICERS)
    sent = await attempt(
        request,
        DelegationEdit,
        lambda writing, given, version: service.edit(
            writing, actor, conference, code, given, version=version
        ),
    )
    if sent.done is None:
        delegation = await service.find(session, actor, conference.id, code)
        return _form(request, conference, delegation, sent.values, sent.errors, sent.status)
    return went(f"/c/{conference.slug}/desk/delegations/{code}", "saved")
