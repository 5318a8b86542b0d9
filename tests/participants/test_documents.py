"""Identity documents: one active registration each, sealed, and looked at on record."""

import asyncio
import json
from collections import Counter
from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text

from app.accounts import service as accounts
from app.accounts.audit import E
from app.accounts.rules import INSTALLATION, Role
from app.core.errors import Invalid
from app.participants.vetting.rules import DocumentType, masked, missing, normalised
from tests.participants.people import nominated
from tests.world import World, signed_in

NUMBER = "P 123-4567"
DOCUMENT = {"type": "passport", "issuing_state": "KWT", "number": NUMBER}
OFFICER, FOCAL = "registration_officer", "focal_point"


async def put(
    client: httpx.AsyncClient, world: World, id: str, *, role: str = OFFICER, **fields: object
) -> httpx.Response:
    return await client.put(
        f"{world.api}/participants/{id}/document",
        json=DOCUMENT | fields,
        headers=world.headers(role),
    )


async def act(client: httpx.AsyncClient, world: World, id: str, action: str) -> httpx.Response:
    body = {"reason": "Ill"} if action in ("withdraw", "refuse", "return") else None
    return await client.post(
        f"{world.api}/participants/{id}/{action}", json=body, headers=world.headers(OFFICER)
    )


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("p 123-4567", "P1234567"), ("Ｐ１２３４", "P1234"), ("٠١٢٣٤٥", "012345"), ("ab.c1", "ABC1")],
)
def test_two_writings_of_a_number_agree(typed: str, kept: str) -> None:
    assert normalised(typed) == kept


@pytest.mark.parametrize("typed", ["", "12", "- - -", "1" * 33])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        normalised(typed)


def test_a_mask_does_not_tell_the_length() -> None:
    assert masked("AB1234") == "••••••34"
    assert len(masked("1234")) == len(masked("1" * 32))


def test_what_is_missing_is_said_in_sentences() -> None:
    whole: dict[str, Any] = {
        "photo": True,
        "photo_exempt": False,
        "function": "Adviser",
        "rank": "official",
        "sex": "female",
        "document": (DocumentType.passport, date(2026, 11, 5)),
        "ends": date(2026, 11, 5),
    }
    assert missing(**whole) == []
    assert missing(**whole | {"photo": False, "photo_exempt": True}) == []
    expired = whole | {"document": (DocumentType.passport, date(2026, 11, 4))}
    assert missing(**expired) == ["The document expires before the last day."]
    nothing = dict.fromkeys(("function", "rank", "sex", "document"))
    assert len(missing(**whole | nothing | {"photo": False})) == 5


async def test_a_number_is_read_by_officers_only_and_each_look_is_on_record(
    client: httpx.AsyncClient, world: World
) -> None:
    id = await nominated(world)
    for role in (OFFICER, FOCAL):
        kept = await put(client, world, id, role=role, expires_on="2030-01-01")
        assert kept.json() == {
            "type": "passport",
            "issuing_state": "KWT",
            "masked_number": "••••••67",
            "expires_on": "2030-01-01",
        }
    address = f"{world.api}/participants/{id}/document"
    for role, wanted in ((FOCAL, 403), ("protocol_officer", 403), ("auditor", 403), (OFFICER, 200)):
        answer = await client.get(address, headers=world.headers(role))
        assert answer.status_code == wanted
        assert ("1234567" in answer.text) is (wanted == 200)
    again = await client.get(address, headers=world.headers(OFFICER))
    assert again.json()["number"] == "P1234567"
    assert "no-store" in again.headers["cache-control"]
    async with world.database.reading() as session:
        views = await session.execute(select(E.c.target_id).where(E.c.action == "passport.view"))
        assert list(views.scalars()) == [id]
    gone = await client.delete(address, headers=world.headers(FOCAL))
    assert gone.status_code == 204
    assert (await client.get(address, headers=world.headers(OFFICER))).status_code == 404


async def test_the_number_is_nowhere_else(client: httpx.AsyncClient, world: World) -> None:
    id = await nominated(world)
    await put(client, world, id)
    headers = world.headers(OFFICER)
    for part in ("participants", f"participants/{id}", "delegations", "statistics", "ministers"):
        assert "1234567" not in (await client.get(f"{world.api}/{part}", headers=headers)).text
    wrong = {"type": "passport", "issuing_state": "ZZZ", "number": "P1234567", "more": "1234567"}
    refused = await client.put(
        f"{world.api}/participants/{id}/document", json=wrong, headers=headers
    )
    assert refused.status_code == 422
    assert {one["pointer"] for one in refused.json()["errors"]} == {"/issuing_state", "/more"}
    assert "1234567" not in refused.text
    long = await put(client, world, id, number="P1234567" * 8)
    assert (long.status_code, "1234567" in long.text) == (422, False)
    async with world.database.reading() as session:
        for name in ("identity_documents", "audit_entries", "participants"):
            rows = await session.execute(text(f"SELECT * FROM {name}"))
            assert "1234567" not in repr(rows.all())


async def test_one_document_stands_in_one_registration(
    client: httpx.AsyncClient, world: World
) -> None:
    first = await nominated(world, delegation="TJK", name="Ойша Пример")
    second = await nominated(world)
    assert (await put(client, world, first)).status_code == 200
    assert (await put(client, world, first, number="p1234567")).status_code == 200
    taken = await put(client, world, second, number="p.1234567")
    assert (taken.status_code, taken.json()["code"]) == (409, "document-taken")
    assert taken.json()["participant"] == first
    assert "Ойша Пример" in taken.json()["detail"]
    for other in ({"type": "national_id"}, {"issuing_state": "TJK"}, {"number": "P1234568"}):
        assert (await put(client, world, second, **other)).status_code == 200
    # Whoever leaves lets the document go; whoever comes back needs it to be free.
    assert (await act(client, world, first, "withdraw")).status_code == 200
    assert (await put(client, world, second)).status_code == 200
    back = await act(client, world, first, "reinstate")
    assert (back.status_code, back.json()["code"]) == (409, "document-taken")
    shown = await client.get(f"{world.api}/participants/{first}", headers=world.headers())
    assert shown.json()["status"] == "withdrawn"
    assert (await put(client, world, first)).status_code == 200  # kept, as long as it is out
    await act(client, world, second, "submit")
    await act(client, world, second, "refuse")
    assert (await act(client, world, first, "reinstate")).status_code == 200
    assert (await act(client, world, second, "reinstate")).status_code == 409
    assert (await put(client, world, second, number="Q7654321")).status_code == 200
    assert (await act(client, world, second, "reinstate")).status_code == 200


async def test_a_focal_point_learns_not_whose_it_is(
    client: httpx.AsyncClient, world: World
) -> None:
    own, theirs = await nominated(world), await nominated(world, delegation="TJK", name="Foreign")
    asking = await nominated(world, name="Asking")
    await put(client, world, own)
    await put(client, world, theirs, number="F9999999")
    answers = [
        await put(client, world, asking, role=FOCAL, number=number)
        for number in (NUMBER, "F9999999")
    ]
    assert [one.status_code for one in answers] == [409, 409]
    assert answers[0].content == answers[1].content
    assert "Foreign" not in answers[1].text
    missing = await put(client, world, theirs, role=FOCAL)
    made_up = await put(client, world, "00000000-0000-4000-8000-000000000000", role=FOCAL)
    assert missing.status_code == made_up.status_code == 404
    assert missing.content == made_up.content


async def test_an_approved_registration_keeps_the_document_it_was_approved_with(
    client: httpx.AsyncClient, world: World
) -> None:
    id = await nominated(world, approve=True)
    assert (await put(client, world, id, role=FOCAL)).status_code == 200
    assert (await put(client, world, id, role=FOCAL, number="P7777777")).status_code == 409
    gone = await client.delete(
        f"{world.api}/participants/{id}/document", headers=world.headers(FOCAL)
    )
    assert gone.status_code == 409
    assert (await put(client, world, id, number="P7777777")).status_code == 200


async def test_ten_at_once_with_one_document(client: httpx.AsyncClient, world: World) -> None:
    ids = [
        await nominated(world, name=f"Person {n}", delegation=("KWT", "TJK")[n % 2])
        for n in range(10)
    ]
    answers = await asyncio.gather(*(put(client, world, id) for id in ids))
    assert Counter(one.status_code for one in answers) == {200: 1, 409: 9}
    refused = [one.json() for one in answers if one.status_code == 409]
    assert {one["code"] for one in refused} == {"document-taken"}
    holder = ids[[one.status_code for one in answers].index(200)]
    assert {one["participant"] for one in refused} == {holder}


async def test_two_come_back_at_once_with_one_document(
    client: httpx.AsyncClient, world: World
) -> None:
    ids = [await nominated(world, name=f"Person {n}") for n in range(2)]
    for id in ids:
        await act(client, world, id, "withdraw")
        assert (await put(client, world, id)).status_code == 200
    answers = await asyncio.gather(*(act(client, world, id, "reinstate") for id in ids))
    assert sorted(one.status_code for one in answers) == [200, 409]


async def test_the_same_document_in_another_conference_is_another_matter(
    client: httpx.AsyncClient, world: World
) -> None:
    from tests.world import make_world

    other = await make_world(world.database, "other-2026")
    assert (await put(client, world, await nominated(world))).status_code == 200
    assert (await put(client, other, await nominated(other))).status_code == 200
    async with world.database.reading() as session:
        rows = await session.execute(text("SELECT digest FROM identity_documents"))
        assert len(set(rows.scalars())) == 2


async def test_a_focal_point_of_two_delegations_is_told_no_more(
    client: httpx.AsyncClient, world: World
) -> None:
    """The same sentence for a document within the actor's sight and outside it."""
    async with world.database.writing() as session:
        world.tokens["tajik"] = await accounts.create_token(
            session,
            INSTALLATION,
            name="tajik",
            role=Role.focal_point,
            conference_id=world.conference.id,
            delegation_id=world.delegations["TJK"].id,
        )
    await put(client, world, await nominated(world))
    mine = await nominated(world, delegation="TJK", name="Mine")
    refused = await put(client, world, mine, role="tajik")
    assert set(refused.json()) == {"type", "title", "status", "detail", "code"}
    assert json.loads(refused.text)["code"] == "document-taken"


async def test_the_desk_shows_the_number_when_asked(
    client: httpx.AsyncClient, world: World
) -> None:
    id = await nominated(world)
    await signed_in(client, world, OFFICER)
    page = f"{world.desk}/participants/{id}"
    typed = {"type": "passport", "issuing_state": "Kuwait", "number": NUMBER}
    wrong = await client.post(f"{page}/document", data=typed)
    assert wrong.status_code == 422
    kept = await client.post(f"{page}/document", data=typed | {"issuing_state": "KWT"})
    assert kept.status_code == 303
    seen = await client.get(page)
    assert "••••••67" in seen.text
    assert "1234567" not in seen.text
    shown = await client.post(f"{page}/document/number")
    assert "P1234567" in shown.text
    async with world.database.reading() as session:
        views = await session.execute(select(E.c.target_id).where(E.c.action == "passport.view"))
        assert list(views.scalars()) == [id]
    assert (await client.post(f"{page}/document/remove")).status_code == 303
    assert "••••••" not in (await client.get(page)).text
    assert (await client.post(f"{page}/document/number")).status_code == 404
