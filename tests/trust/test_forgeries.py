"""The long battery against badge codes: a hundred thousand forgeries, none accepted."""

import base64
import random
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.badges.codes import InvalidCode, Payload, decode, encode
from app.badges.service import KEY
from app.core.keys import keyring
from app.gates.scanning import read

MUTANTS = 100_000
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
    yield from (true[:n] + letter + true[n + 1 :] for n in range(len(true)) for letter in alphabet)
    yield from (true[:n] for n in range(len(true)))
    yield from (true[n:] for n in range(1, len(true)))
    yield from (true + letter for letter in alphabet.strip())
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
