"""Statistics and summary over HTTP, in the shapes of the contract."""

import httpx

from app.core import clock
from tests.world import World

LINE = {"key", "label", "bodies", "participants", "women", "men", "unknown"}
FIGURES = {
    "participants",
    "scanned",
    "attested",
    "heads_of_state_or_government",
    "ministers",
    "states_at_ministerial_level",
    "ranks_undecided",
    "member_states",
    "observer_states",
    "other_states",
    "intergovernmental_organizations",
    "un_secretariat",
    "specialized_agencies",
    "civil_society_experts",
    "civil_society_associations",
}


async def approve(client: httpx.AsyncClient, world: World, **fields: object) -> None:
    given = {"delegation": "KWT", "name": "Salem Al-Example", "role": "delegate"} | fields
    made = await client.post(f"{world.api}/participants", json=given, headers=world.headers())
    for action in ("submit", "approve"):
        path = f"{world.api}/participants/{made.json()['id']}/{action}"
        assert (await client.post(path, headers=world.headers())).status_code == 200


async def test_the_shapes_of_the_contract(client: httpx.AsyncClient, world: World) -> None:
    await approve(client, world, rank="minister", sex="female")
    await approve(client, world, delegation="CHT")
    await approve(client, world, role="security")
    press = world.headers("press_officer")
    table = (await client.get(f"{world.api}/statistics", headers=press)).json()
    asked = {"conference", "basis", "as_of", "known_at", "excluded", "groups", "total"}
    assert set(table) >= asked
    assert (table["conference"], table["basis"]) == ("test-2026", "accredited")
    assert table["excluded"] == ["security", "support", "spouse", "media", "organiser"]
    assert set(table["total"]) == LINE
    assert [set(line) for line in table["groups"]] == [LINE] * 2
    assert [line["key"] for line in table["groups"]] == ["member_states", "non_governmental"]
    assert table["groups"][0] == {
        "key": "member_states",
        "label": "Member States",
        "bodies": 1,
        "participants": 1,
        "women": 1,
        "men": 0,
        "unknown": 0,
    }
    told = (await client.get(f"{world.api}/summary?lang=en", headers=press)).json()
    asked = {"conference", "basis", "as_of", "known_at", "language", "excluded", "text", "figures"}
    assert set(told) >= asked
    assert set(told["figures"]) >= FIGURES
    assert told["figures"]["participants"] == 2
    assert all(type(n) is int for n in told["figures"].values())
    assert "2 participants" in told["text"]
    assert "\n" not in told["text"]


async def test_figures_of_before_and_of_what_was_known(
    client: httpx.AsyncClient, world: World
) -> None:
    before = clock.now().isoformat()
    await approve(client, world)
    officer = world.headers("protocol_officer")

    async def participants(**asked: str) -> int:
        answer = await client.get(f"{world.api}/statistics", params=asked, headers=officer)
        assert answer.status_code == 200, answer.text
        return int(answer.json()["total"]["participants"])

    assert await participants() == 1
    assert await participants(as_of=before) == 0
    assert await participants(known_at=before) == 0
    assert await participants(as_of="2099-01-01") == 1
    assert await participants(basis="attended") == 0
    wrong = await client.get(f"{world.api}/statistics?as_of=yesterday!!", headers=officer)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid")


async def test_the_persons_behind_a_figure_are_not_for_everybody(
    client: httpx.AsyncClient, world: World
) -> None:
    await approve(client, world)
    path = f"{world.api}/statistics/people?figure=participants"
    shown = await client.get(path, headers=world.headers("protocol_officer"))
    assert [p["name"] for p in shown.json()["results"]] == ["Salem Al-Example"]
    for role, status in (
        ("press_officer", 403),
        ("programme_officer", 403),
        ("focal_point", 403),
        ("auditor", 200),
    ):
        answer = await client.get(path, headers=world.headers(role))
        assert answer.status_code == status, role
    unknown = await client.get(
        f"{world.api}/statistics/people?figure=kings", headers=world.headers()
    )
    assert unknown.status_code == 404
