"""Scans decided together are decided as one by one; twice delivered is once."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from app.core import clock
from app.core.direct import Through
from app.gates import hall as doors
from app.gates import scanning, store
from app.gates.rules import Direction, Result
from app.gates.scanning import Incoming
from app.gates.store import ScanFilter
from tests.hall import Hall

DEVICE = uuid4()


async def _door(hall: Hall) -> doors.Door:
    async with hall.database.reading() as session:
        found = await session.run_sync(
            lambda plain: doors.doors(Through(plain.connection()), [hall.gate.id])
        )
        return found[hall.gate.id]


def _scan(
    door: doors.Door, code: str, nonce: str, at: datetime, *, out: bool = False, live: bool = False
) -> Incoming:
    direction = Direction.exit if out else Direction.entry
    return Incoming(code, door, DEVICE, nonce, direction, at, clock.now(), live=live)


async def _record(hall: Hall, *scans: Incoming) -> list[Result]:
    answers = await hall.database.at_once(lambda plain: scanning.record(plain, scans))
    return [answer.verdict.result for answer in answers]


async def test_a_batch_sees_its_own_scans(hall: Hall) -> None:
    door, now = await _door(hall), clock.now() - timedelta(minutes=1)
    ana, bo = [await hall.code(await hall.approved(name)) for name in ("Ana", "Bo")]
    scans = [
        _scan(door, ana, "1", now),
        _scan(door, bo, "2", now),
        _scan(door, ana, "3", now + timedelta(seconds=1)),
        _scan(door, ana, "4", now + timedelta(seconds=2), out=True),
        _scan(door, ana, "5", now + timedelta(seconds=3)),
        _scan(door, "A" * 144, "6", now),
        _scan(door, ana, "1", now),
    ]
    inside, ok = Result.already_redeemed, Result.ok
    expected = [ok, ok, inside, ok, ok, Result.invalid, ok]
    assert await _record(hall, *scans) == expected
    assert await _record(hall, *reversed(scans)) == expected[::-1]
    async with hall.database.reading() as session:
        assert await store.count_scans(session, hall.conference.id, ScanFilter()) == 6


async def test_a_later_told_scan_is_judged_at_its_own_time(hall: Hall) -> None:
    door = await _door(hall)
    noon = clock.local_to_utc(
        datetime.combine(hall.conference.starts, datetime.min.time()).replace(hour=12),
        hall.conference.timezone,
    )
    ana = await hall.code(await hall.approved("Ana"))
    assert await _record(hall, _scan(door, ana, "in", noon)) == [Result.ok]
    before = _scan(door, ana, "before", noon - timedelta(hours=1))
    assert await _record(hall, before) == [Result.ok]
    after = _scan(door, ana, "after", noon + timedelta(hours=1))
    assert await _record(hall, after) == [Result.already_redeemed]


async def test_two_devices_may_use_the_same_nonce(hall: Hall) -> None:
    door, now = await _door(hall), clock.now()
    ana, bo = [await hall.code(await hall.approved(name)) for name in ("Ana", "Bo")]
    other: UUID = uuid4()
    mine = _scan(door, ana, "1", now)
    theirs = Incoming(bo, door, other, "1", Direction.entry, now, now)
    assert await _record(hall, mine, theirs) == [Result.ok, Result.ok]
