"""Letters under `/api/v1/conferences/{slug}/delegations/{code}/letters`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference
from app.core.paging import Page, Paged
from app.delegations.doors import ByCode
from app.delegations.letters import service
from app.delegations.letters.models import Letter
from app.delegations.letters.schemas import LetterForm, LetterIn, LetterOut
from app.web.doors import Reading, Writing
from app.web.idempotency import IdempotentRoute

router = APIRouter(
    route_class=IdempotentRoute,
    prefix="/conferences/{slug}/delegations/{code}/letters",
    tags=["delegations"],
)


def attached(data: bytes, id: UUID) -> Response:
    """A letter as a file to keep, never as a page of ours."""
    name = f'attachment; filename="letter-{id}.pdf"'
    return Response(data, media_type="application/pdf", headers={"Content-Disposition": name})


@router.get("", response_model=Page[LetterOut])
async def list_letters(
    session: Reading, actor: CurrentActor, conference: InConference, code: ByCode, paging: Paged
) -> Page[Letter]:
    """The letters of a delegation, newest first."""
    found = await service.listed(session, actor, conference, code)
    return paging.of(found[paging.offset : paging.offset + paging.size], len(found))


@router.post("", status_code=201, response_model=LetterOut)
async def keep_letter(
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    code: ByCode,
    given: Annotated[LetterForm, Form(media_type="multipart/form-data")],
) -> Letter:
    """Keeps a letter: a PDF of at most 10 MB."""
    letter = LetterIn(**given.model_dump(exclude={"file"}))
    data = await given.file.read()
    return await service.keep(session, actor, conference, code, letter, data)


@router.get(
    "/{id}",
    responses={200: {"description": "The file", "content": {"application/pdf": {}}}},
    response_class=Response,
)
async def read_letter(
    session: Writing, actor: CurrentActor, conference: InConference, code: ByCode, id: UUID
) -> Response:
    """A letter's file; each look is in the audit trail."""
    return attached(await service.view(session, actor, conference, code, id), id)
