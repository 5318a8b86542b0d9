"""Rooms, sessions and speakers through the API, by role and with their clashes."""

from uuid import uuid4

import httpx
import pytest

from app.accounts.rules import Role
from tests.world import World, make_world

MORNING = {"local_start": "2026-11-04T09:00", "local_end": "2026-11-04T11:00"}


async def create(
    client: httpx.AsyncClient,
    world: World,
    what: str,
    by: str = "programme_officer",
    **given: object,
) -> dict[str, object]:
    answer = await client.post(f"{world.api}/{what}", json=given, headers=world.headers(by))
    assert answer.status_code == 201, answer.text
    made: dict[str, object] = answer.json()
    return made


async def person(client: httpx.AsyncClient, world: World, **given: object) -> str:
    fields = {"delegation": "KWT", "name": "Salem Al-Example", "role": "delegate"} | given
    made = await create(client, world, "participants", "registration_officer", **fields)
    return str(made["id"])


async def test_a_session_keeps_local_time_and_derives_the_instant(
    client: httpx.AsyncClient, world: World
) -> None:
    room = await create(client, world, "rooms", name="Plenary Hall", capacity=600)
    made = await create(
        client, world, "sessions", title={"en": "Opening"}, room=room["id"], **MORNING
    )
    assert made["local_start"] == "2026-11-04T09:00:00"
    assert made["starts_at"] == "2026-11-04T06:00:00Z"
    assert (made["timezone"], made["room_name"]) == ("Asia/Kuwait", "Plenary Hall")
    assert (made["sequence"], made["warnings"]) == (0, [])


async def test_every_change_raises_the_sequence_and_nothing_else_does(
    client: httpx.AsyncClient, world: World
) -> None:
    officer = world.headers("programme_officer")
    room = await create(client, world, "rooms", name="Hall")
    made = await create(
        client, world, "sessions", title={"en": "Opening"}, room=room["id"], **MORNING
    )
    address = f"{world.api}/sessions/{made['id']}"

    async def sequence() -> int:
        return int((await client.get(address, headers=officer)).json()["sequence"])

    same = await client.patch(address, json={"title": {"en": "Opening"}}, headers=officer)
    assert (same.status_code, same.json()["sequence"]) == (200, 0)
    moved = await client.patch(
        address, json={"local_end": "2026-11-04T12:00"}, headers=officer | {"If-Match": '"0"'}
    )
    assert (moved.json()["sequence"], moved.headers["etag"]) == (1, '"1"')
    lost = await client.patch(
        address, json={"title": {"en": "X"}}, headers=officer | {"If-Match": '"0"'}
    )
    assert lost.status_code == 412
    renamed = await client.patch(
        f"{world.api}/rooms/{room['id']}", json={"name": "Great Hall"}, headers=officer
    )
    assert (renamed.status_code, await sequence()) == (200, 2)
    speaker = await person(client, world)
    added = await create(client, world, "speakers", session=made["id"], participant=speaker)
    assert await sequence() == 3
    await client.patch(
        f"{world.api}/participants/{speaker}",
        json={"function": "Minister of Interior"},
        headers=world.headers("protocol_officer"),
    )
    assert await sequence() == 4
    await client.patch(
        f"{world.api}/participants/{speaker}",
        json={"phone": "+965 1"},
        headers=world.headers("protocol_officer"),
    )
    assert await sequence() == 4
    await client.post(
        f"{world.api}/participants/{speaker}/withdraw",
        json={"reason": "Ill"},
        headers=world.headers("registration_officer"),
    )
    assert await sequence() == 5
    listed = await client.get(f"{world.api}/speakers?session={made['id']}", headers=officer)
    assert [(one["name"], one["shown"]) for one in listed.json()["results"]] == [
        ("Salem Al-Example", False)
    ]
    gone = await client.delete(f"{world.api}/speakers/{added['id']}", headers=officer)
    assert (gone.status_code, await sequence()) == (204, 6)
    cancelled = await client.post(f"{address}/cancel", headers=officer)
    assert (cancelled.json()["status"], cancelled.json()["sequence"]) == ("cancelled", 7)
    twice = await client.post(f"{address}/cancel", headers=officer)
    assert (twice.status_code, twice.json()["sequence"]) == (200, 7)
    back = await client.patch(address, json={"status": "draft"}, headers=officer)
    assert (back.status_code, back.json()["code"]) == (409, "already-public")


async def test_overlaps_are_said_and_not_refused(client: httpx.AsyncClient, world: World) -> None:
    room = await create(client, world, "rooms", name="Hall")
    speaker = await person(client, world)
    one = await create(client, world, "sessions", title={"en": "One"}, room=room["id"], **MORNING)
    two = await create(client, world, "sessions", title={"en": "Two"}, room=room["id"], **MORNING)
    assert two["warnings"] == ["“One” is in Hall at the same time."]
    for session in (one, two):
        await create(client, world, "speakers", session=session["id"], participant=speaker)
    listed = await client.get(f"{world.api}/sessions", headers=world.headers("auditor"))
    assert {s["title"]["en"]: s["warnings"] for s in listed.json()["results"]} == {
        "One": [
            "“Two” is in Hall at the same time.",
            "Salem Al-Example is in “Two” at the same time.",
        ],
        "Two": [
            "“One” is in Hall at the same time.",
            "Salem Al-Example is in “One” at the same time.",
        ],
    }
    late = await create(
        client,
        world,
        "sessions",
        title={"en": "Late"},
        local_start="2026-11-06T09:00",
        local_end="2026-11-06T10:00",
    )
    assert late["warnings"] == ["This is not within the days of the conference."]


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": {}},
        {"title": {"en": " "}},
        {"local_end": "2026-11-04T08:00"},
        {"local_start": "2026-11-04T09:00+03:00"},
        {"local_start": "0001-01-01T00:00"},
        {"kind": "circus"},
        {"sequence": 9},
    ],
)
async def test_malformed_sessions_are_422(
    client: httpx.AsyncClient, world: World, wrong: dict[str, object]
) -> None:
    given = {"title": {"en": "Opening"}, **MORNING} | wrong
    answer = await client.post(
        f"{world.api}/sessions", json=given, headers=world.headers("programme_officer")
    )
    assert answer.status_code == 422
    assert answer.json()["errors"]


async def test_clashes_are_409_with_their_code(client: httpx.AsyncClient, world: World) -> None:
    officer = world.headers("programme_officer")
    await create(client, world, "rooms", name="Hall")
    session = await create(client, world, "sessions", title={"en": "Opening"}, **MORNING)
    speaker = await person(client, world)
    gone = await person(client, world, name="Withdrawn Person")
    await client.post(
        f"{world.api}/participants/{gone}/withdraw",
        json={"reason": "Ill"},
        headers=world.headers("registration_officer"),
    )
    await create(client, world, "speakers", session=session["id"], participant=speaker)
    for what, given, code in (
        ("rooms", {"name": "Hall"}, "name-taken"),
        ("sessions", {"title": {"en": "X"}, "room": str(uuid4()), **MORNING}, "unknown-room"),
        ("speakers", {"session": session["id"], "participant": speaker}, "speaks-already"),
        ("speakers", {"session": session["id"], "participant": gone}, "not-taking-part"),
    ):
        answer = await client.post(f"{world.api}/{what}", json=given, headers=officer)
        assert (answer.status_code, answer.json()["code"]) == (409, code)


async def test_roles(client: httpx.AsyncClient, world: World) -> None:
    """Programme officers write; protocol puts speakers in; the desk reads; nobody else."""
    session = await create(client, world, "sessions", title={"en": "Opening"}, **MORNING)
    writers = {Role.administrator, Role.programme_officer}
    readers = writers | {
        Role.registration_officer,
        Role.protocol_officer,
        Role.press_officer,
        Role.auditor,
    }
    for role in Role:
        headers = world.headers(role.value)
        listed = await client.get(f"{world.api}/sessions", headers=headers)
        assert listed.status_code == (200 if role in readers else 403), role
        people = await client.get(f"{world.api}/speakers", headers=headers)
        assert people.status_code == (200 if role in readers - {Role.press_officer} else 403), role
        room = await client.post(f"{world.api}/rooms", json={"name": role.value}, headers=headers)
        assert room.status_code == (201 if role in writers else 403), role
        edited = await client.patch(
            f"{world.api}/sessions/{session['id']}",
            json={"title": {"en": role.value}},
            headers=headers,
        )
        assert edited.status_code == (200 if role in writers else 403), role
        speaker = await person(client, world, name=f"Person {role.value}")
        put = await client.post(
            f"{world.api}/speakers",
            json={"session": session["id"], "participant": speaker},
            headers=headers,
        )
        allowed = role in writers | {Role.protocol_officer}
        assert put.status_code == (201 if allowed else 403), role
    assert (await client.get(f"{world.api}/sessions")).status_code == 401


async def test_another_conference_is_not_there(client: httpx.AsyncClient, world: World) -> None:
    other = await make_world(world.database, "other-2026")
    session = await create(client, world, "sessions", title={"en": "Opening"}, **MORNING)
    room = await create(client, world, "rooms", name="Hall")
    stranger = other.headers("programme_officer")
    assert (await client.get(f"{world.api}/sessions", headers=stranger)).status_code == 404
    for method, what in (
        ("GET", f"sessions/{session['id']}"),
        ("PATCH", f"sessions/{session['id']}"),
        ("POST", f"sessions/{session['id']}/cancel"),
        ("PATCH", f"rooms/{room['id']}"),
        ("DELETE", f"speakers/{uuid4()}"),
    ):
        body = {} if method == "PATCH" else None
        answer = await client.request(method, f"{other.api}/{what}", json=body, headers=stranger)
        assert answer.status_code == 404, what
    borrowed = await client.post(
        f"{other.api}/sessions",
        json={"title": {"en": "X"}, "room": room["id"], **MORNING},
        headers=stranger,
    )
    assert (borrowed.status_code, borrowed.json()["code"]) == (409, "unknown-room")
    speaker = await person(client, world)
    theirs = await create(client, other, "sessions", title={"en": "Theirs"}, **MORNING)
    foreign = await client.post(
        f"{other.api}/speakers",
        json={"session": theirs["id"], "participant": speaker},
        headers=stranger,
    )
    assert foreign.status_code == 404
