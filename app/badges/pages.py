"""Badges at the desk."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts.doors import CurrentActor
from app.badges import counter_pages, print_pages, printing, service, store
from app.badges.rules import BadgeState, categories
from app.badges.schemas import CollectIn, PrintIn, shown
from app.badges.store import Choice
from app.conferences.doors import InConference
from app.core.errors import Invalid
from app.core.paging import Paged
from app.web.doors import Reading, Writing, database
from app.web.forms import read_form
from app.web.render import render

router = APIRouter(prefix="/c/{slug}/desk/badges")
Words = Annotated[str, Query(max_length=200)]


@router.get("")
@router.get("/", include_in_schema=False)
async def overview(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    paging: Paged,
    search: Words = "",
    delegation: Annotated[str, Query(max_length=16)] = "",
    category: Annotated[str, Query(max_length=32)] = "",
    status: Annotated[str, Query(max_length=16)] = "",
) -> Response:
    """Counts, batches to print, who is held, and the list of badges."""
    actor.require(conference.id, service.OFFICERS)
    counts = await store.state_counts(session, conference.id)
    held = await printing.held(session, actor, conference)
    state = next((one for one in BadgeState if one.value == status), None)
    choice = Choice(
        delegation=delegation or None, category=category or None, state=state, search=search
    )
    count = await store.count(session, conference.id, choice)
    found = await store.rows(
        session, conference.id, choice, offset=paging.offset, limit=paging.size
    )
    base = f"/c/{conference.slug}/desk/badges"
    active = sum(n for one, n in counts.items() if one is not BadgeState.revoked)
    unprinted = counts[BadgeState.issued]
    tiles = [
        _tile(active, "active badges", base),
        _tile(unprinted, "not printed yet", f"{base}?status=issued", waiting=unprinted > 0),
        _tile(counts[BadgeState.handed_over], "handed over", f"{base}?status=handed_over"),
        _tile(counts[BadgeState.collected], "collected", f"{base}?status=collected"),
        _tile(counts[BadgeState.revoked], "revoked", f"{base}?status=revoked"),
    ]
    return render(
        request,
        "desk/badges.html",
        tiles=tiles,
        delegations=await store.delegations(session, conference.id),
        categories=[(one.key, one.words("en")) for one in categories().values()],
        category_words={one.key: one.words("en") for one in categories().values()},
        states=[(one.value, one.value.replace("_", " ").capitalize()) for one in BadgeState],
        values={"delegation": delegation, "category": category, "unprinted": "true"},
        filters={
            "search": search,
            "delegation": delegation,
            "category": category,
            "status": status,
        },
        held=held,
        page={
            "results": [shown(row) for row in found],
            "count": count,
            "number": paging.number,
            "pages": -(-count // paging.size),
            "previous": paging.previous(),
            "next": paging.next(count),
        },
    )


def _tile(number: int, label: str, href: str, *, waiting: bool = False) -> dict[str, object]:
    return {"number": number, "label": label, "note": "", "href": href, "waiting": waiting}


@router.post("/print")
async def print_badges(request: Request, actor: CurrentActor, conference: InConference) -> Response:
    """The batch as a PDF to save."""
    given, _, errors = await read_form(request, PrintIn)
    if given is None:
        raise Invalid(next(iter(errors.values())))
    batch = await printing.print_batch(database(request), actor, conference, given.choice())
    part = given.delegation or given.category or "all"
    name = f"badges-{conference.slug}-{part}.pdf"
    return Response(
        batch.pdf,
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.post("/collect")
async def collect(
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    serial: Annotated[str, Form(pattern=r"^[0-9]{1,19}$")],
) -> Response:
    """Notes that a holder has the badge."""
    choice = CollectIn(serial=serial).choice()
    await service.collect(session, actor, conference, choice)
    return RedirectResponse(f"/c/{conference.slug}/desk/badges", 303)


for part in (print_pages, counter_pages):
    router.include_router(part.router)
