"""Editions of a series: counted here, typed in, and never another tenant's."""

import re

import httpx

from app.accounts.rules import INSTALLATION
from app.conferences import service as conferences
from app.conferences.schemas import SeriesIn
from app.conferences.store import C
from tests.participants.people import nominated
from tests.world import World, make_world, signed_in


async def series(world: World, *others: World) -> None:
    async with world.database.writing() as session:
        given = SeriesIn.model_validate({"slug": "process", "title": {"en": "Process"}})
        made = await conferences.create_series(session, INSTALLATION, given)
        for one in (world, *others):
            where = C.c.id == one.conference.id
            await session.execute(C.update().where(where).values(series_id=made.id))


async def editions(
    client: httpx.AsyncClient, world: World, by: str = "press_officer"
) -> list[dict[str, object]]:
    found = await client.get(f"{world.api}/editions", headers=world.headers(by))
    assert found.status_code == 200, found.text
    return [
        {**one, "figures": {f["key"]: (f["number"], f["more"]) for f in one["figures"]}}
        for one in found.json()["editions"]
    ]


REPORT = {
    "title": "Dushanbe 2018",
    "source": "Press release of 5 May 2018",
    "dated": "2018-05-04",
    "edition": True,
    "figures": {"participants": ">450", "states": "60"},
}


async def test_editions_side_by_side(client: httpx.AsyncClient, world: World) -> None:
    other = await make_world(world.database, "other-2027")
    await series(world, other)
    await nominated(world, approve=True)
    await nominated(other, approve=True)
    made = await client.post(
        f"{world.api}/publications/reports", json=REPORT, headers=world.headers("press_officer")
    )
    assert (made.status_code, made.json()["origin"]) == (201, "edition"), made.text
    old, new = await editions(client, world)
    assert (old["year"], old["basis"], old["source"]) == (2018, None, REPORT["source"])
    assert old["figures"] == {"participants": (450, True), "states": (60, False)}
    assert (new["slug"], new["basis"]) == (world.conference.slug, "accredited")
    assert new["figures"]["participants"] == (1, False)  # type: ignore[index]
    # An administrator of the installation reads every tenant; a press officer only the own one.
    everything = await editions(client, world, "administrator")
    assert [one["slug"] for one in everything] == [None, "other-2027", "test-2026"]


async def test_an_edition_needs_its_date(client: httpx.AsyncClient, world: World) -> None:
    given = {**REPORT, "dated": None}
    wrong = await client.post(
        f"{world.api}/publications/reports", json=given, headers=world.headers("press_officer")
    )
    assert (wrong.status_code, "when the edition took place" in wrong.text) == (422, True)


async def test_the_page_marks_what_was_typed_in(client: httpx.AsyncClient, world: World) -> None:
    await nominated(world, approve=True)
    await signed_in(client, world, "press_officer")
    base = f"/c/{world.conference.slug}/figures"
    form = {
        "title": "Dushanbe 2018",
        "dated": "2018-05-04",
        "edition": "true",
        "figures.participants": ">450",
    }
    assert (await client.post(f"{base}/publications/report", data=form)).status_code == 303
    page = (await client.get(f"{base}/editions")).text
    assert page.lower().count("typed in by") == 1
    assert "Not counted here: typed in by Press Officer" in page
    assert "&gt; 450" in page
    assert "counted here" in page
    listing = (await client.get(f"{base}/publications/")).text
    assert "Earlier edition" in listing
    [address] = re.findall(r'href="([^"]+/figures/publications/[0-9a-f-]{36})"', listing)
    own = (await client.get(address)).text
    assert "Edition, 4 May 2018. Typed in" in own
    assert "Press report" not in own
    await signed_in(client, world, "gate_operator")
    assert (await client.get(f"{base}/editions")).status_code == 403


async def test_another_edition_is_not_compared(client: httpx.AsyncClient, world: World) -> None:
    press = world.headers("press_officer")
    path = f"{world.api}/publications"
    old = (await client.post(f"{path}/reports", json=REPORT, headers=press)).json()["id"]
    new = (await client.post(path, json={"title": "Now"}, headers=press)).json()["id"]
    refused = await client.get(f"{path}/compare?first={new}&second={old}", headers=press)
    assert (refused.status_code, refused.json()["code"]) == (409, "another-edition")
