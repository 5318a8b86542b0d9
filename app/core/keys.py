"""Keys, outside the database and its backup: one per conference and purpose, wrapped on disk.

Everything rests on one secret, `SECRET_KEY` or `DATA_DIR/keys/secret`. Whoever has the disk without
it can read no key; whoever has a database backup has neither.
"""

import os
import re
import secrets
import time
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core.errors import AppError
from app.core.settings import settings

Kind = Literal["sign", "seal"]

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_NONCE: Final = 12
_SETTLED_NS: Final = 1_000_000_000


class Unreadable(AppError):
    """A key file or a sealed value that this installation's secret does not open."""

    status = 500
    code = "unreadable"
    title = "Cannot be opened"


def load_secret(directory: Path, configured: str | None) -> bytes:
    """The installation's secret: `configured`, or one made once and kept in `directory/secret`.

    Raises `ValueError` for a configured secret under 32 characters.
    """
    if configured:
        if len(configured) < 32:
            raise ValueError("SECRET_KEY must have at least 32 characters.")
        return configured.encode()
    path = directory / "secret"
    if not path.exists():
        _create(path, secrets.token_urlsafe(48).encode())
    return path.read_bytes()


class Keyring:
    """The keys in one directory. A key is made when first needed; the highest id is the current.

    Scope (a conference) and purpose are lower-case names; signing and sealing never share a key.
    """

    def __init__(self, directory: Path, secret: bytes) -> None:
        self._directory = directory
        self._secret = secret
        self._wrapping = AESGCM(self.derive("wrapping"))
        self._raw: dict[str, bytes] = {}
        self._signing: dict[str, Ed25519PrivateKey] = {}
        self._public: dict[str, Ed25519PublicKey] = {}
        self._listing: tuple[int, dict[str, list[int]]] = (-1, {})

    def signing_key(self, scope: str, purpose: str) -> tuple[int, Ed25519PrivateKey]:
        """The current signing key and its id."""
        key_id = self._current("sign", scope, purpose)
        return key_id, self._private(_file("sign", scope, purpose, key_id))

    def public_keys(self, scope: str, purpose: str) -> dict[int, Ed25519PublicKey]:
        """Every key that may have signed, by id; empty where nothing was signed yet."""
        keys: dict[int, Ed25519PublicKey] = {}
        for key_id in self._ids(_stem("sign", scope, purpose)):
            name = _file("sign", scope, purpose, key_id)
            if name not in self._public:
                self._public[name] = self._private(name).public_key()
            keys[key_id] = self._public[name]
        return keys

    def seal(self, scope: str, purpose: str, data: bytes) -> bytes:
        """The data under AES-256-GCM: key id, nonce, ciphertext; opens for this scope only."""
        key_id = self._current("seal", scope, purpose)
        name = _file("seal", scope, purpose, key_id)
        nonce = secrets.token_bytes(_NONCE)
        return (
            bytes((key_id,)) + nonce + AESGCM(self._key(name)).encrypt(nonce, data, name.encode())
        )

    def open(self, scope: str, purpose: str, sealed: bytes) -> bytes:
        """What `seal` was given. Raises `Unreadable` if altered, or sealed for something else."""
        if len(sealed) < 1 + _NONCE + 16 or sealed[0] not in self._ids(
            _stem("seal", scope, purpose)
        ):
            raise Unreadable("The key that this was stored under is not in the key directory.")
        name = _file("seal", scope, purpose, sealed[0])
        try:
            return AESGCM(self._key(name)).decrypt(
                sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], name.encode()
            )
        except InvalidTag:
            raise Unreadable("This was altered after it was stored; it cannot be opened.") from None

    def rotate(self, kind: Kind, scope: str, purpose: str) -> int:
        """A new current key; the old ones keep verifying and opening. Returns its id."""
        key_id = max(self._ids(_stem(kind, scope, purpose)), default=0) + 1
        self._make(_file(kind, scope, purpose, key_id))
        return key_id

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose, the same wherever the secret is the same."""
        return _derive(self._secret, purpose)

    def _current(self, kind: Kind, scope: str, purpose: str) -> int:
        return max(self._ids(_stem(kind, scope, purpose)), default=0) or self.rotate(
            kind, scope, purpose
        )

    def _ids(self, stem: str) -> list[int]:
        """Read anew when the directory has changed: another process may have made a key."""
        try:
            changed = self._directory.stat().st_mtime_ns
        except FileNotFoundError:
            return []
        if changed != self._listing[0]:
            found: dict[str, list[int]] = {}
            for path in self._directory.glob("*.key"):
                head, _, key_id = path.stem.rpartition(".")
                found.setdefault(head, []).append(int(key_id))
            # A directory changed just now may change again within the same tick of its clock.
            settled = time.time_ns() - changed > _SETTLED_NS
            self._listing = (changed if settled else -1, found)
        return self._listing[1].get(stem, [])

    def _private(self, name: str) -> Ed25519PrivateKey:
        if name not in self._signing:
            self._signing[name] = Ed25519PrivateKey.from_private_bytes(self._key(name))
        return self._signing[name]

    def _key(self, name: str) -> bytes:
        if name not in self._raw:
            wrapped = (self._directory / name).read_bytes()
            try:
                self._raw[name] = self._wrapping.decrypt(
                    wrapped[:_NONCE], wrapped[_NONCE:], name.encode()
                )
            except InvalidTag:
                raise Unreadable(
                    f"The key file {name} does not open with this SECRET_KEY; "
                    "restore the secret it was made with."
                ) from None
        return self._raw[name]

    def _make(self, name: str) -> None:
        nonce = secrets.token_bytes(_NONCE)
        wrapped = self._wrapping.encrypt(nonce, secrets.token_bytes(32), name.encode())
        _create(self._directory / name, nonce + wrapped)


@lru_cache(maxsize=64)
def _derive(secret: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=b"plenary", info=purpose.encode()).derive(secret)


def _stem(kind: Kind, scope: str, purpose: str) -> str:
    if not (_NAME.fullmatch(scope) and _NAME.fullmatch(purpose)):
        raise ValueError("Scope and purpose of a key are lower-case letters, digits, - and _.")
    return f"{scope}.{purpose}.{kind}"


def _file(kind: Kind, scope: str, purpose: str, key_id: int) -> str:
    return f"{_stem(kind, scope, purpose)}.{key_id}.key"


def _create(path: Path, content: bytes) -> None:
    """Puts a whole file there, 0600, unless somebody was faster: then theirs stands.

    A link, because it is atomic and refuses to replace; opening the final name with O_EXCL would
    let the slower process read half a key.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


@cache
def keyring() -> Keyring:
    """The keys of this installation, in `DATA_DIR/keys`."""
    chosen = settings()
    configured = chosen.secret_key.get_secret_value() if chosen.secret_key else None
    folder = chosen.data_dir / "keys"
    return Keyring(folder, load_secret(folder, configured))
