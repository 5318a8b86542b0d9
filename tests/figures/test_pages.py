"""The figures page: each number leads to as many persons, and says what it counts."""

import re

import httpx
import pytest

from tests.participants.people import nominated
from tests.world import World, signed_in


@pytest.fixture
async def people(world: World) -> None:
    """Three approved, one of them excluded by role; a fourth only nominated."""
    await nominated(world, approve=True, rank="minister", sex="female")
    await nominated(world, approve=True, delegation="TJK", name="Second", rank="minister")
    await nominated(world, approve=True, delegation="CHT", name="Guard", role="security")
    await nominated(world, delegation="CHT", name="<script>alert(1)</script>")


def page(world: World) -> str:
    return f"/c/{world.conference.slug}/figures/"


@pytest.mark.parametrize(
    ("role", "status", "behind"),
    [
        ("administrator", 200, 200),
        ("registration_officer", 200, 200),
        ("press_officer", 200, 403),
        ("focal_point", 403, 403),
        ("nobody", 401, 401),
    ],
)
async def test_who_reads_figures_and_who_sees_names(
    client: httpx.AsyncClient, world: World, people: None, role: str, status: int, behind: int
) -> None:
    await signed_in(client, world, role)
    for name in ("", "participation.csv", "participation.xlsx", "summary.txt"):
        assert (await client.get(page(world) + name)).status_code == status
    assert (await client.get(page(world) + "people")).status_code == behind
    body = (await client.get(page(world))).text
    assert ("people?" in body) is (behind == 200)


async def test_every_figure_leads_to_as_many(
    client: httpx.AsyncClient, world: World, people: None
) -> None:
    await signed_in(client, world, "registration_officer")
    for basis in ("nominated", "accredited", "attended"):
        body = (await client.get(page(world), params={"basis": basis})).text
        tiles = re.findall(r'class="tile" href="(people[^"]+)">\s*<b>(\d+)</b>', body)
        assert bool(tiles) is (basis != "attended")
        for address, number in tiles:
            behind = await client.get(page(world) + address.replace("&amp;", "&"))
            title = re.search(r"<h1>(.*): (\d+)</h1>", behind.text)
            assert title is not None
            assert title.group(2) == number, address
        assert "<script>alert" not in body


async def test_a_wrong_instant_is_said_at_its_field(
    client: httpx.AsyncClient, world: World
) -> None:
    await signed_in(client, world, "press_officer")
    wrong = await client.get(page(world), params={"as_of": "yesterday", "known_at": ""})
    assert wrong.status_code == 422
    assert 'id="f-as-of-error"' in wrong.text
    assert 'value="yesterday"' in wrong.text
    assert 'id="f-known-at-error"' not in wrong.text
    both = {"as_of": "2024-02-30", "known_at": "xx", "by": "hall"}
    for path in ("breakdown", "people"):
        kept = await client.get(page(world) + path, params=both)
        assert kept.status_code == 422
        for words in ('value="2024-02-30"', 'value="xx"', "f-as-of-error", "f-known-at-error"):
            assert words in kept.text, (path, words)
    told = await client.get(
        f"{world.api}/statistics?as_of=2024-02-30&known_at=2024-02-31", headers=world.headers()
    )
    pointers = [one["pointer"] for one in told.json()["errors"]]
    assert (told.status_code, pointers) == (422, ["/as_of", "/known_at"])
    nothing = await client.get(
        f"{world.api}/statistics/people?figure=kings", headers=world.headers()
    )
    assert (nothing.status_code, nothing.json()["detail"]) == (404, "No figure is called “kings”.")
    right = await client.get(page(world), params={"as_of": "2026-11-04"})
    assert right.status_code == 200
    assert (await client.get(page(world) + "summary.txt?as_of=x")).status_code == 422


async def test_files_and_text_say_the_same(
    client: httpx.AsyncClient, world: World, people: None
) -> None:
    await signed_in(client, world, "press_officer")
    table = (await client.get(page(world) + "participation.csv")).content.decode("utf-8-sig")
    assert table.splitlines()[0] == "Group,Bodies,Participants,Women,Men,Not stated"
    assert table.splitlines()[-1] == "Total,2,2,1,0,1"
    text = (await client.get(page(world) + "summary.txt?basis=nominated")).text
    assert "3 participants" in text
    assert "2 ministers" in text
    assert text.strip() in (await client.get(page(world) + "?basis=nominated")).text


async def test_the_table_in_every_form_and_by_group(
    client: httpx.AsyncClient, world: World, people: None
) -> None:
    await signed_in(client, world, "registration_officer")
    paper = await client.get(page(world) + "participation.pdf")
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")
    data = (await client.get(page(world) + "participation.json")).json()
    assert (data["total"]["participants"], data["excluded_counts"]["security"]) == (2, 1)
    rows = await client.get(page(world) + "breakdown?by=state_group")
    assert "Gulf Cooperation Council" in rows.text
    behind = await client.get(page(world) + "people?by=state_group&row=gcc&basis=accredited")
    assert "<h1>Gulf Cooperation Council: 1</h1>" in behind.text
    assert (await client.get(page(world) + "people?by=state_group&row=none")).status_code == 200
