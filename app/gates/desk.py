"""The rules of a gate at the desk, and what devices decided otherwise there."""

from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.badges.rules import categories, zones
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.core.db import ReadSession, WriteSession
from app.gates import editing, service, store
from app.gates.models import Gate
from app.gates.rules import GateRules, Window
from app.gates.schemas import GateForm
from app.gates.store import ScanFilter
from app.web.doors import Reading
from app.web.flash import went
from app.web.forms import Errors, Values, attempt
from app.web.labels import choices, label
from app.web.render import render

router = APIRouter(prefix="/c/{slug}/desk/gates/{id}", dependencies=[Depends(desk("gates"))])
_CONFLICTS = 100


def _line(window: Window) -> str:
    hours = f"{window.opens:%H:%M}–{window.closes:%H:%M}"
    return f"{window.day} {hours}" if window.day else hours


def _values(gate: Gate) -> Values:
    rules = GateRules.of(gate.rules)
    return {
        "version": str(gate.version),
        "name": gate.name,
        "counts": "true" if gate.counts else "",
        "direction": rules.direction.value,
        "zones": [str(zone) for zone in rules.zones],
        "categories": sorted(rules.categories),
        "ranks": sorted(rules.ranks),
        "seats": "" if rules.seats is None else str(rules.seats),
        "cards": "" if rules.cards is None else str(rules.cards),
        "reentry": "true" if rules.reentry else "",
        "anti_passback": "true" if rules.anti_passback else "",
        "windows": "\n".join(_line(window) for window in rules.windows),
    }


async def _page(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    *,
    values: Values | None = None,
    errors: Errors | None = None,
    status: int = 200,
) -> Response:
    gate = await editing.read(session, actor, conference, id)
    shown = values or _values(gate)
    if isinstance(typed := shown.get("windows"), list):
        shown["windows"] = "\n".join(typed)
    narrowed = ScanFilter(gate=id, conflict=True)
    return render(
        request,
        "desk/gate.html",
        status,
        gate=gate,
        may_edit=actor.may(conference.id, service.OFFICERS),
        values=shown,
        errors=errors or {},
        ways=choices("way"),
        ranks=[pair for pair in choices("rank") if pair[0] != "none"],
        zones=[(str(bit), label(key, "zone")) for bit, key in zones().items() if bit != gate.zone],
        categories=[(key, one.words("en")) for key, one in categories().items()],
        conflicts=await store.scans(session, conference.id, narrowed, limit=_CONFLICTS),
    )


@router.get("")
async def gate(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """A gate's rules, and the conflicts of the devices at it."""
    return await _page(request, session, actor, conference, id)


@router.post("")
async def change(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Changes a gate's rules."""

    async def work(writing: WriteSession, given: GateForm, version: int | None) -> Gate:
        change = editing.of_form(given)
        return await editing.edit(writing, actor, conference, id, change, version=version)

    sent = await attempt(request, GateForm, work)
    if sent.done is not None:
        return went(request.url.path, "gate_saved")
    return await _page(
        request,
        session,
        actor,
        conference,
        id,
        values=sent.values,
        errors=sent.errors,
        status=sent.status,
    )
