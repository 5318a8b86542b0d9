"""Identity documents: kept sealed, held by one active registration, and looked at on record."""

import hmac
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app.accounts import audit
from app.accounts.rules import Actor
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession, WriteSession
from app.core.errors import Clash, NotFound
from app.core.keys import keyring
from app.participants import service
from app.participants.events import StatusChanged
from app.participants.models import Participant
from app.participants.rules import ACTIVE, Status
from app.participants.vetting import store
from app.participants.vetting.models import IdentityDocument
from app.participants.vetting.rules import DocumentType, masked, normalised
from app.participants.vetting.schemas import DocumentIn, DocumentOut, NumberedDocument

_PURPOSE = "documents"


def _digest(conference_id: UUID, type: DocumentType, issuing_state: str, number: str) -> str:
    """Finds an equal document of the same conference; without the key it tells nothing."""
    key = keyring().derive(f"identity-document-digest {conference_id}")
    return hmac.digest(key, f"{type}\0{issuing_state}\0{number}".encode(), "sha256").hex()


def _number(document: IdentityDocument) -> str:
    return keyring().open(str(document.conference_id), _PURPOSE, document.sealed_number).decode()


def _shown(document: IdentityDocument) -> DocumentOut:
    number = masked(_number(document))
    return DocumentOut.model_validate({**document.model_dump(), "masked_number": number})


@asynccontextmanager
async def _claiming(
    session: WriteSession, actor: Actor, conference_id: UUID, digests: Collection[str]
) -> AsyncIterator[None]:
    """Makes documents active; raises `Clash` (`document-taken`) where another has one of them.

    The index decides, so that of two at the same instant one is refused. An officer is told who has
    it; a focal point reads the same sentence whosever it is.
    """
    try:
        async with session.begin_nested():
            yield
            await session.flush()
    except IntegrityError:
        other = await store.holder(session, conference_id, digests)
        if other is None or not actor.may(conference_id, service.OFFICERS):
            raise Clash(
                "This document is in another registration of this conference already. "
                "If that cannot be, write to the registration officers.",
                code="document-taken",
            ) from None
        raise Clash(
            f"This document is in the registration of {other.name} ({other.delegation}) already.",
            code="document-taken",
            members={"participant": str(other.id)},
        ) from None


async def _to_change(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID
) -> tuple[Participant, IdentityDocument | None]:
    """A person, locked, with the document. Raises `Clash` for a focal point after approval."""
    actor.require(conference.id, service.NOMINATORS)
    person, delegation = await service.find(session, actor, conference.id, id, lock=True)
    actor.require_own(conference.id, delegation.id, service.OFFICERS)
    known = await store.document(session, conference.id, id)
    decided = known is not None and person.status is Status.approved
    if decided and not actor.may(conference.id, service.OFFICERS):
        raise Clash(
            "The registration is approved with its document; ask the registration officers.",
            code="wrong-status",
        )
    return person, known


async def put(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID, given: DocumentIn
) -> DocumentOut:
    """Keeps a person's document in the place of the one before. Raises `Invalid`, `Clash`."""
    person, before = await _to_change(session, actor, conference, id)
    number = normalised(given.number)
    document = IdentityDocument(
        conference_id=conference.id,
        participant_id=id,
        type=given.type,
        issuing_state=given.issuing_state,
        sealed_number=keyring().seal(str(conference.id), _PURPOSE, number.encode()),
        digest=_digest(conference.id, given.type, given.issuing_state, number),
        active=person.status in ACTIVE,
        expires_on=given.expires_on,
        created_at=clock.now(),
    )
    if before is not None:
        await session.delete(before)
    person.version += 1
    await session.flush()
    async with _claiming(session, actor, conference.id, [document.digest]):
        session.add(document)
    audit.record(
        session,
        actor,
        "participant.document",
        conference_id=conference.id,
        target=("participant", id),
        fields={"digest": document.digest, "expires_on": document.expires_on},
    )
    return _shown(document)


async def remove(session: WriteSession, actor: Actor, conference: Conference, id: UUID) -> None:
    """Forgets a person's document. Raises `NotFound` without one."""
    person, kept = await _to_change(session, actor, conference, id)
    if kept is None:
        raise NotFound
    await session.delete(kept)
    person.version += 1
    audit.record(
        session,
        actor,
        "participant.document_removed",
        conference_id=conference.id,
        target=("participant", id),
    )
    await session.flush()


async def shown(
    session: ReadSession, actor: Actor, conference: Conference, id: UUID
) -> DocumentOut | None:
    """A person's document without its number, for an officer and for the delegation's own."""
    actor.require(conference.id, service.NOMINATORS)
    _, delegation = await service.find(session, actor, conference.id, id)
    actor.require_own(conference.id, delegation.id, service.OFFICERS)
    found = await store.document(session, conference.id, id)
    return _shown(found) if found else None


async def view(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID
) -> NumberedDocument:
    """A person's document with its number; the view is in the audit trail before it goes out."""
    actor.require(conference.id, service.OFFICERS)
    await service.find(session, actor, conference.id, id)
    found = await store.document(session, conference.id, id)
    if found is None:
        raise NotFound
    await audit.record_view(
        session, actor, "passport.view", conference_id=conference.id, target=("participant", id)
    )
    return NumberedDocument(**_shown(found).model_dump(), number=_number(found))


async def on_status_changed(session: WriteSession, event: StatusChanged) -> None:
    """Who leaves lets the document go; who comes back needs it to be free. Raises `Clash`."""
    left: list[UUID] = []
    back: list[UUID] = []
    for person, _, before in event.changes:
        if (before in ACTIVE) != (person.status in ACTIVE):
            (left if before in ACTIVE else back).append(person.id)
    conference_id = event.changes[0][0].conference_id
    if left:
        await store.set_active(session, conference_id, left, False)
    if back and (digests := await store.digests(session, conference_id, back)):
        async with _claiming(session, event.actor, conference_id, digests.values()):
            await store.set_active(session, conference_id, back, True)
