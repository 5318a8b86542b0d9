"""Waiting list, held slots and overrides at the desk, by forms."""

import re

import httpx

from tests.quotas.test_places import act, make_quota, submitted
from tests.world import World, signed_in


async def test_the_waiting_list_is_ordered_and_an_offer_accepted(
    client: httpx.AsyncClient, world: World
) -> None:
    await make_quota(client, world, 1, offer_hours=24)
    first, second, third = await submitted(world, 3)
    for id in (first, second, third):
        await act(client, world, id, "approve")
    await signed_in(client, world, "registration_officer")
    here = f"{world.desk}/waiting-list/"
    page = (await client.get(here)).text
    assert "2 people wait" in page
    assert page.index(second) < page.index(third)
    moved = await client.post(f"{here}{third}/priority", data={"priority": "5"})
    assert moved.status_code == 303
    page = (await client.get(here)).text
    assert page.index(third) < page.index(second)
    wrong = await client.post(f"{here}{third}/priority", data={"priority": "many"})
    assert wrong.status_code == 422
    early = await client.post(f"{here}{third}/accept")
    assert (early.status_code, "No place is offered" in early.text) == (409, True)
    await act(client, world, first, "withdraw", reason="Ill")
    assert "A place is offered until" in (await client.get(here)).text
    assert (await client.post(f"{here}{third}/accept")).status_code == 303
    assert "1 person waits" in (await client.get(here)).text


async def test_an_override_from_a_persons_page(client: httpx.AsyncClient, world: World) -> None:
    await make_quota(client, world, 0, waiting_list=False)
    [one] = await submitted(world, 1)
    await signed_in(client, world, "registration_officer")
    here = f"{world.desk}/participants/{one}"
    assert (await client.post(f"{here}/approve", data={"version": "2"})).status_code == 409
    empty = await client.post(f"{here}/override", data={"version": "2", "reason": ""})
    assert empty.status_code == 422
    done = await client.post(f"{here}/override", data={"version": "2", "reason": "Host asked"})
    assert done.status_code == 303
    assert "Beyond the quota" in (await client.get(here)).text
    assert "1 approved beyond" in (await client.get(f"{world.desk}/quotas/")).text


async def test_slots_are_held_and_released_on_a_delegations_page(
    client: httpx.AsyncClient, world: World
) -> None:
    scope = {"kind": "member_state"}
    await make_quota(client, world, 2, per_delegation=True, scope=scope)
    await signed_in(client, world, "registration_officer")
    here = f"{world.desk}/delegations/KWT"
    form = {"delegation": "KWT", "role": "head", "number": "2"}
    assert (await client.post(f"{here}/slots", data=form)).status_code == 303
    page = (await client.get(here)).text
    assert page.count("/release") == 2
    assert "Main · KWT" in page
    assert (await client.post(f"{here}/slots", data=form)).status_code == 409
    slot = page.split("/slots/")[1].split("/release")[0]
    assert (await client.post(f"{here}/slots/{slot}/release")).status_code == 303
    assert (await client.get(here)).text.count("/release") == 1
    assert "Main · KWT" in (await client.get(here)).text


async def test_a_quota_is_changed_at_the_desk(client: httpx.AsyncClient, world: World) -> None:
    id = await make_quota(client, world, 3)
    for one in await submitted(world, 2):
        await act(client, world, one, "approve")
    await signed_in(client, world, "registration_officer")
    here = f"{world.desk}/quotas/{id}"
    assert here in (await client.get(f"{world.desk}/quotas/")).text
    page = await client.get(here)
    found = re.search(r'name="version" value="(\d+)"', page.text)
    assert found
    form = {
        "version": found.group(1),
        "name": "Hall",
        "capacity": "1",
        "waiting_list": "",
        "closes_at": "2026-10-01T18:00",
    }
    less = await client.post(here, data=form)
    assert (less.status_code, "2 places of “Main” are used" in less.text) == (409, True)
    assert 'value="Hall"' in less.text
    assert (await client.post(here, data={**form, "capacity": "5"})).status_code == 303
    page = await client.get(here)
    assert 'value="2026-10-01T18:00"' in page.text, "by the conference's clocks"
    late = await client.post(here, data={**form, "capacity": "9"})
    assert (late.status_code, "look again" in late.text) == (412, True)
    [shown] = (await client.get(f"{world.api}/quotas")).json()["results"]
    assert (shown["name"], shown["capacity"], shown["waiting_list"]) == ("Hall", 5, False)
    assert shown["closes_at"] == "2026-10-01T15:00:00Z"
    await signed_in(client, world, "protocol_officer")
    assert (await client.get(here)).status_code == 403
    assert (await client.post(here, data=form)).status_code == 403


async def test_an_exception_has_a_page_of_its_own(client: httpx.AsyncClient, world: World) -> None:
    await make_quota(client, world, 2, per_delegation=True)
    given = {"name": "Main", "capacity": 4, "scope": {"delegation": "TJK"}}
    made = await client.post(f"{world.api}/quotas", json=given, headers=world.headers())
    await signed_in(client, world, "registration_officer")
    here = f"{world.desk}/quotas/{made.json()['id']}"
    page = await client.get(here)
    assert (page.status_code, "Main · TJK" in page.text) == (200, True)
    assert 'name="waiting_list"' not in page.text
    done = await client.post(here, data={"version": made.json()["version"], "capacity": "6"})
    assert done.status_code == 303
    assert "6" in (await client.get(here)).text
