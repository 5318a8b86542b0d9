"""Gates at the desk, new and old: their rules, and what devices decided otherwise there."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.badges.rules import categories, zones
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.core.db import ReadSession, WriteSession
from app.gates import conflicts, editing, service, store
from app.gates.models import Gate, SettledConflict
from app.gates.rules import GateRules, Window
from app.gates.schemas import GateForm, NewGateForm, SettleIn
from app.gates.store import ScanFilter
from app.web.doors import Reading
from app.web.flash import went
from app.web.forms import Errors, Values, attempt
from app.web.labels import choices, label
from app.web.render import render

router = APIRouter(prefix="/c/{slug}/desk/gates", dependencies=[Depends(desk("gates"))])
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


def _fields(own: int) -> dict[str, list[tuple[str, str]]]:
    """What the fields of the rules offer, at a gate of a zone of its own."""
    return {
        "ways": choices("way"),
        "ranks": [pair for pair in choices("rank") if pair[0] != "none"],
        "zones": [(str(bit), label(key, "zone")) for bit, key in zones().items() if bit != own],
        "categories": [(key, one.words("en")) for key, one in categories().items()],
    }


def _as_typed(values: Values) -> Values:
    windows = values.get("windows")
    return values | {"windows": "\n".join(windows)} if isinstance(windows, list) else values


async def _new(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    values: Values,
    errors: Errors | None = None,
    status: int = 200,
) -> Response:
    actor.require(conference.id, service.OFFICERS)
    return render(
        request,
        "desk/gate_new.html",
        status,
        errors=errors or {},
        guardable=await editing.guardable(session, conference),
        all_zones=[(str(bit), label(key, "zone")) for bit, key in zones().items()],
        fields=_fields(0),
        values=_as_typed(values),
    )


@router.get("/new")
async def blank(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference
) -> Response:
    """The form for a new gate: what it guards, and its rules."""
    usual: Values = {"counts": "true", "anti_passback": "true", "reentry": "true"}
    return await _new(request, session, actor, conference, usual)


@router.post("")
async def add(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference
) -> Response:
    """Adds a gate; a form that fails is shown again as it was typed."""

    async def work(writing: WriteSession, given: NewGateForm, _: int | None) -> Gate:
        return await service.create(writing, actor, conference, editing.of_new(given))

    sent = await attempt(request, NewGateForm, work)
    if sent.done is not None:
        return went(f"{request.url.path}/{sent.done.id}", "gate_added")
    return await _new(request, session, actor, conference, sent.values, sent.errors, 422)


async def _conflicts(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    refused: int | None = None,
    values: Values | None = None,
    errors: Errors | None = None,
) -> Response:
    actor.require(conference.id, service.READERS)
    every = ScanFilter(conflict=True)
    return render(
        request,
        "desk/conflicts.html",
        422 if errors else 200,
        conflicts=await store.scans(session, conference.id, every, limit=_CONFLICTS),
        may_edit=actor.may(conference.id, service.OFFICERS),
        refused=refused,
        values=values or {},
        errors=errors or {},
    )


@router.get("/conflicts")
async def all_conflicts(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference
) -> Response:
    """Conflicts at all gates, those that wait first."""
    return await _conflicts(request, session, actor, conference)


@router.post("/conflicts/{scan}")
async def settle(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    scan: Annotated[int, Path(ge=0, lt=2**63)],
) -> Response:
    """Says what was done about a conflict; a form that fails is shown again."""

    async def work(writing: WriteSession, given: SettleIn, _: int | None) -> SettledConflict:
        return await conflicts.settle(writing, actor, conference, scan, note=given.note)

    sent = await attempt(request, SettleIn, work)
    if sent.done is not None:
        return went(f"/c/{conference.slug}/desk/gates/conflicts", "conflict_settled")
    return await _conflicts(request, session, actor, conference, scan, sent.values, sent.errors)


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
    narrowed = ScanFilter(gate=id, conflict=True)
    return render(
        request,
        "desk/gate.html",
        status,
        gate=gate,
        guards=(await editing.guarded(session, conference, [gate]))[gate.id],
        may_edit=actor.may(conference.id, service.OFFICERS),
        errors=errors or {},
        conflicts=await store.scans(session, conference.id, narrowed, limit=_CONFLICTS),
        fields=_fields(gate.zone),
        values=_as_typed(values or _values(gate)),
    )


@router.get("/{id}")
async def gate(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """A gate's rules, and the conflicts of the devices at it."""
    return await _page(request, session, actor, conference, id)


@router.post("/{id}")
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
