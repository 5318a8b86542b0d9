"""Versions: the row and its history agree, and a correction of the past changes nothing else."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.core import clock
from app.core.db import Database
from app.participants import approval, service
from app.participants import store as participants
from app.participants.history import FIGURED
from app.participants.rules import Rank, Role, Sex, Status
from app.participants.schemas import ParticipantEdit, ParticipantIn
from tests.apart import apart
from tests.world import OFFICER, World

START = datetime(2026, 11, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def held(database: Database, id: Any, as_of: datetime, known_at: datetime) -> dict[str, Any]:
    """The version that holds, by the words of the architecture: one query, one sort."""
    v = participants.V.c
    async with database.reading() as session:
        rows = (
            (await session.execute(select(participants.V).where(v.participant_id == id)))
            .mappings()
            .all()
        )
    known = [r for r in rows if r["valid_from"] <= as_of and r["recorded_at"] <= known_at]
    if not known:
        return {}
    return dict(max(known, key=lambda r: (r["valid_from"], r["recorded_at"], r["id"])))


async def test_a_correction_of_the_past_keeps_what_else_was_true(world: World) -> None:
    """Approved at three; at five it turns out that the rank had been wrong since two."""
    database, conference = world.database, world.conference
    async with database.writing() as session:
        with clock.frozen(START):
            person, _ = await service.nominate(
                session,
                OFFICER,
                conference,
                ParticipantIn(delegation="KWT", name="Person", rank=Rank.minister),
            )
            await approval.submit(session, OFFICER, conference, person.id)
        with clock.frozen(START + 3 * HOUR):
            await approval.approve(session, OFFICER, conference, person.id)
        with clock.frozen(START + 5 * HOUR):
            await service.edit(
                session,
                OFFICER,
                conference,
                person.id,
                ParticipantEdit(rank=Rank.deputy_minister),
                valid_from=START + 2 * HOUR,
            )
    late, early = START + 6 * HOUR, START + 4 * HOUR
    story = [
        (1, early, Rank.minister, Status.submitted),
        (1, late, Rank.minister, Status.submitted),
        (2, early, Rank.minister, Status.submitted),
        (2, late, Rank.deputy_minister, Status.submitted),
        (3, early, Rank.minister, Status.approved),
        (3, late, Rank.deputy_minister, Status.approved),
        (6, late, Rank.deputy_minister, Status.approved),
    ]
    for hour, known_at, rank, status in story:
        found = await held(database, person.id, START + hour * HOUR, known_at)
        assert (found["rank"], found["status"]) == (rank, status), (hour, known_at)


changes = st.one_of(
    st.fixed_dictionaries({"rank": st.sampled_from([None, Rank.minister, Rank.official])}),
    st.fixed_dictionaries({"role": st.sampled_from([Role.delegate, Role.adviser, Role.media])}),
    st.fixed_dictionaries({"sex": st.sampled_from([None, Sex.female, Sex.male])}),
)


@given(
    steps=st.lists(st.tuples(changes, st.none() | st.integers(0, 20)), max_size=8),
    looks=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12)), min_size=1, max_size=6),
)
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
def _replay(
    run: Any, world: World, steps: list[tuple[dict[str, Any], int | None]], looks: list[Any]
) -> None:
    """A change says: from this instant on it is so. What was said last holds."""
    said: list[tuple[datetime, datetime, str, Any]] = []

    async def tell() -> Any:
        async with run.database.writing() as session:
            with clock.frozen(START):
                person, _ = await service.nominate(
                    session,
                    OFFICER,
                    world.conference,
                    ParticipantIn(delegation="KWT", name="Person", role=Role.delegate),
                )
            said.extend((START, START, f, getattr(person, f)) for f in FIGURED)
            for number, (change, hours_ago) in enumerate(steps, start=1):
                now = START + number * 3 * HOUR
                since = None if hours_ago is None else max(START, now - hours_ago * HOUR)
                [(name, value)] = change.items()
                if getattr(person, name) != value:
                    said.append((since or now, now, name, value))
                with clock.frozen(now):
                    await service.edit(
                        session,
                        OFFICER,
                        world.conference,
                        person.id,
                        ParticipantEdit(**change),
                        valid_from=since,
                    )
            return person

    person = run.run(tell())

    def model(as_of: datetime, known_at: datetime) -> dict[str, Any]:
        return {
            name: value
            for valid_from, recorded_at, name, value in said
            if valid_from <= as_of and recorded_at <= known_at
        }

    for hour, step in looks:
        as_of, known_at = START + hour * HOUR, START + step * 3 * HOUR
        found = run.run(held(run.database, person.id, as_of, known_at))
        assert {f: found[f] for f in FIGURED} == model(as_of, known_at)
    end = START + 1_000 * HOUR
    last = run.run(held(run.database, person.id, end, end))
    assert {f: last[f] for f in FIGURED} == {f: getattr(person, f) for f in FIGURED}


def test_row_and_versions_agree_after_any_changes(database: Database) -> None:
    with apart(database) as run:
        _replay(run, run.world())
