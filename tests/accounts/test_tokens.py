"""Tokens of scripts and scanners, and which credential of a request counts."""

import httpx
import pytest
from sqlalchemy import select, update

from app.accounts import service, store
from app.accounts.rules import INSTALLATION, Role
from app.core import clock
from app.core.errors import Clash
from tests.world import World

EMAIL, PASSWORD = "layla@example.org", "lavender tractor nine"


async def test_a_token_is_stored_hashed_and_works_until_revoked(
    client: httpx.AsyncClient, world: World
) -> None:
    async with world.database.reading() as session:
        kept = (await session.execute(select(store.T))).all()
    everything = repr(kept)
    assert all(secret not in everything for secret in world.tokens.values())
    officer = world.headers("registration_officer")
    assert (await client.get(f"{world.api}/participants", headers=officer)).status_code == 200
    async with world.database.writing() as session:
        await session.execute(
            update(store.T)
            .where(store.T.c.role == Role.registration_officer)
            .values(revoked_at=clock.now())
        )
    refused = await client.get(f"{world.api}/participants", headers=officer)
    assert (refused.status_code, refused.json()["code"]) == (401, "wrong-credentials")


async def test_only_a_whole_token_of_its_own_kind_opens(
    client: httpx.AsyncClient, world: World
) -> None:
    secret = world.tokens["administrator"]
    for header in ("", "Token", "Token x", "Bearer {}", "Device {}", "Token {} {}", "{}"):
        given = {"Authorization": header.format(secret, secret)}
        answer = await client.get(f"{world.api}/participants", headers=given)
        assert answer.status_code == 401, header
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_header_silences_the_cookie_beside_it(
    client: httpx.AsyncClient, world: World
) -> None:
    """Requests with the header pass the cross-site guard: a cookie beside it must do nothing."""
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
    form = {"email": EMAIL, "password": PASSWORD}
    await client.post("/sign-in", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    body = {"name": "Main", "capacity": 1}
    evil = {"Sec-Fetch-Site": "cross-site"}
    guarded = await client.post(f"{world.api}/quotas", json=body, headers=evil)
    assert guarded.status_code == 403
    for header in ("", " ", "Token wrong", "Nonsense"):
        both = await client.post(
            f"{world.api}/quotas", json=body, headers=evil | {"Authorization": header}
        )
        assert both.status_code == 401, header
    mine = await client.post(
        f"{world.api}/quotas", json=body, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert mine.status_code == 201, "the control: the cookie alone acts"
    # A press officer's token beside an officer's cookie acts as the press officer.
    lesser = await client.post(
        f"{world.api}/quotas", json=body, headers=world.headers("press_officer")
    )
    assert lesser.status_code == 403


async def test_a_token_needs_its_scope(world: World) -> None:
    for role, conference in (
        (Role.focal_point, world.conference.id),
        (Role.auditor, None),
        (Role.delegate, None),
    ):
        with pytest.raises(Clash):
            async with world.database.writing() as session:
                await service.create_token(
                    session, INSTALLATION, name="x", role=role, conference_id=conference
                )
