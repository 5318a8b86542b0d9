"""The badge code: 26 bytes that a gate trusts without a network, and the signature over them.

`version key_id serial(8) category zones(8) valid_from(3) valid_until(3) flags`, big-endian, then
64 bytes of Ed25519, in Base32 without padding. 90 bytes are exactly 144 letters and digits: no
bit of the text is left unsigned, and every keyboard scanner can type it.
"""

import base64
import binascii
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.core.errors import Invalid

VERSION: Final = 1
LENGTH: Final = 144
_EPOCH: Final = date(1970, 1, 1)
_HEAD: Final = struct.Struct(">BBQBQ")
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
# From the letters of the code to the digits that int() knows, and from all others to none.
_DIGITS: Final = dict.fromkeys(range(128), "!") | {
    ord(letter): "0123456789abcdefghijklmnopqrstuv"[n]
    for n, upper in enumerate(_LETTERS)
    for letter in (upper, upper.lower())
}
_BODY: Final = 26


class InvalidCode(Invalid):
    """Not a badge code, or not one that a known key has signed."""

    code = "invalid-code"
    title = "Not a valid badge code"


@dataclass(frozen=True, slots=True)
class Payload:
    """What the code says. Dates travel as days since 1970-01-01 and both belong to the validity.

    `serial` and the bitmap `zones` have 64 bits, `key_id`, `category` and `flags` eight.
    """

    key_id: int
    serial: int
    category: int
    zones: int
    valid_from: date
    valid_until: date
    flags: int = 0


def encode(payload: Payload, private_key: Ed25519PrivateKey) -> str:
    """The payload, signed, as 144 characters. Raises `ValueError` for a field out of its range."""
    try:
        body = _HEAD.pack(
            VERSION, payload.key_id, payload.serial, payload.category, payload.zones
        ) + b"".join(
            (
                (payload.valid_from - _EPOCH).days.to_bytes(3, "big"),
                (payload.valid_until - _EPOCH).days.to_bytes(3, "big"),
                payload.flags.to_bytes(1, "big"),
            )
        )
    except (struct.error, OverflowError) as error:
        raise ValueError(f"A field of the badge code is out of range: {error}") from None
    return base64.b32encode(body + private_key.sign(body)).decode("ascii")


def decode(code: str, public_keys: Mapping[int, Ed25519PublicKey]) -> Payload:
    """What a signed code says; lower case and surrounding white space are forgiven.

    Raises `InvalidCode` for anything that none of `public_keys` has signed. Dates, revocation and
    zones are the gate's to judge.
    """
    text = code.strip()
    # Before upper(): outside ASCII several letters share one upper case.
    if len(text) != LENGTH or not text.isascii():
        raise InvalidCode("This is not a badge code: it does not have 144 letters and digits.")
    try:
        raw = base64.b32decode(text.upper())
    except binascii.Error:
        raise InvalidCode("This is not a badge code: it has characters that none has.") from None
    if len(raw) != _BODY + 64:  # “=” inside the text is padding to the decoder
        raise InvalidCode("This is not a badge code: it has characters that none has.")
    if raw[0] != VERSION:
        raise InvalidCode("This badge code is of a version that this installation does not know.")
    key = public_keys.get(raw[1])
    if key is None:
        raise InvalidCode("This badge code was not issued by this conference.")
    body = raw[:_BODY]
    try:
        key.verify(raw[_BODY:], body)
        _, key_id, serial, category, zones = _HEAD.unpack_from(body)
        return Payload(
            key_id=key_id,
            serial=serial,
            category=category,
            zones=zones,
            valid_from=_date(body[19:22]),
            valid_until=_date(body[22:25]),
            flags=body[25],
        )
    except InvalidSignature:
        raise InvalidCode("This badge code was not issued by this conference.") from None
    except OverflowError:
        raise InvalidCode("This badge code names a date that no calendar has.") from None


def claimed(code: str) -> int | None:
    """The serial that a code claims, by which to look it up; nothing of it is verified."""
    text = code.strip()
    if len(text) != LENGTH or not text.isascii():
        return None
    try:
        # Sixteen letters are ten bytes: version, key and serial.
        return int(text[:16].translate(_DIGITS), 32) % 2**64
    except ValueError:
        return None


def _date(days: bytes) -> date:
    return _EPOCH + timedelta(days=int.from_bytes(days, "big"))
