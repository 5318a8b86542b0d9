"""Certificates: for whom, how they are verified, and that the public page leaks nothing."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import delete, insert, update

from app.accounts.rules import INSTALLATION
from app.core import clock
from app.core.db import Database, table
from app.gates.models import Attestation, Gate, Scan
from app.gates.rules import Direction, Result, Source
from app.papers.certificates import rules, service
from app.papers.certificates.schemas import VerifyIn
from tests.participants.people import nominated
from tests.world import World, make_world, signed_in

MORNING = datetime(2026, 11, 4, 5, 30, tzinfo=UTC)
OFFICER = "registration_officer"


@pytest.fixture
async def world(database: Database) -> World:
    with clock.frozen(MORNING - timedelta(days=30)):
        return await make_world(database)


async def _attested(world: World, person: UUID, source: Source) -> None:
    async with world.database.writing() as session:
        session.add(
            Attestation(
                conference_id=world.conference.id,
                participant_id=person,
                source=source,
                place="VIP entrance",
                at=MORNING,
                recorded_at=MORNING,
                attested_by="Officer",
            )
        )


@pytest.fixture
async def people(world: World) -> dict[str, UUID]:
    """One scanned on the first day, one attested, one from afar, one absent."""
    names = {"scanned": "José Núñez-Example", "attested": "Salem", "afar": "Far", "absent": "Gone"}
    made = {
        key: UUID(await nominated(world, approve=True, name=name)) for key, name in names.items()
    }
    async with world.database.writing() as session:
        gate = Gate(conference_id=world.conference.id, name="North")
        session.add(gate)
        await session.flush()
        row = {
            "conference_id": world.conference.id,
            "gate_id": gate.id,
            "participant_id": made["scanned"],
            "device_id": uuid4(),
            "direction": Direction.entry,
            "result": Result.ok,
            "forced": False,
            "nonce": "1",
            "present": True,
            "local_day": MORNING.date(),
        }
        row |= dict.fromkeys(("device_at", "at", "received_at", "recorded_at"), MORNING)
        await session.execute(insert(table(Scan)), [row])
    await _attested(world, made["attested"], Source.attested)
    await _attested(world, made["afar"], Source.remote)
    return made


@pytest.fixture
async def issued(client: httpx.AsyncClient, world: World, people: dict[str, UUID]) -> list[dict]:
    answer = await client.post(f"{world.api}/certificates", headers=world.headers(OFFICER))
    assert (answer.status_code, answer.json()) == (201, {"issued": 2, "annulled": 0})
    found = await client.get(f"{world.api}/certificates", headers=world.headers("auditor"))
    return list(found.json()["results"])


def test_codes_are_read_as_people_copy_them() -> None:
    code = rules.new_code()
    assert rules.typed(rules.spaced(code).lower()) == code
    assert rules.typed(f" {code[:4]} {code[4:]} ") == code
    assert rules.new_code() != code
    assert rules.is_same_name("jose nunez example", "José Núñez-Example")
    assert not rules.is_same_name("", "")
    assert rules.is_same_name("he mr jose nunez example", "José Núñez-Example", "HE Mr.")
    assert not rules.is_same_name("HE Mr.", "José Núñez-Example", "HE Mr.")
    assert not rules.is_same_name("Jose", "José Núñez-Example")


async def test_only_who_was_here_gets_one_and_one_only(
    client: httpx.AsyncClient, world: World, people: dict[str, UUID], issued: list[dict]
) -> None:
    assert [one["name"] for one in issued] == ["José Núñez-Example", "Salem"]
    assert all(one["attended"] and one["revoked_at"] is None for one in issued)
    again = await client.post(f"{world.api}/certificates", headers=world.headers(OFFICER))
    assert again.json() == {"issued": 0, "annulled": 0}
    for key in ("afar", "absent"):
        named = await client.post(
            f"{world.api}/certificates",
            json={"participants": [str(people[key])]},
            headers=world.headers(OFFICER),
        )
        assert (named.status_code, named.json()["code"]) == (409, "not-attended")


async def test_the_public_page_says_yes_or_no(
    client: httpx.AsyncClient, world: World, issued: list[dict]
) -> None:
    page = f"/c/{world.conference.slug}/certificate"
    one = issued[0]
    client.headers["Sec-Fetch-Site"] = "same-origin"

    async def says(code: str, name: str) -> str:
        answer = await client.post(page, data={"code": code, "name": name})
        assert answer.status_code == 200
        assert one["delegation"] not in answer.text.replace(name, "")
        return answer.text

    assert "is valid" in await says(one["code"].lower(), "JOSE NUNEZ EXAMPLE")
    wrong_name = await says(one["code"], "Salem")
    assert "no valid certificate" in wrong_name
    assert "José" not in wrong_name
    wrong_code = await says("AAAA-AAAA-AAAA", "Salem")
    assert wrong_code.replace("AAAA-AAAA-AAAA", one["code"]) == wrong_name
    assert "no valid certificate" in await says("", "")
    assert "no valid certificate" in await says("x" * 9_000, "\0")
    # The code of one conference is none of another's.
    other = await make_world(world.database, "other")
    async with world.database.reading() as session:
        given = VerifyIn(code=one["code"], name=one["name"])
        assert await service.verify(session, world.conference, given)
        assert not await service.verify(session, other.conference, given)
    address = f"/c/{world.conference.slug}/certificate?lang=ar&code={one['code']}"
    asked = await client.get(address)
    assert one["code"] in asked.text
    assert "José" not in asked.text


async def test_a_revoked_one_is_valid_no_more(
    client: httpx.AsyncClient, world: World, people: dict[str, UUID], issued: list[dict]
) -> None:
    one = issued[0]
    address = f"{world.api}/certificates/{one['id']}/revoke"
    reason = {"reason": "Issued by mistake"}
    gone = await client.post(address, json=reason, headers=world.headers(OFFICER))
    assert (gone.status_code, gone.json()["reason"]) == (200, "Issued by mistake")
    twice = await client.post(address, json=reason, headers=world.headers(OFFICER))
    assert (twice.status_code, twice.json()["code"]) == (409, "already-revoked")
    other = await make_world(world.database, "other")
    foreign = await client.post(
        f"{other.api}/certificates/{one['id']}/revoke", json=reason, headers=world.headers()
    )
    assert foreign.status_code == 404
    async with world.database.reading() as session:
        given = VerifyIn(code=one["code"], name=one["name"])
        assert not await service.verify(session, world.conference, given)
    # A new one may be issued afterwards.
    again = await client.post(f"{world.api}/certificates", headers=world.headers(OFFICER))
    assert again.json()["issued"] == 1


@pytest.mark.parametrize("scanned", [True, False])
async def test_an_annulled_attendance_annuls_the_certificate(
    client: httpx.AsyncClient, world: World, issued: list[dict], scanned: bool
) -> None:
    one = issued[0 if scanned else 1]
    async with world.database.writing() as session:
        if scanned:
            await session.execute(update(table(Scan)).values(present=False))
        else:
            await session.execute(delete(table(Attestation)))
    async with world.database.reading() as session:
        given = VerifyIn(code=one["code"], name=one["name"])
        assert not await service.verify(session, world.conference, given)
        found = await service.listed(session, INSTALLATION, world.conference)
        made = await service.gather(session, INSTALLATION, world.conference, "en")
    assert [c.is_valid for c in found] == [not scanned, scanned]
    assert len(made) == 1
    answer = await client.post(f"{world.api}/certificates", headers=world.headers(OFFICER))
    assert answer.json() == {"issued": 0, "annulled": 1}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "attended the Test Conference, held in Kuwait City on 4–5 November 2026, and was"),
        ("fr", "a participé à la conférence « Test Conference », tenue à Kuwait City (4–5"),
        ("es", "asistió a la conferencia «Test Conference», celebrada en Kuwait City (4–5 de"),
        (
            "ru",
            "принял(а) участие в работе конференции «Test Conference» (Kuwait City,"
            " 4–5 ноября 2026\u00a0г.; дни присутствия: 4 ноября 2026\u00a0г.).",
        ),
        ("zh", "出席了“Test Conference”（Kuwait City，2026年11月4日至5日），到场日期："),
        ("ar", "في مؤتمر «مؤتمر للاختبار» المعقود في Kuwait City"),
    ],
)
async def test_what_it_says(world: World, issued: list[dict], language: str, said: str) -> None:
    async with world.database.reading() as session:
        made = await service.gather(session, INSTALLATION, world.conference, language)
    assert said in str(made[0]["attended"])
    assert made[0]["attended"] == made[1]["attended"]
    # A date that ends with a stop of its own, as in Russian, must not end the sentence.
    for line in made[0].values():
        assert not re.search(r"[.。] *[.。]", str(line)), line
    assert str(issued[0]["code"]) in str(made[0]["verify"])
    assert "http://testserver/c/test-2026/certificate" in str(made[0]["verify"])


@pytest.mark.parametrize(
    ("role", "reads", "prints"),
    [(OFFICER, 200, 200), ("auditor", 200, 403), ("press_officer", 403, 403), ("nobody", 401, 401)],
)
async def test_the_desk(
    client: httpx.AsyncClient,
    world: World,
    issued: list[dict],
    role: str,
    reads: int,
    prints: int,
) -> None:
    await signed_in(client, world, role)
    page = f"{world.desk}/certificates/"
    shown = await client.get(page)
    assert shown.status_code == reads
    made = await client.get(f"{page}certificates.pdf?lang=ar")
    assert made.status_code == prints
    if prints == 200:
        assert made.content.startswith(b"%PDF")
        assert (await client.get(f"{page}certificates.pdf?id={uuid4()}")).status_code == 404
        refused = await client.post(f"{page}{issued[0]['id']}/revoke", data={"reason": ""})
        assert refused.status_code == 422
        done = await client.post(f"{page}{issued[0]['id']}/revoke", data={"reason": "Mistake"})
        assert done.status_code == 303
        assert "Revoked: Mistake" in (await client.get(page)).text
        assert (await client.post(page)).status_code == 303
    elif reads == 200:
        assert "Revoke</summary>" not in shown.text
