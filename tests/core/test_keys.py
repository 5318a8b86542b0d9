"""Keys on disk: wrapped, private, agreed on by processes that start together."""

import multiprocessing
import os
import time
from pathlib import Path

import pytest

from app.core.keys import Keyring, Unreadable, load_secret

SECRET = b"a secret of an installation, long enough"


def _public(directory: Path, start: float) -> bytes:
    while time.time() < start:
        pass
    _, key = Keyring(directory, SECRET).signing_key("kuwait-2024", "badge")
    return key.public_key().public_bytes_raw()


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        start = time.time() + 0.3
        seen = set(pool.starmap(_public, [(tmp_path / "keys", start)] * 9))
    assert len(seen) == 1


def test_keys_survive_and_are_private(tmp_path: Path) -> None:
    directory = tmp_path / "keys"
    key_id, key = Keyring(directory, SECRET).signing_key("kuwait-2024", "badge")
    again, same = Keyring(directory, SECRET).signing_key("kuwait-2024", "badge")
    assert (key_id, key.private_bytes_raw()) == (again, same.private_bytes_raw())
    (file,) = directory.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert key.private_bytes_raw() not in file.read_bytes()


def test_scopes_and_purposes_have_keys_of_their_own(tmp_path: Path) -> None:
    ring = Keyring(tmp_path, SECRET)
    pairs = [("a", "badge"), ("b", "badge"), ("a", "feed")]
    assert len({ring.signing_key(*pair)[1].private_bytes_raw() for pair in pairs}) == 3
    assert ring.public_keys("c", "badge") == {}


def test_old_keys_verify_after_rotation_in_every_ring(tmp_path: Path) -> None:
    ring, other = Keyring(tmp_path, SECRET), Keyring(tmp_path, SECRET)
    first, key = ring.signing_key("a", "badge")
    assert set(other.public_keys("a", "badge")) == {first}
    sealed = ring.seal("a", "passport", b"AB123")
    second = ring.rotate("sign", "a", "badge")
    ring.rotate("seal", "a", "passport")
    assert ring.signing_key("a", "badge")[0] == second != first
    assert set(other.public_keys("a", "badge")) == {first, second}
    other.public_keys("a", "badge")[first].verify(key.sign(b"x"), b"x")
    assert other.open("a", "passport", sealed) == b"AB123"
    assert ring.seal("a", "passport", b"")[0] == 2


def test_a_settled_directory_is_listed_once_and_again_when_it_changes(tmp_path: Path) -> None:
    ring = Keyring(tmp_path, SECRET)
    ring.signing_key("a", "badge")
    os.utime(tmp_path, (1, 1))
    assert set(ring.public_keys("a", "badge")) == {1}
    Keyring(tmp_path, SECRET).rotate("sign", "a", "badge")
    assert set(ring.public_keys("a", "badge")) == {1, 2}


def test_sealed_values_open_only_where_they_belong(tmp_path: Path) -> None:
    ring = Keyring(tmp_path, SECRET)
    sealed = ring.seal("a", "passport", b"AB123")
    assert ring.open("a", "passport", sealed) == b"AB123"
    assert b"AB123" not in sealed
    assert sealed != ring.seal("a", "passport", b"AB123")
    ring.seal("b", "passport", b"")
    for scope, altered in [
        ("b", sealed),
        ("a", sealed[:-1]),
        ("a", b""),
        ("a", b"\x09" + sealed[1:]),
        ("a", sealed[:-1] + bytes([sealed[-1] ^ 1])),
    ]:
        with pytest.raises(Unreadable):
            ring.open(scope, "passport", altered)


def test_another_secret_opens_nothing(tmp_path: Path) -> None:
    sealed = Keyring(tmp_path, SECRET).seal("a", "passport", b"AB123")
    with pytest.raises(Unreadable, match="SECRET_KEY"):
        Keyring(tmp_path, SECRET[:-1]).open("a", "passport", sealed)


@pytest.mark.parametrize("scope", ["", "../x", "A", "a.b", "a/b"])
def test_names_cannot_leave_the_directory(tmp_path: Path, scope: str) -> None:
    with pytest.raises(ValueError, match="lower-case"):
        Keyring(tmp_path, SECRET).signing_key(scope, "badge")


def test_derived_keys_differ_by_purpose_and_secret(tmp_path: Path) -> None:
    ring = Keyring(tmp_path, SECRET)
    assert ring.derive("audit") == Keyring(tmp_path, SECRET).derive("audit")
    assert (
        len({ring.derive("audit"), ring.derive("cookie"), Keyring(tmp_path, b"").derive("audit")})
        == 3
    )


def test_the_secret_is_made_once_or_configured(tmp_path: Path) -> None:
    directory = tmp_path / "keys"
    made = load_secret(directory, None)
    assert len(made) >= 32
    assert load_secret(directory, None) == made
    assert (directory / "secret").stat().st_mode & 0o777 == 0o600
    assert load_secret(directory, "x" * 32) == b"x" * 32
    with pytest.raises(ValueError, match="32 characters"):
        load_secret(directory, "short")
    assert [path.name for path in directory.iterdir()] == ["secret"]
