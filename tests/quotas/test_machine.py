"""Any order of registrations, slots, offers, overrides and changes of quotas, against a model."""

from dataclasses import dataclass, field
from datetime import timedelta
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
from sqlalchemy import select

from app import wiring
from app.core import clock
from app.core.db import Database, WriteSession
from app.core.errors import Clash
from app.participants import approval, succession, waiting
from app.participants import service as participants
from app.participants.change_schemas import Successor
from app.participants.rules import Role
from app.participants.schemas import ParticipantEdit, ParticipantIn
from app.participants.store import P as PEOPLE
from app.quotas import service as quotas
from app.quotas import slots, store
from app.quotas.schemas import QuotaEdit, QuotaIn, Scope, SlotIn
from tests.apart import Apart, apart
from tests.quotas.test_places import counted
from tests.world import OFFICER, World

ROLES, BODIES = ["delegate", "security", "adviser"], ["KWT", "TJK"]
roles, bodies = st.sampled_from(ROLES), st.sampled_from(BODIES)
picks = st.integers(0, 1_000)


@dataclass
class Person:
    role: str
    body: str = "KWT"
    status: str = "submitted"
    slot: int | None = None
    overflow: set[UUID] = field(default_factory=set)
    offered: set[UUID] = field(default_factory=set)


@dataclass
class Rule:
    """A quota: its capacity, for everybody or for each delegation."""

    capacity: int
    roles: set[str]
    waits: bool
    each: bool
    offers: bool


@dataclass
class Model:
    """What must be true, in a few lines: no lock, no row, no order of queries."""

    people: dict[UUID, Person] = field(default_factory=dict)
    quotas: dict[UUID, Rule] = field(default_factory=dict)
    slots: dict[int, tuple[UUID, str, str, set[UUID]]] = field(default_factory=dict)
    line: list[UUID] = field(default_factory=list)
    priority: dict[UUID, int] = field(default_factory=dict)

    def covering(self, role: str) -> list[UUID]:
        return [id for id, rule in self.quotas.items() if not rule.roles or role in rule.roles]

    def used(self, quota: UUID, body: str) -> int:
        rule = self.quotas[quota]
        return (
            sum(
                p.status == "approved"
                and quota in self.covering(p.role)
                and quota not in p.overflow
                and (not rule.each or p.body == body)
                for p in self.people.values()
            )
            + sum(
                quota in p.offered and (not rule.each or p.body == body)
                for p in self.people.values()
            )
            + sum(
                quota in held and (not rule.each or of == body)
                for _, of, _, held in self.slots.values()
            )
        )

    def full(
        self, role: str, body: str, slot: int | None = None, offered: frozenset[UUID] = frozenset()
    ) -> list[UUID]:
        held = offered | (self.slots[slot][3] if slot in self.slots else set())
        return [
            id
            for id in self.covering(role)
            if id not in held and self.used(id, body) >= self.quotas[id].capacity
        ]

    def full_for(self, person: Person) -> list[UUID]:
        return self.full(person.role, person.body, person.slot, frozenset(person.offered))

    def settle(self, id: UUID, full: list[UUID]) -> None:
        """Approves: the slot's places pass on."""
        person = self.people[id]
        person.status, person.overflow = "approved", set(full)
        self.slots.pop(person.slot, None)  # type: ignore[arg-type]
        person.slot, person.offered = None, set()
        self.leave_line(id)

    def leave_line(self, id: UUID) -> None:
        if id in self.line:
            self.line.remove(id)
        self.priority.pop(id, None)

    def order(self) -> list[UUID]:
        return sorted(self.line, key=lambda id: -self.priority.get(id, 0))

    def promote(self) -> None:
        for id in self.order():
            person = self.people[id]
            if person.offered or self.full_for(person):
                continue
            covering = self.covering(person.role)
            if any(self.quotas[quota].offers for quota in covering):
                person.offered = set(covering)
                self.slots.pop(person.slot, None)  # type: ignore[arg-type]
                person.slot = None
            else:
                self.settle(id, [])


class Registrations(RuleBasedStateMachine):
    """Each step is one transaction; after it, database and model agree."""

    apart: Apart
    world: World

    @initialize(crowded=st.booleans())
    def start(self, crowded: bool) -> None:
        """Empty, or where most rules begin: one place, taken, and offered when it is free."""
        self.world = self.apart.world()
        self.model = Model()
        if crowded:
            self.make_quota(capacity=1, covered=set(), waits=True, each=False, offers=True)
            for number in range(3):
                self.nominate(role="delegate", body="KWT")
                self.approve(number)

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

    @rule(role=roles, body=bodies)
    def nominate(self, role: str, body: str) -> None:
        async def work(session: WriteSession) -> None:
            given = ParticipantIn(delegation=body, name="Person", role=Role(role))
            person, _ = await participants.nominate(session, OFFICER, self.world.conference, given)
            await approval.submit(session, OFFICER, self.world.conference, person.id)
            self.model.people[person.id] = Person(role, body)
            taken = {p.slot for p in self.model.people.values()}
            for number, (_, of, for_role, _) in self.model.slots.items():
                if (of, for_role) == (body, role) and number not in taken:
                    self.model.people[person.id].slot = number
                    break

        assert self.write(work)

    @rule(role=roles, body=bodies)
    def hold(self, role: str, body: str) -> None:
        made: list[UUID] = []

        async def work(session: WriteSession) -> None:
            given = SlotIn(delegation=body, role=role)
            made.append((await slots.hold(session, OFFICER, self.world.conference, given))[0].id)

        done = self.write(work)
        assert done is (not self.model.full(role, body))
        if done:
            number = max(self.model.slots, default=0) + 1
            self.model.slots[number] = (made[0], body, role, set(self.model.covering(role)))

    @rule(number=picks)
    def release(self, number: int) -> None:
        if not self.model.slots:
            return
        key = list(self.model.slots)[number % len(self.model.slots)]
        id = self.model.slots[key][0]
        assert self.write(
            lambda session: slots.release(session, OFFICER, self.world.conference, id)
        )
        del self.model.slots[key]
        for person in self.model.people.values():
            if person.slot == key:
                person.slot = None
        self.model.promote()

    @rule(number=picks)
    def approve(self, number: int) -> None:
        if (id := self.pick(number)) is None:
            return
        person = self.model.people[id]
        full = self.model.full_for(person)
        strict = [q for q in full if not self.model.quotas[q].waits]
        settled = person.status in ("approved", "waitlisted")
        possible = settled or (person.status == "submitted" and not strict)
        done = self.write(
            lambda session: approval.approve(session, OFFICER, self.world.conference, id)
        )
        assert done is possible
        if done and not settled:
            if full:
                person.status = "waitlisted"
                self.model.line.append(id)
            else:
                self.model.settle(id, [])

    @rule(number=picks)
    def override(self, number: int) -> None:
        if (id := self.pick(number)) is None:
            return
        person = self.model.people[id]
        full = self.model.full_for(person)
        done = self.write(
            lambda session: approval.approve(
                session, OFFICER, self.world.conference, id, override="Asked by the host"
            )
        )
        assert done is (person.status not in ("withdrawn", "substituted"))
        if done and person.status != "approved":
            self.model.settle(id, full)

    @rule(number=picks, priority=st.integers(-2, 2))
    def prefer(self, number: int, priority: int) -> None:
        if (id := self.pick(number)) is None:
            return
        done = self.write(
            lambda session: waiting.set_priority(
                session, OFFICER, self.world.conference, id, priority=priority
            )
        )
        assert done is (self.model.people[id].status == "waitlisted")
        if done:
            self.model.priority[id] = priority

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
            freed = person.offered or (
                person.status == "approved"
                and set(self.model.covering(person.role)) - person.overflow
            )
            person.status, person.slot, person.overflow = "withdrawn", None, set()
            person.offered = set()
            self.model.leave_line(id)
            if freed:
                self.model.promote()

    @rule(number=picks, follower=picks)
    def substitute(self, number: int, follower: int) -> None:
        id, next_ = self.pick(number), self.pick(follower)
        if id is None or next_ is None:
            return
        person, follows = self.model.people[id], self.model.people[next_]
        possible = (
            person.status == "approved"
            and follows.status in ("submitted", "waitlisted")
            and person.body == follows.body
        )
        full: list[UUID] = []
        if possible:
            person.status = "away"  # the place is kept: it counts as free for the successor only
            full = self.model.full_for(follows)
            possible = person.overflow.issuperset(full)  # what an officer overrode passes on
            person.status = "approved"
        done = self.write(
            lambda session: succession.substitute(
                session, OFFICER, self.world.conference, id, Successor(successor=next_)
            )
        )
        assert done is possible
        if done:
            person.status, person.slot, person.overflow = "substituted", None, set()
            self.model.settle(next_, full)
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
        full = self.model.full(role, person.body)
        possible = before[1] != "approved" or bool(person.overflow) or not full
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
            person.overflow = set(full) if person.status == "approved" else set()
            person.offered = set()  # what was offered was a place of the other role
            self.model.promote()

    @rule(number=picks)
    def accept(self, number: int) -> None:
        if (id := self.pick(number)) is None:
            return
        person = self.model.people[id]
        possible = bool(person.offered) and not self.model.full_for(person)
        done = self.write(
            lambda session: waiting.accept(session, OFFICER, self.world.conference, id)
        )
        assert done is possible
        if done:
            self.model.settle(id, [])

    @rule(number=picks)
    def let_an_offer_end(self, number: int) -> None:
        offered = [id for id, person in self.model.people.items() if person.offered]
        if not offered:
            return
        id = offered[number % len(offered)]

        async def work(session: WriteSession) -> None:
            ended = clock.now() - timedelta(seconds=1)
            await session.execute(
                PEOPLE.update().where(PEOPLE.c.id == id).values(offered_until=ended)
            )
            await store.lock(session, self.world.conference.id)
            await waiting.promote(session, self.world.conference.id)

        assert self.write(work)
        self.model.people[id].offered = set()
        self.model.leave_line(id)
        self.model.line.append(id)
        self.model.promote()

    @rule(
        capacity=st.integers(0, 4),
        covered=st.sets(roles, max_size=2),
        waits=st.booleans(),
        each=st.booleans(),
        offers=st.booleans(),
    )
    def make_quota(
        self, capacity: int, covered: set[str], waits: bool, each: bool, offers: bool
    ) -> None:
        if len(self.model.quotas) == 4:
            return
        made: list[UUID] = []

        async def work(session: WriteSession) -> None:
            given = QuotaIn(
                name=f"Quota {len(self.model.quotas)}",
                capacity=capacity,
                scope=Scope(roles=sorted(covered)),
                waiting_list=waits,
                per_delegation=each,
                offer_hours=24 if offers else None,
            )
            made.append((await quotas.create(session, OFFICER, self.world.conference, given)).id)

        done = self.write(work)
        new = UUID(int=0)
        self.model.quotas[new] = Rule(capacity, covered, waits, each, offers)
        for person in self.model.people.values():
            if person.offered and new in self.model.covering(person.role):
                person.offered.add(new)
        for number, (id, body, role, held) in self.model.slots.items():
            if new in self.model.covering(role):
                self.model.slots[number] = (id, body, role, held | {new})
        assert done is all(self.model.used(new, body) <= capacity for body in BODIES)
        rule = self.model.quotas.pop(new)
        if done:
            self.model.quotas[made[0]] = rule
        offered = [person.offered for person in self.model.people.values()]
        for held in (*offered, *(held for _, _, _, held in self.model.slots.values())):
            if new in held:
                held.discard(new)
                held.update(made)

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
        assert done is all(capacity >= self.model.used(id, body) for body in BODIES)
        if done:
            self.model.quotas[id].capacity = capacity
            self.model.promote()

    @invariant()
    def agree(self) -> None:
        if not hasattr(self, "model"):
            return

        async def look() -> tuple[Any, Any, list[UUID]]:
            conference, Q = self.world.conference.id, store.Q
            async with self.apart.database.reading() as session:
                people = await session.execute(
                    select(
                        PEOPLE.c.id,
                        PEOPLE.c.role,
                        PEOPLE.c.status,
                        PEOPLE.c.overflow,
                        PEOPLE.c.offered_until.is_not(None),
                    ).where(PEOPLE.c.conference_id == conference)
                )
                stand = await session.execute(
                    select(
                        Q.c.id, Q.c.parent_id, Q.c.delegation_id, Q.c.used, Q.c.capacity, counted()
                    ).where(Q.c.conference_id == conference)
                )
                line = await waiting.positions(session, conference)
                return (
                    {row[0]: (row[1].value, row[2].value, row[3], row[4]) for row in people},
                    stand.all(),
                    sorted(line, key=line.__getitem__),
                )

        people, stand, line = self.apart.run(look())
        assert people == {
            id: (p.role, p.status, bool(p.overflow), bool(p.offered))
            for id, p in self.model.people.items()
        }
        codes = {delegation.id: code for code, delegation in self.world.delegations.items()}
        for id, parent, body, used, capacity, count in stand:
            of = parent or id
            each = self.model.quotas[of].each
            expected = self.model.used(of, codes.get(body, "")) if parent or not each else 0
            assert used == count == expected
            assert used <= capacity == self.model.quotas[of].capacity
        assert line == self.model.order()


def test_database_and_model_agree_after_any_steps(database: Database) -> None:
    wiring.connect()
    with apart(database) as run:
        machine = type("Machine", (Registrations,), {"apart": run})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=25 if database.is_sqlite else 5,
                stateful_step_count=25,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
