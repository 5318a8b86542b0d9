"""Search, annul and batches through the real door, on both databases."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx

from app.accounts import audit
from app.accounts.rules import INSTALLATION
from app.core import clock
from app.figures import service as figures
from app.figures.rules import Basis
from app.figures.store import Instant
from app.gates import service, store
from app.gates.store import ScanFilter
from tests.hall import Hall, open_hall

RPC = "/api/v1/checkinrpc"


async def _status(hall: Hall) -> tuple[int, int]:
    client = await hall.client("gate_operator")
    told = (await client.get(f"{hall.base}/gates/{hall.gate.id}/status/")).json()
    return told["inside"], told["admitted"]


async def _batch(hall: Hall, *scans: dict[str, Any], **more: object) -> list[dict[str, Any]]:
    client = await hall.client("device")
    answer = await client.post(f"{RPC}/batch/", json={"scans": scans, **more})
    assert answer.status_code == 200, answer.text
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def _told(hall: Hall, code: str, nonce: str, ago: float, **more: object) -> dict[str, Any]:
    at = clock.now() - timedelta(minutes=ago)
    told = {"secret": code, "lists": [str(hall.gate.id)], "nonce": nonce, "offline_result": "ok"}
    return told | {"datetime": at.isoformat()} | more


async def test_search_by_name(hall: Hall) -> None:
    id = await hall.approved("Ana Amari", function="Adviser")
    await hall.approved("Bo Bright")
    device = await hall.client("device")
    found = (await device.get(f"{RPC}/search/", params={"q": "amar"})).json()
    [one] = found["results"]
    assert (found["count"], one["name"], one["secret"]) == (1, "Ana Amari", await hall.code(id))
    short = await device.get(f"{RPC}/search/", params={"q": "ama "})
    assert (short.status_code, short.json()["code"]) == (422, "too-short")
    for role, status in (("gate_operator", 200), ("press_officer", 403), ("auditor", 403)):
        client = await hall.client(role)
        params = {"q": "amari", "list": str(hall.gate.id)}
        assert (await client.get(f"{RPC}/search/", params=params)).status_code == status
    other = await open_hall(hall.database, "other")
    stranger = await other.client("gate_operator")
    for gate in (hall.gate.id, uuid4()):
        params = {"q": "amari", "list": str(gate)}
        assert (await stranger.get(f"{RPC}/search/", params=params)).status_code == 404
    await other.close()


async def test_annulling_takes_a_passage_back(hall: Hall) -> None:
    code = await hall.code(await hall.approved("Ana"))
    assert (await hall.redeem(code, nonce="one")).status_code == 201
    assert await _status(hall) == (1, 1)
    device, operator = await hall.client("device"), await hall.client("gate_operator")
    assert (await operator.post(f"{RPC}/annul/", json={"nonce": "one"})).status_code == 404
    for _ in range(2):
        done = await device.post(f"{RPC}/annul/", json={"nonce": "one"})
        assert (done.status_code, done.json()) == (200, {"status": "ok"})
    assert await _status(hall) == (0, 0)
    assert (await hall.redeem(code, nonce="one")).status_code == 201, "the same nonce, answered so"
    assert await _status(hall) == (0, 0)
    assert (await hall.redeem(code, nonce="two")).status_code == 201
    assert (await device.post(f"{RPC}/annul/", json={"nonce": "none"})).status_code == 404
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        french = {"Accept-Language": "fr"}
        late = await device.post(f"{RPC}/annul/", json={"nonce": "two"}, headers=french)
    assert (late.status_code, late.json()["status"]) == (400, "error")
    assert late.json()["reason_explanation"] == "Une lecture s’annule dans les quinze minutes."
    async with hall.database.reading() as session:
        assert await store.count_scans(session, hall.conference.id, ScanFilter()) == 2


async def test_what_was_annulled_counts_as_known_before(hall: Hall) -> None:
    person = await hall.approved("Ana")
    assert (await hall.redeem(await hall.code(person), nonce="one")).status_code == 201
    before = clock.now()
    device = await hall.client("device")
    assert (await device.post(f"{RPC}/annul/", json={"nonce": "one"})).status_code == 200
    now = clock.now()
    async with hall.database.reading() as session:
        for known_at, persons in ((before, 1), (now, 0)):
            at = Instant(now, known_at)
            args = (session, INSTALLATION, hall.conference, Basis.attended, at)
            assert (await figures.statistics(*args)).total.participants == persons
            seen = await service.presence_of(
                session, hall.conference.id, [person], as_of=now, known_at=known_at
            )
            assert len(seen) == persons
        assert await audit.verify(session, None) == []


async def test_refusals_are_in_the_operators_language(hall: Hall) -> None:
    client = await hall.client("device")
    body = {"secret": "A" * 144, "lists": [str(hall.gate.id)]}
    said = {}
    for tongue in ("en-GB", "fr-CH,fr;q=0.9", "ar", "sw"):
        headers = {"Accept-Language": tongue}
        answer = await client.post(f"{RPC}/redeem/", json=body, headers=headers)
        said[tongue] = answer.json()["reason_explanation"]
    assert said["en-GB"] == said["sw"] == "This code is not a badge of this conference."
    assert said["fr-CH,fr;q=0.9"] == "Ce code n’est pas un badge de cette conférence."
    assert len(set(said.values())) == 3


async def test_excess_becomes_a_listed_conflict(hall: Hall) -> None:
    """Both devices let Ana in: she is inside once, and the second is a conflict for the desk."""
    code = await hall.code(await hall.approved("Ana"))
    [later] = await _batch(hall, _told(hall, code, "later", 4))
    assert later["status"] == "ok"
    forged = _told(hall, "A" * 144, "forged", 3)
    [earlier, bad] = await _batch(hall, _told(hall, code, "earlier", 5), forged)
    assert (earlier["status"], bad["reason"]) == ("ok", "invalid")
    assert (await _batch(hall, _told(hall, code, "later", 4)))[0]["status"] == "ok", "as answered"
    assert await _status(hall) == (1, 1)
    async with hall.database.reading() as session:
        found = await store.scans(session, hall.conference.id, ScanFilter(conflict=True))
    assert [(scan.nonce, scan.conflict) for scan in found] == [
        ("forged", "invalid"),
        ("later", "already_redeemed"),
    ]


async def test_a_gate_of_others_spoils_no_batch(hall: Hall) -> None:
    code = await hall.code(await hall.approved("Ana"))
    strange = _told(hall, code, "strange", 3, lists=[str(uuid4())])
    told = await _batch(hall, strange, _told(hall, code, "own", 2))
    assert [one["status"] for one in told] == ["error", "ok"]


async def test_a_wrong_clock_is_corrected(hall: Hall) -> None:
    code = await hall.code(await hall.approved("Ana"))
    ahead = timedelta(hours=7)
    sent = (clock.now() + ahead).isoformat()
    scan = _told(hall, code, "one", 5)
    scan["datetime"] = (clock.now() - timedelta(minutes=5) + ahead).isoformat()
    await _batch(hall, scan, sent=sent)
    async with hall.database.reading() as session:
        [kept] = await store.scans(session, hall.conference.id, ScanFilter())
    assert abs(kept.at - (clock.now() - timedelta(minutes=5))) < timedelta(seconds=30)
    assert kept.device_at - kept.at == ahead


async def test_who_may_tell(hall: Hall, client: httpx.AsyncClient) -> None:
    code = await hall.code(await hall.approved("Ana"))
    body = {"scans": [_told(hall, code, "one", 1)]}
    assert (await client.post(f"{RPC}/batch/", json=body)).status_code == 401
    press = await hall.client("press_officer")
    assert (await press.post(f"{RPC}/batch/", json=body)).status_code == 403
    for address, method in (("search/?q=amari", "GET"), ("annul/", "POST")):
        sent = {"nonce": "one"} if method == "POST" else None
        answer = await client.request(method, f"{RPC}/{address}", json=sent)
        assert answer.status_code == 401


async def test_the_same_batch_at_once(hall: Hall) -> None:
    await hall.client("device")
    codes = [await hall.code(await hall.approved(name)) for name in ("Ana", "Bo")]
    scans = [_told(hall, code, f"n{n}", 5 - n) for n, code in enumerate(codes)]
    answers = await asyncio.gather(*(_batch(hall, *scans) for _ in range(8)))
    assert all(answer == answers[0] for answer in answers)
    assert await _status(hall) == (2, 2)
