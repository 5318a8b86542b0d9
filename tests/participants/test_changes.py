"""An approved person's data stand until an officer decides what the delegation asks for."""

from typing import Any

import httpx
import pytest

from app.participants.change_rules import asks_first, left_of
from app.participants.rules import Status
from tests.participants.people import nominated
from tests.participants.test_succession import badges, person, substitute
from tests.quotas.test_places import act, make_quota
from tests.world import World


@pytest.mark.parametrize("status", list(Status))
def test_who_asks_and_who_edits(status: Status) -> None:
    if status in (Status.refused, Status.withdrawn, Status.substituted):
        with pytest.raises(Exception, match="reinstated"):
            asks_first(status)
    else:
        assert asks_first(status) is (status is Status.approved)


def test_a_newer_request_takes_the_fields_it_names() -> None:
    assert left_of({"name": "A", "function": "B"}, {"name"}) == {"function": "B"}
    assert left_of({"name": "A"}, {"name", "style"}) == {}


async def edit(
    client: httpx.AsyncClient, world: World, id: str, by: str = "focal_point", **given: object
) -> httpx.Response:
    return await client.patch(
        f"{world.api}/participants/{id}", json=given, headers=world.headers(by)
    )


async def requests(client: httpx.AsyncClient, world: World, query: str = "") -> list[Any]:
    answer = await client.get(f"{world.api}/change-requests{query}", headers=world.headers())
    assert answer.status_code == 200, answer.text
    return list(answer.json()["results"])


async def decide(
    client: httpx.AsyncClient,
    world: World,
    id: str,
    decision: str,
    *,
    role: str = "registration_officer",
    seen: int | None = None,
    **body: str,
) -> httpx.Response:
    headers = world.headers(role) | ({"If-Match": f'"{seen}"'} if seen else {})
    address = f"{world.api}/change-requests/{id}/{decision}"
    return await client.post(address, json=body or None, headers=headers)


async def test_an_edit_before_approval_is_done_and_a_rank_is_only_suggested(
    client: httpx.AsyncClient, world: World
) -> None:
    id = await nominated(world, function="Adviser")
    done = await edit(client, world, id, name="Salem Namuna", rank="minister", function="Envoy")
    assert done.status_code == 200, done.text
    assert done.json()["change_request"] is None
    now = await person(client, world, id)
    assert (now["name"], now["rank"], now["rank_suggested"]) == ("Salem Namuna", None, "minister")
    given = {"delegation": "KWT", "name": "New", "rank": "minister", "role": "delegate"}
    focal = world.headers("focal_point")
    made = await client.post(f"{world.api}/participants", json=given, headers=focal)
    assert (made.json()["rank"], made.json()["rank_suggested"]) == (None, "minister")
    other = await nominated(world, delegation="TJK")
    assert (await edit(client, world, other, name="Mine")).status_code == 404
    await act(client, world, id, "withdraw", reason="Ill")
    assert (await edit(client, world, id, name="Back")).json()["code"] == "wrong-status"


async def test_an_edit_of_an_approved_person_waits(client: httpx.AsyncClient, world: World) -> None:
    id = await nominated(world, name="Salem", rank="minister", approve=True)
    before, [serial] = await person(client, world, id), await badges(client, world, id)
    asked = await edit(client, world, id, name="Salim", function="Minister of Health")
    assert asked.status_code == 200, asked.text
    request = asked.json()["change_request"]
    assert request["status"] == "pending"
    assert request["changes"] == [
        {"field": "function", "old": "Minister of Interior", "new": "Minister of Health"},
        {"field": "name", "old": "Salem", "new": "Salim"},
    ]
    assert await person(client, world, id) == before
    assert await badges(client, world, id) == [serial]
    for role, status in (("focal_point", 403), ("protocol_officer", 403)):
        assert (await decide(client, world, request["id"], "accept", role=role)).status_code == (
            status
        )
    done = await decide(client, world, request["id"], "accept")
    assert (done.status_code, done.json()["status"]) == (200, "accepted"), done.text
    now = await person(client, world, id)
    assert (now["name"], now["function"], now["rank"]) == (
        "Salim",
        "Minister of Health",
        "minister",
    )
    assert (now["status"], await badges(client, world, id)) == ("approved", [serial])
    twice = await decide(client, world, request["id"], "accept")
    assert (twice.status_code, twice.json()["code"]) == (409, "decided-already")
    nothing = await edit(client, world, id, name="Salim")
    assert nothing.json()["change_request"] is None


async def test_a_person_changed_since_is_412_until_seen(
    client: httpx.AsyncClient, world: World
) -> None:
    id = await nominated(world, name="Salem", approve=True)
    asked = await edit(client, world, id, name="Salim", rank="ambassador")
    request = asked.json()["change_request"]["id"]
    await edit(client, world, id, "administrator", function="Envoy")
    [shown] = await requests(client, world)
    assert shown["changed_since"] is True
    assert (await decide(client, world, request, "accept")).status_code == 412
    done = await decide(client, world, request, "accept", seen=shown["version"])
    assert done.status_code == 200, done.text
    now = await person(client, world, id)
    assert (now["name"], now["function"]) == ("Salim", "Envoy")
    assert (now["rank"], now["rank_suggested"]) == (None, "ambassador")


async def test_a_newer_request_supersedes_and_one_is_declined(
    client: httpx.AsyncClient, world: World
) -> None:
    id = await nominated(world, name="Salem", approve=True)
    for given in ({"name": "A", "function": "F"}, {"name": "B"}, {"name": "C"}):
        await edit(client, world, id, **given)
    pending = await requests(client, world, "?status=pending&delegation=KWT")
    assert [[c["new"] for c in one["changes"]] for one in pending] == [["F"], ["C"]]
    [old] = await requests(client, world, "?status=withdrawn")
    assert old["reason"] == "A newer request replaced it."
    refused = await decide(client, world, pending[0]["id"], "decline", reason="As in the note")
    assert (refused.status_code, refused.json()["reason"]) == (200, "As in the note")
    back = await decide(client, world, pending[1]["id"], "withdraw", role="focal_point")
    assert back.json()["status"] == "withdrawn"
    assert (await person(client, world, id))["name"] == "Salem"
    await edit(client, world, id, name="D")
    await act(client, world, id, "withdraw", reason="Ill")
    assert await requests(client, world, "?status=pending") == []
    assert await requests(client, world, "?delegation=TJK") == []


async def test_a_delegation_asks_for_a_substitution_and_an_officer_confirms(
    client: httpx.AsyncClient, world: World
) -> None:
    x = await nominated(world, name="X", approve=True)
    y = await nominated(world, name="Y")
    asked = await substitute(client, world, x, y, "focal_point", reason="X is recalled.")
    assert asked.status_code == 200, asked.text
    assert asked.json()["status"] == "approved"
    request = asked.json()["change_request"]
    assert (request["kind"], request["successor_name"]) == ("substitute", "Y")
    assert request["because"] == "X is recalled."
    assert await badges(client, world, x)
    done = await decide(client, world, request["id"], "accept")
    assert (done.status_code, done.json()["status"]) == (200, "accepted"), done.text
    gone = await person(client, world, x)
    assert gone["status"] == "substituted"
    assert gone["status_reason"] == "Replaced by Y. X is recalled."
    assert (await person(client, world, y))["status"] == "approved"


async def test_a_role_without_a_place_is_refused_when_accepted(
    client: httpx.AsyncClient, world: World
) -> None:
    await make_quota(client, world, 0, scope={"roles": ["security"]})
    id = await nominated(world, approve=True)
    request = (await edit(client, world, id, role="security")).json()["change_request"]
    refused = await decide(client, world, request["id"], "accept")
    assert (refused.status_code, refused.json()["code"]) == (409, "quota-exhausted")
    assert (await requests(client, world))[0]["status"] == "pending"
