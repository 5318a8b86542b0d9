"""From planned people to rows, in a few statements however many there are."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, update

from app.badges import service as badges
from app.badges.models import Badge
from app.conferences import service as conferences
from app.conferences.models import Conference
from app.core import images
from app.core.db import WriteSession, table
from app.delegations.models import Delegation
from app.participants import history, service, store
from app.participants.rules import Rank, Sex, Status
from app.participants.schemas import ParticipantIn
from app.sample.people import Person

V, B = history.V, table(Badge)
WITHOUT_PHOTO = frozenset({Rank.head_of_state})


@dataclass(frozen=True, slots=True)
class Photos:
    """A pool of drawn portraits, to be shared out."""

    of: Mapping[Sex, Sequence[UUID]]

    def choose(self, person: Person, number: int) -> UUID | None:
        """A portrait of the pool; a head of state's badge prints without one."""
        if person.rank in WITHOUT_PHOTO:
            return None
        pool = self.of[person.sex or Sex.male]
        return pool[number % len(pool)]


async def draw_photos(session: WriteSession, conference: Conference, each: int) -> Photos:
    """Draws and keeps `each` portraits of women and as many of men."""
    kept: dict[Sex, list[UUID]] = defaultdict(list)
    for sex in Sex:
        for seed in range(each):
            feminine = sex is Sex.female
            drawn = await asyncio.to_thread(images.silhouette, seed, feminine=feminine)
            file = await conferences.keep_file(session, conference.id, drawn, "image/jpeg")
            kept[sex].append(file.id)
    return Photos(kept)


def _row(
    conference: Conference,
    delegation: Delegation,
    person: Person,
    *,
    position: int,
    photo: UUID | None,
) -> service.PersonRow:
    given = ParticipantIn(
        delegation=delegation.code,
        name=person.name,
        names=person.names,
        style=person.style,
        function=person.function,
        role=person.role,
        rank=person.rank,
        sex=person.sex,
        mode=person.mode,
    )
    row = service.build(conference, delegation, given, position=position)
    status, since = person.steps[-1]
    return row | {
        "rank_suggested": person.suggested,
        "status": status,
        "status_reason": "Cannot travel" if status is Status.withdrawn else None,
        "status_at": since,
        "created_at": person.steps[0][1],
        "photo_id": photo,
    }


def _versions(row: Mapping[str, Any], person: Person) -> list[dict[str, object]]:
    """One version for each status the person had, known when it became so."""
    return [
        {
            "conference_id": row["conference_id"],
            "participant_id": row["id"],
            "valid_from": since,
            "recorded_at": since,
            **{field: row[field] for field in history.FIGURED},
            "status": status,
        }
        for status, since in person.steps
    ]


async def store_people(
    session: WriteSession,
    conference: Conference,
    delegations: Mapping[str, Delegation],
    people: Sequence[Person],
    photos: Photos,
) -> list[UUID]:
    """Stores people with their whole history and their badges; returns their ids, in order."""
    positions: dict[str, int] = defaultdict(int)
    rows = []
    for number, person in enumerate(people):
        positions[person.body] += 1
        rows.append(
            _row(
                conference,
                delegations[person.body],
                person,
                position=positions[person.body],
                photo=photos.choose(person, number),
            )
        )
    await store.add(session, rows)
    versions = [v for row, p in zip(rows, people, strict=True) for v in _versions(row, p)]
    await session.execute(insert(V), versions)
    ids = [row["id"] for row in rows]
    await _badges(session, conference, delegations, people, ids)
    return ids


def _approved_at(person: Person) -> datetime | None:
    return next((since for status, since in person.steps if status is Status.approved), None)


async def _badges(
    session: WriteSession,
    conference: Conference,
    delegations: Mapping[str, Delegation],
    people: Sequence[Person],
    ids: Sequence[UUID],
) -> None:
    """Badges of the approved, as of their approval; collected or revoked as the plan says."""
    approved = [
        (since, id, person)
        for id, person in zip(ids, people, strict=True)
        if (since := _approved_at(person))
    ]
    approved.sort(key=lambda one: one[0])
    for since, group in groupby(approved, key=lambda one: one[0]):
        holders = [
            badges.Holder(id, p.rank, p.role, delegations[p.body].kind) for _, id, p in group
        ]
        await badges.issue(session, conference.id, holders, at=since)
    collected = [
        {"holder": id, "at": person.collected, "day_before": since}
        for since, id, person in approved
        if person.collected
    ]
    gone = [
        {"holder": id, "at": person.steps[-1][1]}
        for _, id, person in approved
        if person.steps[-1][0] is not Status.approved
    ]
    connection = await session.connection()
    holder = B.c.participant_id == bindparam("holder")
    if collected:
        await connection.execute(
            update(B)
            .where(holder)
            .values(
                printed_at=bindparam("day_before"),
                collected_at=bindparam("at"),
                collected_recorded_at=bindparam("at"),
                collected_by="the holder",
            ),
            collected,
        )
    if gone:
        reason = "The registration was withdrawn. Cannot travel"
        await connection.execute(
            update(B).where(holder).values(revoked_at=bindparam("at"), revoked_reason=reason), gone
        )
