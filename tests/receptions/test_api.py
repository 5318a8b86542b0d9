"""Receptions through the API: inviting, replying, places under pressure, and who leaves."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from app.accounts.rules import Role
from app.core import clock
from app.core.db import table
from app.core.outbox import OutboxRow
from app.receptions import service
from tests.programme.test_api import create, person
from tests.world import World, make_world

EVENING = {"local_start": "2026-11-04T20:00", "local_end": "2026-11-04T22:00"}


async def dinner(client: httpx.AsyncClient, world: World, **given: object) -> dict[str, object]:
    fields = {"title": {"en": "Dinner"}, "capacity": 5, **EVENING} | given
    return await create(client, world, "receptions", "protocol_officer", **fields)


async def invited(
    client: httpx.AsyncClient,
    world: World,
    reception: dict[str, object],
    *people: str,
    **given: object,
) -> dict[str, str]:
    """Invites people by id; returns the invitation of each."""
    address = f"receptions/{reception['id']}/invitations"
    fields = {"participants": list(people)} | given
    await create(client, world, address, "protocol_officer", **fields)
    listed = await client.get(f"{world.api}/{address}?page_size=500", headers=world.headers())
    return {one["participant"]: one["id"] for one in listed.json()["results"]}


async def reply(
    client: httpx.AsyncClient,
    world: World,
    reception: dict[str, object],
    invitation: str,
    **given: object,
) -> httpx.Response:
    return await client.patch(
        f"{world.api}/receptions/{reception['id']}/invitations/{invitation}",
        json={"reply": "accepted"} | given,
        headers=world.headers("protocol_officer"),
    )


async def shown(
    client: httpx.AsyncClient, world: World, reception: dict[str, object]
) -> dict[str, object]:
    answer = await client.get(
        f"{world.api}/receptions/{reception['id']}", headers=world.headers("auditor")
    )
    assert answer.status_code == 200
    found: dict[str, object] = answer.json()
    return found


async def approved(client: httpx.AsyncClient, world: World, **given: object) -> str:
    id = await person(client, world, **given)
    for step in ("submit", "approve"):
        address = f"{world.api}/participants/{id}/{step}"
        answer = await client.post(address, headers=world.headers("registration_officer"))
        assert answer.status_code == 200
    return id


async def test_people_are_invited_by_rank_once(client: httpx.AsyncClient, world: World) -> None:
    minister = await approved(
        client, world, name="M", rank="minister", email="m@example.org", style="H.E."
    )
    await approved(client, world, name="A", rank="ambassador")
    await person(client, world, name="Not approved", rank="minister")
    reception = await dinner(client, world, ranks=["minister"], place="Palace")
    address = f"{world.api}/receptions/{reception['id']}/invitations"
    officer = world.headers("protocol_officer")
    first = await client.post(address, json={"by_rank": True}, headers=officer)
    assert (first.status_code, first.json()) == (201, {"invited": 1, "already": 0})
    again = await client.post(address, json={"by_rank": True}, headers=officer)
    assert again.json() == {"invited": 0, "already": 1}
    [one] = (await client.get(address, headers=officer)).json()["results"]
    assert (one["participant"], one["reply"], one["principal"]) == (minister, "no_reply", True)
    o = table(OutboxRow)
    async with world.database.reading() as session:
        [payload] = (await session.execute(select(o.c.payload))).scalars()
    assert payload["to"] == "m@example.org"
    assert payload["subject"] == "Invitation: Dinner"
    assert "4 November 2026 at 20:00" in payload["text"]
    assert "Palace" in payload["text"]


async def test_replies_take_places_and_give_them_back(
    client: httpx.AsyncClient, world: World
) -> None:
    people = [await person(client, world, name=f"P{n}") for n in range(3)]
    reception = await dinner(client, world, capacity=3)
    invitations = await invited(client, world, reception, *people, companions=1)
    one, two, three = (invitations[p] for p in people)
    accepted = await reply(client, world, reception, one, companions=1, by="telephoned")
    assert accepted.json()["replied_by"] == "telephoned (protocol_officer)"
    too_many = await reply(client, world, reception, two, companions=2)
    assert (too_many.status_code, too_many.json()["code"]) == (409, "companions-exceeded")
    full = await reply(client, world, reception, two, companions=1)
    assert (full.status_code, full.json()["code"]) == (409, "reception-full")
    assert (await reply(client, world, reception, two)).status_code == 200
    assert (await shown(client, world, reception))["used"] == 3
    assert (await reply(client, world, reception, three)).status_code == 409
    declined = await reply(client, world, reception, one, reply="declined")
    assert (declined.json()["reply"], declined.json()["companions"]) == ("declined", 0)
    assert (await reply(client, world, reception, three)).status_code == 200
    found = await shown(client, world, reception)
    assert (found["used"], found["accepted"], found["declined"]) == (2, 2, 1)
    too_small = await client.patch(
        f"{world.api}/receptions/{reception['id']}",
        json={"capacity": 1},
        headers=world.headers("protocol_officer"),
    )
    assert (too_small.status_code, too_small.json()["code"]) == (409, "capacity-below-accepted")


async def test_a_quota_of_a_reception_for_each_delegation(
    client: httpx.AsyncClient, world: World
) -> None:
    people = [await person(client, world, name=f"P{n}") for n in range(2)]
    people.append(await person(client, world, name="Minister", rank="minister"))
    reception = await dinner(client, world, capacity=9)
    invitations = await invited(client, world, reception, *people)
    one, two, minister = (invitations[p] for p in people)
    assert (await reply(client, world, reception, one)).status_code == 200
    scope = {"thing": {"kind": "reception", "id": reception["id"]}}
    quota = {"name": "Dinner", "capacity": 1, "per_delegation": True, "scope": scope}
    made = await client.post(f"{world.api}/quotas", json=quota, headers=world.headers())
    assert made.status_code == 201
    full = await reply(client, world, reception, two)
    assert (full.status_code, full.json()["code"]) == (409, "quota-exhausted")
    assert (await reply(client, world, reception, minister)).status_code == 200
    await reply(client, world, reception, one, reply="declined")
    assert (await reply(client, world, reception, two)).status_code == 200
    scope["thing"]["kind"] = "spaceship"
    unknown = {"name": "Other", "capacity": 1, "scope": scope}
    refused = await client.post(f"{world.api}/quotas", json=unknown, headers=world.headers())
    assert (refused.status_code, refused.json()["code"]) == (409, "unknown-scope")


async def test_a_principal_is_never_turned_away(client: httpx.AsyncClient, world: World) -> None:
    guest = await person(client, world, name="Guest")
    head = await person(client, world, name="Head", role="head")
    reception = await dinner(client, world, capacity=1)
    invitations = await invited(client, world, reception, guest, head)
    assert (await reply(client, world, reception, invitations[guest])).status_code == 200
    assert (await reply(client, world, reception, invitations[head])).status_code == 200
    found = await shown(client, world, reception)
    assert (found["capacity"], found["used"], found["extra"]) == (1, 2, 1)
    await reply(client, world, reception, invitations[guest], reply="declined")
    found = await shown(client, world, reception)
    assert (found["used"], found["extra"]) == (1, 0)
    assert (await reply(client, world, reception, invitations[guest])).status_code == 409


async def test_twenty_at_once_for_five_places(client: httpx.AsyncClient, world: World) -> None:
    people = [await person(client, world, name=f"P{n}") for n in range(20)]
    reception = await dinner(client, world, capacity=5)
    invitations = await invited(client, world, reception, *people)
    answers = await asyncio.gather(
        *(reply(client, world, reception, one) for one in invitations.values())
    )
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [409] * 15
    found = await shown(client, world, reception)
    assert (found["used"], found["accepted"], found["extra"]) == (5, 5, 0)


async def test_withdrawing_inviting_and_speaking_at_once_all_succeed(
    client: httpx.AsyncClient, world: World
) -> None:
    """Locks are taken in one order everywhere: people, then sessions and receptions."""
    people = [await person(client, world, name=f"P{n}") for n in range(6)]
    evenings = [await dinner(client, world) for _ in range(3)]
    sessions = [
        await create(client, world, "sessions", title={"en": f"S{n}"}, **EVENING) for n in range(3)
    ]
    for evening in evenings:
        await invited(client, world, evening, *people)
    for session in sessions:
        for one in people[:3]:
            await create(client, world, "speakers", session=session["id"], participant=one)
    staying = [await person(client, world, name=f"Q{n}") for n in range(6)]
    officer = world.headers()
    answers = await asyncio.gather(
        *(
            client.post(
                f"{world.api}/participants/{one}/withdraw", json={"reason": "x"}, headers=officer
            )
            for one in people
        ),
        *(
            client.post(
                f"{world.api}/receptions/{evening['id']}/invitations",
                json={"participants": staying},
                headers=officer,
            )
            for evening in evenings
        ),
        *(
            client.post(
                f"{world.api}/speakers",
                json={"session": session["id"], "participant": one},
                headers=officer,
            )
            for session in sessions
            for one in staying
        ),
    )
    assert sorted(answer.status_code for answer in answers) == [200] * 6 + [201] * 21
    for evening in evenings:
        found = await shown(client, world, evening)
        assert (found["invited"], found["declined"]) == (12, 6)


async def test_who_leaves_frees_the_places(client: httpx.AsyncClient, world: World) -> None:
    guest, other = [await person(client, world, name=n) for n in ("Guest", "Other")]
    reception = await dinner(client, world, capacity=2)
    invitations = await invited(client, world, reception, guest, other, companions=1)
    await reply(client, world, reception, invitations[guest], companions=1)
    withdrawn = await client.post(
        f"{world.api}/participants/{guest}/withdraw",
        json={"reason": "Ill"},
        headers=world.headers("registration_officer"),
    )
    assert withdrawn.status_code == 200
    found = await shown(client, world, reception)
    assert (found["used"], found["invited"], found["declined"]) == (0, 2, 1)
    late = await reply(client, world, reception, invitations[guest])
    assert (late.status_code, late.json()["code"]) == (409, "not-taking-part")
    again = await client.post(
        f"{world.api}/receptions/{reception['id']}/invitations",
        json={"participants": [guest]},
        headers=world.headers("protocol_officer"),
    )
    assert (again.status_code, again.json()["code"]) == (409, "not-taking-part")
    async with world.database.reading() as session:
        found_replies = await service.replies_of(session, world.conference.id, [UUID(guest)])
    assert found_replies == {UUID(guest): [("Dinner", "declined")]}


async def test_silence_lapses_and_can_still_be_recorded(
    client: httpx.AsyncClient, world: World
) -> None:
    guest = await person(client, world, name="Guest")
    head = await person(client, world, name="Head", role="head")
    reception = await dinner(client, world)
    invitations = await invited(client, world, reception, guest, head)
    # The evening begins at 17:00 UTC.
    with clock.frozen(datetime(2026, 11, 2, 16, 59, tzinfo=UTC)):
        assert (await shown(client, world, reception))["lapsed"] == 0
    with clock.frozen(datetime(2026, 11, 2, 17, tzinfo=UTC)):
        found = await shown(client, world, reception)
        assert (found["lapsed"], found["no_reply"]) == (1, 1)
        listed = await client.get(
            f"{world.api}/receptions/{reception['id']}/invitations?reply=lapsed",
            headers=world.headers("protocol_officer"),
        )
        assert [one["name"] for one in listed.json()["results"]] == ["Guest"]
        recorded = await reply(client, world, reception, invitations[guest], by="telephoned")
        assert recorded.json()["reply"] == "accepted"


async def test_roles(client: httpx.AsyncClient, world: World) -> None:
    """Protocol writes; registration and audit read; nobody else."""
    reception = await dinner(client, world)
    writers = {Role.administrator, Role.protocol_officer}
    readers = writers | {Role.registration_officer, Role.auditor}
    guest = await person(client, world)
    [invitation] = (await invited(client, world, reception, guest)).values()
    address = f"{world.api}/receptions"
    for role in Role:
        headers = world.headers(role.value)
        for path in ("", f"/{reception['id']}", f"/{reception['id']}/invitations"):
            read = await client.get(address + path, headers=headers)
            assert read.status_code == (200 if role in readers else 403), (role, path)
        for method, path, body, done in (
            ("POST", "", {"title": {"en": "X"}, "capacity": 1, **EVENING}, 201),
            ("PATCH", f"/{reception['id']}", {"capacity": 7}, 200),
            ("POST", f"/{reception['id']}/invitations", {"participants": [guest]}, 201),
            ("PATCH", f"/{reception['id']}/invitations/{invitation}", {"reply": "declined"}, 200),
        ):
            written = await client.request(method, address + path, json=body, headers=headers)
            assert written.status_code == (done if role in writers else 403), (role, path)
    assert (await client.get(address)).status_code == 401


async def test_another_conference_is_not_there(client: httpx.AsyncClient, world: World) -> None:
    other = await make_world(world.database, "other-2026")
    reception = await dinner(client, world)
    guest = await person(client, world)
    [invitation] = (await invited(client, world, reception, guest)).values()
    theirs = await dinner(client, other)
    stranger = other.headers("protocol_officer")
    for method, path, body in (
        ("GET", f"{reception['id']}", None),
        ("PATCH", f"{reception['id']}", {"capacity": 1}),
        ("GET", f"{reception['id']}/invitations", None),
        ("POST", f"{reception['id']}/invitations", {"participants": [guest]}),
        ("POST", f"{theirs['id']}/invitations", {"participants": [guest]}),
        ("PATCH", f"{reception['id']}/invitations/{invitation}", {"reply": "declined"}),
        ("PATCH", f"{theirs['id']}/invitations/{invitation}", {"reply": "declined"}),
    ):
        address = f"{other.api}/receptions/{path}"
        answer = await client.request(method, address, json=body, headers=stranger)
        assert answer.status_code == 404, (method, path)
    assert (await client.get(f"{world.api}/receptions", headers=stranger)).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"capacity": -1}, {"capacity": 10**9}, {"ranks": ["king"]}, {"title": {}}, {"used": 3}],
)
async def test_malformed_receptions_are_422(
    client: httpx.AsyncClient, world: World, wrong: dict[str, object]
) -> None:
    given = {"title": {"en": "Dinner"}, "capacity": 5, **EVENING} | wrong
    answer = await client.post(
        f"{world.api}/receptions", json=given, headers=world.headers("protocol_officer")
    )
    assert answer.status_code == 422
