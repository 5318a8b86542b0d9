"""Receptions at the desk: the list, one with its replies, and the list at the door."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.conferences.doors import InConference
from app.conferences.models import Conference
from app.conferences.rules import in_language
from app.core import documents
from app.core.db import ReadSession
from app.core.errors import Clash, Invalid
from app.core.text import fold
from app.participants import store as people
from app.participants.rules import ACTIVE
from app.programme import store as programme
from app.receptions import service
from app.receptions.models import Reception
from app.receptions.rules import LAPSES_BEFORE, Reply
from app.receptions.schemas import InvitationEdit, InvitationOut, InviteIn, ReceptionIn
from app.web.doors import Reading, Writing, database
from app.web.forms import Errors, Values, parse_form, read_form
from app.web.labels import LANGUAGES, choices, label
from app.web.render import render

router = APIRouter(prefix="/c/{slug}/desk/receptions")
Search = Annotated[str, Query(max_length=200)]
_WORDS = {Reply.no_reply: "pending"}


def _at(conference: Conference, id: UUID, path: str = "") -> str:
    return f"/c/{conference.slug}/desk/receptions/{id}{path}"


def _word(reply: Reply) -> str:
    """A reply as the pages' words name it."""
    return _WORDS.get(reply, reply.value)


async def _places(session: ReadSession, conference: Conference) -> dict[UUID | None, str]:
    rooms = await programme.rooms(session, conference.id)
    return {room.id: ", ".join(filter(None, (room.name, room.venue))) for room in rooms}


def _place(one: Reception, rooms: dict[UUID | None, str]) -> str:
    return one.place or rooms.get(one.room_id, "") or "place to be named"


@router.get("")
@router.get("/")
async def receptions(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference
) -> Response:
    """All receptions with how many come."""
    actor.require(conference.id, service.READERS)
    rooms = await _places(session, conference)
    return render(
        request,
        "desk/receptions.html",
        may_edit=actor.may(conference.id, service.OFFICERS),
        receptions=[
            {
                "id": one.reception.id,
                "name": in_language(one.reception.title, "en"),
                "at": one.reception.starts_at,
                "venue": _place(one.reception, rooms),
                "host": "",
                "capacity": one.reception.capacity,
                "invited": one.counts.total(),
                "accepted": one.counts[Reply.accepted],
                "declined": one.counts[Reply.declined],
                "pending": one.counts[Reply.no_reply],
                "lapsed": one.counts[Reply.lapsed],
            }
            for one in await service.listed(session, conference)
        ],
    )


async def _form(
    request: Request,
    session: ReadSession,
    conference: Conference,
    *,
    status: int = 200,
    values: Values | None = None,
    errors: Errors | None = None,
) -> Response:
    rooms = await _places(session, conference)
    return render(
        request,
        "desk/reception_form.html",
        status=status,
        values=values or {},
        errors=errors or {},
        tongues=[(code, LANGUAGES.get(code, code)) for code in conference.languages],
        rooms=list(rooms.items()),
        ranks=choices("rank"),
    )


@router.get("/new")
async def new_reception(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference
) -> Response:
    """The empty form."""
    actor.require(conference.id, service.OFFICERS)
    return await _form(request, session, conference)


@router.post("/new")
async def add_reception(
    request: Request, actor: CurrentActor, conference: InConference
) -> Response:
    """Adds a reception."""
    actor.require(conference.id, service.OFFICERS)
    given, values, errors = await read_form(request, ReceptionIn)
    if given is not None:
        try:
            async with database(request).writing() as writing:
                made = await service.create(writing, actor, conference, given)
            return RedirectResponse(_at(conference, made.id), 303)
        except (Clash, Invalid) as error:
            errors = {"": error.detail}
    async with database(request).reading() as session:
        return await _form(request, session, conference, status=422, values=values, errors=errors)


def _guest(one: InvitationOut, names: dict[str, str]) -> dict[str, object]:
    return one.model_dump() | {
        "participant_id": one.participant,
        "native_name": next((n for n in names.values() if n != one.name), None),
        "delegation": one.delegation_name,
        "reply": _word(one.reply),
        "guests": one.companions if one.reply is Reply.accepted else one.companions_allowed,
        "arrived": None,
        "table": "",
    }


def _tiles(one: service.Listed, here: str) -> list[dict[str, object]]:
    extra = one.reception.extra
    note = f"of {one.reception.capacity} places"
    if extra:
        note += f", {extra} more laid for principals"
    tiles: list[dict[str, object]] = [
        {"number": one.reception.used, "label": "come, companions included", "note": note}
    ]
    for reply in (Reply.no_reply, Reply.declined, Reply.lapsed):
        word = _word(reply)
        tiles.append(
            {
                "number": one.counts[reply],
                "label": label(word, "reply").lower(),
                "note": "",
                "href": f"{here}?reply={word}",
                "waiting": reply is Reply.no_reply and one.counts[reply] > 0,
            }
        )
    return [{"href": "", "waiting": False, **tile} for tile in tiles]


async def _to_invite(
    session: ReadSession, actor: Actor, conference: Conference, invite: str, known: set[UUID]
) -> list[object]:
    if not invite or not actor.may(conference.id, service.OFFICERS):
        return []
    narrowed = people.Filters(search=invite)
    rows = await people.rows(session, actor, conference.id, narrowed, limit=30)
    return [row for row in rows if row.status in ACTIVE and row.id not in known]


@router.get("/{id}")
async def reception(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    id: UUID,
    search: Search = "",
    reply: Annotated[str, Query(max_length=20)] = "",
    invite: Search = "",
) -> Response:
    """One reception: who is invited, what they replied, whom to invite still."""
    actor.require(conference.id, service.READERS)
    found = await service.find(session, conference.id, id)
    counted = await service.listed(session, conference)
    guests = await service.guests_of(session, conference, found)
    words = fold(search).split()
    here = _at(conference, id)
    known = {one.participant for one, _, _ in guests}
    return render(
        request,
        "desk/reception.html",
        reception={
            "id": found.id,
            "name": in_language(found.title, "en"),
            "at": found.starts_at,
            "venue": _place(found, await _places(session, conference)),
            "host": "",
            "deadline": found.starts_at - LAPSES_BEFORE,
            "capacity": found.capacity,
            "ranks": [label(rank, "rank") for rank in found.ranks],
        },
        tiles=_tiles(next(one for one in counted if one.reception.id == id), here),
        invitations=[
            _guest(one, names)
            for one, text, names in guests
            if (not reply or _word(one.reply) == reply) and all(word in text for word in words)
        ],
        filters={"search": search, "reply": reply, "invite": invite},
        replies=choices("reply"),
        papers=[(f"{here}/door", "Door list"), (f"{here}/door.pdf", "Door list (PDF)")],
        may_edit=actor.may(conference.id, service.OFFICERS),
        to_invite=await _to_invite(session, actor, conference, invite, known),
    )


@router.post("/{id}/invitations")
async def invite(
    request: Request, session: Writing, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Invites by rank or one by one."""
    given, _, errors = await read_form(request, InviteIn)
    if given is None:
        raise Invalid(f"Nobody was invited: {next(iter(errors.values()))}")
    await service.invite(session, actor, conference, id, given)
    return RedirectResponse(_at(conference, id), 303)


@router.post("/{id}/invitations/{invitation}/reply")
async def record_reply(
    request: Request,
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    id: UUID,
    invitation: UUID,
) -> Response:
    """Records a reply that came by telephone or on paper."""
    form = await request.form()
    pairs = [(name, str(form.get(name, ""))) for name in ("reply", "companions", "by")]
    given, _, errors = parse_form([pair for pair in pairs if pair[1]], InvitationEdit)
    if given is None:
        raise Invalid(f"The reply was not recorded: {next(iter(errors.values()))}")
    await service.record_reply(session, actor, conference, id, invitation, given)
    return RedirectResponse(_at(conference, id), 303)


def _printed(one: InvitationOut) -> str:
    return f"{one.style} {one.name}" if one.style else one.name


def _at_the_door(one: InvitationOut) -> str:
    return "Call protocol" if one.principal else ""


async def _coming(
    session: ReadSession, actor: Actor, conference: Conference, id: UUID
) -> tuple[Reception, list[InvitationOut]]:
    """Who is expected: all that come, and principals whatever they replied."""
    actor.require(conference.id, service.READERS)
    found = await service.find(session, conference.id, id)
    guests = [one for one, _, _ in await service.guests_of(session, conference, found)]
    return found, [one for one in guests if one.reply is Reply.accepted or one.principal]


@router.get("/{id}/door")
async def door_list(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """The list at the door, to read on a screen."""
    found, guests = await _coming(session, actor, conference, id)
    return render(
        request,
        "desk/door_list.html",
        reception={"id": id, "name": in_language(found.title, "en"), "at": found.starts_at},
        guests=[
            one.model_dump() | {"reply": _word(one.reply), "mark": _at_the_door(one)}
            for one in guests
        ],
    )


@router.get("/{id}/door.pdf")
async def door_list_pdf(
    request: Request, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """The list at the door, on paper."""
    async with database(request).reading() as session:
        found, guests = await _coming(session, actor, conference, id)
    rows = [
        [
            str(number),
            _printed(one),
            one.delegation_name,
            f"1+{one.companions}" if one.companions else "1",
            label(_word(one.reply), "reply"),
            _at_the_door(one),
        ]
        for number, one in enumerate(guests, start=1)
    ]
    data = {
        "title": f"Door list: {in_language(found.title, 'en')}",
        "subtitle": f"{found.local_start:%d %B %Y, %H:%M}, {in_language(conference.title, 'en')}",
        "notes": ["A badge alone does not admit. A principal is never turned away."],
        "headings": ["No.", "Guest", "Delegation", "Places", "Reply", "At the door"],
        "widths": ["auto", "2fr", "1.4fr", "auto", "auto", "auto"],
        "groups": [{"heading": None, "rows": rows}],
        "language": "en",
        "sample": conference.sample,
    }
    pdf = await documents.render("list", data)
    return Response(
        pdf,
        media_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="door-list.pdf"'},
    )
