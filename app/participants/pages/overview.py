"""Where the conference stands, and what waits for a decision."""

from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request, Response

from app.accounts.doors import CurrentActor
from app.conferences import alarms
from app.conferences.doors import SECTIONS, InConference, desk
from app.delegations import store as delegations
from app.participants import change_store as beside
from app.participants import places, service, store
from app.participants.change_rules import RequestStatus
from app.participants.rules import Status
from app.participants.store import Filters
from app.quotas import service as quotas
from app.web.doors import Reading
from app.web.render import render

router = APIRouter(dependencies=[Depends(desk("overview"))])


@dataclass(frozen=True, slots=True)
class _Tile:
    number: int
    label: str
    href: str
    note: str = ""
    waiting: bool = False


@router.get("/")
async def overview(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference
) -> Response:
    """Numbers that lead to their lists; names and quotas for who may read them."""
    names = actor.may(conference.id, service.READERS)
    stand = await store.status_counts(session, conference.id)
    bodies = await delegations.count(session, delegations.visible_to(actor, conference.id))
    pending = beside.asked(actor, conference.id, status=RequestStatus.pending)
    reads = actor.may(conference.id, SECTIONS["changes"])
    asked = await beside.count(session, pending)
    ranks = await store.count(session, actor, conference.id, Filters(undecided=True))
    people = f"/c/{conference.slug}/desk/participants/" if names else ""

    def tile(status: Status, label: str, *, waiting: bool = False) -> _Tile:
        number = stand.get(status, 0)
        href = f"{people}?status={status}" if people else ""
        return _Tile(number, label, href, waiting=waiting and number > 0)

    tiles = [
        _Tile(bodies, "Delegations", f"/c/{conference.slug}/desk/delegations/"),
        tile(Status.nominated, "Nominated, not submitted"),
        tile(Status.submitted, "Registrations to decide", waiting=True),
        tile(Status.approved, "Approved"),
        tile(Status.waitlisted, "On the waiting list"),
        _Tile(
            ranks,
            "Ranks to decide",
            f"{people}?undecided=true" if people else "",
            "suggested by titles",
            waiting=ranks > 0,
        ),
    ]
    if asked:
        address = f"/c/{conference.slug}/desk/changes/" if reads else ""
        tiles.append(
            _Tile(asked, "Changes to decide", address, "asked for by delegations", waiting=True)
        )
    found = (
        await quotas.listed(session, actor, conference.id)
        if actor.may(conference.id, quotas.READERS)
        else []
    )
    return render(
        request,
        "desk/overview.html",
        tiles=tiles,
        alarms=await alarms.raised(session, conference.id, request.state.desk_sections),
        quotas=await places.standing(session, conference.id, found),
        recent=await store.latest(session, conference.id, limit=8) if names else [],
        named=names,
        officer=actor.may(conference.id, service.OFFICERS),
    )
