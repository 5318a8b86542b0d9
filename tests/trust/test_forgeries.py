"""The long battery against badge codes: hundreds of thousands of forgeries, none accepted."""

import base64
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import chain, cycle, islice
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.accounts.rules import INSTALLATION
from app.badges import service as badges
from app.badges import store as badge_store
from app.badges.codes import InvalidCode, Payload, decode, encode
from app.badges.rules import categories
from app.badges.service import KEY
from app.core import clock
from app.core.db import Database
from app.core.direct import Asks
from app.core.keys import keyring
from app.gates import hall as gate_store
from app.gates import scanning
from app.gates.rules import Direction, Result
from app.gates.scanning import Answer, Incoming, read
from tests.hall import TODAY, Hall, open_hall

MUTANTS = 100_000
AT_THE_DOOR = 20_000
BATCH = 1_000
DAY = date(2026, 11, 4)


def test_a_hundred_thousand_mutants_are_refused() -> None:
    key = Ed25519PrivateKey.generate()
    keys = {1: key.public_key()}
    draw = random.Random(20261121)
    payload = Payload(
        key_id=1, serial=7, category=2, zones=7, valid_from=DAY, valid_until=DAY, flags=1
    )
    true = base64.b32decode(encode(payload, key))
    accepted = 0
    for _ in range(MUTANTS):
        forged = bytearray(true)
        for _ in range(draw.choice((1, 1, 1, 2, 8))):
            forged[draw.randrange(len(forged))] ^= 1 << draw.randrange(8)
        if forged == true:
            continue
        try:
            decode(base64.b32encode(forged).decode(), keys)
            accepted += 1
        except InvalidCode:
            pass
    assert accepted == 0
    assert decode(base64.b32encode(true).decode(), keys) == payload, "the control is accepted"


def _battery(true: str, others: Sequence[str]) -> Iterator[str]:
    """Every change of one bit, letter or length; what other keys have signed; and many mixtures."""
    raw = base64.b32decode(true)
    for bit in range(len(raw) * 8):
        forged = bytearray(raw)
        forged[bit // 8] ^= 1 << bit % 8
        yield base64.b32encode(forged).decode()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567=0189 "
    yield from (true[:n] for n in range(len(true)))
    yield from (true[n:] for n in range(1, len(true)))
    yield from (true + letter for letter in alphabet.strip())
    yield from (true[:n] + letter + true[n + 1 :] for n in range(len(true)) for letter in alphabet)
    yield from others
    for other in others:
        stolen = base64.b32decode(other)
        yield base64.b32encode(raw[:26] + stolen[26:]).decode()
    draw = random.Random(20261125)
    while True:
        forged = bytearray(raw)
        for _ in range(draw.choice((1, 2, 3, 8, 40))):
            forged[draw.randrange(len(forged))] = draw.randrange(256)
        yield base64.b32encode(forged).decode()[: draw.choice((144, 144, 144, 143, 72))]


def test_the_gate_reads_no_forgery_as_the_badge_it_names() -> None:
    """The door compares with what it keeps before it verifies: given the true badge, always.

    Beside changes of every bit and letter: what other keys, conferences and purposes have signed.
    """
    scope = str(uuid4())
    key_id, key = keyring().signing_key(scope, KEY)
    payload = Payload(
        key_id=key_id, serial=7, category=2, zones=7, valid_from=DAY, valid_until=DAY, flags=1
    )
    true = encode(payload, key)
    badge: Any = SimpleNamespace(code=true)
    assert read(scope, true.lower(), badge) == (badge, None), "the control is accepted"
    foreign = [
        encode(payload, keyring().signing_key(*of)[1])
        for of in ((str(uuid4()), KEY), (scope, "links"))
    ]
    foreign.append(encode(payload, Ed25519PrivateKey.generate()))
    tried = [text for text in islice(_battery(true, foreign), 20_000) if text.strip() != true]
    accepted = [text for text in tried if read(scope, text, badge)[0] is not None]
    assert accepted == []
    assert len(tried) > 19_000


PEOPLE = 8
LATER, EARLIER = timedelta(days=2), timedelta(days=5)


async def _blanks(hall: Hall, start: timedelta) -> list[str]:
    """Day badges, well signed and kept, that are good for four days from then on."""
    first = TODAY + start
    sign = badges.signer(hall.conference.id, (first, first + timedelta(days=3)), at=clock.now())
    made = [sign(categories()["day"]) for _ in range(PEOPLE)]
    async with hall.database.writing() as session:
        await badge_store.add(session, made)
    return [str(one["code"]) for one in made]


async def _stopped(hall: Hall, *, replaced: bool) -> list[str]:
    """Badges of approved people that were lost, or reprinted."""
    people = [await hall.approved(f"Person {replaced} {n}") for n in range(PEOPLE)]
    codes = [await hall.code(person) for person in people]
    stop = badges.reissue if replaced else badges.revoke
    async with hall.database.writing() as session:
        for row in await hall.badges():
            if row.code in codes:
                await stop(session, INSTALLATION, hall.conference, row.serial, reason="Lost")
    return codes


def _foreign(hall: Hall, true: str, count: int) -> Iterator[str]:
    """Every day and zone of this badge, as other conferences, purposes and strangers sign it."""
    scope = str(hall.conference.id)
    said = decode(true, keyring().public_keys(scope, KEY))
    others = [keyring().signing_key(*of)[1] for of in ((str(uuid4()), KEY), (scope, "links"))]
    for n in range(count):
        days = said.valid_from - timedelta(n), said.valid_until + timedelta(n)
        more = {"zones": 1 << n % 62, "valid_from": days[0], "valid_until": days[1]}
        body = Payload(**{name: getattr(said, name) for name in Payload.__slots__} | more)
        yield from (encode(body, key) for key in (*others, Ed25519PrivateKey.generate()))


async def _decided(hall: Hall, device: UUID, codes: Sequence[str]) -> list[Result]:
    """What the door of the hall says of them: asked at once or told later, in and out, by force."""

    def work(asks: Asks) -> list[Answer]:
        [door] = gate_store.doors(asks, [hall.gate.id], devices=[device]).values()
        now = clock.now()
        scans = [
            Incoming(
                secret=code,
                door=door,
                device_id=device,
                nonce=uuid4().hex,
                direction=Direction.exit if n % 3 == 0 else Direction.entry,
                device_at=now - timedelta(seconds=n % 600),
                received_at=now,
                force=n % 5 == 0,
                live=n % 2 == 0,
                told=n % 7 == 0,
            )
            for n, code in enumerate(codes)
        ]
        return scanning.record(asks, scans)

    answers = await hall.database.at_once(work)
    return [answer.verdict.result for answer in answers]


async def test_the_door_admits_no_mutant(database: Database) -> None:
    """Twenty thousand on each kind of database: looked up, decided and kept as every scan is."""
    hall, device = await open_hall(database), uuid4()
    true = await _blanks(hall, -LATER)
    expired, future = await _blanks(hall, -EARLIER), await _blanks(hall, LATER)
    lost, superseded = [await _stopped(hall, replaced=way) for way in (False, True)]
    foreign = list(_foreign(hall, true[0], 1_000))
    batteries = chain.from_iterable(islice(_battery(one, ()), 1_700) for one in true)
    tried: dict[str, tuple[list[str], Result]] = {
        "forged": ([code for code in batteries if code.strip() not in true], Result.invalid),
        "foreign": (foreign, Result.invalid),
        "expired": (list(islice(cycle(expired), 1_000)), Result.invalid_time),
        "future": (list(islice(cycle(future), 1_000)), Result.invalid_time),
        "lost": (list(islice(cycle(lost), 1_000)), Result.revoked),
        "superseded": (list(islice(cycle(superseded), 1_000)), Result.revoked),
    }
    for kind, (codes, why) in tried.items():
        for start in range(0, len(codes), BATCH):
            found = await _decided(hall, device, codes[start : start + BATCH])
            assert set(found) == {why}, kind
    assert sum(len(codes) for codes, _ in tried.values()) >= AT_THE_DOOR
    assert set(await _decided(hall, device, true)) == {Result.ok}, "the control is admitted"
    await hall.close()
