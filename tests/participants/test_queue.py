"""The approval queue through its forms: in order, on to the next, and nobody is overwritten."""

import asyncio
import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.application import over
from tests.participants.people import nominated
from tests.queries import counted
from tests.quotas.test_places import make_quota
from tests.world import World, signed_in

OFFICER = "registration_officer"


async def line(client: httpx.AsyncClient, world: World, *names: str, **fields: object) -> list[str]:
    """Ids of people handed to the officers, in that order."""
    ids = []
    for name in names:
        ids.append(await nominated(world, name=name, **fields))
        await client.post(f"{world.api}/participants/{ids[-1]}/submit", headers=world.headers())
    return ids


def form(page: httpx.Response, act: str) -> tuple[str, dict[str, str]]:
    """Where a decision is sent, and its hidden fields."""
    found = re.search(rf'action="([^"]*/{act}[^"]*)">(.*?)</form>', page.text, re.DOTALL)
    assert found, f"no form to {act}"
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', found.group(2)))
    return found.group(1).replace("&amp;", "&"), hidden


def in_view(page: httpx.Response) -> str:
    found = re.search(r'id="candidate"><a href="[^"]*/([0-9a-f-]{36})"', page.text)
    return found.group(1) if found else ""


async def decide(
    client: httpx.AsyncClient, page: httpx.Response, act: str, **typed: str
) -> httpx.Response:
    address, hidden = form(page, act)
    return await client.post(address, data=hidden | typed)


async def status(client: httpx.AsyncClient, world: World, id: str) -> str:
    found = await client.get(f"{world.api}/participants/{id}", headers=world.headers())
    return str(found.json()["status"])


async def test_the_line_is_decided_from_first_to_last(
    client: httpx.AsyncClient, world: World
) -> None:
    ids = await line(client, world, "First", "Second", "Third", "Fourth")
    await signed_in(client, world, OFFICER)
    queue = f"{world.desk}/queue/"
    page = await client.get(queue)
    assert in_view(page) == ids[0]
    assert "No photo: the badge will be held." in page.text
    assert "No quota covers this person." in page.text
    done = await decide(client, page, "approve")
    assert (done.status_code, done.headers["location"]) == (303, f"{queue}?person={ids[1]}")
    page = await client.get(done.headers["location"])
    assert "Approved." in page.text
    reasonless = await decide(client, page, "refuse", reason=" ")
    assert (reasonless.status_code, "Fill this in." in reasonless.text) == (422, True)
    assert in_view(reasonless) == ids[1]
    done = await decide(client, reasonless, "refuse", reason="Not accredited")
    page = await client.get(done.headers["location"])
    assert in_view(page) == ids[2]
    done = await decide(client, page, "return", reason="Write the function")
    page = await client.get(done.headers["location"])
    assert in_view(page) == ids[3]
    done = await decide(client, page, "approve")
    assert "Nobody waits" in (await client.get(done.headers["location"])).text
    found = [await status(client, world, id) for id in ids]
    assert found == ["approved", "refused", "nominated", "approved"]
    back = await client.get(f"{world.api}/participants/{ids[2]}", headers=world.headers())
    assert back.json()["status_reason"] == "Write the function"
    gone = await client.get(queue, params={"person": ids[1]})
    assert "Nobody waits" in gone.text
    assert "Second waits no more: Refused." in gone.text


async def test_the_second_officer_sees_what_the_first_did(
    client: httpx.AsyncClient, world: World
) -> None:
    ids = await line(client, world, "First", "Second")
    await signed_in(client, world, OFFICER)
    queue = f"{world.desk}/queue/"
    transport = httpx.ASGITransport(app=over(world.database))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as other:
        await signed_in(other, world, "administrator")
        mine, theirs = await client.get(queue), await other.get(queue)
        assert (await decide(other, theirs, "refuse", reason="Not accredited")).status_code == 303
        late = await decide(client, mine, "approve")
        assert late.status_code == 412
        assert "Somebody changed First meanwhile" in late.text
        assert "This is the present state: Refused." in late.text
        assert in_view(late) == ids[0]
        assert f"person={ids[1]}" in late.text
        assert await status(client, world, ids[0]) == "refused"
        # An edit counts as well: nobody approves a name that was not on the screen.
        mine = await client.get(queue)
        edited = await client.patch(
            f"{world.api}/participants/{ids[1]}",
            json={"name": "Renamed"},
            headers=world.headers(),
        )
        assert edited.status_code == 200
        late = await decide(client, mine, "approve")
        assert (late.status_code, "Renamed" in late.text) == (412, True)
        assert (await decide(client, late, "approve")).status_code == 303


async def test_of_two_at_the_same_instant_one_decides(
    client: httpx.AsyncClient, world: World
) -> None:
    names = [f"Person {n}" for n in range(6)]
    await line(client, world, *names)
    await signed_in(client, world, OFFICER)
    for _ in names:
        page = await client.get(f"{world.desk}/queue/")
        person = in_view(page)
        answers = await asyncio.gather(
            decide(client, page, "approve"), decide(client, page, "refuse", reason="No")
        )
        assert sorted(answer.status_code for answer in answers) == [303, 412]
        won = "approved" if answers[0].status_code == 303 else "refused"
        assert await status(client, world, person) == won


async def test_those_ticked_are_approved_as_they_were_seen(
    client: httpx.AsyncClient, world: World
) -> None:
    ids = await line(client, world, "First", "Second", "Third")
    await signed_in(client, world, OFFICER)
    queue = f"{world.desk}/queue/"
    seen = re.findall(r'name="chosen" value="([^"]+)"', (await client.get(queue)).text)
    assert [one.split("@")[0] for one in seen] == ids
    await client.patch(
        f"{world.api}/participants/{ids[1]}", json={"name": "Renamed"}, headers=world.headers()
    )
    late = await client.post(queue, data={"chosen": seen[:2]})
    assert (late.status_code, "Renamed meanwhile" in late.text) == (412, True)
    assert {await status(client, world, id) for id in ids} == {"submitted"}
    assert (await client.post(queue, data={"chosen": ["x"]})).status_code == 422
    assert (await client.post(queue)).status_code == 422
    done = await client.post(queue, data={"chosen": [seen[0], seen[2]]})
    assert done.status_code == 303
    assert [await status(client, world, id) for id in ids] == ["approved", "submitted", "approved"]


async def test_what_an_approval_comes_to_is_said_before(
    client: httpx.AsyncClient, world: World
) -> None:
    await make_quota(client, world, 1, name="Main")
    await line(client, world, "First", "Second", "Third")
    await signed_in(client, world, OFFICER)
    queue = f"{world.desk}/queue/"
    said = []
    for _ in range(3):
        page = await client.get(queue)
        said.append(re.findall(r"A place is free in every quota|“Main” is[^<]*", page.text)[0])
        await decide(client, page, "approve")
    assert said == [
        "A place is free in every quota",
        "“Main” is full: an approval puts this person on the waiting list, as the first.",
        "“Main” is full: an approval puts this person on the waiting list, behind 1 who wait.",
    ]
    await make_quota(client, world, 0, name="None", scope={"delegation": "TJK"}, waiting_list=False)
    await line(client, world, "Fourth", delegation="TJK")
    page = await client.get(queue)
    assert "“None” is spent and keeps no waiting list: an approval would be refused." in page.text
    refused = await decide(client, page, "approve")
    assert (refused.status_code, "is spent" in refused.text) == (409, True)


async def test_the_queue_is_narrowed_and_stays_so(client: httpx.AsyncClient, world: World) -> None:
    twin = (await line(client, world, "Salem Al-Rimal"))[0]
    own = await line(client, world, "Anna Nowak", "Juan Pérez", delegation="TJK")
    other = (await line(client, world, "سالم الرمال", delegation="CHT"))[0]
    await signed_in(client, world, OFFICER)
    queue = f"{world.desk}/queue/"
    for narrowed, ids in (
        ({"delegation": "TJK"}, own),
        ({"kind": "civil_society"}, [other]),
        ({"flagged": "true"}, [twin, other]),
        ({"search": "perez"}, own[1:]),
        ({"search": "", "delegation": "", "kind": "", "flagged": ""}, [twin, *own, other]),
        ({"search": "nobody at all"}, []),
    ):
        page = await client.get(queue, params=narrowed)
        assert re.findall(r'name="chosen" value="([^@]+)', page.text) == ids, narrowed
    page = await client.get(queue, params={"delegation": "TJK", "person": own[0]})
    done = await decide(client, page, "approve")
    kept = parse_qs(urlsplit(done.headers["location"]).query)
    assert kept == {"delegation": ["TJK"], "person": [own[1]]}
    page = await client.get(queue, params={"flagged": "true"})
    apart = await decide(client, page, "tell-apart")
    assert apart.status_code == 303
    page = await client.get(queue, params={"flagged": "true"})
    assert "Nobody waits" in page.text


@pytest.mark.parametrize("next", ["//evil.example", "x\r\nSet-Cookie: a=b", ""])
async def test_where_it_goes_on_is_no_open_door(
    client: httpx.AsyncClient, world: World, next: str
) -> None:
    await line(client, world, "First")
    await signed_in(client, world, OFFICER)
    page = await client.get(f"{world.desk}/queue/")
    done = await decide(client, page, "approve", next=next)
    assert (done.status_code, done.headers["location"]) == (303, f"{world.desk}/queue/")


async def test_a_longer_line_asks_no_more_questions(
    client: httpx.AsyncClient, world: World
) -> None:
    await line(client, world, "Salem Al-Example", "Example Salim")
    await signed_in(client, world, OFFICER)
    counts = []
    for _ in range(2):
        with counted(world.database) as statements:
            page = await client.get(f"{world.desk}/queue/?flagged=true")
        assert in_view(page)
        counts.append(len(statements))
        await line(client, world, *["Salem Al-Example"] * 12, delegation="TJK")
    assert counts[0] == counts[1] < 20, statements
