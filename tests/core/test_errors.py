"""Bad input gets a sentence, not a stack, and nothing of it is stored or repeated."""

import httpx
import pytest

from tests.world import World

PROBLEM = "application/problem+json"
NASTY = "Confidential-P1234567"


async def post(
    client: httpx.AsyncClient, world: World, content: bytes | str, kind: str = "application/json"
) -> httpx.Response:
    headers = world.headers() | {"Content-Type": kind}
    return await client.post(f"{world.api}/participants", content=content, headers=headers)


async def count(client: httpx.AsyncClient, world: World) -> int:
    listed = await client.get(f"{world.api}/participants", headers=world.headers())
    return int(listed.json()["count"])


def body(**fields: str) -> str:
    given = {"delegation": '"KWT"', "name": '"Salem"'} | fields
    return "{" + ", ".join(f'"{name}": {value}' for name, value in given.items()) + "}"


BAD: dict[str, tuple[bytes | str, str]] = {
    "NaN": (body(rank="NaN"), "application/json"),
    "infinity in a list": (body(names='{"en": Infinity}'), "application/json"),
    "NUL in a name": (body(name='"a\\u0000b"'), "application/json"),
    "NUL in an address": (body(email='"a\\u0000@b.example"'), "application/json"),
    "a lone surrogate": (body(name='"\\ud800"'), "application/json"),
    "a lone surrogate as a field": (body(**{"\\ud800": "1"}), "application/json"),
    "a lone surrogate as a language": (body(names='{"\\udfff": "x"}'), "application/json"),
    "a name of 10,000 characters": (body(name='"' + "x" * 10_000 + '"'), "application/json"),
    "a name that grows when composed": (body(name='"' + "𝅘𝅥𝅮" * 290 + '"'), "application/json"),
    "two parts too long together": (
        body(name="null", given_names='"' + "x" * 200 + '"', family_name='"' + "y" * 200 + '"'),
        "application/json",
    ),
    "only what cannot be seen": (body(name='"\\u200b\\u202e"'), "application/json"),
    "an unknown field": (body(status='"approved"'), "application/json"),
    "a field of the server": (
        body(id='"00000000-0000-4000-8000-000000000000"'),
        "application/json",
    ),
    "a deep document": ("[" * 100_000, "application/json"),
    "a deep field": (body(names="[" * 50_000 + "]" * 50_000), "application/json"),
    "a huge integer": (body(rank="9" * 5_000), "application/json"),
    "a list": ("[]", "application/json"),
    "nothing": ("", "application/json"),
    "no JSON": ("{", "application/json"),
    "bytes": (b"\xff\xfe\x00", "application/json"),
    "a form": ("delegation=KWT&name=x", "application/x-www-form-urlencoded"),
    "XML": ("<name>x</name>", "application/xml"),
    "text": (body(), "text/plain"),
    "a wrong word": (body(role=f'"{NASTY}"'), "application/json"),
}


async def test_what_cannot_be_stored_is_said(client: httpx.AsyncClient, world: World) -> None:
    for what, (content, kind) in BAD.items():
        answer = await post(client, world, content, kind)
        assert answer.status_code in (400, 415, 422), (what, answer.status_code, answer.text[:300])
        assert answer.headers["content-type"] == PROBLEM, what
        problem = answer.json()
        assert problem.keys() >= {"type", "title", "status", "detail", "code"}, what
        assert len(answer.content) < 5_000, what
        if answer.status_code == 422:
            assert all(e.keys() == {"pointer", "message"} for e in problem["errors"]), what
        assert NASTY not in answer.text
    assert await count(client, world) == 0


async def test_odd_but_honest_names_are_kept(client: httpx.AsyncClient, world: World) -> None:
    names = {
        "'; DROP TABLE participants; --": "'; DROP TABLE participants; --",
        "<script>alert(1)</script>": "<script>alert(1)</script>",
        "=HYPERLINK(1)": "=HYPERLINK(1)",
        "{{ 7*7 }}": "{{ 7*7 }}",
        "ﷺ" * 290: "ﷺ" * 290,
        "Zoe\u0308  \u202eX": "Zoë X",
        "محمد": "محمد",
        "習近": "習近",
        "O": "O",
    }
    for given, kept in names.items():
        answer = await client.post(
            f"{world.api}/participants",
            json={"delegation": "KWT", "name": given},
            headers=world.headers(),
        )
        assert answer.status_code == 201, answer.text
        assert answer.json()["name"] == kept
    for search in ("%", "_", "'", "\\", "zoe", "ﷺ", "\0", "x" * 200):
        found = await client.get(
            f"{world.api}/participants", params={"search": search}, headers=world.headers()
        )
        assert found.status_code == 200, search
    hit = await client.get(f"{world.api}/participants?search=zoe", headers=world.headers())
    assert hit.json()["count"] == 1


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
async def test_what_is_missing_and_what_is_anothers_are_the_same_bytes(
    client: httpx.AsyncClient, world: World, accept: str
) -> None:
    headers = world.headers("auditor") | {"Accept": accept}
    answers = [
        await client.get(f"/api/v1{path}", headers=headers)
        for path in (
            "/nothing",
            "/conferences/none",
            "/conferences/test-2026/participants/00000000-0000-4000-8000-000000000000",
            "/conferences/test-2026/delegations/XXX",
            "/conferences/test-2026/nothing",
        )
    ]
    assert {a.status_code for a in answers} == {404}
    assert len({a.content for a in answers}) == 1
    assert {a.headers["content-type"] for a in answers} == {PROBLEM}


async def test_a_method_that_is_not_there(client: httpx.AsyncClient, world: World) -> None:
    answer = await client.delete(f"{world.api}/participants", headers=world.headers())
    assert (answer.status_code, answer.headers["content-type"]) == (405, PROBLEM)
    assert "GET" in answer.headers["allow"]


async def test_pages_for_people_elsewhere(client: httpx.AsyncClient, world: World) -> None:
    answer = await client.get("/c/none/")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


async def test_a_body_too_large(client: httpx.AsyncClient, world: World) -> None:
    answer = await post(client, world, b"x" * 1_000_001)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


async def test_what_nobody_expected_is_noted_and_hidden(
    client: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise RuntimeError(NASTY)

    monkeypatch.setattr("app.quotas.service.listed", fail)
    answer = await client.get(f"{world.api}/quotas", headers=world.headers())
    assert (answer.status_code, answer.json()["code"]) == (500, "error")
    assert NASTY not in answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    assert "content-security-policy" in answer.headers
    assert "x-request-id" in answer.headers


async def test_a_lost_update_is_412_and_only_one_of_two_wins(
    client: httpx.AsyncClient, world: World
) -> None:
    import asyncio

    path = f"{world.api}/delegations/CHT"
    tag = (await client.get(path, headers=world.headers())).headers["etag"]

    async def rename(name: str) -> int:
        headers = world.headers() | {"If-Match": tag}
        return (await client.patch(path, json={"name": name}, headers=headers)).status_code

    statuses = await asyncio.gather(*(rename(f"Name {n}") for n in range(6)))
    assert sorted(statuses) == [200] + [412] * 5
    wrong = await client.patch(
        path, json={"name": "x"}, headers=world.headers() | {"If-Match": '"x"'}
    )
    assert wrong.status_code == 422


async def test_paging_refuses_what_is_out_of_bounds(
    client: httpx.AsyncClient, world: World
) -> None:
    for query in ("page=0", "page=99999999999999999999", "page_size=501", "page_size=-1", "page=x"):
        answer = await client.get(f"{world.api}/delegations?{query}", headers=world.headers())
        assert answer.status_code == 422, query
    last = await client.get(f"{world.api}/delegations?page_size=2&page=2", headers=world.headers())
    assert (last.json()["count"], len(last.json()["results"]), last.json()["next"]) == (3, 1, None)
    assert last.json()["previous"] == f"{world.api}/delegations?page_size=2&page=1"
