"""The approval queue: one registration at a time, decided by the keyboard or its buttons."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Annotated, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.core.db import ReadSession, WriteSession
from app.core.schemas import Choice, Input, Nothing
from app.core.text import native_name
from app.delegations.rules import Kind
from app.delegations.schemas import Code
from app.participants import approval, service, store
from app.participants.flags import flags
from app.participants.pages.people import delegation_choices
from app.participants.rules import Status
from app.participants.schemas import Reason
from app.participants.store import Filters
from app.participants.vetting import documents, lookalikes, queue
from app.participants.vetting.schemas import ChosenAsSeen, Other
from app.web.doors import Reading, database
from app.web.flash import went
from app.web.forms import Attempt, Values, attempt
from app.web.render import render

router = APIRouter(prefix="/queue", dependencies=[Depends(desk("queue"))])
_BEFORE, _AFTER = 5, 20
"""How many of those who wait stand at the side, before and after the one in view."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the queue is narrowed to."""

    search: Annotated[str, Query(max_length=200)] = ""
    delegation: Choice[Code] = None
    kind: Choice[Kind] = None
    flagged: Choice[bool] = None

    def address(self, conference: Conference, person: object = None) -> str:
        """An address of the queue that keeps what it is narrowed to."""
        kept = {name: str(value) for name, value in asdict(self).items() if value}
        query = urlencode(kept | ({"person": str(person)} if person else {}))
        return f"/c/{conference.slug}/desk/queue/" + (f"?{query}" if query else "")


Asked = Annotated[Narrowed, Depends()]


async def _page(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    asked: Narrowed,
    wanted: UUID | None,
    *,
    act: str = "",
    refused: Attempt[object] | None = None,
) -> Response:
    """One who waits, and the line around; after a refusal the one it was about, waiting or not."""
    filters = Filters(search=asked.search, delegation=asked.delegation, kind=asked.kind)
    ids = await queue.waiting(session, actor, conference, filters, flagged=bool(asked.flagged))
    place = ids.index(wanted) if wanted in ids else 0
    around = ids[max(0, place - _BEFORE) : place + _AFTER]
    after = place + (wanted in ids or not act)
    id = wanted if act or wanted in ids else next(iter(ids), None)
    people = await store.by_ids(session, conference.id, [*around, *filter(None, (id, wanted))])
    shown = await service.find(session, actor, conference.id, id) if id else None
    person, delegation = shown or (None, None)
    document = await documents.shown(session, actor, conference, id) if id else None
    marked = await flags(session, conference, [one for one, _ in people.values()])
    return render(
        request,
        "desk/queue.html",
        refused.status if refused else 200,
        person=person,
        delegation=delegation,
        native_name=native_name(person.names) if person else "",
        waits=person is not None and person.status is Status.submitted,
        missing=queue.lacking(conference, person, document) if person else [],
        document=document,
        prospect=await queue.prospect(session, conference, *shown) if shown else None,
        line=[people[one] for one in around],
        flags=marked,
        number=place + 1,
        count=len(ids),
        previous=ids[place - 1] if place else None,
        following=ids[after] if after < len(ids) else None,
        gone=people[wanted][0] if wanted in people and wanted != id else None,
        asked=asked,
        address=lambda id=None: asked.address(conference, id),
        query=request.url.query,
        delegations=await delegation_choices(session, conference),
        act=act,
        values=refused.values if refused else {},
        errors=refused.errors if refused else {},
    )


@router.get("/")
async def listing(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    asked: Asked,
    person: Choice[UUID] = None,
) -> Response:
    """The one asked for, or the first who waits."""
    return await _page(request, session, actor, conference, asked, person)


Given = TypeVar("Given", bound=Input)


def _next(values: Values) -> UUID | None:
    """Who came after the one decided, as the form repeats it."""
    try:
        return UUID(str(values.get("next", "")))
    except ValueError:
        return None


async def _decide(
    request: Request,
    actor: Actor,
    conference: Conference,
    asked: Narrowed,
    id: UUID,
    schema: type[Given],
    work: Callable[[WriteSession, Given], Awaitable[object]],
    *,
    act: str,
    said: str = "",
) -> Response:
    """Decides about one who is as the page showed, and goes on to the next; else shows the one."""

    async def unchanged(session: WriteSession, given: Given, version: int | None) -> str:
        person, _ = await approval.hold(session, actor, conference, id, version)
        await work(session, given)
        return said or person.status.value

    sent = await attempt(request, schema, unchanged)
    if sent.done is not None:
        return went(asked.address(conference, _next(sent.values)), sent.done)
    async with database(request).reading() as session:
        refused: Attempt[object] = Attempt(None, sent.values, sent.errors, sent.status)
        return await _page(request, session, actor, conference, asked, id, act=act, refused=refused)


@router.post("/")
async def approve_chosen(
    request: Request, actor: CurrentActor, conference: InConference, asked: Asked
) -> Response:
    """Approves those ticked as they were shown, all of them or none."""
    sent = await attempt(
        request,
        ChosenAsSeen,
        lambda session, given, _: approval.approve_chosen(
            session, actor, conference, list(given.versions()), seen=given.versions()
        ),
    )
    if sent.done is None:
        async with database(request).reading() as session:
            refused: Attempt[object] = Attempt(None, sent.values, sent.errors, sent.status)
            return await _page(request, session, actor, conference, asked, None, refused=refused)
    waits = any(decision.waiting_list_position for decision in sent.done)
    return went(asked.address(conference), "some_waitlisted" if waits else "approved")


@router.post("/{id}/approve")
async def approve(
    request: Request, actor: CurrentActor, conference: InConference, asked: Asked, id: UUID
) -> Response:
    """Approves, or puts on the waiting list."""

    def work(session: WriteSession, _: Nothing) -> Awaitable[object]:
        return approval.approve(session, actor, conference, id)

    return await _decide(request, actor, conference, asked, id, Nothing, work, act="approve")


@router.post("/{id}/refuse")
async def refuse(
    request: Request, actor: CurrentActor, conference: InConference, asked: Asked, id: UUID
) -> Response:
    """Refuses, with the reason that the delegation reads."""

    def work(session: WriteSession, given: Reason) -> Awaitable[object]:
        return approval.refuse(session, actor, conference, id, reason=given.reason)

    return await _decide(request, actor, conference, asked, id, Reason, work, act="refuse")


@router.post("/{id}/return")
async def give_back(
    request: Request, actor: CurrentActor, conference: InConference, asked: Asked, id: UUID
) -> Response:
    """Asks the delegation for a correction."""

    def work(session: WriteSession, given: Reason) -> Awaitable[object]:
        return approval.return_for_correction(session, actor, conference, id, reason=given.reason)

    return await _decide(
        request, actor, conference, asked, id, Reason, work, act="return", said="returned"
    )


@router.post("/{id}/tell-apart")
async def tell_apart(
    request: Request, actor: CurrentActor, conference: InConference, asked: Asked, id: UUID
) -> Response:
    """Notes that another is not the same person; the one in view stays."""

    def work(session: WriteSession, given: Other) -> Awaitable[object]:
        return lookalikes.tell_apart(session, actor, conference, id, given.other)

    return await _decide(
        request, actor, conference, asked, id, Other, work, act="flags", said="told_apart"
    )
