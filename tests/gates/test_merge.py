"""Whatever way devices tell what they decided alone, the state is the same in the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.rules import INSTALLATION, Actor, Permit, Role
from app.core import clock
from app.core.db import Database
from app.gates import checkin, service, store
from app.gates.schemas import BatchIn, GateIn
from app.gates.store import ScanFilter
from tests.apart import apart
from tests.hall import Hall, open_hall

PEOPLE, DEVICES = 4, 3
SKEWS = [timedelta(0), timedelta(hours=-5), timedelta(days=40)]
State = tuple[list[tuple[object, ...]], int, int]


@dataclass(frozen=True)
class Fact:
    """What a device did alone."""

    device: int
    minute: int
    person: int
    out: bool
    admitted: bool


facts = st.builds(
    Fact,
    device=st.integers(0, DEVICES - 1),
    minute=st.integers(0, 9),
    person=st.integers(0, PEOPLE),  # the last is no badge at all
    out=st.booleans(),
    admitted=st.sampled_from([True, True, True, False]),
)


@dataclass
class Day:
    """A conference with people, and devices whose clocks are wrong."""

    hall: Hall
    codes: list[str]
    devices: list[Actor]
    start: datetime

    async def tell(self, gate: UUID, told: Sequence[Fact], order: Sequence[Sequence[int]]) -> State:
        """Sends batches, each split by device, a minute apart, and returns what is known then."""
        for n, batch in enumerate(order):
            for device in range(DEVICES):
                some = [f for f in batch if told[f].device == device]
                now = self.start + timedelta(hours=1, minutes=n)
                with clock.frozen(now):
                    await self._send(gate, device, [(f, told[f]) for f in some], now)
        return await self._state(gate)

    async def _send(
        self, gate: UUID, device: int, some: list[tuple[int, Fact]], now: datetime
    ) -> None:
        scans = [
            {
                "secret": self.codes[fact.person],
                "lists": [str(gate)],
                "nonce": f"{gate.hex[:8]}-{n:03}",
                "type": "exit" if fact.out else "entry",
                "datetime": self.start + timedelta(minutes=fact.minute) + SKEWS[device],
                "offline_result": "ok" if fact.admitted else "rules",
            }
            for n, fact in some
        ]
        given = BatchIn.model_validate({"scans": scans, "sent": now + SKEWS[device]})
        async with self.hall.database.writing() as session:
            await checkin.tell(session, self.devices[device], given)

    async def _state(self, gate: UUID) -> State:
        conference = self.hall.conference
        async with self.hall.database.reading() as session:
            kept = await store.scans(session, conference.id, ScanFilter(gate=gate))
            with clock.frozen(self.start + timedelta(hours=2)):
                found = await service.status(session, INSTALLATION, conference, gate)
        scans = sorted(
            (s.nonce[9:], str(s.device), s.at, s.passed, str(s.conflict), str(s.participant))
            for s in kept
        )
        return list(scans), found.inside, found.admitted

    async def gate(self, seats: int | None) -> UUID:
        given = GateIn.model_validate({"name": uuid4().hex, "rules": {"seats": seats}})
        async with self.hall.database.writing() as session:
            return (await service.create(session, INSTALLATION, self.hall.conference, given)).id


async def _day(database: Database) -> Day:
    hall = await open_hall(database)
    codes = [await hall.code(await hall.approved(f"Person {n}")) for n in range(PEOPLE)]
    devices = [
        Actor("device", uuid4(), "d", (Permit(Role.gate_operator, hall.conference.id),))
        for _ in range(DEVICES)
    ]
    noon = datetime.combine(hall.conference.starts, datetime.min.time()).replace(hour=12)
    start = clock.local_to_utc(noon, hall.conference.timezone)
    return Day(hall, [*codes, "A" * 144], devices, start)


def test_any_order_ends_in_the_same_state(database: Database) -> None:
    """Permuted, doubled, split, cut short and sent again; clocks five hours and forty days off."""
    with apart(database) as way:
        day = way.run(_day(way.database))

        @settings(
            max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None
        )
        @given(
            told=st.lists(facts, min_size=1, max_size=8),
            seats=st.sampled_from([None, 2]),
            draw=st.data(),
        )
        def run(told: list[Fact], seats: int | None, draw: st.DataObject) -> None:
            every = list(range(len(told)))
            some = st.lists(st.sampled_from(every), max_size=len(told))
            order = draw.draw(st.lists(some, max_size=4))
            rest = draw.draw(st.permutations(every))

            async def both() -> tuple[State, State]:
                once = await day.tell(await day.gate(seats), told, [every])
                return once, await day.tell(await day.gate(seats), told, [*order, rest])

            once, anyhow = way.run(both())
            assert anyhow == once
            assert len(once[0]) == len(told)

        run()
        way.run(day.hall.close())
