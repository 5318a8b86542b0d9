"""A focal point with a role at the desk besides sees all delegations, and acts for one only."""

import httpx
import pytest

from app.accounts import service as accounts
from app.accounts.rules import INSTALLATION, Role
from tests.participants.people import nominated
from tests.world import PASSWORD, World, signed_in

DOCUMENT = {"type": "passport", "issuing_state": "TJK", "number": "P1234567"}
PERSON = {"name": "Somebody New", "function": "Adviser"}
PDF = {"file": ("letter.pdf", b"%PDF-1.7\n1 0 obj\nendobj\nstartxref\n9\n%%EOF\n")}


async def with_both(client: httpx.AsyncClient, world: World) -> None:
    """Signs somebody in who reads everything at the desk and is Kuwait's focal point."""
    await signed_in(client, world, Role.auditor)
    async with world.database.writing() as session:
        await accounts.add_account(
            session,
            INSTALLATION,
            email=f"{Role.auditor}@example.org",
            name="Both",
            role=Role.focal_point,
            conference_id=world.conference.id,
            delegation_id=world.delegations["KWT"].id,
        )
    form = {"email": f"{Role.auditor}@example.org", "password": PASSWORD}
    assert (await client.post("/sign-in", data=form)).status_code == 303


async def answers(client: httpx.AsyncClient, world: World, code: str) -> dict[str, int]:
    """What each act that a focal point has comes to, for one delegation."""
    at = f"{world.api}/delegations/{code}"
    open_, out = [await nominated(world, delegation=code, name=f"{code} {n}") for n in range(2)]
    placed = await nominated(world, delegation=code, name=f"{code} placed", approve=True)
    other = await nominated(world, delegation=code, name=f"{code} other")
    people = f"{world.api}/participants"
    found = {
        "nominate": await client.post(people, json=PERSON | {"delegation": code}),
        "document": await client.put(f"{people}/{open_}/document", json=DOCUMENT),
        "edit": await client.patch(f"{people}/{open_}", json={"phone": "+965 1234567"}),
        "submit": await client.post(f"{people}/{open_}/submit"),
        "withdraw": await client.post(f"{people}/{out}/withdraw", json={"reason": "Ill"}),
        "ask": await client.patch(f"{people}/{placed}", json={"function": "Envoy"}),
        "substitute": await client.post(f"{people}/{placed}/substitute", json={"successor": other}),
        "accept": await client.post(f"{world.api}/waiting-list/{open_}/accept"),
        "letters": await client.get(f"{at}/letters"),
        "letter": await client.post(f"{at}/letters", data={"kind": "note_verbale"}, files=PDF),
        "reply": await client.post(f"{at}/reply", json={"invitation_status": "accepted"}),
        "portal": await client.get(f"/c/{world.conference.slug}/portal/{code}/"),
    }
    return {act: answer.status_code for act, answer in found.items()}


async def test_acts_for_the_own_delegation(client: httpx.AsyncClient, world: World) -> None:
    await with_both(client, world)
    assert (await client.get(f"{world.api}/delegations/TJK")).status_code == 200
    own = await answers(client, world, "KWT")
    assert {act: code for act, code in own.items() if code >= 300} == {"accept": 409}


async def test_acts_for_no_other(client: httpx.AsyncClient, world: World) -> None:
    await with_both(client, world)
    other = await answers(client, world, "TJK")
    assert other.pop("portal") == 404
    assert set(other.values()) == {403}, other


@pytest.mark.parametrize("codes", [["KWT", "TJK"], ["KWT"]])
async def test_a_token_is_no_second_officer(
    client: httpx.AsyncClient, world: World, codes: list[str]
) -> None:
    letter = {"delegations": codes, "number": "NV/1", "dated": "2026-09-01"}
    headers = world.headers("registration_officer")
    made = await client.post(f"{world.api}/invitations", json=letter, headers=headers)
    if codes == ["KWT"]:
        assert made.status_code == 201
        return
    assert (made.status_code, made.json()["code"]) == (403, "needs-person")
    await signed_in(client, world, "registration_officer")
    made = await client.post(f"{world.api}/invitations", json=letter)
    assert made.status_code == 201
    address = f"{world.api}/invitations/{made.json()['id']}/confirm"
    own = await client.post(address)
    assert (own.status_code, own.json()["code"]) == (409, "second-officer")
    for held in ("registration_officer", "administrator"):
        by_token = await client.post(address, headers=world.headers(held))
        assert (by_token.status_code, by_token.json()["code"]) == (403, "needs-person")
