"""Nothing is oversold: races over HTTP on both databases, with a control that oversells."""

import asyncio
from collections import Counter

import httpx
from sqlalchemy import ColumnElement, func, select

from app.core.db import Database
from app.participants import service as participants
from app.participants.rules import Role
from app.participants.schemas import ParticipantIn
from app.quotas import store
from tests.world import OFFICER, World

PEOPLE, PLACES = 40, 5


async def submitted(world: World, number: int, role: Role = Role.delegate) -> list[str]:
    """Ids of people handed to the officers."""
    from app.participants import approval

    ids = []
    async with world.database.writing() as session:
        for n in range(number):
            given = ParticipantIn(delegation="KWT", name=f"Person {n}", role=role)
            person, _ = await participants.nominate(session, OFFICER, world.conference, given)
            await approval.submit(session, OFFICER, world.conference, person.id)
            ids.append(str(person.id))
    return ids


async def make_quota(
    client: httpx.AsyncClient, world: World, capacity: int, **fields: object
) -> str:
    given = {"name": "Main", "capacity": capacity, "waiting_list": True} | fields
    made = await client.post(f"{world.api}/quotas", json=given, headers=world.headers())
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def act(
    client: httpx.AsyncClient, world: World, id: str, action: str, **body: object
) -> httpx.Response:
    return await client.post(
        f"{world.api}/participants/{id}/{action}", json=body or None, headers=world.headers()
    )


def counted() -> ColumnElement[int]:
    """How many places of a quota there are: taken within the capacity, or held."""
    taken = (
        select(func.count())
        .where(store.P.c.quota_id == store.Q.c.id, store.P.c.overflow.is_(False))
        .correlate(store.Q)
        .scalar_subquery()
    )
    held = (
        select(func.count())
        .where(store.SP.c.quota_id == store.Q.c.id)
        .correlate(store.Q)
        .scalar_subquery()
    )
    return taken + held


async def used_and_counted(database: Database) -> list[tuple[int, int]]:
    """What each quota says is used, and how many places there are."""
    async with database.reading() as session:
        found = await session.execute(select(store.Q.c.used, counted()).order_by(store.Q.c.name))
        return [(row[0], row[1]) for row in found]


async def test_forty_at_once_for_five_places(client: httpx.AsyncClient, world: World) -> None:
    await make_quota(client, world, PLACES)
    ids = await submitted(world, PEOPLE)
    answers = await asyncio.gather(*(act(client, world, id, "approve") for id in ids))
    assert {a.status_code for a in answers} == {200}
    outcome = Counter(a.json()["status"] for a in answers)
    assert outcome == {"approved": PLACES, "waitlisted": PEOPLE - PLACES}
    positions = [a.json()["waiting_list_position"] for a in answers]
    assert sorted(p for p in positions if p) == list(range(1, PEOPLE - PLACES + 1))
    assert await used_and_counted(world.database) == [(PLACES, PLACES)]
    # The first in line moves up when a place is freed, and everybody behind by one.
    approved = next(a.json()["id"] for a in answers if a.json()["status"] == "approved")
    line = {a.json()["waiting_list_position"]: a.json()["id"] for a in answers}
    await act(client, world, approved, "withdraw", reason="Ill")
    first = await client.get(f"{world.api}/participants/{line[1]}", headers=world.headers())
    second = await client.get(f"{world.api}/participants/{line[2]}", headers=world.headers())
    assert (first.json()["status"], first.json()["waiting_list_position"]) == ("approved", None)
    assert (second.json()["status"], second.json()["waiting_list_position"]) == ("waitlisted", 1)
    assert await used_and_counted(world.database) == [(PLACES, PLACES)]


async def test_forty_at_once_without_a_waiting_list(
    client: httpx.AsyncClient, world: World
) -> None:
    await make_quota(client, world, PLACES, waiting_list=False)
    ids = await submitted(world, PEOPLE)
    answers = await asyncio.gather(*(act(client, world, id, "approve") for id in ids))
    outcome = Counter(a.status_code for a in answers)
    assert outcome == {200: PLACES, 409: PEOPLE - PLACES}
    refused = [a.json() for a in answers if a.status_code == 409]
    assert {body["code"] for body in refused} == {"quota-exhausted"}
    assert {body["quota"]["name"] for body in refused} == {"Main"}
    assert await used_and_counted(world.database) == [(PLACES, PLACES)]


async def test_a_quota_made_while_others_approve_counts_them_all(
    client: httpx.AsyncClient, world: World
) -> None:
    ids = await submitted(world, 12)
    approvals = [act(client, world, id, "approve") for id in ids]
    half = len(approvals) // 2
    await asyncio.gather(*approvals[:half], make_quota(client, world, 100), *approvals[half:])
    assert await used_and_counted(world.database) == [(12, 12)]


async def test_a_new_quota_counts_who_is_approved_or_is_too_small(
    client: httpx.AsyncClient, world: World
) -> None:
    for id in await submitted(world, 3):
        await act(client, world, id, "approve")
    small = await client.post(
        f"{world.api}/quotas", json={"name": "Small", "capacity": 2}, headers=world.headers()
    )
    assert (small.status_code, small.json()["code"]) == (409, "capacity-below-used")
    quota = await make_quota(client, world, 3, waiting_list=False)
    assert await used_and_counted(world.database) == [(3, 3)]
    below = await client.patch(
        f"{world.api}/quotas/{quota}", json={"capacity": 2}, headers=world.headers()
    )
    assert (below.status_code, below.json()["code"]) == (409, "capacity-below-used")
    [one] = await submitted(world, 1)
    assert (await act(client, world, one, "approve")).status_code == 409


async def test_more_capacity_goes_to_who_waits(client: httpx.AsyncClient, world: World) -> None:
    quota = await make_quota(client, world, 1)
    first, second, third, late = await submitted(world, 4)
    for id in (first, second, third):
        await act(client, world, id, "approve")
    changed = await client.patch(
        f"{world.api}/quotas/{quota}", json={"capacity": 2}, headers=world.headers()
    )
    assert (changed.json()["capacity"], changed.json()["used"]) == (2, 2)
    assert (await act(client, world, late, "approve")).json()["waiting_list_position"] == 2
    shown = await client.get(f"{world.api}/participants/{second}", headers=world.headers())
    assert shown.json()["status"] == "approved"


async def edit(
    client: httpx.AsyncClient, world: World, path: str, **changes: object
) -> httpx.Response:
    return await client.patch(f"{world.api}/{path}", json=changes, headers=world.headers())


async def test_a_new_role_exchanges_the_places(client: httpx.AsyncClient, world: World) -> None:
    await make_quota(client, world, 1, scope={"roles": ["delegate"]})
    await make_quota(
        client, world, 1, name="Security", scope={"roles": ["security"]}, waiting_list=False
    )
    one, waits = await submitted(world, 2)
    for id in (one, waits):
        await act(client, world, id, "approve")
    changed = await edit(client, world, f"participants/{one}", role="security")
    assert (changed.status_code, changed.json()["role"]) == (200, "security")
    assert await used_and_counted(world.database) == [(1, 1), (1, 1)]
    shown = await client.get(f"{world.api}/participants/{waits}", headers=world.headers())
    assert shown.json()["status"] == "approved", "the place given up goes to who waits"
    full = await edit(client, world, f"participants/{waits}", role="security")
    assert (full.status_code, full.json()["code"]) == (409, "quota-exhausted")
    again = await client.get(f"{world.api}/participants/{waits}", headers=world.headers())
    assert again.json()["role"] == "delegate"
    assert await used_and_counted(world.database) == [(1, 1), (1, 1)]


async def test_a_delegation_of_another_kind_takes_other_places(
    client: httpx.AsyncClient, world: World
) -> None:
    await make_quota(client, world, 2, scope={"kind": "member_state"})
    await make_quota(client, world, 1, name="Others", scope={"kind": "other_entity"})
    first, second, third = await submitted(world, 3)
    for id in (first, second, third):
        await act(client, world, id, "approve")
    assert await used_and_counted(world.database) == [(2, 2), (0, 0)]
    crowded = await edit(client, world, "delegations/KWT", kind="other_entity")
    assert (crowded.status_code, crowded.json()["code"]) == (409, "quota-exhausted")
    await act(client, world, third, "withdraw", reason="Ill")
    await act(client, world, second, "withdraw", reason="Ill")
    moved = await edit(client, world, "delegations/KWT", kind="other_entity")
    assert moved.status_code == 200
    assert await used_and_counted(world.database) == [(0, 0), (1, 1)]


async def test_two_quotas_of_one_name_are_refused(client: httpx.AsyncClient, world: World) -> None:
    await make_quota(client, world, 1)
    other = await make_quota(client, world, 1, name="Other")
    for answer in (
        await client.post(
            f"{world.api}/quotas", json={"name": "Main", "capacity": 1}, headers=world.headers()
        ),
        await edit(client, world, f"quotas/{other}", name="Main"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "name-taken")
