"""Seats in sessions: two of each delegation, by the function that gives out every place."""

import re

import httpx

from tests.participants.people import nominated
from tests.programme.test_api import create
from tests.quotas.test_places import act, make_quota, used_and_counted
from tests.world import World, signed_in

LATER = {"local_start": "2099-11-04T09:00", "local_end": "2099-11-04T11:00"}


async def table(client: httpx.AsyncClient, world: World) -> str:
    made = await create(client, world, "sessions", title={"en": "Round table"}, **LATER)
    return str(made["id"])


async def seat(
    client: httpx.AsyncClient, world: World, session: str, person: str, by: str = "focal_point"
) -> httpx.Response:
    return await client.post(
        f"{world.api}/sessions/{session}/seats",
        json={"participant": person},
        headers=world.headers(by),
    )


async def sitting(
    client: httpx.AsyncClient, world: World, session: str, by: str = "programme_officer"
) -> list[str]:
    found = await client.get(f"{world.api}/sessions/{session}/seats", headers=world.headers(by))
    return [one["participant"] for one in found.json()["results"]]


async def two_each(client: httpx.AsyncClient, world: World, session: str) -> None:
    scope = {"thing": {"kind": "session", "id": session}}
    await make_quota(
        client, world, 2, name="Table", per_delegation=True, waiting_list=False, scope=scope
    )


async def test_two_of_each_delegation_and_the_third_is_told_why(
    client: httpx.AsyncClient, world: World
) -> None:
    session = await table(client, world)
    await two_each(client, world, session)
    a, b, c = [await nominated(world, name=f"Person {n}", approve=True) for n in "ABC"]
    assert [(await seat(client, world, session, one)).status_code for one in (a, b, a)] == [204] * 3
    third = await seat(client, world, session, c)
    assert (third.status_code, third.json()["code"]) == (409, "quota-exhausted")
    assert "“Table · KWT” is spent (2 of 2)" in third.json()["detail"]
    other = await nominated(world, name="Other", delegation="TJK", approve=True)
    assert (await seat(client, world, session, other)).status_code == 404, "not its own"
    assert (await seat(client, world, session, other, "protocol_officer")).status_code == 204
    assert await sitting(client, world, session) == [a, b, other]
    assert await sitting(client, world, session, "focal_point") == [a, b]

    freed = await client.delete(
        f"{world.api}/sessions/{session}/seats/{a}", headers=world.headers("focal_point")
    )
    assert freed.status_code == 204
    assert (await seat(client, world, session, c)).status_code == 204
    told = await client.get(
        f"{world.api}/participants/{c}/impact?change=withdraw", headers=world.headers()
    )
    assert "Has a seat in “Round table”: it is free again." in told.text
    await act(client, world, c, "withdraw", reason="Ill")
    assert await sitting(client, world, session) == [b, other]
    assert (await seat(client, world, session, a)).status_code == 204
    assert sorted(await used_and_counted(world.database)) == [(0, 0), (1, 1), (2, 2)]


async def test_a_seat_is_for_who_is_approved_and_a_session_that_takes_place(
    client: httpx.AsyncClient, world: World
) -> None:
    session = await table(client, world)
    early = await seat(client, world, session, await nominated(world))
    assert (early.status_code, early.json()["code"]) == (409, "not-approved")
    await client.post(
        f"{world.api}/sessions/{session}/cancel", headers=world.headers("programme_officer")
    )
    late = await seat(client, world, session, await nominated(world, name="B", approve=True))
    assert (late.status_code, late.json()["code"]) == (409, "cancelled")


async def test_a_quota_set_later_counts_who_sits_already(
    client: httpx.AsyncClient, world: World
) -> None:
    session = await table(client, world)
    for name in "AB":
        one = await nominated(world, name=f"Person {name}", approve=True)
        assert (await seat(client, world, session, one)).status_code == 204
    given = {"name": "Small", "capacity": 1, "scope": {"thing": f"session:{session}"}}
    small = await client.post(f"{world.api}/quotas", json=given, headers=world.headers())
    assert (small.status_code, small.json()["code"]) == (409, "capacity-below-used")
    made = await client.post(
        f"{world.api}/quotas", json={**given, "capacity": 2}, headers=world.headers()
    )
    assert (made.status_code, made.json()["thing_id"]) == (201, session)
    assert await used_and_counted(world.database) == [(2, 2)]


async def test_at_the_desk_and_in_the_portal(client: httpx.AsyncClient, world: World) -> None:
    session = await table(client, world)
    await two_each(client, world, session)
    person = await nominated(world, name="Person A", approve=True)
    await signed_in(client, world, "programme_officer")
    desk = f"{world.desk}/programme/sessions/{session}"
    assert f"{desk}/seats" in (await client.get(f"{desk}?search=Person")).text
    assert (await client.post(f"{desk}/seats", data={"participant": person})).status_code == 303
    assert "Free<span" in (await client.get(desk)).text
    assert (await client.post(f"{desk}/seats/{person}/remove")).status_code == 303
    await signed_in(client, world, "registration_officer")
    assert "Round table" in (await client.get(f"{world.desk}/quotas/")).text

    await signed_in(client, world, "focal_point")
    page = f"/c/{world.conference.slug}/portal/KWT/people/{person}"
    shown = await client.get(page)
    assert "2 left for your delegation" in shown.text
    found = re.search(r'name="version" value="(\d+)"', shown.text)
    assert found
    given = {"session": session, "version": found.group(1), "sits": "true"}
    assert (await client.post(f"{page}/seat", data=given)).status_code == 303
    assert "Free the seat" in (await client.get(page)).text
    given.pop("sits")
    assert (await client.post(f"{page}/seat", data=given)).status_code == 303
    assert await sitting(client, world, session) == []
