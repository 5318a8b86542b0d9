"""Use cases of letters: keep, list, read."""

from uuid import UUID

from app.accounts import audit
from app.accounts.rules import Actor, Role
from app.conferences import service as conferences
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession, WriteSession
from app.core.errors import NotFound
from app.delegations import service as delegations
from app.delegations.invitations.rules import Channel
from app.delegations.letters import store
from app.delegations.letters.models import Letter
from app.delegations.letters.rules import require_pdf
from app.delegations.letters.schemas import LetterIn
from app.delegations.models import Delegation
from app.delegations.service import OFFICERS

READERS = OFFICERS | {Role.focal_point}


async def _own(session: ReadSession, actor: Actor, conference: Conference, code: str) -> Delegation:
    actor.require(conference.id, READERS)
    delegation = await delegations.find(session, actor, conference.id, code)
    actor.require_own(conference.id, delegation.id, OFFICERS)
    return delegation


async def keep(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    code: str,
    given: LetterIn,
    data: bytes,
) -> Letter:
    """Keeps a letter of a delegation. Raises `NotFound`, and `Invalid` for what is no PDF."""
    delegation = await _own(session, actor, conference, code)
    require_pdf(data)
    file = await conferences.keep_file(session, conference.id, data, "application/pdf")
    values = given.model_dump()
    if not actor.may(conference.id, OFFICERS):
        values["channel"] = Channel.portal
    letter = Letter(
        conference_id=conference.id,
        delegation_id=delegation.id,
        file_id=file.id,
        created_at=clock.now(),
        **values,
    )
    session.add(letter)
    audit.record(
        session,
        actor,
        "letter.keep",
        conference_id=conference.id,
        target=("letter", letter.id),
        fields={**values, "file": file.sha256},
    )
    await session.flush()
    return letter


async def listed(
    session: ReadSession, actor: Actor, conference: Conference, code: str
) -> list[Letter]:
    """The letters of a delegation, newest first."""
    delegation = await _own(session, actor, conference, code)
    return await store.of_delegation(session, conference.id, delegation.id)


async def view(
    session: WriteSession, actor: Actor, conference: Conference, code: str, id: UUID
) -> bytes:
    """A letter's file; the view is in the audit trail before the bytes go out."""
    delegation = await _own(session, actor, conference, code)
    letter = await store.by_id(session, conference.id, delegation.id, id)
    if letter is None:
        raise NotFound
    data, _ = await conferences.read_file(session, conference.id, letter.file_id)
    await audit.record_view(
        session, actor, "letter.view", conference_id=conference.id, target=("letter", letter.id)
    )
    return data
