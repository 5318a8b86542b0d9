"""Presence: scanned, attested or remote, at any instant; and the desk's page of gates."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app.accounts.rules import INSTALLATION
from app.core import clock
from app.gates import service
from app.gates.rules import Direction, Result, Source
from app.gates.schemas import GateIn
from app.gates.service import LoadedScan
from app.participants import approval
from tests.hall import Hall, open_hall


async def _presence(hall: Hall, *people: object, **at: object) -> dict[object, object]:
    now = clock.now()
    async with hall.database.reading() as session:
        return await service.presence_of(
            session, hall.conference.id, people, **{"as_of": now, "known_at": now, **at}
        )


async def test_a_minister_who_passes_no_scanner_is_present(hall: Hall) -> None:
    """Rule 22; and a presence outlives the registration."""
    id = await hall.approved("Minister Example", rank="minister")
    assert await _presence(hall, id) == {}
    officer = await hall.client("protocol_officer")
    seen = clock.now() - timedelta(hours=1)
    body = {"at": seen.isoformat(), "place": "VIP entrance", "note": "with two aides"}
    done = await officer.post(f"{hall.base}/participants/{id}/attest", json=body)
    assert done.status_code == 200, done.text
    assert done.json()["attested_by"] == "protocol_officer"
    assert await _presence(hall, id) == {id: (Source.attested, seen)}
    assert await _presence(hall, id, as_of=seen - timedelta(seconds=1)) == {}
    assert await _presence(hall, id, known_at=seen + timedelta(minutes=1)) == {}
    async with hall.database.writing() as session:
        await approval.withdraw(session, INSTALLATION, hall.conference, id, reason="Left.")
    assert await _presence(hall, id) == {id: (Source.attested, seen)}


async def test_a_scan_goes_before_an_attestation(hall: Hall) -> None:
    id = await hall.approved("Ana")
    officer = await hall.client("registration_officer")
    done = await officer.post(f"{hall.base}/participants/{id}/attest", json={})
    assert done.status_code == 200
    await hall.redeem(await hall.code(id))
    [(source, at)] = (await _presence(hall, id)).values()
    assert source is Source.scan
    assert at.isoformat() == done.json()["at"].replace("Z", "+00:00")


async def test_remote_is_its_own_kind(hall: Hall) -> None:
    """Rule 24."""
    id = await hall.approved("Remote Example", mode="remote")
    officer = await hall.client("protocol_officer")
    done = await officer.post(f"{hall.base}/participants/{id}/attest", json={"place": "video"})
    assert done.json()["source"] == "remote"
    [(source, _)] = (await _presence(hall, id)).values()
    assert source is Source.remote


@pytest.mark.parametrize("result", ["exit", "not counting", "refused"])
async def test_what_is_no_presence(hall: Hall, result: str) -> None:
    id = await hall.approved("Ana")
    code = await hall.code(id)
    if result == "exit":
        assert (await hall.redeem(code, type="exit")).status_code == 201
    elif result == "refused":
        early = (clock.now() - timedelta(days=9)).isoformat()
        assert (await hall.redeem(code, datetime=early)).status_code == 400
    else:
        async with hall.database.writing() as session:
            given = GateIn(name="Car park", counts=False)
            park = await service.create(session, INSTALLATION, hall.conference, given)
        assert (await hall.redeem(code, lists=[str(park.id)])).status_code == 201
    assert await _presence(hall, id) == {}


async def test_who_may_attest_whom(hall: Hall) -> None:
    other = await open_hall(hall.database, "other")
    here, there = await hall.approved("Ana"), await other.approved("Bo")
    officer = await hall.client("protocol_officer")
    future = {"at": (clock.now() + timedelta(hours=1)).isoformat()}
    done = await officer.post(f"{hall.base}/participants/{here}/attest", json=future)
    assert (done.status_code, done.json()["code"]) == (409, "invalid-time")
    for strange in (there, uuid4()):
        done = await officer.post(f"{hall.base}/participants/{strange}/attest", json={})
        assert done.status_code == 404
    assert (
        await officer.post(f"{other.base}/participants/{there}/attest", json={})
    ).status_code == 404
    for role in ("gate_operator", "press_officer", "auditor", "programme_officer"):
        client = await hall.client(role)
        done = await client.post(f"{hall.base}/participants/{here}/attest", json={})
        assert done.status_code == 403


async def test_loaded_scans_are_as_if_they_had_happened(hall: Hall) -> None:
    people = [await hall.approved(name) for name in ("Ana", "Bo", "Cy")]
    badges = {row.participant: row.id for row in await hall.badges()}
    at = clock.now() - timedelta(hours=3)
    rows = [
        LoadedScan(hall.gate.id, badges[people[0]], people[0], at),
        LoadedScan(hall.gate.id, badges[people[1]], people[1], at, direction=Direction.exit),
        LoadedScan(hall.gate.id, badges[people[2]], people[2], at, result=Result.product),
    ]
    async with hall.database.writing() as session:
        await service.load_scans(session, hall.conference, uuid4(), rows)
    assert await _presence(hall, *people) == {people[0]: (Source.scan, at)}
    assert await _presence(hall, *people, known_at=at) == {people[0]: (Source.scan, at)}


async def test_the_desk_page(hall: Hall) -> None:
    await hall.redeem(await hall.code(await hall.approved("Ana")))
    await hall.redeem("A" * 144)
    officer = await hall.client("registration_officer")
    address = f"/c/{hall.conference.slug}/desk/gates"
    page = await officer.get(address + "/")
    assert page.status_code == 200
    assert "Main entrance" in page.text
    assert "This code is not a badge of this conference." in page.text
    added = await officer.post(address, data={"name": "Lounge", "zone": "3", "counts": ""})
    assert added.status_code == 303
    again = await officer.post(address, data={"name": "Lounge", "zone": "3", "counts": ""})
    assert again.status_code == 422
    assert "There is a gate “Lounge” already." in again.text
    only = await officer.get(address, params={"gate": str(hall.gate.id)})
    assert "Recent refusals at Main entrance" in only.text
    auditor = await hall.client("auditor")
    assert "Add a gate" not in (await auditor.get(address)).text
