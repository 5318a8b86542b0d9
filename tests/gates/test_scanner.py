"""Pairing codes, devices, snapshots and the photo of the scanned, on both databases."""

import asyncio
import json
from datetime import datetime, timedelta
from uuid import uuid4

import httpx

from app.accounts import audit
from app.accounts.rules import INSTALLATION
from app.badges.codes import decode
from app.badges.service import KEY
from app.core import clock
from app.core.db import Database
from app.core.images import silhouette
from app.core.keys import keyring
from app.gates.scanner.rules import folded, shown
from app.gates.scanner.snapshot import hashed, salt_of
from app.participants import approval
from app.participants import service as participants
from tests.hall import Hall, open_hall

PAIR = "/api/v1/checkinrpc/pair/"


async def _code(hall: Hall) -> str:
    answer = await (await hall.client("registration_officer")).post(
        f"{hall.base}/gates/{hall.gate.id}/pairing-codes"
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["code"])


async def _snapshot(hall: Hall, client: httpx.AsyncClient, **headers: str) -> httpx.Response:
    return await client.get(f"{hall.base}/gates/{hall.gate.id}/snapshot", headers=headers)


def test_a_code_is_read_as_people_type_it() -> None:
    assert shown("ABCD2345") == "ABCD-2345"
    assert folded(" abcd 2345 ") == folded("ABCD-2345") == "ABCD2345"


async def test_a_code_pairs_one_device_once(hall: Hall, client: httpx.AsyncClient) -> None:
    code = await _code(hall)
    wrong = await client.post(PAIR, json={"code": code, "conference": "other"})
    assert wrong.status_code == 401
    given = {"code": code.lower().replace("-", " "), "conference": "hall", "name": "Phone 3"}
    answers = await asyncio.gather(*(client.post(PAIR, json=given) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [201, 401, 401, 401]
    told = next(one.json() for one in answers if one.status_code == 201)
    assert (told["gate"], told["gate_name"]) == (str(hall.gate.id), "Main entrance")
    device = {"Authorization": f"Device {told['token']}"}
    assert (await _snapshot(hall, client, **device)).status_code == 200
    officer = await hall.client("registration_officer")
    [listed] = (await officer.get(f"{hall.base}/gates/{hall.gate.id}/devices")).json()
    assert listed["name"] == "Phone 3"
    assert listed["last_seen_at"] is not None
    revoked = await officer.post(f"{hall.base}/devices/{listed['id']}/revoke")
    assert revoked.status_code == 200
    assert (await _snapshot(hall, client, **device)).status_code == 401
    assert (await officer.get(f"{hall.base}/gates/{hall.gate.id}/devices")).json() == []
    again = await officer.post(f"{hall.base}/devices/{listed['id']}/revoke")
    assert again.status_code == 404
    async with hall.database.reading() as session:
        assert await audit.verify(session, None) == []


async def test_a_device_that_only_scans_is_seen_too(hall: Hall) -> None:
    officer, devices = await hall.client("registration_officer"), f"/gates/{hall.gate.id}/devices"
    code = await hall.code(await hall.approved("Ana"))
    await hall.client("device")
    [silent] = (await officer.get(hall.base + devices)).json()
    assert silent["last_seen_at"] is None
    before = clock.now()
    assert (await hall.redeem(code)).status_code == 201
    [heard] = (await officer.get(hall.base + devices)).json()
    assert before <= datetime.fromisoformat(heard["last_seen_at"]) <= clock.now()
    with clock.frozen(clock.now() + timedelta(hours=25)):
        [gone] = (await officer.get(hall.base + devices)).json()
    assert gone["last_seen_at"] is None


async def test_a_code_ends_after_fifteen_minutes(hall: Hall, client: httpx.AsyncClient) -> None:
    code = await _code(hall)
    with clock.frozen(clock.now() + timedelta(minutes=15)):
        ended = await client.post(PAIR, json={"code": code})
    assert (ended.status_code, ended.json()["code"]) == (401, "code-ended")


async def test_guessing_is_slowed_down(hall: Hall, client: httpx.AsyncClient) -> None:
    codes = [f"ABCD-22{n:02}".replace("0", "X").replace("1", "Y") for n in range(31)]
    answers = [(await client.post(PAIR, json={"code": code})).status_code for code in codes]
    assert answers == [401] * 30 + [429]


async def test_the_snapshot_says_what_changed_and_no_names(hall: Hall) -> None:
    ana = await hall.approved("Ana Amari", function="Adviser")
    bo = await hall.approved("Bo Bright")
    codes = {id: await hall.code(id) for id in (ana, bo)}
    device = await hall.client("device")
    first = await _snapshot(hall, device)
    assert first.headers["cache-control"] == "private, no-cache"
    assert first.headers["content-encoding"] == "gzip"
    told = first.json()
    assert (told["revoked"], told["badges"], told["inside"]) == ([], {}, [])
    same = await _snapshot(hall, device, **{"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert "server-time" in same.headers

    await hall.redeem(codes[bo])
    async with hall.database.writing() as session:
        await approval.withdraw(session, INSTALLATION, hall.conference, ana, reason="Ill")
    news = await _snapshot(hall, device, **{"If-None-Match": first.headers["etag"]})
    assert news.status_code == 200
    keys = keyring().public_keys(str(hall.conference.id), KEY)
    salt = salt_of(hall.conference.id)
    names = {id: hashed(salt, decode(code, keys).serial) for id, code in codes.items()}
    assert news.json()["revoked"] == [names[ana]]
    assert news.json()["inside"] == [names[bo]]
    for private in ("Ana", "Amari", "Bright", "Adviser", "KWT", codes[bo], str(bo)):
        assert private not in news.text


async def test_a_device_is_of_its_gate_and_conference(hall: Hall, database: Database) -> None:
    other = await open_hall(database, "other")
    stranger = await other.client("device")
    assert (await _snapshot(hall, stranger)).status_code == 404
    for id in (other.gate.id, uuid4()):
        device = await hall.client("device")
        answer = await device.get(f"{hall.base}/gates/{id}/snapshot")
        assert answer.status_code == 404
    await other.close()


async def test_a_photo_is_shown_to_whoever_scanned_it(hall: Hall) -> None:
    id = await hall.approved("Ana Amari")
    async with hall.database.writing() as session:
        photo = silhouette(1)
        await participants.set_photo(session, INSTALLATION, hall.conference, id, photo)
    device = await hall.client("device")
    at = f"{hall.base}/gates/{hall.gate.id}/photos/{id}"
    assert (await device.get(at)).status_code == 404
    await hall.redeem(await hall.code(id))
    shown = await device.get(at)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.headers["cache-control"] == "private, no-store"
    assert (await (await hall.client("gate_operator")).get(at)).status_code == 404
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        assert (await device.get(at)).status_code == 404


async def test_the_page_and_its_files(hall: Hall, client: httpx.AsyncClient) -> None:
    page = await client.get("/c/hall/gate/")
    assert page.status_code == 200
    worker = await client.get("/c/hall/gate/sw.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    [line] = [one for one in worker.text.splitlines() if one.startswith("const FILES")]
    for name in json.loads(line.partition("=")[2].rstrip(";")):
        file = await client.get(f"/c/hall/gate/{name}")
        assert file.status_code == 200, name
    manifest = (await client.get("/c/hall/gate/manifest.webmanifest")).json()
    assert (manifest["scope"], manifest["display"]) == ("./", "standalone")
    words = (await client.get("/c/hall/gate/words.json")).json()
    assert words["en"].keys() == words["fr"].keys() == words["ar"].keys()
    assert (await client.get("/c/hall/gate/none.js")).status_code == 404
    assert (await client.get("/c/none/gate/")).status_code == 404


async def test_what_a_device_decided_alone_is_told_later(hall: Hall) -> None:
    """Any order, any number of times: the same scans and the same answers."""
    codes = [await hall.code(await hall.approved(name)) for name in ("Ana Amari", "Bo Bright")]
    device = await hall.client("device")
    start = clock.now() - timedelta(minutes=9)
    scans = [
        {
            "secret": code,
            "lists": [str(hall.gate.id)],
            "nonce": f"n{n}",
            "datetime": (start + timedelta(minutes=n)).isoformat(),
            "type": way,
            "offline_result": "ok",
        }
        for n, (code, way) in enumerate(
            [(codes[0], "entry"), (codes[0], "exit"), (codes[0], "entry"), (codes[1], "entry")]
        )
    ]
    for given in (list(reversed(scans)), scans[1:], scans):
        answer = await device.post("/api/v1/checkinrpc/batch/", json={"scans": given})
        assert answer.status_code == 200, answer.text
        assert [one["status"] for one in answer.json()["results"]] == ["ok"] * len(given)
    status = (await device.get(f"{hall.base}/gates/{hall.gate.id}/status/")).json()
    assert (status["inside"], status["admitted"]) == (2, 2)
    listed = await device.get(f"{hall.base}/scans", params={"gate": str(hall.gate.id)})
    assert listed.json()["count"] == 4
