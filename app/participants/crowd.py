"""Many at one moment: registrations and decisions asked for together share a transaction.

An officer's script, or thirty officers, then pay for one lock, one commit and one link to the audit
trail's head, not for each. Each registration is decided for itself and in the order of arrival.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from app.accounts.rules import Actor
from app.conferences.models import Conference
from app.core.db import Database, WriteSession
from app.core.errors import AppError, Clash
from app.core.together import Together
from app.delegations import service as delegations
from app.delegations.models import Delegation
from app.participants import approval, service, store
from app.participants.approval import Decision, Registered
from app.participants.rules import Role, Status
from app.participants.schemas import ParticipantIn
from app.quotas.store import lock as lock_quotas

What = TypeVar("What")
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Asked(Generic[What]):
    """What an officer asks for; who may not is refused before standing in the line."""

    actor: Actor
    conference: Conference
    what: What


Each = Callable[
    [WriteSession, Actor, Conference, Sequence[What]], Awaitable[Sequence[Done | AppError]]
]


def _together(each: Each[What, Done]) -> Together[Asked[What], Done]:
    async def work(database: Database, asked: Sequence[Asked[What]]) -> Sequence[Done | AppError]:
        by_actor: dict[tuple[UUID, Actor], list[int]] = {}
        for number, one in enumerate(asked):
            by_actor.setdefault((one.conference.id, one.actor), []).append(number)
        answers: dict[int, Done | AppError] = {}
        async with database.writing() as session:
            for numbers in by_actor.values():
                first = asked[numbers[0]]
                what = [asked[number].what for number in numbers]
                found = await each(session, first.actor, first.conference, what)
                answers.update(zip(numbers, found, strict=True))
        return [answers[number] for number in range(len(asked))]

    return Together(work)


async def register_each(
    session: WriteSession, actor: Actor, conference: Conference, given: Sequence[ParticipantIn]
) -> list[Decision]:
    """Enters people with the status asked for: nominated, submitted, or approved at once.

    Raises what stands against any of them, such as `Clash` for a second head; then none is entered.
    """
    actor.require(conference.id, service.OFFICERS)
    if any(one.up_to is Status.approved for one in given):
        # Quotas before slots and people, in every use case.
        await lock_quotas(session, conference.id)
    bodies: dict[str, Delegation] = {}
    last: dict[UUID, int] = {}
    rows: list[service.PersonRow] = []
    heads: set[UUID] = set()
    for one in given:
        body = bodies.get(one.delegation)
        if body is None:
            body = await delegations.find(session, actor, conference.id, one.delegation)
            bodies[one.delegation] = body
            last[body.id] = await store.next_position(session, conference.id, body.id)
        if one.role is Role.head:
            await service.require_no_head(session, body)
            if body.id in heads:
                raise Clash(f"{body.name} has one head at a time.", code="head-taken")
            heads.add(body.id)
        rows.append(service.build(conference, body, one, position=last[body.id]))
        last[body.id] += 1
    await service.store_many(session, actor, conference, rows)
    people = await store.by_ids(session, conference.id, [row["id"] for row in rows])
    pairs = [people[row["id"]] for row in rows]
    handed = [p for p, one in zip(pairs, given, strict=True) if one.up_to is not Status.nominated]
    await approval.submit_many(session, actor, conference, handed)
    wanted = [p for p, one in zip(pairs, given, strict=True) if one.up_to is Status.approved]
    decided = await approval.approve_many(session, actor, conference, wanted)
    by_id = {decision.person.id: decision for decision in decided}
    return [by_id.get(person.id) or Decision(person, body) for person, body in pairs]


register: Together[Asked[ParticipantIn], Decision] = _together(register_each)
submit: Together[Asked[UUID], Registered] = _together(approval.submit_each)
approve: Together[Asked[UUID], Decision] = _together(approval.approve_each)
