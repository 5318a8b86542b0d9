"""Figures of any instant against a replay of what happened, told by a few lines of plain Python."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.models import Token
from app.accounts.rules import Role as Grant
from app.badges.models import Badge
from app.core import clock
from app.core.db import Database, new_id
from app.delegations import history as bodies
from app.delegations import store as delegations
from app.delegations.rules import GROUP_OF, Kind
from app.figures import drilldown, rules, service, store
from app.figures.catalogue import catalogue
from app.figures.rules import Basis, Traits, Unit
from app.figures.store import Instant
from app.gates import hall
from app.gates.models import Attestation, Gate, Scan
from app.gates.rules import Source
from app.participants import history
from app.participants import service as participants
from app.participants.rules import Mode, Rank, Role, Sex, Status
from app.participants.schemas import ParticipantIn
from tests.apart import Apart, apart
from tests.world import OFFICER, World

START = datetime(2026, 11, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
CODES = ("KWT", "TJK", "CHT")
PEOPLE = 4

hours = st.integers(0, 24)
who = st.integers(0, PEOPLE - 1)
traits = st.one_of(
    st.tuples(st.just("status"), st.sampled_from(Status)),
    st.tuples(st.just("rank"), st.sampled_from([None, Rank.minister, Rank.head_of_state])),
    st.tuples(st.just("role"), st.sampled_from([Role.delegate, Role.adviser, Role.security])),
    st.tuples(st.just("sex"), st.sampled_from([None, *Sex])),
    st.tuples(st.just("mode"), st.sampled_from(Mode)),
    st.tuples(st.just("delegation_id"), st.sampled_from(CODES)),
)
told = st.one_of(
    st.tuples(st.just("trait"), who, traits, hours),
    st.tuples(st.just("kind"), st.sampled_from(CODES), st.sampled_from(Kind), hours),
    st.tuples(st.just("collected"), who, st.booleans(), hours),
    st.tuples(st.just("scan"), who, st.booleans(), hours),
    st.tuples(st.just("attested"), who, st.sampled_from(Source), hours),
    st.tuples(st.just("annul"), who, st.none(), st.just(0)),
)
"""What an officer or a gate reports at one hour of something that became true at another."""


@dataclass
class Story:
    """All that was told: (thing, name, value, true from, known from), in the order of telling."""

    said: list[tuple[UUID, str, Any, datetime, datetime]] = field(default_factory=list)

    def at(self, thing: UUID, at: Instant) -> dict[str, Any]:
        """What is true of a thing at an instant: of each name, what was said last."""
        return {
            name: value
            for of, name, value, since, known in self.said
            if of == thing and since <= at.as_of and known <= at.known_at
        }

    def traits(self, people: list[UUID], at: Instant) -> Counter[Traits]:
        """The people as the definitions see them."""
        found: Counter[Traits] = Counter()
        for id in people:
            person = self.at(id, at)
            body = self.at(person["delegation_id"], at)
            found[
                Traits(
                    person["delegation_id"],
                    body["kind"],
                    None,
                    person["status"],
                    person["rank"],
                    person["role"],
                    person["sex"],
                    person.get("collected", False),
                    any(true for name, true in person.items() if name.startswith("scan ")),
                    person.get("attested", False),
                    person.get("remote", False),
                    person["mode"],
                )
            ] += 1
        return found


async def tell(run: Apart, world: World, events: list[Any]) -> tuple[Story, list[UUID]]:
    """Makes people, then tells the events, one an hour, through what the services use."""
    story, people = Story(), []
    ids = {code: world.delegations[code].id for code in CODES}
    conference = world.conference
    day = date(2026, 11, 4)
    scans: list[tuple[UUID, int, datetime]] = []
    async with run.database.writing() as session:
        with clock.frozen(START):
            gate = Gate(conference_id=conference.id, name="Main")
            device = Token(
                kind="device",
                name="d",
                token_hash=new_id().hex,
                role=Grant.gate_operator,
                conference_id=conference.id,
                created_at=START,
            )
            session.add_all([gate, device])
            for code, id in ids.items():
                kind = world.delegations[code].kind
                story.said.append((id, "kind", kind, START, START))
                stored = await delegations.by_id(session, conference.id, id)
                assert stored is not None
                await bodies.record(session, stored, {"kind"}, START)
            for number in range(PEOPLE):
                person, _ = await participants.nominate(
                    session,
                    OFFICER,
                    conference,
                    ParticipantIn(delegation="KWT", name=f"Person {number}"),
                )
                people.append(person)
                for name in history.FIGURED:
                    story.said.append((person.id, name, getattr(person, name), START, START))
        for hour, event in enumerate(events, start=1):
            now = START + hour * HOUR
            since = max(START, now - event[3] * HOUR)
            with clock.frozen(now):
                if event[0] == "kind":
                    stored = await delegations.by_id(session, conference.id, ids[event[1]])
                    assert stored is not None
                    stored.kind = event[2]
                    await bodies.record(session, stored, {"kind"}, since)
                    story.said.append((stored.id, "kind", event[2], since, now))
                    continue
                person = people[event[1]]
                name, value = event[0], True
                if event[0] == "trait":
                    name, value = event[2]
                    value = ids[value] if name == "delegation_id" else value
                    setattr(person, name, value)
                    await session.flush()
                    await history.record(session, [person], {name}, since)
                elif event[0] == "collected":
                    session.add(badge(conference.id, person.id, since, now, revoked=True))
                elif event[0] == "scan":
                    present = event[2]
                    scan = Scan(
                        conference_id=conference.id,
                        gate_id=gate.id,
                        participant_id=person.id,
                        device_id=device.id,
                        nonce=new_id().hex,
                        device_at=since,
                        at=since,
                        received_at=now,
                        recorded_at=now,
                        local_day=day,
                        result="ok" if present else "revoked",
                        present=present,
                    )
                    session.add(scan)
                    await session.flush()
                    scans.append((person.id, scan.id, since))
                    name, value = f"scan {scan.id}", present
                elif event[0] == "annul":
                    mine = [one for one in scans if one[0] == person.id]
                    if not mine:
                        continue
                    _, id, since = mine[-1]
                    scans.remove(mine[-1])
                    await hall.annul(session, id, now)
                    name, value = f"scan {id}", False
                else:
                    session.add(
                        Attestation(
                            conference_id=conference.id,
                            participant_id=person.id,
                            source=event[2],
                            place="VIP entrance",
                            at=since,
                            recorded_at=now,
                            attested_by="Officer",
                        )
                    )
                    if event[2] is Source.scan:
                        continue
                    name = event[2].value
                story.said.append((person.id, name, value, since, now))
    return story, [person.id for person in people]


def badge(
    conference_id: UUID, person_id: UUID, at: datetime, known: datetime, *, revoked: bool
) -> Badge:
    return Badge(
        conference_id=conference_id,
        participant_id=person_id,
        serial=new_id().int % 2**62,
        category="delegate",
        zones=1,
        valid_from=at.date(),
        valid_until=at.date(),
        key_id=1,
        code="X",
        matrix=b"",
        issued_at=at,
        collected_at=at,
        collected_recorded_at=known,
        revoked_at=known if revoked else None,
    )


async def look(run: Apart, world: World, basis: Basis, at: Instant) -> dict[str, Any]:
    """Tallies, figures, table and the persons behind each."""
    async with run.database.reading() as session:
        tallies = await store.tallies(session, world.conference.id, at)
        summary = await service.summary(session, OFFICER, world.conference, basis, at)
        every = await service.every_figure(session, OFFICER, world.conference, basis, at)
        table = await service.statistics(session, OFFICER, world.conference, basis, at)
        behind = {
            key: await drilldown.people(session, OFFICER, world.conference, basis, at, figure=key)
            for key in catalogue()
        }
        rows = {
            line.key: await drilldown.people(
                session, OFFICER, world.conference, basis, at, group=line.key
            )
            for line in table.groups
        }
    return {
        "tallies": tallies,
        "figures": summary.figures,
        "every": {one.key: one.number for one in every.figures},
        "table": table,
        "behind": behind,
        "rows": rows,
    }


def check(
    run: Apart, world: World, events: list[Any], basis: Basis, as_of: int, known_at: int
) -> None:
    story, people = run.run(tell(run, world, events))
    at = Instant(START + as_of * HOUR, START + known_at * HOUR)
    found = run.run(look(run, world, basis, at))
    model = story.traits(people, at)
    assert Counter(dict(found["tallies"])) == model
    counted = [
        t
        for t in model.elements()
        if rules.is_counted(basis, t) and t.role.value not in ("security", "support", "media")
    ]
    assert found["figures"]["participants"] == len(counted)
    assert found["figures"]["women"] == sum(t.sex is Sex.female for t in counted)
    assert found["figures"]["ministers"] == sum(t.rank is Rank.minister for t in counted)
    assert found["figures"]["delegations"] == len({t.delegation_id for t in counted})
    assert found["figures"]["member_states"] == len(
        {t.delegation_id for t in counted if t.kind is Kind.member_state}
    )
    for key, behind in found["behind"].items():
        number = found["every"][key]
        assert found["figures"].get(key, number) == number, key
        if catalogue()[key].definition.unit is Unit.persons:
            assert len(behind) == number, key
        else:
            assert len({p.delegation for p in behind}) == number, key
    for line in found["table"].groups:
        inside = [t for t in counted if GROUP_OF[t.kind] == line.key]
        assert line.participants == len(inside) == len(found["rows"][line.key])
        assert line.bodies == len({t.delegation_id for t in inside})
    excluded = found["table"].excluded_counts
    everybody = sum(rules.is_counted(basis, t) for t in model.elements())
    assert found["table"].total.participants + sum(excluded.values()) == everybody


def test_any_history_at_any_instant(database: Database) -> None:
    with apart(database) as run:

        @given(
            events=st.lists(told, max_size=12),
            basis=st.sampled_from(Basis),
            as_of=st.integers(0, 16),
            known_at=st.integers(0, 16),
        )
        @settings(
            max_examples=40 if database.is_sqlite else 12,
            suppress_health_check=list(HealthCheck),
        )
        def replay(events: list[Any], basis: Basis, as_of: int, known_at: int) -> None:
            check(run, run.world(START), events, basis, as_of, known_at)

        replay()
