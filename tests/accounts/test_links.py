"""Links in mails: from the invitation to the sign-in, and what others learn of them: nothing."""

import asyncio
import re
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from sqlalchemy import func, select

from app.accounts import links
from app.accounts import service as accounts
from app.accounts.rules import INSTALLATION, LinkPurpose, Role
from app.accounts.store import L
from app.conferences.store import M
from app.core import clock, mail
from app.delegations.invitations import focal_points, service
from app.delegations.invitations.schemas import FocalPointIn, InvitationIn
from tests.delegations.outbox import link_in, mails
from tests.world import OFFICER, World, make_world

THEN = datetime(2026, 9, 1, 8, tzinfo=UTC)
BROWSER = {"Sec-Fetch-Site": "same-origin"}


async def invited(world: World, name: str = "Focal Point", code: str = "KWT") -> str:
    """Invites a delegation with one focal point; the path in its mail."""
    async with world.database.writing() as session:
        given = FocalPointIn(email="focal@example.org", name=name)
        await focal_points.add(session, OFFICER, world.conference, code, given)
        letter = InvitationIn(delegations=[code], number="NV/1", dated=date(2026, 9, 1))
        await service.propose(session, OFFICER, world.conference, letter)
    return link_in((await mails(world.database))[-1])


async def rows(world: World) -> list[int]:
    async with world.database.reading() as session:
        return [
            int((await session.execute(select(func.count()).select_from(t))).scalar_one())
            for t in (L, M)
        ]


async def test_from_the_invitation_to_the_portal(client: httpx.AsyncClient, world: World) -> None:
    client.headers.update(BROWSER)
    page = await invited(world)
    before = await rows(world)
    shown = await client.get(page)
    assert (shown.status_code, "Test Conference" in shown.text) == (200, True)
    assert "Kuwait" in shown.text
    assert await rows(world) == before
    assert "set-cookie" not in shown.headers
    # Each button sends a fresh link, to the address that was invited and nowhere else.
    sent = await client.post(page, headers={"Host": "evil.example"})
    assert (sent.status_code, "focal@example.org" in sent.text) == (200, False)
    letter = (await mails(world.database))[-1]
    assert (letter["to"], "evil.example" in letter["text"]) == ("focal@example.org", False)
    link = link_in(letter)
    for _ in range(3):  # a scanner of mails follows it
        assert (await client.get(link)).status_code == 200
    opened = await client.post(link)
    assert (opened.status_code, opened.headers["location"]) == (303, "/c/test-2026/portal/")
    assert "HttpOnly" in opened.headers["set-cookie"]
    mine = await client.get(f"{world.api}/delegations")
    assert [one["code"] for one in mine.json()["results"]] == ["KWT"]
    again = await client.post(link)
    assert (again.status_code, "was used" in again.text) == (410, True)
    assert (await client.get(page)).status_code == 200  # good until the deadline


async def test_a_sign_in_link_lasts_fifteen_minutes(
    client: httpx.AsyncClient, world: World
) -> None:
    client.headers.update(BROWSER)
    page = await invited(world)
    for wait, status in ((14, 303), (16, 410)):
        with clock.frozen(THEN):
            await client.post(page)
        link = link_in((await mails(world.database))[-1])
        with clock.frozen(THEN + timedelta(minutes=wait)):
            assert (await client.post(link)).status_code == status
    unknown = await client.post("/sign-in/link/none")
    with clock.frozen(THEN + timedelta(minutes=16)):
        ended = await client.post(link)
    assert (ended.status_code, ended.content) == (unknown.status_code, unknown.content)


async def test_an_invitation_ends_with_its_day_and_stays_in_its_conference(
    client: httpx.AsyncClient, world: World
) -> None:
    client.headers.update(BROWSER)
    with clock.frozen(THEN):
        page = await invited(world)
    other = await make_world(world.database, "other-2026")
    secret = page.rpartition("/")[2]
    foreign = f"/c/{other.conference.slug}/invitation/{secret}"
    for instant, path, status in (
        (datetime(2026, 11, 5, 20, 59, tzinfo=UTC), page, 200),
        (datetime(2026, 11, 5, 21, 1, tzinfo=UTC), page, 404),
        (THEN, foreign, 404),
        (THEN, page[:-1], 404),
        (THEN, f"/sign-in/link/{secret}", 410),  # made for another purpose
    ):
        with clock.frozen(instant):
            answer = await client.post(path)
        assert answer.status_code == status, path


async def test_an_invitation_grants_nothing(client: httpx.AsyncClient, world: World) -> None:
    page = await invited(world)
    secret = page.rpartition("/")[2]
    for scheme in ("Token", "Device"):
        answer = await client.get(
            f"{world.api}/delegations", headers={"Authorization": f"{scheme} {secret}"}
        )
        assert answer.status_code == 401
    async with world.database.reading() as session:
        assert (await accounts.actor_of_cookie(session, secret))[0].kind == "nobody"
        kept = (await session.execute(select(L.c.token_hash))).scalars().all()
    assert secret not in kept
    assert links.hashed(secret, LinkPurpose.invitation) in kept


async def test_asking_for_a_link_tells_nobody_who_has_an_account(
    client: httpx.AsyncClient, world: World
) -> None:
    client.headers.update(BROWSER)
    await invited(world)
    before = await rows(world)
    answers = []
    for email in ("focal@example.org", "nobody@example.org", "FOCAL@example.org ", "", "\r\n"):
        answer = await client.post("/sign-in/link", data={"email": email, "next": "/"})
        headers = {k: v for k, v in answer.headers.items() if k != "x-request-id"}
        answers.append((answer.status_code, answer.content, headers))
    assert answers[0][0] == 200
    assert all(answer == answers[0] for answer in answers)
    # The same rows are written for an address that nobody has.
    links_after, mails_after = await rows(world)
    assert links_after - before[0] == 5
    assert mails_after - before[1] == 2 + 1  # of what goes to nobody only the last is kept
    assert [one["to"] for one in (await mails(world.database))[1:]] == ["focal@example.org"] * 2


async def test_asking_too_often_is_refused_the_same_for_all(
    client: httpx.AsyncClient, world: World
) -> None:
    client.headers.update(BROWSER)
    await invited(world)
    for email in ("focal@example.org", "nobody@example.org"):
        codes = [
            (await client.post("/sign-in/link", data={"email": email})).status_code
            for _ in range(7)
        ]
        assert codes == [200] * 5 + [429] * 2
    refused = await client.post("/sign-in/link", data={"email": "focal@example.org"})
    assert int(refused.headers["retry-after"]) > 0
    spread = [
        (await client.post("/sign-in/link", data={"email": f"n{n}@example.org"})).status_code
        for n in range(30)
    ]
    assert spread[-1] == 429


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/\t/evil.example"])
async def test_a_link_leads_to_a_page_of_ours(
    client: httpx.AsyncClient, world: World, path: str
) -> None:
    client.headers.update(BROWSER)
    await invited(world)
    await client.post("/sign-in/link", data={"email": "focal@example.org", "next": path})
    opened = await client.post(link_in((await mails(world.database))[-1]))
    assert opened.headers["location"] == "/"


async def test_officers_cannot_read_the_link_of_who_may_more_than_they(
    client: httpx.AsyncClient, world: World
) -> None:
    client.headers.update(BROWSER)
    async with world.database.writing() as session:
        await accounts.add_account(
            session,
            INSTALLATION,
            email="admin@example.org",
            name="Admin",
            role=Role.administrator,
        )
    await invited(world)
    for email in ("admin@example.org", "focal@example.org"):
        await client.post("/sign-in/link", data={"email": email})
    async with world.database.reading() as session:
        found = await session.execute(
            select(M.c.payload["to"].as_string(), M.c.conference_id).where(M.c.kind == mail.KIND)
        )
        where = {(to, id is not None) for to, id in found}
    assert ("admin@example.org", False) in where
    assert ("focal@example.org", True) in where


EVIL = (
    "Ann\r\nBcc: all@evil.example\x00 <b>x</b> {link} {0} ${x} https://evil.example/a www.evil.io"
)


async def test_names_in_mails_are_inert(client: httpx.AsyncClient, world: World) -> None:
    client.headers.update(BROWSER)
    with pytest.raises(ValueError, match="NUL"):
        FocalPointIn(email="focal@example.org", name=EVIL)
    page = await invited(world, EVIL.replace("\x00", ""))
    await client.post(page)
    for letter in await mails(world.database):
        assert "\r" not in letter["text"] + letter["subject"]
        assert not any(line.startswith("Bcc:") for line in letter["text"].splitlines())
        addresses = re.findall(r"\S+://\S+", letter["text"])
        assert addresses
        assert all(one.startswith("http://testserver/") for one in addresses)
        assert "{link}" in letter["text"]
        assert "www.evil" not in letter["text"]
        assert "evil.example" not in letter["text"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("J.R. Smith", "J. R. Smith"),
        ("a@evil.com", "a@ evil. com"),
        ("https://evil.com", "https: // evil. com"),
        ("Circle of Harbour Towns (CHT)", "Circle of Harbour Towns (CHT)"),
        ("Section 3.2", "Section 3.2"),
        ("line\r\nline\u202e", "line line"),
    ],
)
def test_nothing_in_a_name_becomes_a_link(name: str, said: str) -> None:
    assert mail.inert(name) == said


async def test_of_two_who_use_a_link_at_once_one_is_let_in(
    client: httpx.AsyncClient, world: World
) -> None:
    client.headers.update(BROWSER)
    await client.post(await invited(world))
    link = link_in((await mails(world.database))[-1])
    answers = await asyncio.gather(*(client.post(link) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [303] + [410] * 7
