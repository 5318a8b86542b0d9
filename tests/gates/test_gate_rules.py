"""Rules of gates by their doors: seats, transferable cards, coming again, versions, the form."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import update

from app.accounts.rules import INSTALLATION
from app.badges import cards
from app.badges import service as badges
from app.badges.models import Badge
from app.badges.rules import CardKind, categories
from app.core import clock
from app.core.db import table
from app.delegations.models import Delegation
from app.gates import service
from app.gates.rules import GateKind
from app.gates.schemas import GateIn
from app.participants.models import Participant
from app.programme import service as programme
from app.programme.schemas import SessionIn
from tests.hall import TODAY, Hall

B = table(Badge)


async def _rules(hall: Hall, **rules: object) -> httpx.Response:
    client = await hall.client("protocol_officer")
    return await client.patch(f"{hall.base}/gates/{hall.gate.id}", json={"rules": rules})


async def _people(hall: Hall, count: int, **more: object) -> list[str]:
    return [await hall.code(await hall.approved(f"Person {n}", **more)) for n in range(count)]


async def _card(hall: Hall, name: str) -> str:
    """A badge as a delegation holds it: whoever it sends may carry it."""
    id = await hall.approved(name)
    code = await hall.code(id)
    async with hall.database.writing() as session:
        person = await session.get_one(Participant, id)
        delegation = await session.get_one(Delegation, person.delegation_id)
        await session.execute(
            update(B)
            .where(B.c.participant_id == id)
            .values(participant_id=None, delegation_id=delegation.id)
        )
    return code


async def _scan(hall: Hall, code: str, **more: object) -> str:
    answer = (await hall.redeem(code, **more)).json()
    return str(answer["reason_explanation"] or answer["status"])


async def test_a_third_card_waits_until_one_leaves(hall: Hall) -> None:
    """Rule 16."""
    cards = [await _card(hall, f"Card {n}") for n in range(3)]
    [person] = await _people(hall, 1)
    assert (await _rules(hall, cards=2)).status_code == 200
    assert [await _scan(hall, card) for card in cards] == [
        "ok",
        "ok",
        "As many transferable cards of this delegation are inside as may be.",
    ]
    assert await _scan(hall, person) == "ok"
    assert await _scan(hall, cards[0], type="exit") == "ok"
    assert await _scan(hall, cards[2]) == "ok"


async def test_seats_of_a_delegation(hall: Hall) -> None:
    mine = await _people(hall, 3)
    [head] = await _people(hall, 1, rank="minister", role="head")
    [other] = await _people(hall, 1, delegation="PEACE")
    await _rules(hall, seats=2)
    said = [await _scan(hall, code) for code in (*mine, other)]
    assert said == ["ok", "ok", "As many people of this delegation are inside as may be.", "ok"]
    assert await _scan(hall, head) == "No seat is left: call protocol, do not turn away."


async def test_who_is_of_no_delegation_is_known_at_a_gate_that_counts_seats(hall: Hall) -> None:
    async with hall.database.writing() as session:
        [blank] = await cards.issue(
            session, INSTALLATION, hall.conference, CardKind.day, 1, valid_on=TODAY
        )
    await _rules(hall, seats=2)
    assert [await _scan(hall, blank.code) for _ in range(2)] == ["ok", "Already inside."]
    assert await _scan(hall, blank.code, type="exit") == "ok"
    assert await _scan(hall, blank.code) == "ok"


async def test_offline_excess_of_seats_is_listed_once_all_were_heard(hall: Hall) -> None:
    codes = await _people(hall, 3)
    await _rules(hall, seats=2)
    device = await hall.client("device")
    told: list[dict[str, Any]] = [
        {
            "secret": code,
            "lists": [str(hall.gate.id)],
            "nonce": f"n{n}",
            "datetime": f"{hall.conference.starts}T10:0{n}:00",
            "offline_result": "ok",
        }
        for n, code in enumerate(codes)
    ]
    for scan in reversed(told):
        await device.post("/api/v1/checkinrpc/batch/", json={"scans": [scan]})
    operator = await hall.client("gate_operator")
    found = (await operator.get(f"{hall.base}/scans", params={"conflict": True})).json()["results"]
    assert [(one["nonce"], one["conflict"], one["passed"]) for one in found] == [
        ("n2", "rules", True)
    ]


async def test_a_gate_expects_whom_its_rules_admit(hall: Hall) -> None:
    await _people(hall, 2)
    await hall.code(await hall.approved("Minister", rank="minister"))
    today = clock.now().date()
    sign = badges.signer(
        hall.conference.id, (today - timedelta(1), today + timedelta(1)), at=clock.now()
    )
    over = badges.signer(hall.conference.id, (today - timedelta(9),) * 2, at=clock.now())
    async with hall.database.writing() as session:
        session.add_all(Badge(**signed(categories()["delegate"])) for signed in (sign, over))

    async def expected(**rules: object) -> int:
        assert (await _rules(hall, **rules)).status_code == 200
        client = await hall.client("gate_operator")
        return int(
            (await client.get(f"{hall.base}/gates/{hall.gate.id}/status/")).json()["expected"]
        )

    assert await expected() == 4, "the day badge of today, not of another day"
    assert await expected(ranks=["minister"]) == 1
    assert await expected(categories=["delegate"]) == 3
    assert await expected(categories=["media"], zones=[3]) == 0


async def test_nobody_comes_in_twice_where_the_gate_says_so(hall: Hall) -> None:
    [code] = await _people(hall, 1)
    await _rules(hall, reentry=False)
    said = [await _scan(hall, code, type=way) for way in ("exit", "entry", "exit", "entry")]
    assert said == ["ok", "ok", "ok", "Left already; nobody comes in twice here."]
    again = (await hall.redeem(code)).json()
    assert again["reason"] == "rules", "inside would be already_redeemed"
    [other] = await _people(hall, 1)
    await _rules(hall, reentry=False, anti_passback=False)
    assert [await _scan(hall, other) for _ in range(2)] == ["ok", "Already inside."]
    await _rules(hall, anti_passback=False)
    assert [await _scan(hall, code) for _ in range(2)] == ["ok", "ok"]


async def test_changes_of_a_gate(hall: Hall) -> None:
    officer, operator = await hall.client("protocol_officer"), await hall.client("gate_operator")
    address = f"{hall.base}/gates/{hall.gate.id}"
    read = await operator.get(address)
    assert (read.headers["etag"], read.json()["rules"]) == ('"1"', {})
    rules = {"ranks": ["minister"], "windows": [{"opens": "08:00", "closes": "12:00"}]}
    given = {"name": "VIP", "rules": rules}
    first = await officer.patch(address, json=given, headers={"If-Match": '"1"'})
    assert (first.status_code, first.json()["version"]) == (200, 2)
    assert first.json()["rules"]["windows"][0]["opens"] == "08:00:00"
    assert (await officer.patch(address, json=given)).json()["version"] == 2
    late = await officer.patch(address, json={"counts": False}, headers={"If-Match": '"1"'})
    assert late.status_code == 412
    for wrong in (
        {"rules": {"categories": ["nobles"]}},
        {"rules": {"windows": [{"opens": "12:00", "closes": "08:00"}]}},
        {"rules": {"seats": -1}},
    ):
        assert (await officer.patch(address, json=wrong)).status_code == 422
    missing = await officer.patch(f"{hall.base}/gates/{uuid4()}", json=given)
    assert missing.status_code == 404


async def test_the_form_of_a_gate(hall: Hall) -> None:
    officer = await hall.client("protocol_officer")
    page = f"/c/hall/desk/gates/{hall.gate.id}"
    form = {
        "version": "1",
        "name": "Main entrance",
        "counts": "",
        "direction": "entry",
        "reentry": "",
        "anti_passback": ["", "true"],
        "seats": "2",
        "cards": "",
        "windows": "08:00-12:00\r\n2026-11-25 14:00–18:00",
        "categories": ["delegate", "principal"],
    }
    wrong = await officer.post(page, data={**form, "windows": "noonish"})
    assert wrong.status_code == 422
    assert ">Open: Write a line like" in wrong.text, "the summary names the field as the page does"
    many = await officer.post(page, data={**form, "seats": "x", "cards": "x", "direction": "x"})
    for words in ("Seats of a delegation", "Transferable cards of a delegation", "Which way"):
        assert f">{words}: " in many.text
    assert "noonish" in wrong.text
    saved = await officer.post(page, data=form)
    assert saved.status_code == 303, saved.text
    rules = (await officer.get(f"{hall.base}/gates/{hall.gate.id}")).json()["rules"]
    assert rules == {
        "direction": "entry",
        "categories": ["delegate", "principal"],
        "seats": 2,
        "reentry": False,
        "windows": [
            {"opens": "08:00:00", "closes": "12:00:00"},
            {"opens": "14:00:00", "closes": "18:00:00", "day": "2026-11-25"},
        ],
    }
    shown = await officer.get(page)
    assert "2026-11-25 14:00–18:00" in shown.text
    assert (await officer.post(page, data=form)).status_code == 412
    assert (await (await hall.client("auditor")).get(page)).status_code == 200


async def _thing(hall: Hall, kind: str, title: str) -> str:
    day = hall.conference.starts
    body: dict[str, object] = {
        "title": {"en": title},
        "local_start": f"{day}T10:00",
        "local_end": f"{day}T12:00",
    }
    admin = await hall.client("administrator")
    body |= {"capacity": 50} if kind == "reception" else {}
    made = await admin.post(f"{hall.base}/{kind}s", json=body)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def test_a_gate_is_made_for_a_session_or_a_reception_at_the_desk(hall: Hall) -> None:
    officer = await hall.client("protocol_officer")
    desk = "/c/hall/desk/gates"
    for kind, title in (("session", "Opening"), ("reception", "Dinner")):
        id = await _thing(hall, kind, title)
        blank = await officer.get(f"{desk}/new")
        assert f"{kind.capitalize()}: {title}" in blank.text
        form = {
            "name": f"Door of {title}",
            "guards": f"{kind}:{id}",
            "zone": "1",
            "counts": "true",
            "direction": "entry",
            "seats": "2",
            "cards": "1",
            "reentry": "",
            "anti_passback": "true",
            "windows": "08:00–12:00",
            "categories": ["delegate"],
            "ranks": ["minister"],
            "zones": ["2"],
        }
        made = await officer.post(desk, data=form)
        assert made.status_code == 303, made.text
        page = await officer.get(made.headers["location"])
        assert f"{kind.capitalize()}: {title}" in page.text
        gates = (await officer.get(f"{hall.base}/gates")).json()["results"]
        [gate] = [one for one in gates if one["name"] == form["name"]]
        assert (gate["kind"], gate["zone"], gate[f"{kind}_id"]) == (kind, 1, id)
        assert gate["rules"] == {
            "direction": "entry",
            "zones": [2],
            "categories": ["delegate"],
            "ranks": ["minister"],
            "seats": 2,
            "cards": 1,
            "reentry": False,
            "windows": [{"opens": "08:00:00", "closes": "12:00:00"}],
        }


async def test_a_gate_form_that_fails_keeps_what_was_typed(hall: Hall) -> None:
    officer = await hall.client("protocol_officer")
    id = await _thing(hall, "session", "Opening")
    form = {
        "name": "Main entrance",
        "guards": f"session:{id}",
        "zone": "3",
        "seats": "7",
        "windows": "09:00–10:00",
        "ranks": ["minister"],
    }
    elsewhere = {"name": "Door", "guards": f"reception:{id}"}
    wrong: list[tuple[dict[str, str], str]] = [
        ({}, "There is a gate “Main entrance” already."),
        ({"seats": "many"}, "Write a whole number."),
        ({"guards": "session:7"}, "Choose one of the options."),
        (elsewhere, "There is no such reception in this conference."),
    ]
    for more, why in wrong:
        again = await officer.post("/c/hall/desk/gates", data=form | more)
        assert (again.status_code, why in again.text) == (422, True), why
        name = more.get("name", "Main entrance")
        for kept in (f'value="{name}"', "09:00–10:00", '<option value="3" selected>'):
            assert kept in again.text
        assert 'value="minister" checked' in again.text
        assert ('value="7"' in again.text) == ("seats" not in more)
    auditor = await hall.client("auditor")
    assert (await auditor.get("/c/hall/desk/gates/new")).status_code == 403
    assert (await auditor.post("/c/hall/desk/gates", data=form)).status_code == 403


async def test_the_list_says_what_each_gate_guards(hall: Hall) -> None:
    async with hall.database.writing() as session:
        given = SessionIn.model_validate(
            {
                "title": {"en": "Opening"},
                "local_start": f"{TODAY}T09:00",
                "local_end": f"{TODAY}T10:00",
            }
        )
        held = await programme.create_session(session, INSTALLATION, hall.conference, given)
        door = GateIn(name="Side door", kind=GateKind.session, session_id=held.id)
        await service.create(session, INSTALLATION, hall.conference, door)
    officer = await hall.client("protocol_officer")
    for cancelled in (False, True):
        if cancelled:  # its door stands as before
            async with hall.database.writing() as session:
                await programme.cancel_session(session, INSTALLATION, hall.conference, held.id)
        page = await officer.get(f"/c/{hall.conference.slug}/desk/gates")
        assert (page.status_code, page.text.count("Session: Opening")) == (200, 2)
