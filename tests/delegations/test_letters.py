"""Letters: only PDFs are kept, each look is noted, and nobody signs the own nomination."""

from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from app.accounts.audit import E
from app.conferences.store import F
from app.core.errors import Invalid
from app.delegations.letters.rules import LARGEST, require_pdf, signs_own
from app.participants import service as participants
from app.participants.letters import letter_flags
from app.participants.schemas import ParticipantIn
from tests.world import OFFICER, World, signed_in

PDF = b"%PDF-1.7\n1 0 obj\nendobj\nstartxref\n9\n%%EOF\n"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no pdf",
        b"<html>%PDF-1.7 startxref %%EOF",
        b"\xff\xd8\xff%PDF-1.7 startxref %%EOF",
        b"%PDF-1.7\nstartxref\n9\n",
        PDF + b"x" * 2000,
        PDF.ljust(LARGEST + 1 - 200, b" ") + PDF * 5,
    ],
)
def test_what_is_no_pdf(data: bytes) -> None:
    with pytest.raises(Invalid, match="Nothing was stored"):
        require_pdf(data)


def test_a_pdf() -> None:
    require_pdf(PDF)
    require_pdf(PDF[: -len(b"%%EOF\n")].ljust(LARGEST - 6, b" ") + b"%%EOF\n")


@pytest.mark.parametrize(
    ("signatory", "names", "own"),
    [
        ("Tarik Salim", ["Tarik Salim"], True),
        ("H.E. Mr. SALIM Tarik, Minister", ["Tarik Salim"], True),
        ("Тарик Салим", ["Tarik Salim"], True),
        ("طارق سليم", ["Someone Else", "طارق سليم"], True),
        ("Tarik Salim", ["Tarik Rahim"], False),
        ("H.E. Mr. Tarik Salim", ["Tarik"], False),
        ("Tarik", ["Tarik"], True),
        ("", ["Tarik"], False),
    ],
)
def test_who_signs_the_own_nomination(signatory: str, names: list[str], own: bool) -> None:
    assert signs_own(signatory, names) is own


async def send(client: httpx.AsyncClient, world: World, **given: Any) -> httpx.Response:
    role, data, code = given.pop("role", "registration_officer"), given.pop("data", PDF), "KWT"
    return await client.post(
        f"{world.api}/delegations/{given.pop('code', code)}/letters",
        data={"kind": "letter_of_nomination"} | given,
        files={"file": ("letter.pdf", data, "application/pdf")},
        headers=world.headers(role),
    )


async def test_a_letter_is_kept_listed_and_read(client: httpx.AsyncClient, world: World) -> None:
    sent = await send(client, world, number="KW/1", dated="2026-09-01", channel="email")
    assert sent.status_code == 201, sent.text
    own = await send(client, world, role="focal_point", channel="telephone")
    assert own.json()["channel"] == "portal"
    at = f"{world.api}/delegations/KWT/letters"
    for role in ("registration_officer", "focal_point"):
        listed = await client.get(at, headers=world.headers(role))
        assert listed.json()["count"] == 2
        read = await client.get(f"{at}/{sent.json()['id']}", headers=world.headers(role))
        assert (read.content, read.headers["content-type"]) == (PDF, "application/pdf")
        assert read.headers["content-disposition"].startswith("attachment;")
        assert read.headers["x-content-type-options"] == "nosniff"
    other = await client.get(
        f"{world.api}/delegations/TJK/letters/{sent.json()['id']}", headers=world.headers()
    )
    assert other.status_code == 404
    foreign = await send(client, world, role="focal_point", code="TJK")
    assert foreign.status_code == 404
    async with world.database.reading() as session:
        seen = await session.execute(
            select(func.count()).select_from(E).where(E.c.action == "letter.view")
        )
        assert seen.scalar_one() == 2
        sealed = (await session.execute(select(F.c.sealed))).scalars().all()
    assert len(sealed) == 1
    assert PDF not in sealed[0]


async def test_a_refused_letter_leaves_nothing(client: httpx.AsyncClient, world: World) -> None:
    refused = await send(client, world, data=b"MZ not a pdf")
    assert (refused.status_code, "This is no PDF" in refused.text) == (422, True)
    large = await send(client, world, data=PDF + b" " * LARGEST)
    assert (large.status_code, "10 MB" in large.text) == (422, True)
    signed = await send(client, world, kind="note_verbale", signatory="Somebody")
    assert (signed.status_code, "no signatory" in signed.text) == (422, True)
    async with world.database.reading() as session:
        assert (await session.execute(select(F.c.id))).all() == []


async def test_at_the_desk(client: httpx.AsyncClient, world: World) -> None:
    await signed_in(client, world, "registration_officer")
    at = f"{world.desk}/delegations/KWT"
    given = {"kind": "letter_of_nomination", "number": "KW/5", "signatory": "Tariq Salim"}
    wrong = await client.post(f"{at}/letters", data=given, files={"file": ("x.pdf", b"no")})
    assert (wrong.status_code, 'value="KW/5"' in wrong.text) == (422, True)
    none = await client.post(f"{at}/letters", data=given)
    assert (none.status_code, "Choose a file" in none.text) == (422, True)
    kept = await client.post(f"{at}/letters", data=given, files={"file": ("x.pdf", PDF)})
    assert kept.status_code == 303
    page = await client.get(at)
    assert "Letter of nomination KW/5" in page.text
    path = page.text.partition('href="' + f"{at}/letters/")[2].partition('"')[0]
    assert (await client.get(f"{at}/letters/{path}")).content == PDF


async def test_a_nominee_who_signed_is_flagged(client: httpx.AsyncClient, world: World) -> None:
    await send(client, world, signatory="H.E. Mr. Tarik SALIM", number="KW/9")
    await send(client, world, kind="note_verbale")
    people = []
    for code, name in (("KWT", "Tarik Salim"), ("KWT", "Noor Rahim"), ("TJK", "Tarik Salim")):
        async with world.database.writing() as session:
            given = ParticipantIn(delegation=code, name=name)
            person, _ = await participants.nominate(session, OFFICER, world.conference, given)
            people.append(person)
    async with world.database.reading() as session:
        flags = await letter_flags(session, world.conference, people)
        assert await letter_flags(session, world.conference, []) == {}
    assert flags.keys() == {people[0].id}
    [flag] = flags[people[0].id]
    assert flag.key == "signed-own-letter"
    assert "KW/9" in flag.text
