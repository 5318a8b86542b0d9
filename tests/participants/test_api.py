"""Participants through the API, as an officer's script uses it."""

import httpx

from tests.world import World


async def nominate(client: httpx.AsyncClient, world: World, **fields: object) -> dict[str, object]:
    given = {"delegation": "KWT", "name": "Salem Al-Example", "role": "delegate"} | fields
    answer = await client.post(
        f"{world.api}/participants", json=given, headers=world.headers("registration_officer")
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, object] = answer.json()
    return made


async def test_a_person_goes_from_nomination_to_approval(
    client: httpx.AsyncClient, world: World
) -> None:
    person = await nominate(client, world, function="Minister of Interior")
    assert person["status"] == "nominated"
    assert (person["rank"], person["rank_suggested"]) == (None, "minister")
    address = f"{world.api}/participants/{person['id']}"
    officer = world.headers("registration_officer")
    assert (await client.post(f"{address}/submit", headers=officer)).json()["status"] == "submitted"
    approved = await client.post(f"{address}/approve", headers=officer)
    assert (approved.status_code, approved.json()["status"]) == (200, "approved")
    gone = await client.post(f"{address}/withdraw", json={"reason": "Ill"}, headers=officer)
    assert (gone.json()["status"], gone.json()["status_reason"]) == ("withdrawn", "Ill")
    again = await client.post(f"{address}/approve", headers=officer)
    assert (again.status_code, again.json()["code"]) == (409, "wrong-status")
    assert again.headers["content-type"] == "application/problem+json"


async def test_lists_and_errors_have_the_contracts_shape(
    client: httpx.AsyncClient, world: World
) -> None:
    await nominate(client, world, name="Мария Пример")
    listed = await client.get(
        f"{world.api}/participants?search=maria&page_size=1", headers=world.headers()
    )
    assert listed.json()["count"] == 1
    assert listed.json()["results"][0]["name"] == "Мария Пример"
    wrong = await client.post(
        f"{world.api}/participants",
        json={"delegation": "KWT", "role": "king", "surprise": 1},
        headers=world.headers(),
    )
    assert wrong.status_code == 422
    assert {e["pointer"] for e in wrong.json()["errors"]} == {"/role", "/surprise"}
    assert "king" not in wrong.text


async def test_a_stranger_sees_nothing_and_a_focal_point_only_their_own(
    client: httpx.AsyncClient, world: World
) -> None:
    other = await nominate(client, world, delegation="TJK")
    own = await nominate(client, world)
    focal = world.headers("focal_point")
    listed = await client.get(f"{world.api}/participants", headers=focal)
    assert [row["id"] for row in listed.json()["results"]] == [own["id"]]
    missing = await client.get(f"{world.api}/participants/{other['id']}", headers=focal)
    unknown = await client.get(
        f"{world.api}/participants/00000000-0000-4000-8000-000000000000", headers=focal
    )
    assert missing.status_code == unknown.status_code == 404
    assert missing.content == unknown.content
    assert (await client.get(f"{world.api}/participants")).status_code == 401
