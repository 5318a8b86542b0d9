"""The status table of the product, pair by pair, and what a change of status causes."""

from itertools import product

import httpx
import pytest

from app.core.errors import Clash
from app.participants.rules import BadgeEffect, Place, Status, transition
from tests.world import World

# from, to: who may, the place, the badge. Written anew here, not read from the code.
TABLE = {
    ("nominated", "submitted"): ("focal_point officer", "unchanged", "unchanged"),
    ("submitted", "nominated"): ("officer", "unchanged", "unchanged"),
    ("submitted", "approved"): ("officer", "taken", "issued"),
    ("submitted", "waitlisted"): ("officer", "queued", "unchanged"),
    ("waitlisted", "approved"): ("promotion", "taken", "issued"),
    ("submitted", "refused"): ("officer", "freed", "revoked"),
    ("waitlisted", "refused"): ("officer", "freed", "revoked"),
    ("approved", "refused"): ("officer", "freed", "revoked"),
    ("nominated", "withdrawn"): ("focal_point officer", "freed", "revoked"),
    ("submitted", "withdrawn"): ("focal_point officer", "freed", "revoked"),
    ("waitlisted", "withdrawn"): ("focal_point officer", "freed", "revoked"),
    ("approved", "withdrawn"): ("focal_point officer", "freed", "revoked"),
    ("approved", "substituted"): ("focal_point officer", "passed_on", "revoked"),
    ("withdrawn", "submitted"): ("officer", "unchanged", "unchanged"),
    ("substituted", "submitted"): ("officer", "unchanged", "unchanged"),
    ("refused", "submitted"): ("officer", "unchanged", "unchanged"),
}


@pytest.mark.parametrize("by", ["officer", "focal_point", "promotion"])
@pytest.mark.parametrize(("before", "after"), list(product(Status, Status)))
def test_every_pair_of_statuses(before: Status, after: Status, by: str) -> None:
    row = TABLE.get((before.value, after.value))
    if row is None or by not in row[0].split():
        with pytest.raises(Clash) as refused:
            transition(before, after, by=by)
        assert refused.value.code == "wrong-status"
        return
    found = transition(before, after, by=by)
    assert (found.place, found.badge) == (Place(row[1]), BadgeEffect(row[2]))


# action, body, the status it leads to; the officer's and the focal point's.
ACTIONS = {
    "submit": ({}, "submitted"),
    "approve": ({}, "approved"),
    "refuse": ({"reason": "No"}, "refused"),
    "withdraw": ({"reason": "Ill"}, "withdrawn"),
    "reinstate": ({}, "submitted"),
}
WAYS = {
    "nominated": [],
    "submitted": ["submit"],
    "approved": ["submit", "approve"],
    "refused": ["submit", "refuse"],
    "withdrawn": ["withdraw"],
}


async def person_who_is(client: httpx.AsyncClient, world: World, status: str) -> str:
    given = {"delegation": "KWT", "name": status.title(), "role": "delegate"}
    made = await client.post(f"{world.api}/participants", json=given, headers=world.headers())
    for action in WAYS[status]:
        done = await act(client, world, made.json()["id"], action, "administrator")
        assert done.status_code == 200, done.text
    return str(made.json()["id"])


async def act(
    client: httpx.AsyncClient, world: World, id: str, action: str, role: str
) -> httpx.Response:
    return await client.post(
        f"{world.api}/participants/{id}/{action}",
        json=ACTIONS[action][0] or None,
        headers=world.headers(role),
    )


@pytest.mark.parametrize("role", ["registration_officer", "focal_point"])
async def test_every_action_from_every_status_over_http(
    client: httpx.AsyncClient, world: World, role: str
) -> None:
    side = "officer" if role == "registration_officer" else role
    for status, action in product(WAYS, ACTIONS):
        id = await person_who_is(client, world, status)
        after = ACTIONS[action][1]
        answer = await act(client, world, id, action, role)
        allowed = side in TABLE.get((status, after), ("",))[0].split()
        if action == "submit":
            allowed = allowed and status == "nominated"
        if action == "reinstate":
            allowed = allowed and status != "nominated"
        settled = action == "approve" and status == "approved" and side == "officer"
        office = action in ("approve", "refuse", "reinstate") and side == "focal_point"
        wanted = 403 if office else 200 if allowed or settled else 409
        assert answer.status_code == wanted, (status, action, answer.text)
        shown = await client.get(f"{world.api}/participants/{id}", headers=world.headers())
        assert shown.json()["status"] == (after if wanted == 200 else status)


async def test_a_second_head_is_refused_on_every_way(
    client: httpx.AsyncClient, world: World
) -> None:
    async def head(name: str) -> httpx.Response:
        given = {"delegation": "KWT", "name": name, "role": "head"}
        return await client.post(f"{world.api}/participants", json=given, headers=world.headers())

    first = (await head("First")).json()["id"]
    assert (await head("Second")).json()["code"] == "head-taken"
    await act(client, world, first, "withdraw", "administrator")
    second = (await head("Second")).json()["id"]
    back = await act(client, world, first, "reinstate", "administrator")
    assert (back.status_code, back.json()["code"]) == (409, "head-taken")
    other = await person_who_is(client, world, "nominated")
    promoted = await client.patch(
        f"{world.api}/participants/{other}", json={"role": "head"}, headers=world.headers()
    )
    assert promoted.json()["code"] == "head-taken"
    assert second != first
