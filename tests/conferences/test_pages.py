"""Mails and the audit trail at the desk."""

import httpx
import pytest
from sqlalchemy import update

from app.accounts.audit import E
from app.core import mail
from tests.participants.people import nominated
from tests.world import World, signed_in


@pytest.mark.parametrize(
    ("role", "outbox", "audit"),
    [
        ("administrator", 200, 200),
        ("registration_officer", 200, 403),
        ("auditor", 403, 200),
        ("press_officer", 403, 403),
        ("focal_point", 403, 403),
        ("nobody", 401, 401),
    ],
)
async def test_who_opens_them(
    client: httpx.AsyncClient, world: World, role: str, outbox: int, audit: int
) -> None:
    await signed_in(client, world, role)
    assert (await client.get(f"{world.desk}/outbox/")).status_code == outbox
    assert (await client.get(f"{world.desk}/audit/")).status_code == audit


async def test_mails_are_shown_as_text(client: httpx.AsyncClient, world: World) -> None:
    for conference_id in (world.conference.id, None):
        async with world.database.writing() as session:
            mail.write(
                session,
                to=f"{'here' if conference_id else 'elsewhere'}@example.org",
                subject="<b>Invitation</b>",
                text="Dear <script>alert(1)</script>",
                conference_id=conference_id,
            )
    await signed_in(client, world, "registration_officer")
    page = (await client.get(f"{world.desk}/outbox/")).text
    assert "here@example.org" in page
    assert "elsewhere@example.org" not in page
    assert "&lt;b&gt;Invitation" in page
    assert "<script>alert" not in page
    assert "kept here and sent to nobody" in page
    assert "here@" in (await client.get(f"{world.desk}/outbox/?state=kept")).text
    assert "No mail here" in (await client.get(f"{world.desk}/outbox/?state=sent")).text


async def test_the_trail_names_who_acted_and_says_whether_it_holds(
    client: httpx.AsyncClient, world: World
) -> None:
    await nominated(world)
    await signed_in(client, world, "auditor")
    page = (await client.get(f"{world.desk}/audit/")).text
    assert "participant.nominate" in page
    assert "Salem" not in page
    assert "name, rank, role" in page
    assert "chain holds" in (await client.get(f"{world.desk}/audit/?verify=true")).text
    chain = str(world.conference.id)
    async with world.database.writing() as session:
        await session.execute(update(E).where(E.c.chain == chain, E.c.seq == 1).values(action="x"))
    broken = (await client.get(f"{world.desk}/audit/?verify=true")).text
    assert "Entry 1 was altered or moved." in broken
