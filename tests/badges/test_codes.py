"""The badge code of the contract: every byte of it, and nothing beside it."""

import base64
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.badges.codes import LENGTH, InvalidCode, Payload, decode, encode

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEYS = {7: KEY.public_key()}
PAYLOAD = Payload(
    key_id=7,
    serial=0x0102030405060708,
    category=3,
    zones=0x8000000000000001,
    valid_from=date(2024, 11, 3),
    valid_until=date(2024, 11, 6),
    flags=0b101,
)
CODE = encode(PAYLOAD, KEY)


def test_bytes_are_the_contract_s() -> None:
    raw = base64.b32decode(CODE)
    days = (date(2024, 11, 3) - date(1970, 1, 1)).days.to_bytes(3, "big")
    later = (date(2024, 11, 6) - date(1970, 1, 1)).days.to_bytes(3, "big")
    expected = bytes([1, 7, 1, 2, 3, 4, 5, 6, 7, 8, 3, 0x80, 0, 0, 0, 0, 0, 0, 1])
    assert raw[:26] == expected + days + later + bytes([5])
    assert len(raw) == 90
    KEY.public_key().verify(raw[26:], raw[:26])


def test_code_is_144_letters_and_digits_and_reads_back() -> None:
    assert len(CODE) == LENGTH == 144
    assert CODE.isalnum()
    assert decode(CODE, KEYS) == PAYLOAD


@pytest.mark.parametrize("typed", [CODE.lower(), f"  {CODE}\r\n", f"\t{CODE.lower()} "])
def test_scanners_may_type_lower_case_and_a_line_end(typed: str) -> None:
    assert decode(typed, KEYS) == PAYLOAD


def test_every_single_bit_is_signed() -> None:
    raw = base64.b32decode(CODE)
    for bit in range(720):
        altered = bytearray(raw)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(InvalidCode):
            decode(base64.b32encode(altered).decode(), {**KEYS, 6: KEYS[7], 5: KEYS[7], 3: KEYS[7]})


def test_every_truncation_and_extension_is_refused() -> None:
    for code in (*(CODE[:end] for end in range(LENGTH)), CODE + "A", CODE + "=", CODE * 2):
        with pytest.raises(InvalidCode):
            decode(code, KEYS)


@pytest.mark.parametrize(
    "code",
    ["", " " * 144, "0" * 144, CODE[:-1] + "=", CODE[:-6] + "=" * 6, CODE[:72] + " " + CODE[73:],
     CODE[:-1] + "ſ", CODE[:-1] + "１", "\0" * 144],
)  # fmt: skip
def test_other_characters_are_refused(code: str) -> None:
    with pytest.raises(InvalidCode):
        decode(code, KEYS)


def test_foreign_and_unknown_keys_are_refused() -> None:
    foreign = Ed25519PrivateKey.from_private_bytes(bytes(32))
    with pytest.raises(InvalidCode):
        decode(CODE, {7: foreign.public_key()})
    with pytest.raises(InvalidCode):
        decode(CODE, {8: KEY.public_key()})
    with pytest.raises(InvalidCode):
        decode(CODE, {})


def test_a_signed_code_of_another_version_is_refused() -> None:
    body = b"\x02" + base64.b32decode(CODE)[1:26]
    with pytest.raises(InvalidCode):
        decode(base64.b32encode(body + KEY.sign(body)).decode(), KEYS)


def test_a_signed_date_beyond_the_calendar_is_refused() -> None:
    body = base64.b32decode(CODE)[:19] + b"\xff" * 6 + b"\0"
    with pytest.raises(InvalidCode):
        decode(base64.b32encode(body + KEY.sign(body)).decode(), KEYS)


@pytest.mark.parametrize(
    "field", [{"serial": 2**64}, {"key_id": 256}, {"flags": 256}, {"zones": -1},
              {"valid_from": date(1969, 12, 31)}],
)  # fmt: skip
def test_fields_out_of_range_are_not_encoded(field: dict[str, object]) -> None:
    values = {name: getattr(PAYLOAD, name) for name in Payload.__slots__} | field
    with pytest.raises(ValueError, match="out of range"):
        encode(Payload(**values), KEY)
