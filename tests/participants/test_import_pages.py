"""The import as an organiser goes through it in a browser without JavaScript."""

import html
import re

import httpx

from tests.participants.lists import HEADINGS, as_csv, as_ods, people
from tests.world import World, make_world

OFFICER = "registration_officer"


async def upload(
    client: httpx.AsyncClient,
    world: World,
    data: bytes,
    name: str = "list.csv",
    status: str = "nominated",
) -> httpx.Response:
    return await client.post(
        f"/c/{world.conference.slug}/desk/import",
        data={"status": status},
        files={"file": (name, data)},
        headers=world.headers(OFFICER),
    )


def chosen(page: str) -> dict[str, str]:
    """What the mapping form would send as it is shown."""
    found = {}
    for name, options in re.findall(r'<select name="(map-\d+)".*?>(.*?)</select>', page, re.S):
        selected = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = selected.group(1) if selected else ""
    return found


def hidden(page: str, name: str) -> str:
    match = re.search(rf'<input type="hidden" name="{name}" value="([0-9a-f]+)">', page)
    assert match is not None
    return match.group(1)


async def test_from_file_to_people(client: httpx.AsyncClient, world: World) -> None:
    officer = world.headers(OFFICER)
    start = await client.get(f"/c/{world.conference.slug}/desk/import", headers=officer)
    assert start.status_code == 200
    kept = await upload(client, world, as_csv(people()), status="submitted")
    assert kept.status_code == 303, kept.text
    address = kept.headers["location"]
    page = (await client.get(address, headers=officer)).text
    form = chosen(page)
    assert {"delegation", "name", "style", "function", "group"} <= set(form.values())
    matched = await client.post(address, data=form, headers=officer)
    assert (matched.status_code, matched.headers["location"]) == (303, f"{address}/preview")
    result = await client.get(f"{address}/preview", headers=officer)
    assert "40 lines" in result.text
    done = await client.post(
        f"{address}/confirm", data={"seen": hidden(result.text, "seen")}, headers=officer
    )
    assert (done.status_code, done.headers["location"]) == (303, f"{address}/done")
    last = (await client.get(f"{address}/done", headers=officer)).text
    assert "40 added" in html.unescape(last)
    listed = await client.get(
        f"{world.api}/participants?status=submitted", headers=world.headers(OFFICER)
    )
    assert listed.json()["count"] == 40


BROKEN = [
    ["Parties", "Chile", "", "Ana Example", "", "Envoy", "king", "", ""],
    ["Parties", "Fiji", "", "Beno <b>Example", "", "Expert", "", "", ""],
]


async def test_a_refused_file_says_why_and_keeps_what_was_chosen(
    client: httpx.AsyncClient, world: World
) -> None:
    for data, name, status, reason in (
        (b"%PDF-1.7", "list.pdf", 422, "This kind of file is not read"),
        (b"", "list.csv", 422, "The file is empty"),
        (b"Name,Delegation\n", "list.csv", 422, "headings need people below"),
        (b"PK\x03\x04 broken", "list.xlsx", 422, "damaged"),
        (b"Name\n" + b"x" * 20_000_001, "list.csv", 413, "larger than 20 MB"),
    ):
        page = await upload(client, world, data, name, status="approved")
        assert page.status_code == status
        assert reason in html.unescape(page.text)
        assert '<option value="approved" selected' in page.text
        assert "None yet." in page.text
    nothing = await client.post(
        f"/c/{world.conference.slug}/desk/import", headers=world.headers(OFFICER)
    )
    assert (nothing.status_code, "Choose a file." in nothing.text) == (422, True)


async def kept(client: httpx.AsyncClient, world: World, data: bytes, name: str = "l.csv") -> str:
    answer = await upload(client, world, data, name)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def test_errors_stop_all_lines_until_the_box_is_ticked(
    client: httpx.AsyncClient, world: World
) -> None:
    officer = world.headers(OFFICER)
    address = await kept(client, world, as_csv(BROKEN))
    page = await client.get(f"{address}/preview", headers=officer)
    text = html.unescape(page.text)
    assert "This is no role that we know." in text
    assert "Import the one line without error" in text
    assert "Beno &lt;b&gt;Example" in page.text
    form = {"seen": hidden(page.text, "seen"), "accept_valid": ""}
    refused = await client.post(f"{address}/confirm", data=form, headers=officer)
    assert (refused.status_code, "Nothing was imported." in refused.text) == (409, True)
    form["accept_valid"] = "true"
    done = await client.post(f"{address}/confirm", data=form, headers=officer)
    assert done.status_code == 303
    last = html.unescape((await client.get(done.headers["location"], headers=officer)).text)
    assert "1 added" in last
    assert "1 line left out" in last
    again = await client.post(f"{address}/confirm", data=form, headers=officer)
    assert (again.status_code, again.headers["location"]) == (303, f"{address}/done")
    listed = await client.get(f"{world.api}/participants", headers=officer)
    assert listed.json()["count"] == 1


async def test_columns_are_chosen_by_hand_and_sheets_by_name(
    client: httpx.AsyncClient, world: World
) -> None:
    officer = world.headers(OFFICER)
    odd = ["A", "B", "C", "C", "E", "F", "G", "", "I"]
    book = as_ods({"Notes": [["Remarks"], ["none"]], "First": [odd, *people()]})
    address = await kept(client, world, book, "l.ods")
    page = (await client.get(address, headers=officer)).text
    assert 'name="map-0"' in page
    sheet = await client.post(address, data={"sheet": "First"}, headers=officer)
    assert sheet.headers["location"] == address
    page = (await client.get(address, headers=officer)).text
    assert "Börje Abelló" in page
    form = chosen(page) | {"map-1": "delegation"}
    lacking = await client.post(address, data=form, headers=officer)
    assert lacking.status_code == 422
    assert "No column holds the people's names" in html.unescape(lacking.text)
    assert chosen(lacking.text)["map-1"] == "delegation"
    form |= {"map-0": "group", "map-2": "name", "map-3": "name"}
    twice = await client.post(address, data=form, headers=officer)
    assert "“C” goes there already." in html.unescape(twice.text)
    form |= {"map-2": "style", "map-5": "function"}
    matched = await client.post(address, data=form, headers=officer)
    assert matched.headers["location"] == f"{address}/preview"
    result = (await client.get(f"{address}/preview", headers=officer)).text
    assert "Import 40 lines" in result
    assert chosen((await client.get(address, headers=officer)).text)["map-3"] == "name"


async def test_a_corrected_file_is_read_as_the_one_before(
    client: httpx.AsyncClient, world: World
) -> None:
    officer = world.headers(OFFICER)
    odd = ["A", "Delegation", "C", "D", "E", "F", "G", "H", "I"]
    first = await upload(client, world, as_csv(people(), headings=odd), status="submitted")
    address = first.headers["location"]
    form = chosen((await client.get(address, headers=officer)).text) | {"map-3": "name"}
    form |= {"map-0": "group", "map-5": "function"}
    await client.post(address, data=form, headers=officer)
    start = f"/c/{world.conference.slug}/desk/import"
    id = address.rpartition("/")[2]
    page = (await client.get(f"{start}?after={id}", headers=officer)).text
    assert '<option value="submitted" selected' in page
    assert f'name="after" value="{id}"' in page
    for headings, field in ((odd, "name"), (HEADINGS["en"], "style")):
        second = await client.post(
            start,
            data={"status": "submitted", "after": id},
            files={"file": ("l.csv", as_csv(people(39), headings=headings))},
            headers=officer,
        )
        page = (await client.get(second.headers["location"], headers=officer)).text
        assert field in chosen(page).values()
        assert (chosen(page).get("map-3"), chosen(page).get("map-0")) == ("name", "group")


async def test_the_first_sheet_with_people_is_read(client: httpx.AsyncClient, world: World) -> None:
    book = as_ods({"Notes": [["Remarks"], ["none"]], "List": [HEADINGS["fr"], *people()]})
    address = await kept(client, world, book, "l.ods")
    page = (await client.get(address, headers=world.headers(OFFICER))).text
    assert '<option value="List" selected>' in page


async def test_changes_are_shown_cell_by_cell_and_only_those_are_made(
    client: httpx.AsyncClient, world: World
) -> None:
    officer = world.headers(OFFICER)
    first = await kept(client, world, as_csv(people()))
    await client.post(f"{first}/confirm", headers=officer)
    rows = people()
    rows[3][5] = "Minister of Justice"
    second = await kept(client, world, as_csv(rows))
    page = (await client.get(f"{second}/preview", headers=officer)).text
    cells = re.findall(r"<bdi>(.*?)</bdi>", page)
    assert cells[-2:] == ["Conseillère", "Minister of Justice"]
    report = (await client.get(f"{second}/report.json", headers=officer)).json()
    assert report["changes"] == [
        {
            "line": 5,
            "name": "Désiré Abelló",
            "field": "function",
            "old": "Conseillère",
            "new": "Minister of Justice",
        }
    ]
    table = await client.get(f"{second}/report.csv", headers=officer)
    assert "change,5,function,Conseillère" in table.text
    assert "attachment" in table.headers["content-disposition"]
    # Somebody makes the same change before the second file is confirmed.
    third = await kept(client, world, as_csv(rows))
    await client.post(f"{third}/confirm", headers=officer)
    late = await client.post(
        f"{second}/confirm", data={"seen": hidden(page, "seen")}, headers=officer
    )
    assert (late.status_code, "look at the result again" in late.text) == (412, True)
    assert hidden(late.text, "seen") != hidden(page, "seen")


async def test_a_large_preview_stays_light(client: httpx.AsyncClient, world: World) -> None:
    rows = [[*row[:6], "king", *row[7:]] for row in people(3_000)]
    address = await kept(client, world, as_csv(rows))
    page = await client.get(f"{address}/preview", headers=world.headers(OFFICER))
    assert "The first 200 of 3,000" in page.text
    assert len(page.content) < 100_000


async def test_only_officers_of_this_conference_import(
    client: httpx.AsyncClient, world: World
) -> None:
    start = f"/c/{world.conference.slug}/desk/import"
    address = await kept(client, world, as_csv(people()))
    for role, status in (("protocol_officer", 403), ("focal_point", 403), ("auditor", 403)):
        for page in (start, address, f"{address}/preview", f"{address}/report.json"):
            answer = await client.get(page, headers=world.headers(role))
            assert answer.status_code == status, (role, page)
        answer = await client.post(f"{address}/confirm", headers=world.headers(role))
        assert answer.status_code == status
    other = await make_world(world.database, "other-2026")
    moved = address.replace(world.conference.slug, "other-2026")
    for page in (moved, f"{moved}/preview", f"{moved}/done", f"{moved}/report.csv"):
        assert (await client.get(page, headers=other.headers())).status_code == 404
    assert (await client.post(f"{moved}/confirm", headers=other.headers())).status_code == 404
    assert (await client.post(moved, headers=other.headers())).status_code == 404
