"""Any order of nominations, approvals, withdrawals and changes of quotas, against a small model."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from app.core.db import Database, WriteSession
from app.core.errors import Clash
from app.participants import approval, succession, waiting
from app.participants import service as participants
from app.participants.rules import Role
from app.participants.schemas import ParticipantEdit, ParticipantIn
from app.participants.store import P as PEOPLE
from app.quotas import service as quotas
from app.quotas import store
from app.quotas.schemas import QuotaEdit, QuotaIn, Scope
from tests.apart import Apart, apart
from tests.world import OFFICER, World

ROLES = ["delegate", "security", "adviser"]
roles = st.sampled_from(ROLES)
picks = st.integers(0, 1_000)


@dataclass
class Person:
    role: str
    status: str = "submitted"


@dataclass
class Model:
    """What must be true, in a few lines: no lock, no row, no order of queries."""

    people: dict[UUID, Person] = field(default_factory=dict)
    quotas: dict[UUID, tuple[int, set[str], bool]] = field(default_factory=dict)
    line: list[UUID] = field(default_factory=list)

    def used(self, quota: UUID) -> int:
        _, roles, _ = self.quotas[quota]
        return sum(
            p.status == "approved" and (not roles or p.role in roles) for p in self.people.values()
        )

    def full(self, role: str) -> list[UUID]:
        return [
            id
            for id, (capacity, roles, _) in self.quotas.items()
            if (not roles or role in roles) and self.used(id) >= capacity
        ]

    def promote(self) -> None:
        for id in list(self.line):
            if not self.full(self.people[id].role):
                self.people[id].status = "approved"
                self.line.remove(id)


class Registrations(RuleBasedStateMachine):
    """Each step is one transaction; after it, database and model agree."""

    apart: Apart
    world: World

    @initialize()
    def start(self) -> None:
        self.world = self.apart.world()
        self.model = Model()

    def write(self, work: Any) -> bool:
        """True if the use case was done, False if a rule refused it."""

        async def transaction() -> None:
            async with self.apart.database.writing() as session:
                await work(session)

        try:
            self.apart.run(transaction())
        except Clash:
            return False
        return True

    def pick(self, number: int) -> UUID | None:
        ids = list(self.model.people)
        return ids[number % len(ids)] if ids else None

    @rule(role=roles)
    def nominate(self, role: str) -> None:
        async def work(session: WriteSession) -> None:
            given = ParticipantIn(delegation="KWT", name="Person", role=Role(role))
            person, _ = await participants.nominate(session, OFFICER, self.world.conference, given)
            await approval.submit(session, OFFICER, self.world.conference, person.id)
            self.model.people[person.id] = Person(role)

        assert self.write(work)

    @rule(number=picks)
    def approve(self, number: int) -> None:
        if (id := self.pick(number)) is None:
            return
        person = self.model.people[id]
        full = self.model.full(person.role)
        strict = [q for q in full if not self.model.quotas[q][2]]
        settled = person.status in ("approved", "waitlisted")
        possible = settled or (person.status == "submitted" and not strict)
        done = self.write(
            lambda session: approval.approve(session, OFFICER, self.world.conference, id)
        )
        assert done is possible
        if done and not settled:
            person.status = "waitlisted" if full else "approved"
            if full:
                self.model.line.append(id)

    @rule(number=picks)
    def withdraw(self, number: int) -> None:
        if (id := self.pick(number)) is None:
            return
        person = self.model.people[id]
        done = self.write(
            lambda session: approval.withdraw(
                session, OFFICER, self.world.conference, id, reason="Ill"
            )
        )
        assert done is (person.status not in ("withdrawn", "substituted"))
        if done:
            freed, person.status = person.status == "approved", "withdrawn"
            if id in self.model.line:
                self.model.line.remove(id)
            if freed:
                self.model.promote()

    @rule(number=picks, follower=picks)
    def substitute(self, number: int, follower: int) -> None:
        id, next_ = self.pick(number), self.pick(follower)
        if id is None or next_ is None:
            return
        person, follows = self.model.people[id], self.model.people[next_]
        possible = person.status == "approved" and follows.status in ("submitted", "waitlisted")
        if possible:
            person.status = "away"  # the place is kept: it counts as free for the successor only
            possible = not self.model.full(follows.role)
            person.status = "approved"
        done = self.write(
            lambda session: succession.substitute(
                session, OFFICER, self.world.conference, id, successor=next_
            )
        )
        assert done is possible
        if done:
            person.status, follows.status = "substituted", "approved"
            if next_ in self.model.line:
                self.model.line.remove(next_)
            self.model.promote()

    @rule(number=picks)
    def reinstate(self, number: int) -> None:
        if (id := self.pick(number)) is None:
            return
        person = self.model.people[id]
        done = self.write(
            lambda session: approval.reinstate(session, OFFICER, self.world.conference, id)
        )
        assert done is (person.status in ("withdrawn", "substituted"))
        if done:
            person.status = "submitted"

    @rule(number=picks, role=roles)
    def change_role(self, number: int, role: str) -> None:
        if (id := self.pick(number)) is None or self.model.people[id].role == role:
            return
        person = self.model.people[id]
        before = person.role, person.status
        person.role, person.status = role, "away"
        possible = before[1] != "approved" or not self.model.full(role)
        person.status = before[1]
        done = self.write(
            lambda session: participants.edit(
                session, OFFICER, self.world.conference, id, ParticipantEdit(role=Role(role))
            )
        )
        assert done is possible
        if not done:
            person.role = before[0]
        elif person.status in ("approved", "waitlisted"):
            self.model.promote()

    @rule(capacity=st.integers(0, 4), covered=st.sets(roles, max_size=2), waits=st.booleans())
    def make_quota(self, capacity: int, covered: set[str], waits: bool) -> None:
        if len(self.model.quotas) == 4:
            return
        made: list[UUID] = []

        async def work(session: WriteSession) -> None:
            given = QuotaIn(
                name=f"Quota {len(self.model.quotas)}",
                capacity=capacity,
                scope=Scope(roles=sorted(covered)),
                waiting_list=waits,
            )
            made.append((await quotas.create(session, OFFICER, self.world.conference, given)).id)

        needed = sum(
            p.status == "approved" and (not covered or p.role in covered)
            for p in self.model.people.values()
        )
        done = self.write(work)
        assert done is (needed <= capacity)
        if done:
            self.model.quotas[made[0]] = (capacity, covered, waits)

    @rule(number=picks, capacity=st.integers(0, 6))
    def change_capacity(self, number: int, capacity: int) -> None:
        if not self.model.quotas:
            return
        id = list(self.model.quotas)[number % len(self.model.quotas)]
        done = self.write(
            lambda session: quotas.edit(
                session, OFFICER, self.world.conference, id, QuotaEdit(capacity=capacity)
            )
        )
        assert done is (capacity >= self.model.used(id))
        if done:
            self.model.quotas[id] = (capacity, *self.model.quotas[id][1:])
            self.model.promote()

    @invariant()
    def agree(self) -> None:
        if not hasattr(self, "model"):
            return

        async def look() -> tuple[
            dict[UUID, tuple[str, str]], dict[UUID, tuple[int, int]], list[UUID]
        ]:
            conference = self.world.conference.id
            places = (
                select(func.count())
                .where(store.P.c.quota_id == store.Q.c.id)
                .correlate(store.Q)
                .scalar_subquery()
            )
            async with self.apart.database.reading() as session:
                people = await session.execute(
                    select(PEOPLE.c.id, PEOPLE.c.role, PEOPLE.c.status).where(
                        PEOPLE.c.conference_id == conference
                    )
                )
                counted = await session.execute(
                    select(store.Q.c.id, store.Q.c.used, places).where(
                        store.Q.c.conference_id == conference
                    )
                )
                line = await waiting.positions(session, conference)
                return (
                    {row[0]: (row[1].value, row[2].value) for row in people},
                    {row[0]: (row[1], row[2]) for row in counted},
                    sorted(line, key=line.__getitem__),
                )

        people, counted, line = self.apart.run(look())
        assert people == {id: (p.role, p.status) for id, p in self.model.people.items()}
        assert counted == {id: (self.model.used(id),) * 2 for id in self.model.quotas}
        assert all(self.model.used(id) <= self.model.quotas[id][0] for id in self.model.quotas)
        assert line == self.model.line


def test_database_and_model_agree_after_any_steps(database: Database) -> None:
    with apart(database) as run:
        machine = type("Machine", (Registrations,), {"apart": run})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=20 if database.is_sqlite else 5,
                stateful_step_count=25,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
