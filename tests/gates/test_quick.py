"""The quick way to redeem answers with the same bytes as the ordinary one."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

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
