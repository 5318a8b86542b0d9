"""Zone passes: one VIP lounge pass for each delegation, on a badge that opens it."""

import re
from uuid import UUID

import httpx

from app.badges.passes.service import thing_of
from app.badges.rules import zones
from app.badges.store import B
from tests.participants.people import nominated
from tests.quotas.test_places import act, make_quota, used_and_counted
from tests.world import World, signed_in

VIP = {key: bit for bit, key in zones().items()}["vip_lounge"]
OFFICIAL = {"function": "Adviser", "rank": "official"}


async def grant(
    client: httpx.AsyncClient, world: World, person: str, zone: str = "vip_lounge"
) -> httpx.Response:
    return await client.post(
        f"{world.api}/participants/{person}/zone-passes",
        json={"zone": zone},
        headers=world.headers("protocol_officer"),
    )


async def serials(client: httpx.AsyncClient, world: World, person: str) -> list[str]:
    found = await client.get(f"{world.api}/badges?page_size=500", headers=world.headers())
    return [one["serial"] for one in found.json()["results"] if one["participant"] == person]


async def opens(world: World, person: str) -> int:
    async with world.database.reading() as session:
        found = await session.execute(
            B.select().where(B.c.participant_id == UUID(person), B.c.revoked_at.is_(None))
        )
        return int(found.one().zones) >> VIP & 1


async def test_one_for_each_delegation_and_the_badge_opens_it(
    client: httpx.AsyncClient, world: World
) -> None:
    kind, id = thing_of(VIP)
    scope = {"thing": {"kind": kind, "id": str(id)}}
    await make_quota(client, world, 1, name="Lounge", per_delegation=True, scope=scope)
    a, b = [await nominated(world, name=f"Person {n}", approve=True, **OFFICIAL) for n in "AB"]
    [first] = await serials(client, world, a)
    assert await opens(world, a) == 0
    assert (await grant(client, world, a)).status_code == 204
    [second] = await serials(client, world, a)
    assert second != first
    assert await opens(world, a) == 1
    full = await grant(client, world, b)
    assert (full.status_code, full.json()["code"]) == (409, "quota-exhausted")
    assert "Person B in Vip lounge" in full.json()["detail"]
    again = await grant(client, world, a)
    assert (again.status_code, again.json()["code"]) == (409, "opens-already")
    assert (await grant(client, world, a, "moon")).status_code == 404
    at = f"{world.api}/participants/{a}/zone-passes"
    [shown] = (await client.get(at, headers=world.headers())).json()
    assert shown["zone"] == "vip_lounge"

    back = await client.delete(f"{at}/vip_lounge", headers=world.headers("protocol_officer"))
    assert back.status_code == 204
    assert await opens(world, a) == 0
    assert (await grant(client, world, b)).status_code == 204
    await act(client, world, b, "withdraw", reason="Ill")
    assert (await grant(client, world, a)).status_code == 204
    assert sorted(await used_and_counted(world.database)) == [(0, 0), (1, 1)]


async def test_a_principal_has_it_by_category_and_a_new_badge_keeps_the_pass(
    client: httpx.AsyncClient, world: World
) -> None:
    minister = await nominated(world, approve=True, rank="minister")
    refused = await grant(client, world, minister)
    assert (refused.status_code, refused.json()["code"]) == (409, "opens-already")
    adviser = await nominated(world, name="Adviser", approve=True, **OFFICIAL)
    assert (await grant(client, world, adviser, "media_centre")).status_code == 204
    assert (await grant(client, world, adviser)).status_code == 204
    await client.patch(
        f"{world.api}/participants/{adviser}", json={"role": "support"}, headers=world.headers()
    )
    assert await opens(world, adviser) == 1
    early = await grant(client, world, await nominated(world, name="Early"))
    assert (early.status_code, early.json()["code"]) == (409, "not-approved")


async def test_at_the_desk(client: httpx.AsyncClient, world: World) -> None:
    person = await nominated(world, name="Adviser", approve=True, **OFFICIAL)
    await signed_in(client, world, "registration_officer")
    assert "/zones" in (await client.get(f"{world.desk}/participants/{person}")).text
    here = f"{world.desk}/participants/{person}/zones"
    page = await client.get(here)
    found = re.search(r'name="version" value="(\d+)"', page.text)
    assert found
    form = {"zone": "vip_lounge", "version": found.group(1)}
    assert (await client.post(here, data=form)).status_code == 303
    assert "Opened by" in (await client.get(here)).text
    late = await client.post(here, data={**form, "version": "99"})
    assert late.status_code == 412
    assert (await client.post(f"{here}/close", data=form)).status_code == 303
    assert "Opened by" not in (await client.get(here)).text
    await signed_in(client, world, "press_officer")
    assert (await client.get(here)).status_code == 403
