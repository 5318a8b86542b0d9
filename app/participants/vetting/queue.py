"""The queue of those who wait for a decision, and what a decision would come to, in words."""

from dataclasses import dataclass
from uuid import UUID

from app.accounts.rules import Actor
from app.conferences.models import Conference
from app.conferences.rules import policies_of
from app.core.db import ReadSession
from app.delegations.models import Delegation
from app.participants import places, service
from app.participants import store as people
from app.participants.flags import flags
from app.participants.models import Participant
from app.participants.store import Filters
from app.participants.vetting import store
from app.participants.vetting.rules import missing
from app.participants.vetting.schemas import DocumentOut
from app.quotas import store as quotas
from app.quotas.rules import Place, allot
from app.quotas.store import capacity


async def waiting(
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    filters: Filters,
    *,
    flagged: bool = False,
) -> list[UUID]:
    """Who waits for a decision, first submitted first; with `flagged`, who has a flag."""
    actor.require(conference.id, service.OFFICERS)
    ids = await store.submitted(session, actor, conference.id, filters)
    if not flagged:
        return ids
    found = await people.by_ids(session, conference.id, ids)
    marked = await flags(session, conference, [person for person, _ in found.values()])
    return [id for id in ids if id in marked]


@dataclass(frozen=True, slots=True)
class Prospect:
    """What an approval would come to now, and the quotas that cover the person."""

    place: Place
    text: str
    quotas: list[places.Standing]


async def prospect(
    session: ReadSession, conference: Conference, person: Participant, delegation: Delegation
) -> Prospect:
    """What an approval would come to, without taking a place."""
    asked = places.registration(person, delegation)
    found = await quotas.quotas(session, conference.id)
    covering = [quota for quota in found if capacity(quota).covers(asked)]
    [allotment], _ = allot(map(capacity, covering), [asked])
    standing = await places.standing(session, conference.id, covering)
    if allotment.blocking is None:
        text = "A place is free in every quota." if covering else "No quota covers this person."
        return Prospect(allotment.place, text, standing)
    full = allotment.blocking
    if allotment.place is Place.exhausted:
        text = f"“{full.name}” is spent and keeps no waiting list: an approval would be refused."
        return Prospect(allotment.place, text, standing)
    ahead = next(one.waiting for one in standing if one.id == full.id)
    line = f"behind {ahead} who wait" if ahead else "as the first"
    text = f"“{full.name}” is full: an approval puts this person on the waiting list, {line}."
    return Prospect(allotment.place, text, standing)


def lacking(conference: Conference, person: Participant, document: DocumentOut | None) -> list[str]:
    """What a registration lacks, in sentences."""
    return missing(
        photo=person.photo_id is not None,
        photo_exempt=person.rank in policies_of(conference.policies).photo_exempt_ranks,
        function=person.function,
        rank=person.rank,
        sex=person.sex,
        document=(document.type, document.expires_on) if document else None,
        ends=conference.ends,
    )
