"""Documents and flags under `/api/v1/conferences/{slug}/participants/{id}`."""

from uuid import UUID

from fastapi import APIRouter

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference
from app.participants import service
from app.participants.flags import Flag, flags
from app.participants.vetting import documents, lookalikes
from app.participants.vetting.schemas import (
    DocumentIn,
    DocumentOut,
    FlagOut,
    NumberedDocument,
    Other,
)
from app.web.doors import Reading, Writing
from app.web.idempotency import IdempotentRoute

router = APIRouter(
    route_class=IdempotentRoute,
    prefix="/conferences/{slug}/participants/{id}",
    tags=["participants"],
)


@router.put("/document", response_model=DocumentOut)
async def put_document(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID, given: DocumentIn
) -> DocumentOut:
    """Keeps the person's identity document; its number is not shown again."""
    return await documents.put(session, actor, conference, id, given)


@router.get("/document", response_model=NumberedDocument)
async def get_document(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID
) -> NumberedDocument:
    """The document with its number (registration officers); each look is in the audit trail."""
    return await documents.view(session, actor, conference, id)


@router.delete("/document", status_code=204)
async def delete_document(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID
) -> None:
    """Forgets the document."""
    await documents.remove(session, actor, conference, id)


@router.get("/flags", response_model=list[FlagOut])
async def list_flags(
    session: Reading, actor: CurrentActor, conference: InConference, id: UUID
) -> list[Flag]:
    """What an officer should look at before deciding."""
    actor.require(conference.id, service.OFFICERS)
    person, _ = await service.find(session, actor, conference.id, id)
    return (await flags(session, conference, [person])).get(id, [])


@router.post("/tell-apart", response_model=list[FlagOut])
async def tell_apart(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID, given: Other
) -> list[Flag]:
    """Notes that another is not the same person; answers the flags that are left."""
    await lookalikes.tell_apart(session, actor, conference, id, given.other)
    person, _ = await service.find(session, actor, conference.id, id)
    return (await flags(session, conference, [person])).get(id, [])
