"""Mails to focal points about what was decided on their people."""

from uuid import UUID

from app.core.db import WriteSession
from app.delegations.invitations import mails
from app.delegations.models import Delegation
from app.participants.events import StatusChanged
from app.participants.rules import Status

_SILENT = "notices.silent"
_TOLD = {Status.approved: "approved", Status.refused: "refused", Status.nominated: "returned"}


def keep_silent(session: WriteSession) -> None:
    """Writes no notices in this transaction: a file's lines are no decisions to tell one by one."""
    session.info[_SILENT] = True


async def on_status_changed(session: WriteSession, event: StatusChanged) -> None:
    """Tells the focal points of approvals, refusals and returns; the machine's own, nobody."""
    if event.actor.kind == "installation" or _SILENT in session.info:
        return
    decided: dict[tuple[UUID, str], tuple[Delegation, list[str]]] = {}
    for person, delegation, _ in event.changes:
        if kind := _TOLD.get(person.status):
            decided.setdefault((delegation.id, kind), (delegation, []))[1].append(person.name)
    if decided:
        conference_id = event.changes[0][0].conference_id
        await mails.tell(session, conference_id, decided, reason=event.reason or "")
