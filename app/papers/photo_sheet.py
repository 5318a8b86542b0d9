"""The photo sheet of principals: who is let in at the VIP entrance, by face, without a scanner.

Presence is attested from it one by one; what was ticked on paper is entered later as a tally.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.accounts import audit
from app.accounts.rules import Actor
from app.badges.store import photos as sealed_photos
from app.conferences.models import Conference
from app.conferences.rules import in_language
from app.conferences.service import FILES
from app.core import clock, documents
from app.core.db import Database, ReadSession, WriteSession
from app.core.keys import keyring
from app.core.text import native_name
from app.gates import service as gates
from app.gates.models import Attestation
from app.gates.schemas import AttestIn
from app.papers import store
from app.papers.ministers import ministers
from app.papers.schemas import Minister, TallyIn
from app.participants.rules import Status
from app.participants.service import EDITORS

ENTRANCE = "VIP entrance"


async def principals(
    session: ReadSession, actor: Actor, conference: Conference
) -> tuple[list[Minister], dict[UUID, UUID]]:
    """Approved principals in the ministers' order, and the photos of those who have one."""
    found = [
        one
        for one in (await ministers(session, actor, conference)).listed
        if one.status is Status.approved
    ]
    return found, await store.photo_ids(session, conference.id, [one.id for one in found])


@dataclass(frozen=True, slots=True)
class LastSeen:
    """When somebody was last seen in person, and whether that was on the present local day."""

    at: datetime
    today: bool


async def last_seen(
    session: ReadSession, conference: Conference, people: Sequence[Minister]
) -> dict[UUID, LastSeen]:
    """By person; who was never seen is in no entry."""

    def day(at: datetime) -> date:
        return clock.utc_to_local(at, conference.timezone).date()

    found = await store.last_seen(session, conference.id, [one.id for one in people])
    today = day(clock.now())
    return {id: LastSeen(at, day(at) == today) for id, at in found.items()}


async def tally(
    session: WriteSession, actor: Actor, conference: Conference, given: TallyIn
) -> Sequence[Attestation]:
    """Attests what was ticked on paper, naming who saw it; all of it or nothing.

    Raises `NotFound`, or `Clash` for an instant to come.
    """
    note = f"Paper tally, witnessed by {given.witness}."
    seen = AttestIn(at=given.at, place=given.place or ENTRANCE, note=note)
    return [await gates.attest(session, actor, conference, id, seen) for id in given.participants]


async def sheet(database: Database, actor: Actor, conference: Conference) -> bytes:
    """The sheet on paper, with a box to tick beside each face.

    Its making is in the audit trail before the bytes go out.
    """
    actor.require(conference.id, EDITORS)
    async with database.reading() as session:
        found, photos = await principals(session, actor, conference)
        sealed = await sealed_photos(session, conference.id, photos.values())
    data, files = await asyncio.to_thread(_laid_out, conference, found, photos, sealed)
    pdf = await documents.render("photo_sheet", data, files=files)
    async with database.writing() as writing:
        audit.record(
            writing,
            actor,
            "photo.sheet",
            conference_id=conference.id,
            target=("conference", conference.id),
            fields={"participants": [str(one.id) for one in found]},
        )
    return pdf


def _laid_out(
    conference: Conference,
    found: Sequence[Minister],
    photos: dict[UUID, UUID],
    sealed: dict[UUID, bytes],
) -> tuple[dict[str, object], dict[str, bytes]]:
    files: dict[str, bytes] = {}
    people = []
    for one in found:
        photo = None
        if one.id in photos:
            photo = f"p{one.position}.jpg"
            files[photo] = keyring().open(str(conference.id), FILES, sealed[photos[one.id]])
        people.append(
            {
                "position": one.position,
                "name": " ".join(filter(None, (one.style, one.name))),
                "native": native_name(one.names) or None,
                "function": one.function,
                "delegation": one.delegation_name,
                "photo": photo,
            }
        )
    return {
        "title": in_language(conference.title, "en"),
        "place": ENTRANCE,
        "made": clock.told(clock.now(), conference.timezone),
        "accent": conference.accent,
        "sample": conference.sample,
        "people": people,
    }, files
