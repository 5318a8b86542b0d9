"""The desk's pages of receptions, and the list at the door."""

import re

import httpx

from app.accounts.rules import Role
from tests.programme.test_api import person
from tests.receptions.test_api import approved, dinner, invited, reply
from tests.world import World, make_world

DESK = "/c/test-2026/desk/receptions"


async def test_a_reception_is_added_and_filled_by_forms(
    client: httpx.AsyncClient, world: World
) -> None:
    officer = world.headers("protocol_officer")
    form = {
        "title.en": "Dinner",
        "title.ar": "",
        "capacity": "",
        "ranks": ["minister", "ambassador"],
        "local_start": "2026-11-04T20:00",
        "local_end": "2026-11-04T22:00",
    }
    wrong = await client.post(f"{DESK}/new", data=form, headers=officer)
    assert wrong.status_code == 422
    assert 'value="minister" checked' in wrong.text
    made = await client.post(f"{DESK}/new", data=form | {"capacity": "2"}, headers=officer)
    assert made.status_code == 303
    address = made.headers["location"]
    await approved(client, world, name="Ambassador Example", rank="ambassador")
    other = await person(client, world, name="Rashid Example")
    by_rank = await client.post(f"{address}/invitations", data={"by_rank": "true"}, headers=officer)
    assert by_rank.status_code == 303
    found = await client.get(f"{address}?invite=rashid", headers=officer)
    assert other in found.text
    one = await client.post(
        f"{address}/invitations", data={"participants": other, "companions": "1"}, headers=officer
    )
    assert one.status_code == 303
    page = (await client.get(f"{address}?search=rashid", headers=officer)).text
    assert "Ambassador Example" not in page
    action = re.search(r'action="([^"]+/reply)"', page)
    assert action
    comes = await client.post(
        action[1], data={"reply": "accepted", "companions": "1"}, headers=officer
    )
    assert comes.status_code == 303
    page = (await client.get(address, headers=officer)).text
    assert "of 2 places" in page
    assert "1+1" in page
    assert "Dinner" in (await client.get(f"{DESK}/", headers=officer)).text
    nobody = await client.post(f"{address}/invitations", data={}, headers=officer)
    assert nobody.status_code == 422


async def test_the_door_list_names_who_comes_and_whom_to_call_protocol_for(
    client: httpx.AsyncClient, world: World
) -> None:
    guest = await person(client, world, name="Guest <b>Example")
    absent = await person(client, world, name="Absent Example")
    head = await person(client, world, name="Head Example", role="head", names={"ar": "رئيس"})
    reception = await dinner(client, world)
    invitations = await invited(client, world, reception, guest, absent, head)
    await reply(client, world, reception, invitations[guest])
    address = f"{DESK}/{reception['id']}/door"
    page = (await client.get(address, headers=world.headers("auditor"))).text
    assert "Guest &lt;b&gt;Example" in page
    assert "Absent" not in page
    assert page.count("Call protocol") == 1
    pdf = await client.get(f"{address}.pdf", headers=world.headers("protocol_officer"))
    assert (pdf.status_code, pdf.headers["content-type"]) == (200, "application/pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert pdf.headers["cache-control"] == "private, no-store"


async def test_roles(client: httpx.AsyncClient, world: World) -> None:
    writers = {Role.administrator, Role.protocol_officer}
    readers = writers | {Role.registration_officer, Role.auditor}
    guest = await person(client, world)
    reception = await dinner(client, world)
    [invitation] = (await invited(client, world, reception, guest)).values()
    here = f"{DESK}/{reception['id']}"
    for role in Role:
        headers = world.headers(role.value)
        for path in (DESK, here, f"{here}/door"):
            page = await client.get(path, headers=headers)
            assert page.status_code == (200 if role in readers else 403), (role, path)
        for path, data in (
            (f"{here}/invitations", {"participants": guest}),
            (f"{here}/invitations/{invitation}/reply", {"reply": "declined"}),
        ):
            done = await client.post(path, data=data, headers=headers)
            assert done.status_code == (303 if role in writers else 403), (role, path)
        form = await client.get(f"{DESK}/new", headers=headers)
        assert form.status_code == (200 if role in writers else 403), role
    assert (
        await client.get(f"{here}/door.pdf", headers=world.headers("delegate"))
    ).status_code == 403
    other = await make_world(world.database, "other-2026")
    stranger = other.headers("protocol_officer")
    for path in (here, f"/c/other-2026/desk/receptions/{reception['id']}/door.pdf"):
        assert (await client.get(path, headers=stranger)).status_code == 404
