"""Pages of certificates: the desk's, and the public one that verifies a code."""

from collections.abc import Awaitable
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.core.db import ReadSession, WriteSession
from app.core.paging import Paged, Paging
from app.core.schemas import Nothing
from app.figures import sentences
from app.papers.certificates import service
from app.papers.certificates.schemas import IssueIn, RevokeIn, VerifyIn
from app.web.doors import Reading
from app.web.flash import went
from app.web.forms import Attempt, attempt, read_form
from app.web.labels import LANGUAGES, phrased
from app.web.render import render

router = APIRouter(prefix="/c/{slug}")
_desk = APIRouter(prefix="/desk/certificates", dependencies=[Depends(desk("certificates"))])
Language = Literal["en", "fr", "es", "ru", "ar", "zh"]


async def _page(
    request: Request,
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    paging: Paging,
    refused: Attempt[object] | None = None,
) -> Response:
    found = await service.listed(session, actor, conference)
    return render(
        request,
        "desk/certificates.html",
        refused.status if refused else 200,
        page=paging.sheet(found[paging.offset : paging.offset + paging.size], len(found)),
        valid=sum(one.is_valid for one in found),
        officer=actor.may(conference.id, service.OFFICERS),
        values=refused.values if refused else {},
        errors=refused.errors if refused else {},
    )


@_desk.get("/")
async def listing(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, paging: Paged
) -> Response:
    """Who has a certificate, and whether it is still valid."""
    return await _page(request, session, actor, conference, paging)


@_desk.post("/")
async def issue(
    request: Request, session: Reading, actor: CurrentActor, conference: InConference, paging: Paged
) -> Response:
    """Issues certificates to all who attended and have none."""

    def work(writing: WriteSession, _: Nothing, __: int | None) -> Awaitable[object]:
        return service.issue(writing, actor, conference, IssueIn())

    sent = await attempt(request, Nothing, work)
    if sent.done is None:
        return await _page(request, session, actor, conference, paging, sent)
    return went(f"/c/{conference.slug}/desk/certificates/", "certificates_issued")


@_desk.post("/{id}/revoke")
async def revoke(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    paging: Paged,
    id: UUID,
) -> Response:
    """Revokes a certificate."""

    def work(writing: WriteSession, given: RevokeIn, _: int | None) -> Awaitable[object]:
        return service.revoke(writing, actor, conference, id, given.reason)

    sent = await attempt(request, RevokeIn, work)
    if sent.done is None:
        return await _page(request, session, actor, conference, paging, sent)
    return went(f"/c/{conference.slug}/desk/certificates/", "certificate_revoked")


@_desk.get("/certificates.pdf")
async def paper(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    id: Annotated[list[UUID] | None, Query(max_length=500)] = None,
    lang: Language = "en",
) -> Response:
    """The valid certificates, or those of them that are named, one page each."""
    made = await service.gather(session, actor, conference, lang, id)
    name = f"{conference.slug}-certificates-{lang}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(await service.render(made), media_type="application/pdf", headers=headers)


router.include_router(_desk)


@router.get("/certificate")
async def ask(
    request: Request,
    conference: InConference,
    lang: Language = "en",
    code: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Asks anybody for the code and the name on a certificate."""
    return _answer(request, lang, {"code": code, "name": ""}, None)


@router.post("/certificate")
async def verify(
    request: Request, session: Reading, conference: InConference, lang: Language = "en"
) -> Response:
    """Says whether they belong to a valid certificate, and nothing else."""
    given, values, _ = await read_form(request, VerifyIn)
    valid = given is not None and await service.verify(session, conference, given)
    return _answer(request, lang, values, valid)


def _answer(request: Request, lang: Language, values: object, valid: bool | None) -> Response:
    language = phrased(lang)
    return render(
        request,
        "certificate.html",
        lang=language,
        languages=list(LANGUAGES),
        words=sentences.texts(language)["dashboard"],
        values=values,
        valid=valid,
    )
