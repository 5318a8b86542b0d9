"""Rule 14: X is replaced by Y, the place is kept, and X → Y → X works; nobody inherits a rank."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.participants.people import nominated
from tests.quotas.test_places import act, make_quota, used_and_counted
from tests.world import World


async def person(client: httpx.AsyncClient, world: World, id: str) -> dict[str, Any]:
    answer = await client.get(f"{world.api}/participants/{id}", headers=world.headers())
    return dict(answer.json())


async def badges(client: httpx.AsyncClient, world: World, id: str) -> list[str]:
    """The serials of a person's active badges."""
    answer = await client.get(f"{world.api}/badges", headers=world.headers())
    return [one["serial"] for one in answer.json()["results"] if one["participant"] == id]


async def substitute(
    client: httpx.AsyncClient,
    world: World,
    id: str,
    successor: str,
    role: str = "administrator",
    **more: str,
) -> httpx.Response:
    return await client.post(
        f"{world.api}/participants/{id}/substitute",
        json={"successor": successor, **more},
        headers=world.headers(role),
    )


async def test_x_to_y_to_x(client: httpx.AsyncClient, world: World) -> None:
    await make_quota(client, world, 1)
    x = await nominated(world, name="X", rank="minister", approve=True)
    y = await nominated(world, name="Y", rank="deputy_minister", function="Deputy Minister")
    z = await nominated(world, name="Z")
    await act(client, world, z, "submit")
    await act(client, world, z, "approve")
    [first] = await badges(client, world, x)
    done = await substitute(client, world, x, y)
    assert (done.status_code, done.json()["status"]) == (200, "substituted"), done.text
    assert done.json()["status_reason"] == "Replaced by Y."
    now = await person(client, world, y)
    assert (now["status"], now["rank"]) == ("approved", "deputy_minister")
    assert await badges(client, world, x) == []
    [second] = await badges(client, world, y)
    assert second != first
    assert await used_and_counted(world.database) == [(1, 1)]
    assert (await person(client, world, z))["status"] == "waitlisted", "the place was never free"

    assert (await act(client, world, x, "reinstate")).json()["status"] == "submitted"
    back = await substitute(client, world, y, x)
    assert back.status_code == 200, back.text
    again = await person(client, world, x)
    assert (again["status"], again["rank"]) == ("approved", "minister")
    assert (await person(client, world, y))["status"] == "substituted"
    [third] = await badges(client, world, x)
    assert third not in (first, second)
    assert await badges(client, world, y) == []
    assert await used_and_counted(world.database) == [(1, 1)]


@pytest.mark.parametrize("status", ["nominated", "submitted", "waitlisted"])
async def test_a_successor_from_every_status(
    client: httpx.AsyncClient, world: World, status: str
) -> None:
    x = await nominated(world, name="X", approve=True)
    await make_quota(client, world, 1)
    y = await nominated(world, name="Y")
    if status != "nominated":
        await act(client, world, y, "submit")
    if status == "waitlisted":
        assert (await act(client, world, y, "approve")).json()["waiting_list_position"] == 1
    assert (await substitute(client, world, x, y)).status_code == 200
    assert (await person(client, world, y))["status"] == "approved"
    assert await used_and_counted(world.database) == [(1, 1)]


async def test_who_cannot_succeed(client: httpx.AsyncClient, world: World) -> None:
    x = await nominated(world, name="X", approve=True)
    approved = await nominated(world, name="A", approve=True)
    other = await nominated(world, name="T", delegation="TJK")
    waits = await nominated(world, name="N")
    for leaving, follows, code in (
        (x, x, "same-person"),
        (x, approved, "wrong-status"),
        (x, other, "other-delegation"),
        (waits, x, "wrong-status"),
    ):
        answer = await substitute(client, world, leaving, follows)
        assert (answer.status_code, answer.json()["code"]) == (409, code), answer.text
    stranger = await substitute(client, world, x, other, "focal_point")
    assert stranger.status_code == 404
    assert (await person(client, world, x))["status"] == "approved"


async def test_another_role_exchanges_places_or_is_refused(
    client: httpx.AsyncClient, world: World
) -> None:
    await make_quota(client, world, 1, scope={"roles": ["delegate"]})
    await make_quota(
        client, world, 1, name="Security", scope={"roles": ["security"]}, waiting_list=False
    )
    x = await nominated(world, name="X", approve=True)
    waits = await nominated(world, name="W")
    await act(client, world, waits, "submit")
    await act(client, world, waits, "approve")
    guard = await nominated(world, name="G", role="security", function=None)
    assert (await substitute(client, world, x, guard)).status_code == 200
    assert (await person(client, world, waits))["status"] == "approved", "the place was not needed"
    assert await used_and_counted(world.database) == [(1, 1), (1, 1)]
    second = await nominated(world, name="G2", role="security", function=None)
    full = await substitute(client, world, waits, second)
    assert (full.status_code, full.json()["code"]) == (409, "quota-exhausted")
    assert (await person(client, world, waits))["status"] == "approved"
    assert (await person(client, world, second))["status"] == "nominated"
    assert await used_and_counted(world.database) == [(1, 1), (1, 1)]


async def test_substitutions_and_approvals_at_once_never_oversell(
    client: httpx.AsyncClient, world: World
) -> None:
    await make_quota(client, world, 4)
    inside = [await nominated(world, name=f"X{n}", approve=True) for n in range(4)]
    follow = [await nominated(world, name=f"Y{n}") for n in range(4)]
    late = [await nominated(world, name=f"L{n}") for n in range(4)]
    for id in late:
        await act(client, world, id, "submit")
    answers = await asyncio.gather(
        *(substitute(client, world, x, y) for x, y in zip(inside, follow, strict=True)),
        *(act(client, world, id, "approve") for id in late),
        # Two officers name two successors of one person: one of them is told so.
        *(substitute(client, world, inside[0], y) for y in late[:1]),
    )
    assert {a.status_code for a in answers[:8]} <= {200, 409}
    assert await used_and_counted(world.database) == [(4, 4)]
    people = [await person(client, world, id) for id in (*inside, *follow, *late)]
    assert sum(p["status"] == "approved" for p in people) == 4


async def test_an_acting_head_revokes_nobody(client: httpx.AsyncClient, world: World) -> None:
    head = await nominated(world, name="Head", role="head", rank="minister", approve=True)
    deputy = await nominated(world, name="Deputy", rank="deputy_minister", approve=True)
    other = await nominated(world, name="Other", delegation="TJK")
    at = f"{world.api}/delegations/KWT/acting-head"
    admin = world.headers()
    assert (await client.get(at, headers=admin)).status_code == 404

    async def appoint(id: str, **more: str) -> httpx.Response:
        return await client.post(at, json={"participant": id, **more}, headers=admin)

    assert (await appoint(head)).json()["code"] == "head-already"
    assert (await appoint(other)).json()["code"] == "other-delegation"
    made = await appoint(deputy, **{"from": "2026-11-05T06:00:00Z"})
    assert (made.status_code, made.json()["name"]) == (200, "Deputy"), made.text
    assert made.json()["from"] == "2026-11-05T06:00:00Z"
    assert await badges(client, world, head)
    now = await person(client, world, deputy)
    assert (now["role"], now["rank"]) == ("delegate", "deputy_minister")
    third = await nominated(world, name="Third")
    assert (await appoint(third)).status_code == 200
    assert (await client.get(at, headers=admin)).json()["name"] == "Third"
    await act(client, world, third, "withdraw", reason="Ill")
    assert (await client.get(at, headers=admin)).status_code == 404
    assert (await appoint(third)).json()["code"] == "not-taking-part"
    assert (await appoint(deputy)).status_code == 200
    assert (await client.delete(at, headers=admin)).status_code == 204
    assert (await client.delete(at, headers=admin)).status_code == 404


async def test_two_appointments_at_once_leave_one(client: httpx.AsyncClient, world: World) -> None:
    ids = [await nominated(world, name=f"D{n}") for n in range(6)]
    at = f"{world.api}/delegations/KWT/acting-head"
    answers = await asyncio.gather(
        *(client.post(at, json={"participant": id}, headers=world.headers()) for id in ids)
    )
    assert {a.status_code for a in answers} == {200}
    assert (await client.get(at, headers=world.headers())).json()["participant"] in ids


async def test_further_capacities_are_never_counted(
    client: httpx.AsyncClient, world: World
) -> None:
    id = await nominated(world, name="X", rank="minister", approve=True)
    admin = world.headers()
    address = f"{world.api}/participants/{id}/capacities"

    async def figures() -> tuple[dict[str, int], dict[str, Any]]:
        told = await client.get(f"{world.api}/summary", headers=admin)
        table = await client.get(f"{world.api}/statistics", headers=admin)
        return told.json()["figures"], table.json()["total"]

    before = await figures()
    own = await client.post(
        address, json={"kind": "accredited", "delegation": "KWT"}, headers=admin
    )
    assert (own.status_code, own.json()["code"]) == (409, "same-delegation")
    both = {"kind": "heads", "delegation": "CHT", "organization": "League"}
    assert (await client.post(address, json=both, headers=admin)).status_code == 422
    assert (await client.post(address, json={"kind": "heads"}, headers=admin)).status_code == 422
    second = await client.post(
        address, json={"kind": "accredited", "delegation": "TJK"}, headers=admin
    )
    assert (second.status_code, second.json()["body"]) == (201, "Tajikistan"), second.text
    chair = {"kind": "heads", "organization": "League of Harbours", "function": "Chair"}
    made = await client.post(address, json=chair, headers=admin)
    assert (made.json()["body"], made.json()["delegation"]) == ("League of Harbours", None)
    listed = (await client.get(address, headers=admin)).json()
    assert [one["kind"] for one in listed["results"]] == ["accredited", "heads"]
    assert await figures() == before, "one person, one delegation, one minister, one state"
    gone = await client.delete(f"{address}/{made.json()['id']}", headers=admin)
    assert gone.status_code == 204
    assert (await client.get(address, headers=admin)).json()["count"] == 1
