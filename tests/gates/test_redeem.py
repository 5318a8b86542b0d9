"""Redeeming through the real door, on both databases."""

import asyncio
import base64
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.accounts.rules import INSTALLATION
from app.badges import service as badges
from app.badges.codes import Payload, encode
from app.badges.store import Choice
from app.core import clock
from app.core.keys import keyring
from app.gates import service, store
from app.gates.schemas import GateIn
from app.gates.store import ScanFilter
from app.participants import approval
from app.participants import service as participants
from app.participants.schemas import ParticipantEdit
from tests.hall import TODAY, Hall, open_hall


async def _scans(hall: Hall, **narrowed: object) -> list[store.Line]:
    async with hall.database.reading() as session:
        return list(await store.scans(session, hall.conference.id, ScanFilter(**narrowed)))


async def test_admitted_then_already_inside_then_out_and_in(hall: Hall) -> None:
    id = await hall.approved("Ana Amari", function="Adviser", style="Ms.")
    code = await hall.code(id)
    done = await hall.redeem(code)
    assert done.status_code == 201, done.text
    body = done.json()
    assert (body["status"], body["reason"], body["require_attention"]) == ("ok", None, False)
    assert body["list"] == {
        "id": str(hall.gate.id),
        "name": "Main entrance",
        "event": "hall",
        "subevent": None,
    }
    position = body["position"]
    assert position["attendee_name"] == position["name"] == "Ana Amari"
    assert (position["order"], position["delegation"]) == ("KWT", "KWT")
    assert (position["category"], position["secret"]) == ("delegate", code)
    again = await hall.redeem(code.lower())
    assert again.status_code == 400
    assert (again.json()["status"], again.json()["reason"]) == ("error", "already_redeemed")
    assert again.json()["position"]["name"] == "Ana Amari"
    assert (await hall.redeem(code, force=True)).status_code == 201
    assert (await hall.redeem(code, type="exit")).status_code == 201
    assert (await hall.redeem(code)).status_code == 201
    scans = await _scans(hall)
    assert len(scans) == 5
    assert len(await _scans(hall, refused=True)) == 1


async def test_inside_is_of_one_gate_and_one_local_day(hall: Hall) -> None:
    code = await hall.code(await hall.approved("Ana Amari"))
    async with hall.database.writing() as session:
        given = GateIn(name="Back door")
        back = await service.create(session, INSTALLATION, hall.conference, given)
    # Two hours and half an hour before the hall's midnight are one day, the time after it the next.
    midnight = clock.day_end(TODAY - timedelta(days=1), hall.conference.timezone)
    yesterday = midnight - timedelta(hours=2)
    first = await hall.redeem(code, datetime=yesterday.isoformat())
    assert first.status_code == 201
    same = await hall.redeem(code, datetime=(yesterday + timedelta(hours=1.5)).isoformat())
    assert same.json()["reason"] == "already_redeemed"
    after = await hall.redeem(code, datetime=(yesterday + timedelta(hours=2.5)).isoformat())
    assert after.status_code == 201
    other = await hall.redeem(code, lists=[str(back.id)])
    assert other.status_code == 201


async def test_reasons(hall: Hall) -> None:
    """Each refusal by its reason; all of them are kept."""
    officer = INSTALLATION
    people = {name: await hall.approved(name) for name in ("gone", "replaced", "late", "early")}
    codes = {name: await hall.code(id) for name, id in people.items()}
    async with hall.database.writing() as session:
        conference = hall.conference
        await approval.withdraw(session, officer, conference, people["gone"], reason="Ill.")
        [row] = await store_rows(hall, people["replaced"])
        await badges.reissue(session, officer, conference, row.serial, reason="Lost.")
        given = GateIn(name="Lounge", zone=3)
        lounge = await service.create(session, officer, conference, given)
    far = [
        (datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=9)).isoformat()
        for day in (hall.conference.starts - timedelta(days=2), TODAY)
    ]
    done = {
        "revoked": await hall.redeem(codes["gone"]),
        "revoked ": await hall.redeem(codes["replaced"]),
        "product": await hall.redeem(codes["late"], lists=[str(lounge.id)]),
        "invalid_time": await hall.redeem(codes["early"], datetime=far[0]),
        "invalid": await hall.redeem("A" * 144),
        "invalid ": await hall.redeem("not a code"),
    }
    for reason, answer in done.items():
        assert answer.status_code == 400, reason
        assert answer.json()["reason"] == reason.strip()
        assert answer.json()["reason_explanation"]
    kept = await _scans(hall, refused=True)
    assert sorted(scan.result.value for scan in kept) == sorted(map(str.strip, done))


async def store_rows(hall: Hall, id: object) -> object:
    return await hall.badges(Choice(participant=id))


async def test_a_flipped_bit_is_refused(hall: Hall) -> None:
    code = await hall.code(await hall.approved("Ana Amari"))
    raw = base64.b32decode(code)
    for at in (1, 5, 10, 18, 25, 26, 60, 89):
        changed = bytes(b ^ (1 << at % 8) if i == at else b for i, b in enumerate(raw))
        answer = await hall.redeem(base64.b32encode(changed).decode())
        assert (answer.status_code, answer.json()["reason"]) == (400, "invalid")
        assert "position" not in answer.json()


def _payload(hall: Hall, serial: int, key_id: int = 1) -> Payload:
    return Payload(key_id, serial, 2, 7, hall.conference.starts, hall.conference.ends, 1)


async def test_an_unknown_serial_and_a_forged_key(hall: Hall) -> None:
    code = await hall.code(await hall.approved("Ana Amari"))
    key_id, key = keyring().signing_key(str(hall.conference.id), badges.KEY)
    unknown = await hall.redeem(encode(_payload(hall, 77, key_id), key))
    assert unknown.status_code == 404
    assert (unknown.json()["status"], unknown.json()["reason"]) == ("error", "invalid")
    [badge] = await hall.badges()
    forged = encode(_payload(hall, badge.serial, key_id), Ed25519PrivateKey.generate())
    assert (await hall.redeem(forged)).json()["reason"] == "invalid"
    assert (await hall.redeem(code)).status_code == 201


async def test_another_conference_is_neither_told_nor_counted(hall: Hall) -> None:
    other = await open_hall(hall.database, "other")
    id = await other.approved("Bo Berg")
    foreign = await other.code(id)
    here = await hall.redeem(foreign)
    nonsense = await hall.redeem("A" * 144)
    assert (here.status_code, here.json()) == (nonsense.status_code, nonsense.json())
    missing = await hall.redeem(foreign, lists=[str(uuid4())])
    strange = await hall.redeem(foreign, lists=[str(other.gate.id)])
    assert missing.status_code == strange.status_code == 404
    assert missing.content == strange.content
    assert all(scan.participant is None for scan in await _scans(hall))
    assert await _scans(other) == []


async def test_the_same_nonce_is_one_scan_and_one_answer(hall: Hall) -> None:
    codes = [await hall.code(await hall.approved(name)) for name in ("Ana", "Bo")]
    for code in (*codes, "A" * 144):
        nonce = uuid4().hex
        answers = await asyncio.gather(*(hall.redeem(code, nonce=nonce) for _ in range(50)))
        assert {(a.status_code, a.text) for a in answers} == {
            (answers[0].status_code, answers[0].text)
        }
    assert len(await _scans(hall)) == 3


async def test_fifty_at_once_admit_one(hall: Hall) -> None:
    code = await hall.code(await hall.approved("Ana"))
    answers = await asyncio.gather(*(hall.redeem(code) for _ in range(50)))
    assert sorted(answer.status_code for answer in answers) == [201] + [400] * 49
    assert len(await _scans(hall)) == 50


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("gate_operator", 201),
        ("administrator", 201),
        ("registration_officer", 403),
        ("press_officer", 403),
        ("auditor", 403),
    ],
)
async def test_who_may_scan(hall: Hall, role: str, status: int) -> None:
    code = await hall.code(await hall.approved("Ana"))
    client = await hall.client(role)
    body = {"secret": code, "lists": [str(hall.gate.id)], "questions_supported": True}
    assert (await client.post("/api/v1/checkinrpc/redeem/", json=body)).status_code == status


async def test_nobody_and_malformed(hall: Hall) -> None:
    client = await hall.client("device")
    address = "/api/v1/checkinrpc/redeem/"
    body = {"secret": "A" * 144, "lists": [str(hall.gate.id)]}
    anonymous = await client.post(address, json=body, headers={"Authorization": ""})
    assert anonymous.status_code == 401
    wrong = await client.post(address, json=body, headers={"Authorization": "Device nobody"})
    assert wrong.status_code == 401
    for bad in ({}, {**body, "type": "sideways"}, {**body, "nonce": "n" * 65}):
        assert (await client.post(address, json=bad)).status_code == 422


async def test_counts_of_a_gate(hall: Hall) -> None:
    first, second, _ = [await hall.code(await hall.approved(n)) for n in ("Ana", "Bo", "Cy")]
    for code in (first, second, first):
        await hall.redeem(code)
    await hall.redeem(second, type="exit")
    operator = await hall.client("gate_operator")
    found = (await operator.get(f"{hall.base}/gates/{hall.gate.id}/status/")).json()
    assert (found["inside"], found["admitted"], found["expected"]) == (1, 2, 3)
    assert (await operator.get(f"{hall.base}/gates/{uuid4()}/status/")).status_code == 404


async def test_gates_and_scans_by_the_doors(hall: Hall) -> None:
    officer, operator = await hall.client("protocol_officer"), await hall.client("gate_operator")
    made = await officer.post(f"{hall.base}/gates", json={"name": "VIP", "zone": 3})
    assert made.status_code == 201
    twice = await officer.post(f"{hall.base}/gates", json={"name": "VIP"})
    assert (twice.status_code, twice.json()["code"]) == (409, "name-taken")
    missing = {"name": "Dinner", "kind": "reception", "reception_id": str(uuid4())}
    assert (await officer.post(f"{hall.base}/gates", json=missing)).status_code == 409
    names = [gate["name"] for gate in (await operator.get(f"{hall.base}/gates")).json()["results"]]
    assert names == ["Main entrance", "VIP"]
    await officer.post(f"{hall.base}/gates", json={"name": "annex"})
    for ordering, wanted in (("position", [*names, "annex"]), ("name", ["annex", *names])):
        listed = await operator.get(f"{hall.base}/gates", params={"ordering": ordering})
        assert [gate["name"] for gate in listed.json()["results"]] == wanted
    assert (await operator.get(f"{hall.base}/gates?ordering=foo")).status_code == 422
    assert (await operator.post(f"{hall.base}/gates", json={"name": "X"})).status_code == 403
    code = await hall.code(await hall.approved("Ana"))
    await hall.redeem(code, nonce="one")
    listed = (await operator.get(f"{hall.base}/scans")).json()
    assert listed["count"] == 1
    assert (listed["results"][0]["name"], listed["results"][0]["nonce"]) == ("Ana", "one")
    assert (await officer.get(f"{hall.base}/scans")).status_code == 403


async def test_a_device_ahead_of_time_does_not_scan_tomorrow(hall: Hall) -> None:
    code = await hall.code(await hall.approved("Ana"))
    ahead = clock.now() + timedelta(days=20)
    assert (await hall.redeem(code, datetime=ahead.isoformat())).status_code == 201
    [scan] = await _scans(hall)
    assert scan.device_at == ahead
    assert scan.at == scan.received_at < ahead


async def test_a_new_rank_scans_with_the_new_badge_only(hall: Hall) -> None:
    id = await hall.approved("Ana", rank="official")
    old = await hall.code(id)
    async with hall.database.writing() as session:
        given = ParticipantEdit.model_validate({"rank": "minister"})
        await participants.edit(session, INSTALLATION, hall.conference, id, given)
    assert (await hall.redeem(old)).json()["reason"] == "revoked"
    assert (await hall.redeem(await hall.code(id))).json()["position"]["category"] == "principal"
