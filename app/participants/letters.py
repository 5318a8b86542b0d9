"""Nominations that one of the nominees signed, for who approves them."""

from collections.abc import Sequence
from uuid import UUID

from app.conferences.models import Conference
from app.core.db import ReadSession
from app.delegations.letters import store
from app.delegations.letters.rules import signs_own
from app.participants.flags import Flag
from app.participants.models import Participant

SIGNED_OWN = "signed-own-letter"


async def letter_flags(
    session: ReadSession, conference: Conference, people: Sequence[Participant]
) -> dict[UUID, list[Flag]]:
    """Flags by person, in one query: who signed the own nomination.

    A flag is for an officer's eyes and refuses nothing.
    """
    signed = await store.signed(session, conference.id, {person.delegation_id for person in people})
    flags: dict[UUID, list[Flag]] = {}
    for person in people:
        names = (person.name, *person.names.values())
        for delegation_id, signatory, number in signed:
            if delegation_id == person.delegation_id and signs_own(signatory, names):
                letter = f"letter of nomination {number}" if number else "letter of nomination"
                words = f"Signed the {letter} as {signatory}: a nominee does not sign the own one."
                flags.setdefault(person.id, []).append(Flag(SIGNED_OWN, words))
    return flags
