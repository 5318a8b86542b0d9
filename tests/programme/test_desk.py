"""The desk's pages of the programme, without a script."""

import html
import re

import httpx

from app.accounts.rules import Role
from tests.programme.test_api import MORNING, create, person
from tests.world import World, make_world

DESK = "/c/test-2026/desk/programme"


async def test_a_session_is_added_edited_and_cancelled_by_forms(
    client: httpx.AsyncClient, world: World
) -> None:
    officer = world.headers("programme_officer")
    room = await client.post(
        f"{DESK}/rooms", data={"name": "Hall", "names.ar": "", "capacity": ""}, headers=officer
    )
    assert (room.status_code, room.headers["location"]) == (303, DESK)
    twice = await client.post(f"{DESK}/rooms", data={"name": "Hall"}, headers=officer)
    assert twice.status_code == 422
    assert "There is a room" in twice.text
    empty = await client.get(f"{DESK}/sessions/new", headers=officer)
    room_id = re.search(r'<option value="([0-9a-f-]{36})">Hall', empty.text)
    assert room_id
    form = {
        "title.en": "Opening <b>",
        "title.ar": "",
        "abstract.en": "",
        "kind": "ceremony",
        "status": "draft",
        "room": room_id[1],
        "local_start": "2026-11-04T09:00",
        "local_end": "2026-11-04T10:00",
    }
    wrong = await client.post(
        f"{DESK}/sessions/new", data=form | {"local_end": "2026-11-04T08:00"}, headers=officer
    )
    assert wrong.status_code == 422
    assert "Write a time after the start." in wrong.text
    made = await client.post(f"{DESK}/sessions/new", data=form, headers=officer)
    assert made.status_code == 303
    address = made.headers["location"]
    page = await client.get(address, headers=officer)
    assert page.status_code == 200
    assert "Opening &lt;b&gt;" in page.text
    assert 'value="2026-11-04T09:00"' in page.text
    edit = form | {"status": "confirmed", "version": "0"}
    assert (await client.post(address, data=edit, headers=officer)).status_code == 303
    outdated = await client.post(address, data=edit | {"title.en": "X"}, headers=officer)
    assert outdated.status_code == 412
    assert "Opening" in (await client.get("/c/test-2026/")).text
    cancelled = await client.post(f"{address}/cancel", headers=officer)
    assert cancelled.status_code == 303
    listed = await client.get(f"{DESK}/", headers=officer)
    assert "Cancelled" in listed.text
    assert "Opening" not in (await client.get(f"{DESK}?search=closing", headers=officer)).text
    by_room = await client.get(f"{DESK}?search=OPEN&room={room_id[1]}", headers=officer)
    assert "Opening" in by_room.text


async def test_speakers_are_found_by_name_and_added(
    client: httpx.AsyncClient, world: World
) -> None:
    protocol = world.headers("protocol_officer")
    made = await create(client, world, "sessions", title={"en": "Opening"}, **MORNING)
    one = await person(client, world, name="Salem <Al-Example>")
    address = f"{DESK}/sessions/{made['id']}"
    found = await client.get(f"{address}?search=salem", headers=protocol)
    assert html.escape("Salem <Al-Example>") in found.text
    assert one in found.text
    added = await client.post(
        f"{address}/speakers", data={"participant": one, "role": "chair"}, headers=protocol
    )
    assert added.status_code == 303
    page = await client.get(address, headers=protocol)
    assert "Chair" in page.text
    remove = re.search(r'action="([^"]+/remove)"', page.text)
    assert remove
    assert (await client.post(remove[1], headers=protocol)).status_code == 303
    assert "Nobody yet." in (await client.get(address, headers=protocol)).text
    wrong = await client.post(
        f"{address}/speakers", data={"participant": "x", "role": "chair"}, headers=protocol
    )
    assert wrong.status_code == 422


async def test_roles(client: httpx.AsyncClient, world: World) -> None:
    readers = {
        Role.administrator,
        Role.programme_officer,
        Role.protocol_officer,
        Role.registration_officer,
        Role.auditor,
    }
    made = await create(client, world, "sessions", title={"en": "Opening"}, **MORNING)
    for role in Role:
        headers = world.headers(role.value)
        for path in ("", f"/sessions/{made['id']}"):
            page = await client.get(DESK + path, headers=headers)
            assert page.status_code == (200 if role in readers else 403), (role, path)
        writer = role in {Role.administrator, Role.programme_officer}
        form = await client.get(f"{DESK}/sessions/new", headers=headers)
        assert form.status_code == (200 if writer else 403), role
        cancelled = await client.post(f"{DESK}/sessions/{made['id']}/cancel", headers=headers)
        assert cancelled.status_code == (303 if writer else 403), role
    assert (await client.get(DESK)).status_code == 401
    other = await make_world(world.database, "other-2026")
    stranger = other.headers("programme_officer")
    assert (await client.get(DESK, headers=stranger)).status_code == 404
    theirs = f"/c/other-2026/desk/programme/sessions/{made['id']}"
    assert (await client.get(theirs, headers=stranger)).status_code == 404
