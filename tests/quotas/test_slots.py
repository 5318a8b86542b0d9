"""Held slots, quotas per delegation, what the portal refuses, overrides and offers, over HTTP."""

from datetime import timedelta
from typing import Any

import httpx

from app.core import clock
from app.participants import waiting
from tests.quotas.test_places import act, make_quota, submitted, used_and_counted
from tests.world import World


async def nominate(
    client: httpx.AsyncClient, world: World, by: str = "focal_point", **fields: object
) -> httpx.Response:
    given = {"delegation": "KWT", "name": "Person"} | fields
    return await client.post(f"{world.api}/participants", json=given, headers=world.headers(by))


async def hold(
    client: httpx.AsyncClient, world: World, by: str = "administrator", **fields: object
) -> httpx.Response:
    given = {"delegation": "KWT", "role": "delegate"} | fields
    return await client.post(f"{world.api}/slots", json=given, headers=world.headers(by))


async def quotas(client: httpx.AsyncClient, world: World) -> dict[str, Any]:
    found = await client.get(f"{world.api}/quotas", headers=world.headers())
    return {one["name"]: one for one in found.json()["results"]}


async def test_a_sixth_nomination_is_refused_naming_the_quota(
    client: httpx.AsyncClient, world: World
) -> None:
    await make_quota(client, world, 5, waiting_list=False)
    for n in range(5):
        assert (await nominate(client, world, name=f"Person {n}")).status_code == 201
    sixth = await nominate(client, world)
    assert (sixth.status_code, sixth.json()["code"]) == (409, "slots-exhausted")
    assert sixth.json()["quota"]["name"] == "Main"
    assert "5 of 5" in sixth.json()["detail"]
    # An officer may enter anybody, and is refused at approval.
    assert (await nominate(client, world, "registration_officer")).status_code == 201
    # One leaves, and there is room for the successor.
    found = await client.get(f"{world.api}/participants", headers=world.headers("focal_point"))
    first = found.json()["results"][0]["id"]
    for id in (first, found.json()["results"][1]["id"]):
        await act(client, world, id, "withdraw", reason="Ill")
    assert (await nominate(client, world)).status_code == 201


async def test_with_a_waiting_list_the_portal_takes_more(
    client: httpx.AsyncClient, world: World
) -> None:
    await make_quota(client, world, 1)
    assert [(await nominate(client, world)).status_code for _ in range(3)] == [201] * 3


async def test_the_portal_is_open_between_two_instants(
    client: httpx.AsyncClient, world: World
) -> None:
    await make_quota(client, world, 9, closes_at="2026-11-03T17:00")
    noon = clock.parse_instant("2026-11-03T14:00:00+00:00", "UTC")
    with clock.frozen(noon):
        made = await nominate(client, world)
        assert made.status_code == 201, "14:00:00Z is 17:00 in Kuwait"
    with clock.frozen(noon + timedelta(seconds=1)):
        late = await nominate(client, world)
        assert (late.status_code, late.json()["code"]) == (409, "registration-closed")
        assert "3 November 2026 at 17:00 (Asia/Kuwait)" in late.json()["detail"]
        submit = f"{world.api}/participants/{made.json()['id']}/submit"
        handed = await client.post(submit, headers=world.headers("focal_point"))
        assert handed.json()["code"] == "registration-closed"
        officer = await client.post(submit, headers=world.headers("registration_officer"))
        assert officer.status_code == 200
    await make_quota(client, world, 9, name="Early", opens_at="2026-10-01T09:00")
    with clock.frozen(clock.parse_instant("2026-10-01T05:59:59+00:00", "UTC")):
        assert (await nominate(client, world)).json()["code"] == "registration-closed"


async def test_a_held_slot_takes_its_place_once(client: httpx.AsyncClient, world: World) -> None:
    await make_quota(client, world, 2)
    held = await hold(client, world, number=2)
    assert held.status_code == 201
    assert (await quotas(client, world))["Main"]["used"] == 2
    third = await hold(client, world)
    assert (third.status_code, third.json()["code"]) == (409, "quota-exhausted")
    # Somebody of another delegation waits; the one for whom the slot is held does not.
    other = await nominate(client, world, "administrator", delegation="TJK", up_to="approved")
    assert other.json()["status"] == "waitlisted"
    own = await nominate(client, world, "administrator", up_to="approved")
    assert own.json()["status"] == "approved"
    assert (await quotas(client, world))["Main"]["used"] == 2
    slots = (await client.get(f"{world.api}/slots", headers=world.headers())).json()["results"]
    assert [slot["participant_id"] for slot in slots] == [None]
    released = await client.delete(f"{world.api}/slots/{slots[0]['id']}", headers=world.headers())
    assert released.status_code == 204
    shown = await client.get(
        f"{world.api}/participants/{other.json()['id']}", headers=world.headers()
    )
    assert shown.json()["status"] == "approved", "the place went to who waited"
    assert await used_and_counted(world.database) == [(2, 2)]


async def test_slots_of_others_count_and_own_ones_are_named(
    client: httpx.AsyncClient, world: World
) -> None:
    await make_quota(client, world, 2, waiting_list=False)
    await hold(client, world, delegation="TJK")
    await hold(client, world)
    named = await nominate(client, world)
    assert named.status_code == 201
    mine = await client.get(f"{world.api}/slots", headers=world.headers("focal_point"))
    assert [s["participant_id"] for s in mine.json()["results"]] == [named.json()["id"]]
    assert (await nominate(client, world)).json()["code"] == "slots-exhausted"
    # Who leaves before approval leaves the slot to the delegation.
    await act(client, world, named.json()["id"], "withdraw", reason="Ill")
    mine = await client.get(f"{world.api}/slots", headers=world.headers("focal_point"))
    assert [s["participant_id"] for s in mine.json()["results"]] == [None]
    assert (await nominate(client, world)).status_code == 201


async def test_a_default_by_kind_with_an_exception(client: httpx.AsyncClient, world: World) -> None:
    scope: dict[str, object] = {"kind": "member_state", "roles": ["head", "delegate"]}
    await make_quota(client, world, 2, per_delegation=True, scope=scope, waiting_list=False)
    exception = {"name": "Main", "capacity": 3, "scope": {"delegation": "TJK"}}
    made = await client.post(f"{world.api}/quotas", json=exception, headers=world.headers())
    assert (made.status_code, made.json()["name"]) == (201, "Main · TJK")
    got = {
        code: [
            (await nominate(client, world, "administrator", delegation=code, up_to="approved"))
            .json()
            .get("code", "approved")
            for _ in range(4)
        ]
        for code in ("KWT", "TJK")
    }
    assert got == {
        "KWT": ["approved"] * 2 + ["quota-exhausted"] * 2,
        "TJK": ["approved"] * 3 + ["quota-exhausted"],
    }
    found = await quotas(client, world)
    assert {name: one["used"] for name, one in found.items()} == {
        "Main": 0,
        "Main · KWT": 2,
        "Main · TJK": 3,
    }
    # More for all: the exception keeps its own capacity.
    changed = await client.patch(
        f"{world.api}/quotas/{found['Main']['id']}",
        json={"capacity": 4, "name": "Seats"},
        headers=world.headers(),
    )
    assert changed.status_code == 200
    found = await quotas(client, world)
    assert {name: one["capacity"] for name, one in found.items()} == {
        "Seats": 4,
        "Seats · KWT": 4,
        "Seats · TJK": 3,
    }
    less = {"capacity": 1}
    below = await client.patch(
        f"{world.api}/quotas/{found['Seats']['id']}", json=less, headers=world.headers()
    )
    assert (below.status_code, below.json()["code"]) == (409, "capacity-below-used")


async def test_rule_12_main_security_support(client: httpx.AsyncClient, world: World) -> None:
    each: dict[str, Any] = {"per_delegation": True, "waiting_list": False}
    for name, capacity, roles in (
        ("Main", 5, ["head", "delegate"]),
        ("Security", 2, ["security"]),
        ("Support", 2, ["support", "interpreter"]),
    ):
        scope = {"kind": "member_state", "roles": roles}
        await make_quota(client, world, capacity, name=name, scope=scope, **each)
    for role in ("head", *["delegate"] * 4, *["security"] * 2, "interpreter"):
        done = await nominate(client, world, "administrator", role=role, up_to="approved")
        assert done.json()["status"] == "approved", done.text
    found = await quotas(client, world)
    stand = {name: (q["used"], q["capacity"]) for name, q in found.items() if q["parent_id"]}
    assert stand == {"Main · KWT": (5, 5), "Security · KWT": (2, 2), "Support · KWT": (1, 2)}
    # The override: a named officer, a reason, and a badge that enters and takes no floor.
    [one] = await submitted(world, 1)
    path = f"{world.api}/participants/{one}/approve"
    assert (await client.post(path, headers=world.headers())).status_code == 409
    given = {"override": {"reason": "Asked by the ministry"}}
    done = await client.post(path, json=given, headers=world.headers())
    assert (done.json()["status"], done.json()["overflow"]) == ("approved", True)
    badges = await client.get(f"{world.api}/badges?page_size=500", headers=world.headers())
    [badge] = [b for b in badges.json()["results"] if b["participant"] == one]
    assert badge["category"] == "overflow"
    assert (await quotas(client, world))["Main · KWT"]["used"] == 5
    # The place that somebody gives up goes to nobody beyond; who leaves frees nothing.
    await act(client, world, one, "withdraw", reason="Ill")
    assert (await quotas(client, world))["Main · KWT"]["used"] == 5


async def test_an_offer_ends_and_passes_on(client: httpx.AsyncClient, world: World) -> None:
    await make_quota(client, world, 1, offer_hours=24)
    first, second, third = await submitted(world, 3)
    for id in (first, second, third):
        await act(client, world, id, "approve")
    start = clock.now()
    await act(client, world, first, "withdraw", reason="Ill")

    async def line() -> list[tuple[str, bool]]:
        found = await client.get(f"{world.api}/waiting-list", headers=world.headers())
        return [(one["id"], one["offered_until"] is not None) for one in found.json()["results"]]

    assert await line() == [(second, True), (third, False)]
    assert await used_and_counted(world.database) == [(1, 1)]
    early = await client.post(
        f"{world.api}/waiting-list/{third}/accept", headers=world.headers("focal_point")
    )
    assert (early.status_code, early.json()["code"]) == (409, "no-offer")
    with clock.frozen(start + timedelta(hours=25)):
        late = await client.post(
            f"{world.api}/waiting-list/{second}/accept", headers=world.headers("focal_point")
        )
        assert (late.status_code, late.json()["code"]) == (409, "offer-ended")
        await waiting.pass_on(world.database)
        assert await line() == [(third, True), (second, False)]
        taken = await client.post(
            f"{world.api}/waiting-list/{third}/accept", headers=world.headers("focal_point")
        )
        assert (taken.status_code, taken.json()["status"]) == (200, "approved")
        assert await line() == [(second, False)]
    assert await used_and_counted(world.database) == [(1, 1)]


async def test_priority_decides_who_is_next(client: httpx.AsyncClient, world: World) -> None:
    await make_quota(client, world, 1)
    first, second, third = await submitted(world, 3)
    for id in (first, second, third):
        await act(client, world, id, "approve")
    given = {"priority": 1}
    path = f"{world.api}/waiting-list/{third}/priority"
    assert (await client.post(path, json=given, headers=world.headers())).status_code == 200
    listed = await client.get(f"{world.api}/waiting-list", headers=world.headers())
    assert [(one["id"], one["blocked_by"]) for one in listed.json()["results"]] == [
        (third, "Main"),
        (second, "Main"),
    ]
    await act(client, world, first, "withdraw", reason="Ill")
    shown = await client.get(f"{world.api}/participants/{third}", headers=world.headers())
    assert shown.json()["status"] == "approved"
    settled = await client.post(path, json=given, headers=world.headers())
    assert (settled.status_code, settled.json()["code"]) == (409, "not-waiting")


async def test_a_new_quota_counts_the_slots_held_before(
    client: httpx.AsyncClient, world: World
) -> None:
    await hold(client, world, number=2)
    small = await client.post(
        f"{world.api}/quotas", json={"name": "Small", "capacity": 1}, headers=world.headers()
    )
    assert (small.status_code, small.json()["code"]) == (409, "capacity-below-used")
    await make_quota(client, world, 2)
    assert await used_and_counted(world.database) == [(2, 2)]


async def test_a_focal_point_holds_places_of_its_own_quota_and_gives_them_back(
    client: httpx.AsyncClient, world: World
) -> None:
    await make_quota(client, world, 4, per_delegation=True, waiting_list=False)
    assert (await nominate(client, world)).status_code == 201
    held = await hold(client, world, "focal_point", number=3)
    assert held.status_code == 201, held.text
    # One nominated and three held are four, so the next one is refused, by name or without.
    for refused in (
        await hold(client, world, "focal_point"),
        await nominate(client, world, role="head"),
    ):
        assert (refused.status_code, refused.json()["code"]) == (409, "slots-exhausted")
    foreign = await hold(client, world, "focal_point", delegation="TJK")
    assert foreign.status_code == 404
    other = (await hold(client, world, delegation="TJK")).json()[0]["id"]
    for id, status in ((other, 404), (held.json()[0]["id"], 204)):
        gone = await client.delete(f"{world.api}/slots/{id}", headers=world.headers("focal_point"))
        assert gone.status_code == status
    assert (await hold(client, world, "focal_point")).status_code == 201
    assert (await hold(client, world, "focal_point", role="emperor")).status_code == 422


async def test_nobody_holds_what_all_delegations_share(
    client: httpx.AsyncClient, world: World
) -> None:
    await make_quota(client, world, 10)
    refused = await hold(client, world, "focal_point")
    assert (refused.status_code, refused.json()["code"]) == (409, "no-own-quota")
    assert (await hold(client, world)).status_code == 201, "an officer may"


async def test_a_delegation_of_another_kind_waits_for_another_place(
    client: httpx.AsyncClient, world: World
) -> None:
    """What was offered to it was a place among those of its old kind."""
    await make_quota(client, world, 1, offer_hours=24, scope={"kind": "member_state"})
    first, second = await submitted(world, 2)
    for id in (first, second):
        await act(client, world, id, "approve")
    await act(client, world, first, "withdraw", reason="Ill")
    path = f"{world.api}/participants/{second}"
    shown = (await client.get(path, headers=world.headers())).json()
    assert shown["offered_until"] is not None
    changed = await client.patch(
        f"{world.api}/delegations/KWT", json={"kind": "observer_state"}, headers=world.headers()
    )
    assert changed.status_code == 200, changed.text
    now = (await client.get(path, headers=world.headers())).json()
    assert (now["status"], now["offered_until"]) == ("approved", None), "no quota covers it now"
    assert await used_and_counted(world.database) == [(0, 0)]
