"""The long battery against badge codes: a hundred thousand forgeries, none accepted."""

import base64
import random
from datetime import date

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.badges.codes import InvalidCode, Payload, decode, encode

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
