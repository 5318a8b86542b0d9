"""The badge counter at the desk: scan or type, see who it is, hand out; and cards."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.badges import cards, service, store
from app.badges.acts import ACTS
from app.badges.models import Badge
from app.badges.rules import BadgeState, CardKind, serial_of
from app.badges.schemas import (
    BadgeOut,
    CardsIn,
    HandOverIn,
    shown,
)
from app.badges.store import Choice
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.core.db import ReadSession, WriteSession
from app.core.errors import Clash, NotFound
from app.core.paging import Paged
from app.core.schemas import Input
from app.core.text import sort_key
from app.delegations.store import identities
from app.participants import store as people
from app.participants.rules import Status
from app.web.doors import Reading
from app.web.flash import went
from app.web.forms import Errors, Values, attempt
from app.web.render import render

router = APIRouter(dependencies=[Depends(desk("badges"))])
_FOUND = 30
Asked = Annotated[str, Query(max_length=200)]
BySerial = Annotated[str, Path(pattern=r"^[0-9]{1,19}$")]
Given = TypeVar("Given", bound=Input)


@dataclass(frozen=True, slots=True)
class Refused:
    """What a refused form showed, and which act it was."""

    act: str = ""
    status: int = 200
    values: Values = field(default_factory=dict)
    errors: Errors = field(default_factory=dict)


def _address(conference: Conference, asked: str = "") -> str:
    here = f"/c/{conference.slug}/desk/badges/counter"
    return f"{here}?{urlencode({'q': asked})}" if asked else here


async def _page(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    asked: str,
    *,
    bearer: str = "",
    refused: Refused | None = None,
    handed: int = 0,
) -> Response:
    """One badge with its acts; or what a name or a delegation's code leads to."""
    one, replaced_by, rows, asked = None, None, [], asked.strip()
    whose = Choice(delegation=asked.upper()) if asked else None
    if asked and cards.read(conference.id, asked) is not None:
        try:
            one, replaced_by = await cards.found(session, actor, conference, asked)
        except NotFound:
            whose = None
    elif whose and not (rows := list(await store.rows(session, conference.id, whose))):
        whose, choice = None, Choice(search=asked)
        rows = list(await store.rows(session, conference.id, choice, limit=_FOUND))
        if len(rows) == 1:
            one = rows[0]
    badge = shown(one) if one is not None else None
    blank = badge is not None and badge.category == CardKind.day and badge.participant is None
    refused = refused or Refused()
    shown_rows = rows if one is None else [one]
    held = {row.serial for row in shown_rows if service.waits_for_photo(conference, row)}
    return render(
        request,
        "desk/counter.html",
        refused.status,
        asked=asked,
        badge=badge,
        row=one,
        replaced_by=replaced_by,
        blank=blank,
        bearer=bearer,
        people=await _bearers(session, actor, conference, bearer) if blank and bearer else [],
        rows=[shown(row) for row in rows],
        delegation=rows[0] if whose and rows else None,
        held=set(map(str, held)),
        left=sum(service.at_the_counter(row) and row.serial not in held for row in rows),
        handed=handed,
        act=refused.act,
        values=refused.values,
        errors=refused.errors,
    )


async def _bearers(
    session: ReadSession, actor: Actor, conference: Conference, search: str
) -> list[object]:
    filters = people.Filters(search=search, status=Status.approved)
    return list(await people.rows(session, actor, conference.id, filters, limit=_FOUND))


@router.get("/counter")
async def counter(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    q: Asked = "",
    bearer: Asked = "",
    handed: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """What was scanned or typed: a code, a serial, a name, a delegation's code.

    `handed` is how many badges of the delegation were handed over just now.
    """
    here = (request, session, actor, conference, q)
    return await _page(*here, bearer=bearer, handed=handed)


async def _act(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    asked: str,
    schema: type[Given],
    work: Callable[[WriteSession, Given], Awaitable[object]],
    act: str,
) -> Response:
    """Does it; then the badge that holds now is shown, or the counter is free for the next."""
    sent = await attempt(request, schema, lambda writing, given, _: work(writing, given))
    if sent.done is None:
        refused = Refused(act, sent.status, sent.values, sent.errors)
        return await _page(request, session, actor, conference, asked, refused=refused)
    then = str(sent.done.serial) if isinstance(sent.done, Badge) else ""
    return went(_address(conference, then), f"badge_{act}")


@router.post("/counter/hand-over")
async def hand_over(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference
) -> Response:
    """Gives a delegation's badges to somebody who distributes them; the page says how many."""

    async def work(writing: WriteSession, given: HandOverIn, _: int | None) -> int:
        count = await service.hand_over(writing, actor, conference, given.choice(), to=given.to)
        if not count:
            raise Clash("No badge is left to hand over.", code="nothing-to-hand-over")
        return count

    asked = str((await request.form()).get("delegation", ""))[:16]
    sent = await attempt(request, HandOverIn, work)
    if sent.done is None:
        refused = Refused("handed_over", sent.status, sent.values, sent.errors)
        return await _page(request, session, actor, conference, asked, refused=refused)
    return RedirectResponse(f"{_address(conference, asked)}&handed={sent.done}", 303)


@router.post("/counter/{serial}/{act}")
async def act_on(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    serial: BySerial,
    act: str,
) -> Response:
    """Hands a badge out, to its holder or a proxy; reports it lost, replaces, revokes, binds it."""
    if act not in ACTS:
        raise NotFound
    schema, does = ACTS[act]

    def work(writing: WriteSession, given: Input) -> Awaitable[object]:
        return does(writing, actor, conference, serial_of(serial), given)

    return await _act(request, session, actor, conference, serial, schema, work, act)


async def _cards(
    request: Request,
    session: ReadSession,
    conference: Conference,
    paging: Paged,
    refused: Refused | None = None,
) -> Response:
    choice = Choice(nobodys=True)
    count = await store.count(session, conference.id, choice)
    found = await store.rows(
        session, conference.id, choice, offset=paging.offset, limit=paging.size
    )
    rows: list[BadgeOut] = [shown(row) for row in found]
    refused = refused or Refused()
    return render(
        request,
        "desk/cards.html",
        refused.status,
        page=paging.sheet(rows, count),
        unprinted=any(one.status is BadgeState.issued for one in rows),
        delegations=sorted(
            ((row.code, row.name) for row in await identities(session, conference.id)),
            key=lambda pair: sort_key(pair[1]),
        ),
        values=refused.values,
        errors=refused.errors,
    )


@router.get("/cards")
async def list_cards(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, paging: Paged
) -> Response:
    """Cards that name nobody, and the form for more."""
    return await _cards(request, session, conference, paging)


@router.post("/cards")
async def issue_cards(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, paging: Paged
) -> Response:
    """Issues cards."""

    def work(writing: WriteSession, given: CardsIn, _: int | None) -> Awaitable[object]:
        return cards.issue(writing, actor, conference, **dict(given))

    sent = await attempt(request, CardsIn, work)
    if sent.done is None:
        refused = Refused("cards", sent.status, sent.values, sent.errors)
        return await _cards(request, session, conference, paging, refused)
    return went(f"/c/{conference.slug}/desk/badges/cards", "badge_cards")
