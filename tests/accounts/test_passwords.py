"""Passwords: what is accepted, how it is kept, and that an unknown account costs the same."""

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from app.accounts import service
from app.accounts.rules import INSTALLATION, Role, check_password
from app.core.db import Database
from app.core.errors import Clash, NotSignedIn

EMAIL, NAME = "amina.example@kuwait.example", "Amina Al-Example"


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "lavender tractor 9",
        "مرحبا بالعالم الجميل",
        "aaaaabbbbbcdefg",
        "x" * 7 + "quiet-lighthouse",
    ],
)
def test_a_long_password_of_any_kind_passes(password: str) -> None:
    check_password(password, email=EMAIL, name=NAME)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "at least 15"),
        ("fourteen chars", "at least 15"),
        ("passwordpassword", "easy to guess"),
        ("Password 123456789", "easy to guess"),
        ("qwertyqwertyqwerty", "easy to guess"),
        ("111111111111111111", "easy to guess"),
        ("abababababababababab", "easy to guess"),
        (EMAIL, "easy to guess"),
        ("Amina Al-Example 1", "easy to guess"),
        ("amina.example password", "easy to guess"),
    ],
)
def test_a_short_or_known_password_is_refused(password: str, why: str) -> None:
    with pytest.raises(Clash, match=why) as refused:
        check_password(password, email=EMAIL, name=NAME)
    assert refused.value.code == "weak-password"


async def test_a_password_is_kept_as_argon2id_only(database: Database) -> None:
    password = "lavender tractor nine"
    async with database.writing() as session:
        user = await service.add_account(
            session,
            INSTALLATION,
            email=" Amina.Example@Kuwait.example ",
            name=NAME,
            role=Role.administrator,
            password=password,
        )
    assert user.email == EMAIL
    assert user.password_hash is not None
    assert password not in user.password_hash
    kept = extract_parameters(user.password_hash)
    assert kept.type is Type.ID
    # OWASP's minimum: 19 MiB, two passes.
    assert (kept.memory_cost, kept.time_cost) >= (19_456, 2)


async def test_an_unknown_account_costs_the_same_check(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One verification at the same cost, whether there is an account, a password or neither."""
    async with database.writing() as session:
        for address, password in (
            (EMAIL, "lavender tractor nine"),
            ("no.password@kuwait.example", None),
        ):
            await service.add_account(
                session,
                INSTALLATION,
                email=address,
                name=NAME,
                role=Role.administrator,
                password=password,
            )
    checked: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, hash: str, password: str) -> bool:
        checked.append(hash)
        return verify(self, hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    for email in ("nobody@kuwait.example", EMAIL, "no.password@kuwait.example"):
        checked.clear()
        with pytest.raises(NotSignedIn, match="do not go together"):
            async with database.writing() as session:
                await service.sign_in(session, email=email, password="wrong", network="n")
        assert len(checked) == 1, email
        kept = extract_parameters(checked[0])
        assert (kept.memory_cost, kept.time_cost, kept.type) == (19_456, 2, Type.ID)


async def test_an_inactive_account_cannot_sign_in(database: Database) -> None:
    async with database.writing() as session:
        user = await service.add_account(
            session,
            INSTALLATION,
            email=EMAIL,
            name=NAME,
            role=Role.administrator,
            password="lavender tractor nine",
        )
        await service.sign_in(session, email=EMAIL, password="lavender tractor nine", network="n")
        user.is_active = False
    with pytest.raises(NotSignedIn):
        async with database.writing() as session:
            await service.sign_in(
                session, email=EMAIL, password="lavender tractor nine", network="n"
            )
