"""Signing in and out through the pages, as a browser does it."""

import asyncio
import threading
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from app.accounts import service, store
from app.accounts.rules import INSTALLATION, Role
from app.core import clock
from app.core.errors import Clash
from app.core.settings import settings
from tests.world import World

EMAIL, PASSWORD = "layla@example.org", "lavender tractor nine"
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def account(world: World) -> World:
    async with world.database.writing() as session:
        await service.add_account(
            session,
            INSTALLATION,
            email=EMAIL,
            name="Layla",
            role=Role.registration_officer,
            conference_id=world.conference.id,
            password=PASSWORD,
        )
    return world


async def sign_in(
    client: httpx.AsyncClient, password: str = PASSWORD, **fields: str
) -> httpx.Response:
    form = {"email": EMAIL, "password": password} | fields
    return await client.post("/sign-in", data=form, headers=SAME_SITE)


async def is_signed_in(client: httpx.AsyncClient, world: World) -> bool:
    answer = await client.get(f"{world.api}/participants")
    assert answer.status_code in (200, 401)
    return answer.status_code == 200


async def test_a_sign_in_sets_one_careful_cookie(client: httpx.AsyncClient, account: World) -> None:
    answer = await sign_in(client, next="/c/test-2026/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/c/test-2026/")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert "Secure" not in cookie  # this test's pages come over plain HTTP
    assert f"Max-Age={12 * 3600}" in cookie
    secret = client.cookies["plenary"]
    assert len(secret) >= 43
    async with account.database.reading() as session:
        kept = (await session.execute(select(store.S.c.token_hash))).scalars().all()
    assert kept == [service.hash_secret(secret)]
    assert secret not in kept
    assert await is_signed_in(client, account)


async def test_over_https_the_cookie_belongs_to_this_host_alone(
    client: httpx.AsyncClient, account: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "base_url", "https://testserver")
    cookie = (await sign_in(client)).headers["set-cookie"]
    assert cookie.startswith("__Host-plenary=")
    assert "Secure" in cookie


async def test_a_wrong_password_shows_the_form_with_the_address_again(
    client: httpx.AsyncClient, account: World
) -> None:
    answer = await sign_in(client, "wrong password, quite wrong", next="/c/test-2026/desk/")
    assert answer.status_code == 422
    assert f'value="{EMAIL}"' in answer.text
    assert 'value="/c/test-2026/desk/"' in answer.text
    assert "wrong password, quite wrong" not in answer.text
    assert "do not go together" in answer.text
    assert "set-cookie" not in answer.headers
    unknown = await client.post(
        "/sign-in", data={"email": "who@example.org", "password": PASSWORD}, headers=SAME_SITE
    )
    assert unknown.status_code == 422
    assert unknown.text == answer.text.replace(EMAIL, "who@example.org").replace(
        "/c/test-2026/desk/", "/"
    )


async def test_the_sixth_failure_waits(client: httpx.AsyncClient, account: World) -> None:
    for _ in range(5):
        assert (await sign_in(client, "wrong")).status_code == 422
    refused = await sign_in(client)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 300
    # Somebody else from the same network is not locked out with them.
    other = await client.post(
        "/sign-in", data={"email": "other@example.org", "password": "x"}, headers=SAME_SITE
    )
    assert other.status_code == 422


async def test_a_burst_gets_no_more_guesses_than_a_sequence(
    client: httpx.AsyncClient, account: World
) -> None:
    """All are sent before the first is answered: a check before the count would let all pass."""
    answers = await asyncio.gather(*(sign_in(client, f"guess {n}") for n in range(12)))
    assert sorted(a.status_code for a in answers) == [422] * 5 + [429] * 7


async def test_right_passwords_use_nothing_up(client: httpx.AsyncClient, account: World) -> None:
    for _ in range(8):
        assert (await sign_in(client)).status_code == 303


def test_attempts_are_forgotten_in_turn_with_the_thread_that_ages_them() -> None:
    """It looks twice, and what was gone in between had it end with the address in a traceback."""
    attempts = service._Attempts()
    for forget in (lambda: attempts.clear(EMAIL), attempts.reset):
        attempts.acquire_entry(EMAIL, 5, 300)
        with attempts.locks[EMAIL]:
            forgetting = threading.Thread(target=forget)
            forgetting.start()
            forgetting.join(0.05)
            assert attempts.events[EMAIL]
        forgetting.join(10)
        assert EMAIL not in attempts.events


async def test_a_network_is_slowed_whatever_accounts_it_tries(
    client: httpx.AsyncClient, account: World
) -> None:
    for n in range(30):
        form = {"email": f"user{n}@example.org", "password": "x"}
        await client.post("/sign-in", data=form, headers=SAME_SITE)
    assert (await sign_in(client)).status_code == 429


ELSEWHERE = (
    "//evil.example",
    "https://evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\n/evil.example",
    "",
)


async def test_a_sign_in_never_leads_away(client: httpx.AsyncClient, account: World) -> None:
    await sign_in(client)
    for address in ELSEWHERE:
        shown = await client.get("/sign-in", params={"next": address})
        assert (shown.status_code, shown.headers["location"]) == (303, "/"), address
    for address in ELSEWHERE[:3]:
        assert (await sign_in(client, next=address)).headers["location"] == "/", address


@pytest.mark.parametrize(
    ("pause", "times", "alive"),
    [
        (timedelta(minutes=29), 1, True),
        (timedelta(minutes=31), 1, False),
        (timedelta(minutes=25), 28, True),
        (timedelta(minutes=25), 29, False),
    ],
)
async def test_a_sign_in_ends_after_thirty_idle_minutes_or_twelve_hours(
    client: httpx.AsyncClient, account: World, pause: timedelta, times: int, alive: bool
) -> None:
    start = clock.now()
    await sign_in(client)
    for step in range(1, times + 1):
        with clock.frozen(start + pause * step):
            last = await is_signed_in(client, account)
    assert last is alive


async def test_signing_out_ends_the_sign_in_at_once(
    client: httpx.AsyncClient, account: World
) -> None:
    await sign_in(client)
    secret = client.cookies["plenary"]
    # After more than a minute the request also notes the sign-in's last use: a write of its own.
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        async with asyncio.timeout(10):
            answer = await client.post("/sign-out", headers=SAME_SITE)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert "plenary" not in client.cookies
        client.cookies.set("plenary", secret)
        assert not await is_signed_in(client, account)


async def test_another_site_cannot_sign_anybody_out(
    client: httpx.AsyncClient, account: World
) -> None:
    await sign_in(client)
    secret = client.cookies["plenary"]
    refused = await client.post("/sign-out", headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
    # A request with a header passes that guard; its cookie then does nothing.
    passed = await client.post(
        "/sign-out", headers={"Sec-Fetch-Site": "cross-site"} | account.headers()
    )
    assert passed.status_code == 303
    client.cookies.set("plenary", secret)
    assert await is_signed_in(client, account)


@pytest.mark.parametrize("change", ["password", "role"])
async def test_a_changed_password_or_role_ends_every_sign_in(
    client: httpx.AsyncClient, account: World, change: str
) -> None:
    await sign_in(client)
    assert await is_signed_in(client, account)
    async with account.database.writing() as session:
        await service.add_account(
            session,
            INSTALLATION,
            email=EMAIL,
            name="Layla",
            role=Role.auditor if change == "role" else Role.registration_officer,
            conference_id=account.conference.id,
            password="another quiet lighthouse" if change == "password" else None,
        )
    assert not await is_signed_in(client, account)


async def test_an_account_added_twice_is_one_account_with_two_roles(account: World) -> None:
    async with account.database.writing() as session:
        user = await service.add_account(
            session,
            INSTALLATION,
            email=EMAIL.upper(),
            name="Layla",
            role=Role.auditor,
            conference_id=account.conference.id,
        )
        permits = await store.permits(session, user.id)
    assert {p.role for p in permits} == {Role.registration_officer, Role.auditor}
    assert user.password_hash is not None


async def test_a_grant_needs_its_scope(world: World) -> None:
    for role, in_conference, in_delegation in (
        (Role.administrator, True, False),
        (Role.auditor, False, False),
        (Role.focal_point, True, False),
        (Role.press_officer, True, True),
    ):
        await refuse_grant(world, role, in_conference, in_delegation)


async def refuse_grant(world: World, role: Role, in_conference: bool, in_delegation: bool) -> None:
    with pytest.raises(Clash):
        async with world.database.writing() as session:
            await service.add_account(
                session,
                INSTALLATION,
                email="x@example.org",
                name="X",
                role=role,
                conference_id=world.conference.id if in_conference else None,
                delegation_id=world.delegations["KWT"].id if in_delegation else None,
            )


async def test_the_form_takes_what_no_database_stores(
    client: httpx.AsyncClient, account: World
) -> None:
    for email in ("a\0b@example.org", "\ud800".encode("utf-8", "surrogatepass"), "x" * 501):
        answer = await client.post(
            "/sign-in", data={"email": email, "password": "x"}, headers=SAME_SITE
        )
        assert answer.status_code == 422
