"""What a change of a person touches in badge, programme, receptions, list and figures."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from app.badges.rules import categories, category_of
from app.badges.store import Choice
from app.badges.store import rows as badges
from app.conferences.models import Conference
from app.conferences.rules import in_language
from app.core import clock, dates
from app.core.db import ReadSession
from app.delegations.models import Delegation
from app.figures import rules
from app.figures import store as figures
from app.figures.service import terms
from app.figures.store import Instant
from app.participants import impact
from app.participants.change_rules import Change, Proposed
from app.participants.impact import Touched, exchange_of, successor_of
from app.participants.models import Participant
from app.participants.rules import Role, Status
from app.programme.rules import SpeakerRole
from app.programme.seats import store as seats
from app.programme.store import spoken_by
from app.receptions.rules import is_principal, places_of
from app.receptions.service import principal_ranks
from app.receptions.store import by_ids, open_of_people
from app.web.labels import label

_PRINTED = (Change.name, Change.function)


def connect() -> None:
    """Registers the sources in the order in which an officer reads them."""
    impact.connect()
    for source in (_badge, _programme, _seats, _receptions, _list, _figures):
        impact.register(source)


async def _badge(
    session: ReadSession,
    conference: Conference,
    person: Participant,
    delegation: Delegation,
    change: Proposed,
) -> list[Touched]:
    def due(one: Participant, rank: str | None) -> str:
        return category_of(rank=rank, role=one.role, kind=delegation.kind).key

    def words(category: str) -> str:
        return categories()[category].words("en")

    said = []
    for badge in await badges(session, conference.id, Choice(participant=person.id)):
        carried = "collected" if badge.collected_at else "handed over"
        out = badge.collected_at or badge.handed_over_at
        where = f", {carried} already" if out else ""
        serial = f"Badge {badge.serial} ({words(badge.category)}{where})"
        if change.leaves:
            said.append(f"{serial} is revoked and opens no gate.")
        elif change.kind is Change.rank and due(person, change.rank) != badge.category:
            new = words(due(person, change.rank))
            said.append(f"{serial} is revoked; a new one is issued: {new}.")
        elif change.kind in _PRINTED and badge.printed_at:
            said.append(f"{serial} is printed with the old {change.kind}; print it again.")
    if follows := await successor_of(session, conference, change):
        new = words(due(follows, follows.rank))
        said.append(f"A badge is issued to {follows.name}: {new}.")
    return [Touched("badge", text) for text in said]


async def _programme(
    session: ReadSession,
    conference: Conference,
    person: Participant,
    delegation: Delegation,
    change: Proposed,
) -> list[Touched]:
    if change.kind is Change.rank:
        return []
    does = {
        SpeakerRole.chair: "Chairs",
        SpeakerRole.moderator: "Moderates",
        SpeakerRole.speaker: "Speaks in",
    }
    after = (
        "not shown there any more; nobody takes over by itself"
        if change.leaves
        else f"the new {change.kind} is shown there"
    )
    spoken = await spoken_by(session, conference.id, [person.id])
    found = []
    for _, title, at, role in spoken.get(person.id, []):
        local = clock.utc_to_local(at, conference.timezone)
        when = f"{dates.day(local, parts='MMMd')}, {local:%H:%M}"
        found.append(Touched("programme", f"{does[role]} “{title}” ({when}): {after}."))
    return found


async def _seats(
    session: ReadSession,
    conference: Conference,
    person: Participant,
    delegation: Delegation,
    change: Proposed,
) -> list[Touched]:
    if not change.leaves:
        return []
    held = await seats.of_people(session, conference.id, [person.id])
    return [
        Touched("seats", f"Has a seat in “{in_language(row.title, 'en')}”: it is free again.")
        for row in held
    ]


async def _receptions(
    session: ReadSession,
    conference: Conference,
    person: Participant,
    delegation: Delegation,
    change: Proposed,
) -> list[Touched]:
    if change.kind in _PRINTED:
        return []
    ranks = principal_ranks(conference)
    stays = is_principal(person.role, person.rank, ranks)
    becomes = is_principal(person.role, change.rank, ranks)
    invitations = await open_of_people(session, conference.id, [person.id])
    ids = {one.reception_id for one in invitations}
    titles = {
        one.id: one.title.get("en") or next(iter(one.title.values()), "")
        for one in await by_ids(session, conference.id, ids)
    }
    said = []
    for one in invitations:
        title, reply = titles[one.reception_id], label(one.reply, "reply").lower()
        if change.leaves:
            freed = places_of(one.reply, one.companions)
            places = {0: "no place was taken", 1: "1 place is released"}
            after = places.get(freed, f"{freed} places are released")
            said.append(f"Invited to “{title}” ({reply}): declined; {after}.")
        elif stays != becomes:
            after = "never turned away" if becomes else "needs a place like any guest"
            said.append(f"Invited to “{title}” ({reply}): with this rank {after}.")
    return [Touched("receptions", text) for text in said]


async def _list(
    session: ReadSession,
    conference: Conference,
    person: Participant,
    delegation: Delegation,
    change: Proposed,
) -> list[Touched]:
    if person.status is not Status.approved or person.role is Role.security:
        return []
    said = []
    if change.leaves:
        said.append(f"{person.name} leaves the list of participants.")
        follows = await successor_of(session, conference, change)
        if follows and follows.role is not Role.security:
            said.append(f"{follows.name} joins it.")
    elif change.kind in _PRINTED:
        said.append(f"The list of participants shows the new {change.kind}.")
    return [Touched("list", text) for text in said]


def _summed(tallies: Iterable[rules.Tally]) -> list[rules.Tally]:
    """The same people with those alike in one tally, so that nobody is left of who went."""
    sums: Counter[rules.Traits] = Counter()
    for who, n in tallies:
        sums[who] += n
    return [(who, n) for who, n in sums.items() if n]


def _after(
    before: dict[UUID, rules.Traits], person: Participant, change: Proposed, joining: Iterable[UUID]
) -> dict[UUID, rules.Traits]:
    """The people concerned as they are once the change is made."""
    after = {id: replace(before[id], status=Status.approved) for id in joining}
    if change.kind is Change.rank:
        return {person.id: replace(before[person.id], rank=change.rank)}
    status = Status.withdrawn if change.kind is Change.withdraw else Status.substituted
    return {**after, person.id: replace(before[person.id], status=status)}


async def _figures(
    session: ReadSession,
    conference: Conference,
    person: Participant,
    delegation: Delegation,
    change: Proposed,
) -> list[Touched]:
    if change.kind in _PRINTED:
        return []
    found = await exchange_of(session, conference, person, delegation, change)
    joining = [one.id for one in found.promoted]
    joining += [change.successor] if change.successor and not found.blocking else []
    now = clock.now()
    at, decided = Instant(now, now), terms(conference)
    before = await figures.traits_of(session, conference.id, at, [person.id, *joining])
    after = _after(before, person, change, joining)
    tallies = await figures.tallies(session, conference.id, at)
    changed = [
        *tallies,
        *((before[id], -1) for id in after),
        *((who, 1) for who in after.values()),
    ]
    said = []
    for basis in rules.Basis:
        was = rules.figures(decided, rules.counted(basis, decided, tallies))
        will = rules.figures(decided, rules.counted(basis, decided, _summed(changed)))
        moves = [
            f"{label(key, 'figure')} {was[key]} → {will[key]}"
            for key in was
            if was[key] != will[key]
        ]
        if moves:
            said.append(f"{label(basis, 'basis')}: {'; '.join(moves)}.")
    return [Touched("figures", text) for text in said]
