"""Pages of personal links: the person's own, and the desk's that makes and revokes one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.conferences.rules import in_language
from app.core.db import ReadSession, WriteSession
from app.core.errors import NotFound
from app.core.text import native_name
from app.participants import service as people
from app.participants.columns import pages as columns
from app.participants.links import service, store
from app.participants.links.models import Purpose
from app.participants.links.schemas import EDITABLE, LinkForm, OwnForm
from app.web.doors import Reading
from app.web.flash import went
from app.web.forms import Errors, Values, attempt
from app.web.labels import LANGUAGES
from app.web.render import render

router = APIRouter(prefix="/c/{slug}")
_desk = APIRouter(
    prefix="/desk/participants/{id}/link", dependencies=[Depends(desk("participants"))]
)
_UNTOLD = {"Referrer-Policy": "no-referrer"}
_TYPES = {"email": "email", "phone": "tel"}
Lang = Annotated[str, Query(max_length=35)]


async def _mine(session: ReadSession, conference: Conference, token: str) -> service.OwnData:
    try:
        return await service.own(session, conference, token)
    except NotFound as missing:
        missing.headers |= _UNTOLD
        raise


def _page(
    request: Request,
    conference: Conference,
    mine: service.OwnData,
    lang: str,
    *,
    saved: bool = False,
    values: Values | None = None,
    errors: Errors | None = None,
    status: int = 200,
) -> Response:
    offered = [code for code in conference.languages if code in LANGUAGES] or ["en"]
    language = lang if lang in offered else offered[0]
    zone = conference.timezone
    shown = columns.typed(mine.columns, mine.held, zone)
    fields = {name: text or "" for name, text in mine.fields.items()}
    return render(
        request,
        "own.html",
        status,
        _UNTOLD,
        lang=language,
        languages=offered,
        person=mine.person,
        native_name=native_name(mine.person.names),
        delegation=in_language(mine.delegation.names, language, mine.delegation.name),
        fields=[(name, _TYPES.get(name, "text")) for name in EDITABLE],
        entries=columns.entries(mine.written, language),
        read=[
            (in_language(one.label, language), columns.told(one, mine.held, zone, language))
            for one in mine.columns
            if one not in mine.written
        ],
        values=values if values is not None else {**shown, **fields, "version": str(mine.state)},
        errors=columns.beside(errors or {}, mine.written),
        saved=saved,
    )


@router.get("/own/{token}")
async def own(
    request: Request,
    session: Reading,
    conference: InConference,
    token: str,
    lang: Lang = "",
    saved: bool = False,
) -> Response:
    """What the conference knows of the holder of this link, and the form that corrects some."""
    mine = await _mine(session, conference, token)
    return _page(request, conference, mine, lang, saved=saved)


@router.post("/own/{token}")
async def correct(
    request: Request, session: Reading, conference: InConference, token: str, lang: Lang = ""
) -> Response:
    """Keeps what the holder corrected."""
    mine = await _mine(session, conference, token)

    async def work(writing: WriteSession, given: OwnForm, version: int | None) -> bool:
        fields = {name: getattr(given, name) for name in EDITABLE}
        values = {one.key: given.column.get(one.key) for one in mine.written}
        await service.correct(writing, conference, token, fields, values, version=version)
        return True

    sent = await attempt(request, OwnForm, work)
    if sent.done is None:
        return _page(
            request,
            conference,
            mine,
            lang,
            values=sent.values,
            errors=sent.errors,
            status=sent.status,
        )
    address = f"{request.url.path}?saved=true&lang={lang if lang in LANGUAGES else ''}"
    return RedirectResponse(address, 303, headers=_UNTOLD)


async def _desk_page(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    *,
    address: str = "",
    errors: Errors | None = None,
    status: int = 200,
) -> Response:
    actor.require(conference.id, people.EDITORS)
    person, _ = await people.find(session, actor, conference.id, id)
    return render(
        request,
        "desk/link.html",
        status,
        person=person,
        link=await store.live(session, conference.id, id, Purpose.own_data),
        address=address,
        errors=errors or {},
    )


@_desk.get("")
async def state(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Whether a person has a link, and the buttons that make or revoke one."""
    return await _desk_page(request, session, actor, conference, id)


@_desk.post("")
async def ask(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> Response:
    """Makes a link, to be shown this once or mailed, or revokes it."""

    async def work(writing: WriteSession, given: LinkForm, _: int | None) -> tuple[str, str]:
        if given.how == "revoke":
            await service.revoke(writing, actor, conference, id)
            return given.how, ""
        mailed = given.how == "mail"
        return given.how, await service.make(writing, actor, conference, id, mailed=mailed)

    sent = await attempt(request, LinkForm, work)
    if sent.done is None:
        return await _desk_page(
            request, session, actor, conference, id, errors=sent.errors, status=sent.status
        )
    how, address = sent.done
    if how == "show":
        return await _desk_page(request, session, actor, conference, id, address=address)
    return went(request.url.path, f"link_{how}")


router.include_router(_desk)
