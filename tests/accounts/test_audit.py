"""The audit trail: it holds, says what does not, and repeats no personal data."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text, update

from app.accounts import audit
from app.accounts.audit import E, H
from app.accounts.rules import Actor
from app.core.db import Database, new_id
from tests.world import World

ACTOR = Actor(kind="user", id=new_id(), name="Secret Name")
CHAIN = "installation"


async def note(database: Database, *names: str) -> None:
    async with database.writing() as session:
        for name in names:
            audit.record(
                session,
                ACTOR,
                "thing.change",
                conference_id=None,
                target=("thing", name),
                fields={"passport": "P1234567", "name": name},
            )


async def faults(database: Database, checkpoints: Path | None = None) -> list[str]:
    async with database.reading() as session:
        return await audit.verify(session, checkpoints)


@pytest.fixture
async def trail(database: Database, tmp_path: Path) -> tuple[Database, Path]:
    """Five entries, checkpointed after the fourth."""
    path = tmp_path / "outside" / "checkpoints.jsonl"
    await note(database, "one", "two")
    await note(database, "three")
    await note(database, "four")
    await audit.checkpoint(database, path)
    await note(database, "five")
    assert await faults(database, path) == []
    return database, path


async def test_the_trail_of_a_real_change_holds(world: World) -> None:
    assert await faults(world.database) == []
    async with world.database.reading() as session:
        chains = set((await session.execute(select(H.c.chain))).scalars())
    assert chains == {CHAIN, str(world.conference.id)}


async def test_no_row_repeats_a_value(trail: tuple[Database, Path]) -> None:
    async with trail[0].reading() as session:
        rows = (await session.execute(select(E))).mappings().all()
    assert len(rows) == 5
    everything = repr([dict(row) for row in rows])
    assert "P1234567" not in everything
    assert ACTOR.name not in everything
    assert set(rows[0]["fields"]) == {"name", "passport"}
    # The same value twice has two digests: nobody can tell by comparing that it came back.
    assert rows[0]["fields"]["passport"] != rows[1]["fields"]["passport"]


ALTERED = {
    "action": "thing.praise",
    "target_id": "other",
    "actor_kind": "device",
    "actor_id": new_id(),
    "fields": {"name": "0" * 32},
    "salt": "0" * 16,
    "mac": "0" * 64,
}


async def test_an_altered_entry_is_named(trail: tuple[Database, Path]) -> None:
    database, path = trail
    third = E.c.seq == 3
    for column, value in ALTERED.items():
        async with database.writing() as session:
            before = (await session.execute(select(E.c[column]).where(third))).scalar_one()
            await session.execute(update(E).where(third).values({column: value}))
        assert f"{CHAIN}: entry 3 was altered or moved." in await faults(database, path), column
        async with database.writing() as session:
            await session.execute(update(E).where(third).values({column: before}))
    assert await faults(database, path) == []


async def test_a_changed_time_is_named(trail: tuple[Database, Path]) -> None:
    database, _ = trail
    async with database.writing() as session:
        at = (await session.execute(select(E.c.at).where(E.c.seq == 2))).scalar_one()
        await session.execute(update(E).where(E.c.seq == 2).values(at=at.replace(year=at.year - 1)))
    assert await faults(database) == [f"{CHAIN}: entry 2 was altered or moved."]


async def test_a_deleted_entry_is_named(trail: tuple[Database, Path]) -> None:
    database, path = trail
    async with database.writing() as session:
        await session.execute(delete(E).where(E.c.seq.in_([2, 3])))
    assert await faults(database, path) == [f"{CHAIN}: entries 2 to 3 are missing."]


async def test_two_entries_in_each_others_place_are_named(trail: tuple[Database, Path]) -> None:
    database, _ = trail
    async with database.writing() as session:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            await session.execute(update(E).where(E.c.seq == old).values(seq=new))
    found = await faults(database)
    assert f"{CHAIN}: entry 2 was altered or moved." in found
    assert f"{CHAIN}: entry 3 was altered or moved." in found


async def test_a_cut_tail_is_named(trail: tuple[Database, Path]) -> None:
    database, _ = trail
    async with database.writing() as session:
        await session.execute(delete(E).where(E.c.seq > 3))
    assert await faults(database) == [f"{CHAIN}: the tail was cut after entry 3."]


@pytest.mark.parametrize("kept", [3, 0])
async def test_a_cut_tail_with_a_head_to_match_shows_against_the_checkpoint(
    trail: tuple[Database, Path], kept: int
) -> None:
    database, path = trail
    async with database.writing() as session:
        await session.execute(delete(E).where(E.c.seq > kept))
        if kept:
            mac = (await session.execute(select(E.c.mac).where(E.c.seq == kept))).scalar_one()
            await session.execute(update(H).values(seq=kept, mac=mac))
        else:
            await session.execute(delete(H))
    assert await faults(database) == [], "the control: inside the database nothing shows"
    named = f"{CHAIN}: entry 4 differs from its checkpoint or is gone."
    assert await faults(database, path) == [named]
    await note(database, "forged", "forged", "forged", "forged")
    assert await faults(database, path) == [named]


async def test_an_entry_forged_without_the_key_is_named(
    trail: tuple[Database, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    database, _ = trail
    with monkeypatch.context() as other:
        other.setattr(audit, "_key", lambda: b"another key")
        await note(database, "six")
    assert await faults(database) == [f"{CHAIN}: entry 6 was altered or moved."]


async def test_half_a_line_of_the_checkpoints_is_said_and_survived(
    trail: tuple[Database, Path],
) -> None:
    database, path = trail
    with path.open("a") as file:
        file.write('{"chain": "inst\n')
    assert await faults(database, path) == ["1 lines of the checkpoint file cannot be read."]
    await audit.checkpoint(database, path)
    assert len(path.read_text().splitlines()) == 3
    assert (path.stat().st_mode & 0o777) == 0o600


async def test_a_rolled_back_change_leaves_no_entry(trail: tuple[Database, Path]) -> None:
    database, path = trail

    async def fail() -> None:
        async with database.writing() as session:
            audit.record(
                session, ACTOR, "thing.change", conference_id=None, target=("thing", "six")
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await faults(database, path) == []
    async with database.reading() as session:
        assert (await session.execute(text("SELECT count(*) FROM audit_entries"))).scalar() == 5


async def test_twenty_writers_make_one_chain(database: Database) -> None:
    await asyncio.gather(*(note(database, f"{n}", f"{n} again") for n in range(20)))
    assert await faults(database) == []
    async with database.reading() as session:
        rows = (await session.execute(select(E.c.seq, E.c.target_id).order_by(E.c.seq))).all()
    assert [row.seq for row in rows] == list(range(1, 41))
    assert len({row.target_id for row in rows}) == 40
