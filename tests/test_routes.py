"""Who may knock at which door: every route of the API × every role, and what strangers see.

A route that is not in the table fails. To add one: its line in `TABLE`, with the roles that may and
a body that is well-formed (the answer to it may then be a 409 as well as a 200).
"""

from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from app.accounts.rules import Role
from app.main import API, create_app
from app.web.idempotency import IdempotentRoute
from tests.world import World, make_world

EVERYBODY = "everybody"
OFFICER = {Role.registration_officer}
EDITORS = OFFICER | {Role.protocol_officer}
DESK = EDITORS | {Role.programme_officer, Role.press_officer, Role.auditor}
READERS = EDITORS | {Role.programme_officer, Role.auditor, Role.focal_point}
NOMINATORS = OFFICER | {Role.focal_point}
NAMES = EDITORS | {Role.auditor}

PROTOCOL = {Role.protocol_officer}
PROGRAMME = {Role.programme_officer}
PRESS = {Role.press_officer}
AT_GATES = EDITORS | PROGRAMME | {Role.gate_operator, Role.auditor}

C = "/api/v1/conferences/{slug}"
P = f"{C}/participants"
MISSING = "00000000-0000-4000-8000-000000000000"
PERSON = {"delegation": "KWT", "name": "Person"}
REASON = {"reason": "Ill"}
TIMES = {"local_start": "2026-11-04T09:00", "local_end": "2026-11-04T10:00"}
SESSION = {"title": {"en": "Opening"}, **TIMES}
RECEPTION = {"title": {"en": "Reception"}, "capacity": 9, "ranks": ["minister"], **TIMES}
DOCUMENT = {"type": "passport", "issuing_state": "KWT", "number": "P1234567"}
REPORT = {"title": "A paper", "figures": {"ministers": ">450"}}
COLUMN = {"key": "visa", "label": {"en": "Visa"}}
CAPACITY = {"kind": "heads", "organization": "League of Harbours"}
PICTURE = b"no picture"
FILE = {"files": {"file": ("people.csv", b"name,delegation\nPerson,KWT\n")}}
LETTER = {
    "data": {"kind": "note_verbale"},
    "files": {"file": ("letter.pdf", b"%PDF-1.7\nstartxref\n0\n%%EOF")},
}


@dataclass(frozen=True)
class Door:
    """Who may use a route (an administrator always may), and what a sound request carries."""

    roles: Any
    request: dict[str, Any] = field(default_factory=dict)


TABLE: dict[tuple[str, str], Door] = {
    ("GET", "/api/v1/conferences"): Door(EVERYBODY),
    ("POST", "/api/v1/conferences"): Door(
        set(),
        {
            "json": {
                "slug": "other",
                "title": {"en": "Other"},
                "starts": "2026-11-04",
                "ends": "2026-11-05",
                "timezone": "UTC",
            }
        },
    ),
    ("GET", C): Door(EVERYBODY),
    ("GET", f"{C}/delegations"): Door(DESK | {Role.focal_point}),
    ("POST", f"{C}/delegations"): Door(OFFICER, {"json": {"kind": "media", "name": "Paper"}}),
    ("GET", f"{C}/delegations/{{code}}"): Door(DESK | {Role.focal_point}),
    ("PATCH", f"{C}/delegations/{{code}}"): Door(OFFICER, {"json": {"reach": "global"}}),
    ("GET", f"{C}/delegations/{{code}}/focal-points"): Door(OFFICER),
    ("POST", f"{C}/delegations/{{code}}/focal-points"): Door(
        OFFICER, {"json": {"email": "focal@example.org", "name": "Focal"}}
    ),
    ("DELETE", f"{C}/delegations/{{code}}/focal-points/{{id}}"): Door(OFFICER),
    ("POST", f"{C}/delegations/{{code}}/reply"): Door(
        NOMINATORS, {"json": {"invitation_status": "accepted"}}
    ),
    ("GET", f"{C}/delegations/{{code}}/letters"): Door(NOMINATORS),
    ("POST", f"{C}/delegations/{{code}}/letters"): Door(NOMINATORS, LETTER),
    ("GET", f"{C}/delegations/{{code}}/letters/{{id}}"): Door(NOMINATORS),
    ("GET", f"{C}/invitations"): Door(OFFICER),
    ("POST", f"{C}/invitations"): Door(
        OFFICER, {"json": {"delegations": ["TJK"], "number": "1", "dated": "2026-01-01"}}
    ),
    ("POST", f"{C}/invitations/remind"): Door(OFFICER),
    ("POST", f"{C}/invitations/{{id}}/confirm"): Door(OFFICER),
    ("POST", f"{C}/invitations/{{id}}/drop"): Door(OFFICER),
    ("GET", f"{C}/not-invited"): Door(OFFICER),
    ("POST", f"{C}/not-invited"): Door(OFFICER, {"json": {"code": "XYZ", "reason": "None"}}),
    ("DELETE", f"{C}/not-invited/{{id}}"): Door(OFFICER),
    ("GET", f"{C}/quotas"): Door(EDITORS | {Role.auditor}),
    ("POST", f"{C}/quotas"): Door(OFFICER, {"json": {"name": "Main", "capacity": 9}}),
    ("PATCH", f"{C}/quotas/{{id}}"): Door(OFFICER, {"json": {"capacity": 9}}),
    ("GET", f"{C}/slots"): Door(NAMES | {Role.focal_point}),
    ("POST", f"{C}/slots"): Door(NOMINATORS, {"json": {"delegation": "KWT", "role": "delegate"}}),
    ("DELETE", f"{C}/slots/{{id}}"): Door(NOMINATORS),
    ("GET", f"{C}/waiting-list"): Door(READERS),
    ("POST", f"{C}/waiting-list/{{id}}/priority"): Door(OFFICER, {"json": {"priority": 1}}),
    ("POST", f"{C}/waiting-list/{{id}}/accept"): Door(NOMINATORS),
    ("GET", P): Door(READERS),
    ("POST", P): Door(NOMINATORS, {"json": PERSON}),
    ("GET", f"{P}/{{id}}"): Door(READERS),
    ("PATCH", f"{P}/{{id}}"): Door(EDITORS | NOMINATORS, {"json": {"function": "Minister"}}),
    ("POST", f"{P}/{{id}}/substitute"): Door(NOMINATORS, {"json": {"successor": MISSING}}),
    ("GET", f"{P}/{{id}}/impact"): Door(
        READERS - {Role.focal_point}, {"params": {"change": "name"}}
    ),
    ("GET", f"{P}/{{id}}/capacities"): Door(READERS),
    ("POST", f"{P}/{{id}}/capacities"): Door(EDITORS, {"json": CAPACITY}),
    ("DELETE", f"{P}/{{id}}/capacities/{{capacity}}"): Door(EDITORS),
    ("GET", f"{C}/change-requests"): Door(READERS - PROGRAMME),
    ("POST", f"{C}/change-requests/{{id}}/accept"): Door(OFFICER),
    ("POST", f"{C}/change-requests/{{id}}/decline"): Door(OFFICER, {"json": REASON}),
    ("POST", f"{C}/change-requests/{{id}}/withdraw"): Door(NOMINATORS),
    ("GET", f"{C}/delegations/{{code}}/acting-head"): Door(READERS),
    ("POST", f"{C}/delegations/{{code}}/acting-head"): Door(
        EDITORS, {"json": {"participant": MISSING}}
    ),
    ("DELETE", f"{C}/delegations/{{code}}/acting-head"): Door(EDITORS),
    ("POST", f"{P}/{{id}}/submit"): Door(NOMINATORS),
    ("POST", f"{P}/{{id}}/approve"): Door(OFFICER),
    ("POST", f"{P}/{{id}}/refuse"): Door(OFFICER, {"json": REASON}),
    ("POST", f"{P}/{{id}}/withdraw"): Door(NOMINATORS, {"json": REASON}),
    ("POST", f"{P}/{{id}}/reinstate"): Door(OFFICER),
    ("POST", f"{P}/{{id}}/return"): Door(OFFICER, {"json": REASON}),
    ("PUT", f"{P}/{{id}}/document"): Door(NOMINATORS, {"json": DOCUMENT}),
    ("GET", f"{P}/{{id}}/document"): Door(OFFICER),
    ("DELETE", f"{P}/{{id}}/document"): Door(NOMINATORS),
    ("GET", f"{P}/{{id}}/flags"): Door(OFFICER),
    ("POST", f"{P}/{{id}}/tell-apart"): Door(OFFICER, {"json": {"other": MISSING}}),
    ("PUT", f"{P}/{{id}}/photo"): Door(EDITORS, {"content": PICTURE}),
    ("GET", f"{P}/{{id}}/photo"): Door(EDITORS),
    ("GET", f"{C}/columns"): Door(READERS),
    ("POST", f"{C}/columns"): Door(OFFICER, {"json": COLUMN}),
    ("PATCH", f"{C}/columns/{{key}}"): Door(OFFICER, {"json": {"position": 9}}),
    ("DELETE", f"{C}/columns/{{key}}"): Door(OFFICER),
    ("GET", f"{P}/{{id}}/values"): Door(READERS),
    ("PATCH", f"{P}/{{id}}/values"): Door(
        EDITORS | {Role.focal_point}, {"json": {"hotel": "Palm"}}
    ),
    ("POST", f"{C}/imports"): Door(OFFICER, FILE),
    ("GET", f"{C}/imports/{{id}}"): Door(OFFICER),
    ("POST", f"{C}/imports/{{id}}/confirm"): Door(OFFICER),
    ("GET", f"{C}/statistics"): Door(DESK),
    ("GET", f"{C}/statistics/figures"): Door(DESK),
    ("GET", f"{C}/statistics/breakdown"): Door(DESK),
    ("GET", f"{C}/statistics/halls"): Door(DESK),
    ("GET", f"{C}/statistics/people"): Door(NAMES),
    ("GET", f"{C}/summary"): Door(DESK),
    ("GET", f"{C}/dashboard"): Door(DESK),
    ("GET", f"{C}/editions"): Door(DESK),
    ("GET", f"{C}/publications"): Door(DESK),
    ("POST", f"{C}/publications"): Door(PRESS, {"json": {"title": "First"}}),
    ("POST", f"{C}/publications/reports"): Door(PRESS, {"json": REPORT}),
    ("GET", f"{C}/publications/compare"): Door(
        DESK, {"params": {"first": MISSING, "second": MISSING}}
    ),
    ("GET", f"{C}/publications/{{id}}"): Door(DESK),
    ("GET", f"{C}/publications/{{id}}/differences"): Door(DESK),
    ("DELETE", f"{C}/publications/{{id}}"): Door(PRESS),
    ("GET", f"{C}/ministers"): Door(NAMES),
    ("GET", f"{P}/{{id}}/earlier"): Door(EDITORS),
    ("POST", f"{P}/{{id}}/earlier"): Door(EDITORS, {"json": {"earlier": None}}),
    ("GET", f"{C}/certificates"): Door(NAMES),
    ("POST", f"{C}/certificates"): Door(EDITORS),
    ("POST", f"{C}/certificates/{{id}}/revoke"): Door(EDITORS, {"json": REASON}),
    ("POST", f"{P}/{{id}}/attest"): Door(EDITORS, {"json": {"place": "VIP entrance"}}),
    ("GET", f"{C}/rooms"): Door(DESK),
    ("POST", f"{C}/rooms"): Door(PROGRAMME, {"json": {"name": "Hall"}}),
    ("PATCH", f"{C}/rooms/{{id}}"): Door(PROGRAMME, {"json": {"capacity": 9}}),
    ("GET", f"{C}/sessions"): Door(DESK),
    ("POST", f"{C}/sessions"): Door(PROGRAMME, {"json": SESSION}),
    ("GET", f"{C}/sessions/{{id}}"): Door(DESK),
    ("PATCH", f"{C}/sessions/{{id}}"): Door(PROGRAMME, {"json": {"kind": "panel"}}),
    ("POST", f"{C}/sessions/{{id}}/cancel"): Door(PROGRAMME),
    ("GET", f"{C}/sessions/{{id}}/seats"): Door(NAMES | PROGRAMME | {Role.focal_point}),
    ("POST", f"{C}/sessions/{{id}}/seats"): Door(
        EDITORS | PROGRAMME | {Role.focal_point}, {"json": {"participant": MISSING}}
    ),
    ("DELETE", f"{C}/sessions/{{id}}/seats/{{participant}}"): Door(
        EDITORS | PROGRAMME | {Role.focal_point}
    ),
    ("GET", f"{P}/{{id}}/zone-passes"): Door(NAMES),
    ("POST", f"{P}/{{id}}/zone-passes"): Door(EDITORS, {"json": {"zone": "vip_lounge"}}),
    ("DELETE", f"{P}/{{id}}/zone-passes/{{zone}}"): Door(EDITORS),
    ("GET", f"{C}/speakers"): Door(NAMES | PROGRAMME, {"params": {"session": MISSING}}),
    ("POST", f"{C}/speakers"): Door(
        PROTOCOL | PROGRAMME, {"json": {"session": MISSING, "participant": MISSING}}
    ),
    ("DELETE", f"{C}/speakers/{{id}}"): Door(PROTOCOL | PROGRAMME),
    ("GET", f"{C}/receptions"): Door(NAMES),
    ("POST", f"{C}/receptions"): Door(PROTOCOL, {"json": RECEPTION}),
    ("GET", f"{C}/receptions/{{id}}"): Door(NAMES),
    ("PATCH", f"{C}/receptions/{{id}}"): Door(PROTOCOL, {"json": {"capacity": 9}}),
    ("GET", f"{C}/receptions/{{id}}/invitations"): Door(NAMES),
    ("POST", f"{C}/receptions/{{id}}/invitations"): Door(PROTOCOL, {"json": {"by_rank": True}}),
    ("PATCH", f"{C}/receptions/{{id}}/invitations/{{invitation}}"): Door(
        PROTOCOL, {"json": {"reply": "accepted"}}
    ),
    ("GET", f"{C}/ministers/photo-sheet"): Door(EDITORS),
    ("POST", f"{C}/ministers/tally"): Door(
        EDITORS, {"json": {"participants": [MISSING], "witness": "W"}}
    ),
    ("GET", f"{C}/badges"): Door(OFFICER),
    ("POST", f"{C}/badges"): Door(OFFICER, {"json": {"kind": "service", "label": "Kitchen"}}),
    ("GET", f"{C}/badges/held"): Door(OFFICER),
    ("GET", f"{C}/badges/{{serial}}"): Door(OFFICER),
    ("GET", f"{C}/badges/batches"): Door(OFFICER),
    ("POST", f"{C}/badges/batches"): Door(OFFICER, {"json": {"category": "service"}}),
    ("GET", f"{C}/badges/batches/{{id}}"): Door(OFFICER),
    ("GET", f"{C}/badges/batches/{{id}}/files/{{file}}"): Door(OFFICER),
    ("GET", f"{C}/badges/batches/{{id}}/receipt"): Door(OFFICER),
    ("POST", f"{C}/badges/{{serial}}/lost"): Door(OFFICER, {"json": {"identity_check": "Seen"}}),
    ("POST", f"{C}/badges/{{serial}}/bind"): Door(OFFICER, {"json": {"participant": MISSING}}),
    ("POST", f"{C}/badges/print"): Door(OFFICER, {"json": {"unprinted": True}}),
    ("POST", f"{C}/badges/hand-over"): Door(OFFICER, {"json": {"to": "X", "delegation": "KWT"}}),
    ("POST", f"{C}/badges/collect"): Door(OFFICER, {"json": {"serials": ["1"]}}),
    ("POST", f"{C}/badges/{{serial}}/revoke"): Door(OFFICER, {"json": REASON}),
    ("POST", f"{C}/badges/{{serial}}/reissue"): Door(OFFICER, {"json": REASON}),
    ("GET", f"{C}/gates"): Door(AT_GATES),
    ("POST", f"{C}/gates"): Door(EDITORS, {"json": {"name": "North"}}),
    ("GET", f"{C}/gates/{{id}}"): Door(AT_GATES),
    ("PATCH", f"{C}/gates/{{id}}"): Door(EDITORS, {"json": {"counts": False}}),
    ("GET", f"{C}/gates/{{id}}/status/"): Door(AT_GATES),
    ("GET", f"{C}/scans"): Door({Role.gate_operator, Role.auditor}),
    ("POST", f"{C}/scans/{{id}}/settle"): Door(EDITORS, {"json": {"note": "Seen"}}),
    ("POST", f"{C}/gates/{{id}}/pairing-codes"): Door(EDITORS),
    ("GET", f"{C}/gates/{{id}}/devices"): Door(EDITORS),
    ("POST", f"{C}/devices/{{id}}/revoke"): Door(EDITORS),
    ("GET", f"{C}/gates/{{id}}/snapshot"): Door({Role.gate_operator}),
    ("GET", f"{C}/gates/{{id}}/photos/{{person}}"): Door({Role.gate_operator}),
}
ELSEWHERE = {
    ("POST", "/api/v1/checkinrpc/redeem/"): "tests/gates: the gate in the body decides",
    ("POST", "/api/v1/checkinrpc/batch/"): "tests/gates: the gates in the body decide",
    (
        "GET",
        "/api/v1/checkinrpc/search/",
    ): "tests/gates/test_checkin.py: the gate asked for decides",
    ("POST", "/api/v1/checkinrpc/annul/"): "tests/gates/test_checkin.py: the device decides",
    ("POST", "/api/v1/checkinrpc/pair/"): "tests/gates/test_scanner.py: the code decides",
}
"""Doors whose conference is not in the address, with the test that knocks at them."""


def routes(app: FastAPI) -> set[tuple[str, str]]:
    """Every method and address of the API, whatever router it came by."""

    def walk(found: list[BaseRoute], prefix: str) -> set[tuple[str, str]]:
        pairs = set()
        for route in found:
            if isinstance(route, APIRoute):
                pairs |= {(method, prefix + route.path) for method in route.methods}
            elif hasattr(route, "routes") and route.routes:
                pairs |= walk(route.routes, prefix + getattr(route, "path", ""))
        return pairs

    described = {
        (method.upper(), path)
        for path, methods in app.openapi()["paths"].items()
        for method in methods
    }
    hidden = {pair for pair in walk(app.routes, "") if pair[1].startswith("/api/")}
    return described | hidden


def test_every_route_is_in_the_table() -> None:
    assert routes(create_app()) == TABLE.keys() | ELSEWHERE, (
        "add the route to TABLE, with who may use it"
    )


def test_every_post_takes_an_idempotency_key() -> None:
    """But for scans: they have their nonce."""
    plain = [
        route.path
        for feature in API
        for route in feature.router.routes
        if isinstance(route, APIRoute)
        and route.methods == {"POST"}
        and not isinstance(route, IdempotentRoute)
        and "checkinrpc" not in route.path
    ]
    assert plain == [], "make the router with route_class=IdempotentRoute"


@pytest.fixture
async def ids(client: httpx.AsyncClient, world: World) -> dict[str, str]:
    """What stands in the addresses: things of the world's own conference."""
    admin = world.headers()
    person = await client.post(f"{world.api}/participants", json=PERSON, headers=admin)
    quota = await client.post(
        f"{world.api}/quotas", json={"name": "First", "capacity": 9}, headers=admin
    )
    slot = await client.post(
        f"{world.api}/slots", json={"delegation": "KWT", "role": "adviser"}, headers=admin
    )
    file = await client.post(f"{world.api}/imports", headers=admin, **FILE)
    made = {
        kind: (await client.post(f"{world.api}/{kind}", json=body, headers=admin)).json()["id"]
        for kind, body in (
            ("rooms", {"name": "First"}),
            ("sessions", SESSION),
            ("receptions", RECEPTION),
            ("gates", {"name": "First"}),
            ("publications", {"title": "First"}),
        )
    }
    open_to_all = {"readers": [role.value for role in READERS - {Role.focal_point}]}
    hotel = {"key": "hotel", "label": {"en": "Hotel"}, "delegation": "written"} | open_to_all
    await client.post(f"{world.api}/columns", json=hotel, headers=admin)
    speaker = await client.post(
        f"{world.api}/speakers",
        json={"session": made["sessions"], "participant": person.json()["id"]},
        headers=admin,
    )
    invited = f"{world.api}/receptions/{made['receptions']}/invitations"
    who = {"participants": [person.json()["id"]]}
    await client.post(invited, json=who, headers=admin)
    invitations = (await client.get(invited, headers=admin)).json()["results"]
    kept = await client.post(f"{world.api}/delegations/KWT/letters", headers=admin, **LETTER)
    focal = await client.post(
        f"{world.api}/delegations/KWT/focal-points",
        json={"email": "first@example.org", "name": "First"},
        headers=admin,
    )
    listed = await client.post(
        f"{world.api}/not-invited", json={"code": "ABC", "reason": "None"}, headers=admin
    )
    card = {"kind": "service", "label": "Kitchen"}
    await client.post(f"{world.api}/badges", json=card, headers=admin)
    batch = await client.post(f"{world.api}/badges/batches", json={}, headers=admin)
    return {
        **made,
        "batches": batch.json()["id"],
        "letters": kept.json()["id"],
        "focal-points": focal.json()["id"],
        "not-invited": listed.json()["id"],
        "speakers": speaker.json()["id"],
        "invitations": invitations[0]["id"],
        "badges": "1",
        "scans": "1",
        "participants": person.json()["id"],
        "quotas": quota.json()["id"],
        "slots": slot.json()[0]["id"],
        "waiting-list": person.json()["id"],
        "imports": file.json()["id"],
        "columns": "hotel",
        "delegations": "KWT",
    }


def address(path: str, slug: str, ids: dict[str, str]) -> str:
    """The address with its parameters filled in: the word before one says of what it is."""
    parts = path.replace("{slug}", slug).split("/")
    return "/".join(
        ids.get(parts[n - 1], MISSING) if part.startswith("{") else part
        for n, part in enumerate(parts)
    )


async def knock(
    client: httpx.AsyncClient, door: tuple[str, str], at: str, headers: dict[str, str] | None = None
) -> httpx.Response:
    return await client.request(door[0], at, headers=headers, **TABLE[door].request)


async def test_nobody_gets_401(client: httpx.AsyncClient, world: World, ids: Any) -> None:
    for door, one in TABLE.items():
        answer = await knock(client, door, address(door[1], world.conference.slug, ids))
        assert answer.status_code == (200 if one.roles == EVERYBODY else 401), (door, answer.text)


async def test_each_role_where_it_may_and_403_elsewhere(
    client: httpx.AsyncClient, world: World, ids: Any
) -> None:
    for door, one in TABLE.items():
        for role in Role:
            at = address(door[1], world.conference.slug, ids)
            answer = await knock(client, door, at, world.headers(role.value))
            allowed = one.roles == EVERYBODY or role is Role.administrator or role in one.roles
            if allowed:
                assert answer.status_code not in (401, 403), (door, role, answer.text)
                assert answer.status_code < 500, (door, role, answer.text)
            else:
                assert answer.status_code == 403, (door, role, answer.status_code, answer.text)
                assert answer.json()["code"] == "forbidden"


async def test_a_stranger_cannot_tell_anothers_from_what_is_missing(
    client: httpx.AsyncClient, world: World, ids: Any
) -> None:
    """An officer of another conference: here, there with ids of here, and with made-up ids."""
    other = await make_world(world.database, "other-2026")
    missing = dict.fromkeys(ids, MISSING) | {"delegations": "ZZZ", "badges": "2", "scans": "2"}
    nothing = (await client.get("/api/v1/conferences/none", headers=other.headers())).content
    for role in (Role.registration_officer, Role.protocol_officer, Role.focal_point):
        headers = other.headers(role.value)
        for door, one in TABLE.items():
            if one.roles == EVERYBODY or "{slug}" not in door[1]:
                continue
            here = await knock(client, door, address(door[1], world.conference.slug, ids), headers)
            assert (here.status_code, here.content) == (404, nothing), (door, role, here.text)
            if door[1].count("{") == 1 or role not in one.roles:
                continue
            if door[1].endswith(("/photo",)) and door[0] == "PUT":
                continue  # what is no picture is refused before anybody is looked for
            foreign = {part: id for part, id in ids.items() if part != "delegations"} | {
                "delegations": "ZZZ"
            }
            for wrong in (foreign, missing):
                there = await knock(client, door, address(door[1], "other-2026", wrong), headers)
                assert (there.status_code, there.content) == (404, nothing), (door, role)


async def test_a_focal_point_finds_another_delegation_missing(
    client: httpx.AsyncClient, world: World, ids: Any
) -> None:
    person = await client.post(
        f"{world.api}/participants", json=PERSON | {"delegation": "TJK"}, headers=world.headers()
    )
    theirs = ids | {"participants": person.json()["id"], "delegations": "TJK"}
    made_up = ids | {"participants": MISSING, "delegations": "ZZZ", "waiting-list": MISSING}
    theirs["waiting-list"] = theirs["participants"]
    focal = world.headers("focal_point")
    for door, one in TABLE.items():
        known = ("participants/", "waiting-list/{", "delegations/{")
        if Role.focal_point not in one.roles or not any(part in door[1] for part in known):
            continue
        answers = [
            await knock(client, door, address(door[1], world.conference.slug, given), focal)
            for given in (theirs, made_up)
        ]
        assert [a.status_code for a in answers] == [404, 404], door
        assert answers[0].content == answers[1].content
    nominated = await client.post(
        f"{world.api}/participants", json=PERSON | {"delegation": "TJK"}, headers=focal
    )
    assert nominated.status_code == 404
