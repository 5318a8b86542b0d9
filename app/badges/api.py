"""Badges under `/api/v1/conferences/{slug}/badges`."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from app.accounts.doors import CurrentActor
from app.badges import cards, printing, service, store
from app.badges.rules import BadgeState, serial_of
from app.badges.schemas import (
    BadgeOut,
    BindIn,
    CardsIn,
    CollectIn,
    Counted,
    FoundOut,
    HandOverIn,
    HeldOut,
    LostIn,
    PrintIn,
    RevokeIn,
    shown,
)
from app.badges.store import Choice
from app.conferences.doors import InConference
from app.core.paging import Page, Paged
from app.delegations.schemas import Code
from app.web.doors import Reading, Writing, database
from app.web.idempotency import IdempotentRoute

router = APIRouter(
    route_class=IdempotentRoute, prefix="/conferences/{slug}/badges", tags=["badges"]
)
Ordering = Literal["delegation", "name", "-issued"]
BySerial = Annotated[str, Path(pattern=r"^[0-9]{1,19}$")]


@router.get("", response_model=Page[BadgeOut])
async def list_badges(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    paging: Paged,
    search: Annotated[str, Query(max_length=200)] = "",
    delegation: Code | None = None,
    category: Annotated[str | None, Query(max_length=32)] = None,
    status: BadgeState | None = None,
    ordering: Ordering = "delegation",
) -> Page[BadgeOut]:
    """Active badges with their codes; `status=revoked` lists the revoked ones."""
    actor.require(conference.id, service.OFFICERS)
    choice = Choice(delegation=delegation, category=category, state=status, search=search)
    count = await store.count(session, conference.id, choice)
    found = await store.rows(
        session,
        conference.id,
        choice,
        ordering=ordering,
        offset=paging.offset,
        limit=paging.size,
    )
    return paging.of([shown(row) for row in found], count)


@router.post("", status_code=201, response_model=list[BadgeOut])
async def issue_cards(
    session: Writing, actor: CurrentActor, conference: InConference, given: CardsIn
) -> list[BadgeOut]:
    """Issues cards that name no person: transferable, for a day, for service, for a vehicle."""
    made = await cards.issue(session, actor, conference, **dict(given))
    return [shown(row) for row in made]


@router.get("/held", response_model=list[HeldOut])
async def list_held(
    session: Reading, actor: CurrentActor, conference: InConference
) -> list[printing.Held]:
    """Whose badges may not be printed, and why."""
    return await printing.held(session, actor, conference)


@router.post("/print", response_class=Response)
async def print_badges(
    request: Request, actor: CurrentActor, conference: InConference, given: PrintIn
) -> Response:
    """A PDF, one page a badge; `Badges-Held` counts those that may not be printed.

    What was printed before has a new serial in it; the old one scans `revoked`.
    """
    batch = await printing.print_batch(
        database(request), actor, conference, given.choice(), given.design
    )
    headers = {"Badges-Printed": str(batch.badges), "Badges-Held": str(len(batch.held))}
    headers["Badges-Batch"] = str(batch.id)
    return Response(batch.pdf, media_type="application/pdf", headers=headers)


@router.post("/hand-over", response_model=Counted)
async def hand_over(
    session: Writing, actor: CurrentActor, conference: InConference, given: HandOverIn
) -> Counted:
    """Gives badges in bulk to somebody who distributes them."""
    count = await service.hand_over(session, actor, conference, given.choice(), to=given.to)
    return Counted(count=count)


@router.post("/collect", response_model=Counted)
async def collect(
    session: Writing, actor: CurrentActor, conference: InConference, given: CollectIn
) -> Counted:
    """Notes that holders have their badges."""
    count = await service.collect(
        session,
        actor,
        conference,
        given.choice(),
        by=given.by,
        letter=given.letter,
        at=given.at,
    )
    return Counted(count=count)


async def _one(session: Reading, conference: InConference, serial: int, active: bool) -> BadgeOut:
    state = None if active else BadgeState.revoked
    [row] = await store.rows(session, conference.id, Choice(serials=(serial,), state=state))
    return shown(row)


@router.post("/{serial}/revoke", response_model=BadgeOut)
async def revoke(
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    serial: BySerial,
    given: RevokeIn,
) -> BadgeOut:
    """Stops a badge at once."""
    await service.revoke(session, actor, conference, serial_of(serial), reason=given.reason)
    return await _one(session, conference, serial_of(serial), active=False)


@router.post("/{serial}/reissue", response_model=BadgeOut)
async def reissue(
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    serial: BySerial,
    given: RevokeIn,
) -> BadgeOut:
    """Replaces a badge by one with a new serial; the old one scans `revoked`."""
    made = await service.reissue(session, actor, conference, serial_of(serial), reason=given.reason)
    return await _one(session, conference, made.serial, active=True)


@router.post("/{serial}/lost", response_model=BadgeOut)
async def lost(
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    serial: BySerial,
    given: LostIn,
) -> BadgeOut:
    """Stops a lost badge; a person's is replaced, and the new one is the answer."""
    check = given.identity_check
    now = await cards.lost(session, actor, conference, serial_of(serial), identity_check=check)
    return await _one(session, conference, now.serial, active=now.revoked_at is None)


@router.post("/{serial}/bind", response_model=BadgeOut)
async def bind(
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    serial: BySerial,
    given: BindIn,
) -> BadgeOut:
    """Puts the name on a blank day badge that was given out."""
    made = await cards.bind(
        session, actor, conference, serial_of(serial), given.participant, at=given.at
    )
    return await _one(session, conference, made.serial, active=True)


@router.get("/{serial}", response_model=FoundOut)
async def look_up(
    session: Reading, actor: CurrentActor, conference: InConference, serial: BySerial
) -> FoundOut:
    """A badge that somebody found, whatever became of it."""
    row, replaced_by = await cards.found(session, actor, conference, serial)
    return FoundOut.model_validate({**shown(row).model_dump(), "replaced_by": replaced_by})
