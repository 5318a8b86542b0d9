"""The gates of the sample, and who was seen at them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, select

from app.accounts import service as accounts
from app.accounts.rules import INSTALLATION, Actor
from app.badges.models import Badge
from app.conferences.models import Conference
from app.core.db import WriteSession, new_id, table
from app.gates import service as gates
from app.gates.models import Attestation, Gate
from app.gates.rules import Direction, GateKind, Source
from app.gates.schemas import GateIn
from app.participants.rules import Role
from app.programme.models import Session
from app.sample.people import Person

A, B = table(Attestation), table(Badge)
People = Sequence[tuple[UUID, Person]]
_OPENING, _SIDE_EVENT = 0, 3


async def open_gates(
    session: WriteSession, conference: Conference, people: People, sessions: Sequence[Session]
) -> None:
    """Gates with scanners; who came was scanned, or attested at the VIP entrance."""
    made: list[Gate] = []
    for name, zone in (("Main entrance", 0), ("Plenary Hall", 1), ("VIP entrance", 3)):
        given = GateIn(name=name, zone=zone)
        made.append(await gates.create(session, INSTALLATION, conference, given))
    doors = {
        one.id: await gates.create(
            session,
            INSTALLATION,
            conference,
            # Who is let in there is here already.
            GateIn(name=name, kind=GateKind.session, session_id=one.id, counts=False),
        )
        for name, one in (
            ("Opening ceremony, hall door", sessions[_OPENING]),
            ("Civil society side event, door", sessions[_SIDE_EVENT]),
        )
    }
    secret = await gates.pair(session, INSTALLATION, conference, str(made[0].id))
    [device] = await accounts.actors_of_tokens(session, [(accounts.DEVICE, secret)])
    assert isinstance(device, Actor)
    assert device.id is not None
    found = await session.execute(
        select(B.c.participant_id, B.c.id).where(B.c.conference_id == conference.id)
    )
    active = {row.participant_id: row.id for row in found}
    scans = [
        gates.LoadedScan(made[0].id, active[id], id, entry)
        for id, person in people
        for entry in person.entries
    ]
    for number, (id, person) in enumerate(people):
        for one, came, left in _visits(number, person, sessions):
            for instant, way in ((came, Direction.entry), (left, Direction.exit)):
                scan = gates.LoadedScan(doors[one.id].id, active[id], id, instant, way)
                scans.append(scan)
    await gates.load_scans(session, conference, device.id, scans)
    seen = [
        {
            "id": new_id(),
            "conference_id": conference.id,
            "participant_id": id,
            "source": source,
            "place": "VIP entrance" if source is Source.attested else "Video link",
            "note": None,
            "at": instant,
            "recorded_at": instant,
            "attested_by": "Protocol Officer",
        }
        for id, person in people
        for source, instant in ((Source.attested, person.attested), (Source.remote, person.remote))
        if instant
    ]
    await session.execute(insert(A), seen)


def _visits(
    number: int, person: Person, sessions: Sequence[Session]
) -> Iterator[tuple[Session, datetime, datetime]]:
    """Which sessions with a door somebody sat in, from when until when."""
    if not person.entries:
        return
    minute = timedelta(minutes=1)
    for n, theirs in (
        (_OPENING, person.role is not Role.security),
        (_SIDE_EVENT, person.role is Role.expert or number % 9 == 0),
    ):
        one = sessions[n]
        came = max(one.starts_at - (25 - number % 35) * minute, person.entries[0] + 6 * minute)
        left = one.ends_at + (number % 16 - 6) * minute
        if theirs and came < left:
            yield one, came, left
