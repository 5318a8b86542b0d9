"""Ministers: in order, with what the desk knows of them, decided ranks only."""

import httpx
import pytest

from app.papers.participants import listed
from tests.participants.people import nominated
from tests.queries import counted
from tests.world import World, signed_in


async def test_order_is_rank_then_country_then_others(
    client: httpx.AsyncClient, world: World
) -> None:
    await nominated(world, delegation="CHT", name="Third", rank="minister")
    await nominated(world, delegation="TJK", name="Second", rank="minister")
    await nominated(world, name="First", rank="head_of_state", delegation="TJK")
    await nominated(world, name="Between", rank="minister")
    await nominated(world, name="Suggested only")
    await nominated(world, name="Deputy", rank="deputy_minister")
    api = f"{world.api}/ministers"
    found = (await client.get(api, headers=world.headers("protocol_officer"))).json()
    assert [one["name"] for one in found["results"]] == ["First", "Between", "Second", "Third"]
    assert [one["position"] for one in found["results"]] == [1, 2, 3, 4]
    waiting = await client.get(f"{api}?undecided=true", headers=world.headers())
    assert [one["name"] for one in waiting.json()["results"]] == ["Suggested only"]
    assert (await client.get(api, headers=world.headers("press_officer"))).status_code == 403


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("administrator", 200),
        ("registration_officer", 200),
        ("protocol_officer", 200),
        ("press_officer", 403),
        ("focal_point", 403),
        ("nobody", 401),
    ],
)
async def test_who_opens_the_page(
    client: httpx.AsyncClient, world: World, role: str, status: int
) -> None:
    await signed_in(client, world, role)
    assert (await client.get(f"{world.desk}/ministers/")).status_code == status


async def test_a_rank_is_decided_and_a_presence_attested_from_the_list(
    client: httpx.AsyncClient, world: World
) -> None:
    id = await nominated(world, approve=True, name="<script>alert(1)</script>")
    await signed_in(client, world, "protocol_officer")
    page = f"{world.desk}/ministers/"
    before = (await client.get(page)).text
    assert "No minister is listed" in before
    decided = {"participant": id, "rank": "minister", "version": "1"}
    assert (await client.post(f"{page}decide", data=decided)).status_code == 412
    assert (await client.post(f"{page}decide", data=decided | {"version": ""})).status_code == 303
    future = {"participant": id, "place": "Hotel & lobby", "at": "2999-01-01T10:00"}
    wrong = await client.post(f"{page}attest", data=future)
    assert (wrong.status_code, "before it happens" in wrong.text) == (409, True)
    assert 'value="Hotel &amp; lobby"' in wrong.text
    seen = await client.post(f"{page}attest", data=future | {"at": ""})
    assert seen.status_code == 303
    after = (await client.get(page)).text
    assert "1 of 1 present" in after
    assert "Hotel &amp; lobby, Protocol Officer" in after
    assert "<script>alert" not in after
    assert "No minister" in (await client.get(f"{page}?presence=absent&search=")).text
    person = (await client.get(f"{world.desk}/participants/{id}")).text
    assert "Hotel &amp; lobby" in person


async def test_a_longer_list_asks_no_more_questions(
    client: httpx.AsyncClient, world: World
) -> None:
    await signed_in(client, world, "protocol_officer")
    counts = []
    for n in range(3):
        await nominated(world, name=f"Person {n}", rank="minister")
        with counted(world.database) as statements:
            await client.get(f"{world.desk}/ministers/")
        counts.append(len(statements))
    assert counts[1] == counts[2] < 12, statements


async def test_the_list_of_participants_has_the_contracts_keys(world: World) -> None:
    id = await nominated(world, rank="minister", sex="male", style="H.E. Mr.")
    async with world.database.reading() as session:
        assert await listed(session, world.conference) == [
            {
                "id": id,
                "delegation": "KWT",
                "iso3": "KWT",
                "kind": "member_state",
                "name": "Salem Al-Example",
                "style": "H.E. Mr.",
                "function": "Minister of Interior",
                "role": "delegate",
                "rank": "minister",
                "rank_suggested": None,
                "sex": "male",
                "status": "nominated",
            }
        ]
