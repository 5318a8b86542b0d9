"""The quick way to redeem answers with the same bytes as the ordinary one."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.core.errors import Unavailable
from app.gates import checkin
from tests.hall import Hall

PATH = "/api/v1/checkinrpc/redeem/"


async def _both(client: httpx.AsyncClient, body: dict[str, Any]) -> tuple[Any, Any]:
    quick = await client.post(PATH, json=body, headers={"Accept-Language": "fr"})
    keyed = {"Accept-Language": "fr", "Idempotency-Key": uuid4().hex}
    slow = await client.post(PATH, json=body, headers=keyed)
    return tuple((a.status_code, a.content, a.headers["content-type"]) for a in (quick, slow))


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"secret": "A" * 144},
        {"secret": ""},
        {"lists": [str(uuid4())]},
        {"lists": ["nothing"]},
        {"type": "sideways"},
    ],
)
async def test_both_ways_say_the_same(hall: Hall, wrong: dict[str, Any]) -> None:
    code = await hall.code(await hall.approved("Ana Amari"))
    client = await hall.client("device")
    body = {"secret": code, "lists": [str(hall.gate.id)], "nonce": "one", **wrong}
    quick, slow = await _both(client, body)
    assert quick == slow
    assert quick[0] in (201, 400, 404, 422)


async def test_who_may_not_is_told_the_same(hall: Hall) -> None:
    body = {"secret": "A" * 144, "lists": [str(hall.gate.id)], "nonce": "one"}
    for role, status in (("press_officer", 403), ("device", 401)):
        client = await hall.client(role)
        if status == 401:
            client.headers["Authorization"] += "x"
        quick, slow = await _both(client, body)
        assert quick == slow
        assert quick[0] == status


async def test_a_failure_is_told_as_any_other(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    code = await hall.code(await hall.approved("Ana Amari"))
    client = await hall.client("device")

    async def away(*_: object) -> None:
        raise Unavailable("The database does not answer; nothing was changed.")

    monkeypatch.setattr(checkin, "redeem", away)
    body = {"secret": code, "lists": [str(hall.gate.id)], "nonce": "one"}
    answer = await client.post(PATH, json=body)
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert "retry-after" in answer.headers


async def test_a_batch_is_told_the_same_both_ways(hall: Hall) -> None:
    codes = [await hall.code(await hall.approved(name)) for name in ("Ana Amari", "Bo Bai")]
    client = await hall.client("device")
    scans = [
        {"secret": code, "nonce": f"n{n}", "offline_result": "ok"}
        for n, code in enumerate([*codes, codes[0], "A" * 144])
    ]
    body = {"scans": [*scans, {**scans[0], "nonce": "far", "lists": [str(uuid4())]}]}
    path, headers = "/api/v1/checkinrpc/batch/", {"Accept-Language": "fr"}
    quick = await client.post(path, json=body, headers=headers)
    slow = await client.post(path, json=body, headers={**headers, "Idempotency-Key": "k"})
    assert quick.status_code == slow.status_code == 200
    assert quick.content == slow.content
    assert [one["status"] for one in quick.json()["results"]] == ["ok", "ok"] + ["error"] * 3


async def test_both_ways_carry_the_same_headers(hall: Hall) -> None:
    code = await hall.code(await hall.approved("Ana Amari"))
    client = await hall.client("device")
    body = {"secret": code, "lists": [str(hall.gate.id)], "nonce": "one"}
    quick = await client.post(PATH, json=body)
    slow = await client.post(PATH, json=body, headers={"Idempotency-Key": "k"})
    own = {"x-request-id", "idempotency-replayed"}
    assert {*quick.headers} - own == {*slow.headers} - own
    assert quick.headers["cache-control"] == "private, no-store"
