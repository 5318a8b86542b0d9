"""The conference and delegation that a command's options name."""

from dataclasses import dataclass
from uuid import UUID

from app.accounts.rules import INSTALLATION
from app.conferences import service as conferences
from app.core.db import ReadSession
from app.core.errors import Clash
from app.delegations import service as delegations


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a grant or a token holds."""

    conference_id: UUID | None
    delegation_id: UUID | None


async def scope(session: ReadSession, slug: str | None, code: str | None) -> Scope:
    """The ids behind a slug and a code. Raises `NotFound`, or `Clash` for a code alone."""
    if slug is None:
        if code is not None:
            raise Clash("A delegation is named within a conference; add --conference.")
        return Scope(None, None)
    conference = await conferences.conference(session, slug)
    if code is None:
        return Scope(conference.id, None)
    delegation = await delegations.find(session, INSTALLATION, conference.id, code)
    return Scope(conference.id, delegation.id)
