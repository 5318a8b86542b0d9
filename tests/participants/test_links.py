"""Personal links: one person, one purpose, until it is revoked; and what people correct by them."""

import re
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from app.accounts.audit import E
from app.accounts.rules import INSTALLATION
from app.core.db import table
from app.core.outbox import OutboxRow
from app.participants import approval
from app.participants.links import service
from app.participants.links.models import PersonalLink, Purpose
from app.participants.rules import Status
from tests.participants.people import nominated
from tests.participants.test_columns import HOTEL, define, fill, held
from tests.participants.test_imports import stored
from tests.world import World, make_world, signed_in

OWN = {"person": "written", "delegation": "hidden"}
DIET = {"key": "diet", "label": {"en": "Diet", "ar": "الحمية"}} | OWN
SIZE = {"key": "car", "label": {"en": "Vehicle"}, "person": "seen"}


async def linked(world: World, id: str, purpose: Purpose = Purpose.own_data, **how: Any) -> str:
    """The path of a new link."""
    async with world.database.writing() as session:
        address = await service.make(
            session, INSTALLATION, world.conference, UUID(id), purpose, **how
        )
    return address.removeprefix("http://testserver")


def version(page: httpx.Response) -> str:
    found = re.search(r'name="version" value="(\d+)"', page.text)
    assert found
    return found[1]


def bare(page: httpx.Response) -> str:
    """A refusal without the number that each request has."""
    return re.sub(r"[0-9a-f]{32}", "", page.text)


async def test_people_correct_their_own_data_and_nothing_else(
    client: httpx.AsyncClient, world: World
) -> None:
    await define(world, DIET, SIZE, HOTEL)
    id = await nominated(world, email="old@example.org", phone="+965 1")
    await fill(world, id, diet="None", car="No. 7", hotel="Palm Court")
    at = await linked(world, id)
    page = await client.get(at)
    assert page.status_code == 200
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "private, no-store"
    for text in ("Salem Al-Example", "Minister of Interior", "Kuwait", "old@example.org", "No. 7"):
        assert text in page.text
    assert "Palm Court" not in page.text
    typed = {"email": "new@example.org", "phone": "", "column.diet": "Halal"}
    hostile = {"name": "Other", "rank": "head_of_state", "column.car": "No. 8", "column.hotel": "X"}
    sent = await client.post(at, data=typed | hostile | {"version": version(page)})
    assert (sent.status_code, sent.headers["referrer-policy"]) == (303, "no-referrer")
    assert "Your changes were saved." in (await client.get(sent.headers["location"])).text
    person = (await stored(world))["Salem Al-Example"]
    assert (person.email, person.phone, person.rank) == ("new@example.org", None, None)
    assert await held(world, id) == {"diet": "Halal", "car": "No. 7", "hotel": "Palm Court"}
    late = await client.post(at, data=typed | {"version": version(page)})
    assert (late.status_code, "meanwhile" in late.text) == (412, True)
    wrong = await client.post(at, data={"email": "nowhere", "column.diet": "x" * 501})
    assert (wrong.status_code, 'value="nowhere"' in wrong.text) == (422, True)
    assert wrong.headers["referrer-policy"] == "no-referrer"
    async with world.database.reading() as session:
        acts = await session.execute(select(E.c.action).where(E.c.actor_kind == "link"))
    assert sorted(acts.scalars()) == ["participant.edit", "participant.values"]


async def test_the_page_speaks_the_conferences_languages(
    client: httpx.AsyncClient, world: World
) -> None:
    await define(world, DIET)
    at = await linked(world, await nominated(world, names={"ar": "سالم المثال"}))
    page = await client.get(f"{at}?lang=ar")
    assert 'dir="rtl"' in page.text
    for text in ("بياناتي", "سالم المثال", "الكويت", "الحمية", "البريد الإلكتروني"):
        assert text in page.text
    sent = await client.post(f"{at}?lang=ar", data={"email": "s@example.org"})
    assert "حُفظت" in (await client.get(sent.headers["location"])).text


async def test_a_link_that_is_none_tells_nothing(client: httpx.AsyncClient, world: World) -> None:
    """Unknown, revoked, of another purpose or conference, of somebody who is out: the same page."""
    other = await make_world(world.database, "other-2026")
    id = await nominated(world)
    first = await linked(world, id)
    second = await linked(world, id)
    token = second.rpartition("/")[2]
    reply = (await linked(world, id, Purpose.reply)).rpartition("/")[2]
    abroad = await linked(other, await nominated(other))
    gone = await nominated(world, name="Gone")
    theirs = await linked(world, gone)
    async with world.database.writing() as session:
        await approval.withdraw(session, INSTALLATION, world.conference, UUID(gone), reason="Ill")
    own = f"/c/{world.conference.slug}/own"
    assert (await client.get(second)).status_code == 200
    unknown = await client.get(f"{own}/never")
    assert unknown.headers["referrer-policy"] == "no-referrer"
    dead = [first, f"{own}/{reply}", f"{own}/{abroad.rpartition('/')[2]}", theirs]
    async with world.database.writing() as session:
        await service.revoke(session, INSTALLATION, world.conference, UUID(id))
    for at in [*dead, second]:
        for answer in (await client.get(at), await client.post(at, data={"email": "a@b.c"})):
            assert (answer.status_code, bare(answer)) == (404, bare(unknown)), at
    foreign = await client.get(f"/c/{other.conference.slug}/own/{token}")
    missing = await client.get(f"/c/{other.conference.slug}/own/never")
    assert (foreign.status_code, bare(foreign)) == (404, bare(missing))
    assert (await stored(world))["Gone"].status is Status.withdrawn


async def test_only_a_hash_is_kept_and_looking_changes_nothing(
    client: httpx.AsyncClient, world: World
) -> None:
    at = await linked(world, await nominated(world))
    token = at.rpartition("/")[2]
    assert len(token) == 43
    rows = select(table(PersonalLink))
    async with world.database.reading() as session:
        before = (await session.execute(rows)).all()
        entries = len((await session.execute(select(E.c.seq))).all())
    assert token not in repr(before)
    for _ in range(2):
        assert (await client.get(at)).status_code == 200
        assert (await client.head(at)).status_code in (200, 405)
    async with world.database.reading() as session:
        assert (await session.execute(rows)).all() == before
        assert len((await session.execute(select(E.c.seq))).all()) == entries


async def test_the_desk_makes_mails_and_revokes(client: httpx.AsyncClient, world: World) -> None:
    id, silent = await nominated(world, email="salem@example.org"), await nominated(world, name="B")
    await signed_in(client, world, "registration_officer")
    page = f"{world.desk}/participants/{id}/link"
    assert "There is no link now." in (await client.get(page)).text
    made = await client.post(page, data={"how": "show"})
    address = re.search(r"http://testserver(/c/test-2026/own/[\w-]+)", made.text)
    assert made.status_code == 200
    assert address
    assert (await client.get(address[1])).status_code == 200
    again = await client.get(page)
    assert "A link works since" in again.text
    assert "/own/" not in again.text
    assert (await client.post(page, data={"how": "mail"})).status_code == 303
    async with world.database.reading() as session:
        [mail] = (await session.execute(select(OutboxRow))).scalars()
    assert mail.payload["to"] == "salem@example.org"
    sent = re.search(r"http://testserver(/c/\S+)", str(mail.payload["text"]))
    assert sent
    assert (await client.get(address[1])).status_code == 404
    assert (await client.get(sent[1])).status_code == 200
    assert (await client.post(page, data={"how": "revoke"})).status_code == 303
    assert (await client.get(sent[1])).status_code == 404
    nowhere = f"{world.desk}/participants/{silent}/link"
    refused = await client.post(nowhere, data={"how": "mail"})
    assert (refused.status_code, "no e-mail address" in refused.text) == (409, True)


@pytest.mark.parametrize("role", ["programme_officer", "auditor", "press_officer", "focal_point"])
async def test_who_makes_no_links(client: httpx.AsyncClient, world: World, role: str) -> None:
    page = f"{world.desk}/participants/{await nominated(world)}/link"
    await signed_in(client, world, role)
    assert (await client.get(page)).status_code == 403
    assert (await client.post(page, data={"how": "show"})).status_code == 403
