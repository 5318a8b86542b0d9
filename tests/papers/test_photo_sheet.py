"""The photo sheet of principals: on a screen with one tap, on paper with a tally entered later."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx

from app.accounts.rules import INSTALLATION
from app.core import clock
from app.core.images import silhouette
from app.participants import service as participants
from tests.badges.test_paper import _said
from tests.participants.people import nominated
from tests.world import World, signed_in


async def _principals(world: World) -> tuple[str, str]:
    king = await nominated(world, approve=True, name="King Example", rank="head_of_state")
    minister = await nominated(
        world, approve=True, name="Minister <b>Example</b>", rank="minister", delegation="TJK"
    )
    await nominated(world, name="Not Approved", rank="minister")
    await nominated(world, approve=True, name="Adviser Example", rank="official")
    async with world.database.writing() as session:
        conference = world.conference
        await participants.set_photo(
            session, INSTALLATION, conference, UUID(minister), silhouette(3)
        )
    return str(king), str(minister)


async def test_one_tap_attests_and_the_sheet_shows_it(
    client: httpx.AsyncClient, world: World
) -> None:
    king, minister = await _principals(world)
    await signed_in(client, world, "protocol_officer")
    here = f"{world.desk}/ministers/photos"
    page = (await client.get(here)).text
    assert "Minister &lt;b&gt;Example&lt;/b&gt;" in page
    assert f"participants/{minister}/photo" in page
    assert f"participants/{king}/photo" not in page
    assert "Not Approved" not in page
    assert "Adviser Example" not in page
    assert page.count(">Entered<") == 2
    done = await client.post(here, data={"participant": king})
    assert (done.status_code, done.headers["location"]) == (303, here)
    page = (await client.get(here)).text
    assert page.count(">Entered<") == 1
    assert "Seen today" in page
    with clock.frozen(clock.now() + timedelta(days=1)):
        await signed_in(client, world, "protocol_officer")
        tomorrow = (await client.get(here)).text
    # Each day has its tap; when somebody was last seen stays to be read.
    assert tomorrow.count(">Entered<") == 2
    assert "Last seen" in tomorrow
    seen = await client.get(
        f"{world.api}/summary", params={"basis": "attended"}, headers=world.headers()
    )
    assert seen.json()["figures"]["attested"] == 1


async def test_a_paper_tally_keeps_its_witness(client: httpx.AsyncClient, world: World) -> None:
    king, minister = await _principals(world)
    await signed_in(client, world, "registration_officer")
    address = f"{world.desk}/ministers/photos/tally"
    refused = await client.post(address, data={"participants": [minister], "witness": ""})
    assert refused.status_code == 422
    assert f'value="{minister}" form="tally" checked' in refused.text
    none = await client.post(address, data={"witness": "Officer Example"})
    assert none.status_code == 422
    future = {"participants": [king], "witness": "Officer Example", "at": "2999-01-01T10:00"}
    assert (await client.post(address, data=future)).status_code == 409
    given = {"participants": [king, minister], "witness": "Officer Example"}
    assert (await client.post(address, data=given)).status_code == 303
    api = await client.post(
        f"{world.api}/ministers/tally",
        json={"participants": [king], "witness": "W", "place": "North gate"},
        headers=world.headers("protocol_officer"),
    )
    assert api.status_code == 200, api.text
    [one] = api.json()
    assert (one["note"], one["place"]) == ("Paper tally, witnessed by W.", "North gate")
    foreign = await client.post(
        f"{world.api}/ministers/tally",
        json={"participants": [king, "00000000-0000-4000-8000-000000000000"], "witness": "W"},
        headers=world.headers(),
    )
    assert foreign.status_code == 404


async def test_the_paper_shows_faces_names_and_boxes(
    client: httpx.AsyncClient, world: World, tmp_path: Path
) -> None:
    await _principals(world)
    await signed_in(client, world, "protocol_officer")
    paper = await client.get(f"{world.desk}/ministers/photos.pdf")
    (tmp_path / "it.pdf").write_bytes(paper.content)
    said = _said("pdftotext", tmp_path / "it.pdf", "-")
    for words in (
        "King Example",
        "Minister <b>Example</b>",
        "VIP entrance",
        "Witness",
        "Tajikistan",
    ):
        assert words in said
    assert "Adviser" not in said
    auditor = await client.get(
        f"{world.api}/ministers/photo-sheet", headers=world.headers("auditor")
    )
    assert auditor.status_code == 403
