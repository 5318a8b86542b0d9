"""The press officer gives figures out, types a report in, and reads why they differ."""

import re
from uuid import uuid4

import httpx

from tests.participants.people import nominated
from tests.world import World, signed_in


def page(world: World, path: str = "") -> str:
    return f"/c/{world.conference.slug}/figures/publications/{path}"


async def test_from_the_empty_page_to_the_comparison(
    client: httpx.AsyncClient, world: World
) -> None:
    await nominated(world, approve=True, rank="minister")
    await signed_in(client, world, "press_officer")
    assert "Nothing was published yet" in (await client.get(page(world))).text
    wrong = await client.post(page(world), data={"title": "Day one", "as_of": "yesterday!"})
    assert wrong.status_code == 422
    assert 'value="yesterday!"' in wrong.text
    made = await client.post(page(world), data={"title": "Day <b>one</b>", "basis": "accredited"})
    assert made.status_code == 303
    shown = (await client.get(made.headers["location"])).text
    assert "Nothing: every figure stands on the same persons" in shown
    assert "Day &lt;b&gt;one" in shown
    await nominated(world, approve=True, delegation="TJK", name="Late Comer")
    shown = (await client.get(made.headers["location"])).text
    assert re.search(r"published 1, now 2: Tajikistan was approved \d+ \w+ \d\d:\d\d\.", shown)
    assert "Late Comer" not in shown
    refused = await client.post(
        page(world, "report"), data={"title": "Paper", "figures.ministers": "many"}
    )
    assert refused.status_code == 422
    assert 'value="many"' in refused.text
    assert 'id="f-figures-ministers-error"' in refused.text
    assert '<a href="#f-figures-ministers">Ministers: “many” is no figure;' in refused.text
    typed = await client.post(
        page(world, "report"),
        data={"title": "Paper", "figures.ministers": "2", "figures.women": ""},
    )
    assert typed.status_code == 303
    first, second = (one.headers["location"].rsplit("/", 1)[1] for one in (made, typed))
    compared = await client.get(page(world, f"compare?first={first}&second={second}"))
    # Of what nothing gives, no way of counting is claimed.
    assert "None of its figures comes out" in compared.text
    assert "A says 1, B says 2. B: counted" in compared.text
    assert "another definition" in compared.text
    gone = await client.post(typed.headers["location"] + "/drop")
    assert gone.status_code == 303
    assert (await client.get(typed.headers["location"])).status_code == 404
    kept = await client.post(made.headers["location"] + "/drop")
    assert kept.status_code == 409


async def test_the_list_tells_apart_what_was_known_at_other_times(
    client: httpx.AsyncClient, world: World
) -> None:
    await signed_in(client, world, "press_officer")
    for known_at in ("2024-11-05", "2024-11-06"):
        given = {"title": "Day one", "as_of": "2024-11-05", "known_at": known_at}
        assert (await client.post(page(world), data=given)).status_code == 303
    shown = re.sub(r"<[^>]+>", "", (await client.get(page(world))).text)
    for known_at in ("5 Nov 2024, 23:59", "6 Nov 2024, 23:59"):
        assert f"as of 5 Nov 2024, 23:59, known at {known_at}" in shown


async def test_a_comparison_of_nothing_leads_back_to_the_list(
    client: httpx.AsyncClient, world: World
) -> None:
    await signed_in(client, world, "press_officer")
    known = f"first={uuid4()}"
    for query in ("", "?first=abc", f"?{known}", f"?{known}&second=abc"):
        answer = await client.get(page(world, f"compare{query}"))
        assert (answer.status_code, answer.headers["location"]) == (303, page(world))
    nobody = await client.get(page(world, f"compare?{known}&second={uuid4()}"))
    assert nobody.status_code == 404


async def test_who_reads_and_who_publishes(client: httpx.AsyncClient, world: World) -> None:
    await signed_in(client, world, "protocol_officer")
    listing = await client.get(page(world))
    assert (listing.status_code, 'id="publish"' in listing.text) == (200, False)
    assert (await client.get(page(world, "report"))).status_code == 403
    assert (await client.post(page(world), data={"title": "Mine"})).status_code == 403
