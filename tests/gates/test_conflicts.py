"""Conflicts alarm the desk until an officer has settled them."""

from typing import Any

import httpx

from app.gates.occupancy import counts
from tests.hall import Hall

ALARM = "Conflicts to settle:"
HIDDEN = 'data-alarm="conflicts" hidden'


async def _conflict(hall: Hall) -> dict[str, Any]:
    """A device lets somebody in beyond the seats of the delegation."""
    officer = await hall.client("protocol_officer")
    await officer.patch(f"{hall.base}/gates/{hall.gate.id}", json={"rules": {"seats": 0}})
    code = await hall.code(await hall.approved("Ana"))
    await _tell(hall, code, "one", 30)
    [found] = await _listed(officer, hall, settled=False)
    return found


async def _tell(hall: Hall, code: str, nonce: str, minute: int, way: str = "entry") -> None:
    device = await hall.client("device")
    scan = {
        "secret": code,
        "lists": [str(hall.gate.id)],
        "nonce": nonce,
        "type": way,
        "datetime": f"{hall.conference.starts}T10:{minute}:00",
        "offline_result": "ok",
    }
    await device.post("/api/v1/checkinrpc/batch/", json={"scans": [scan]})


async def _listed(client: httpx.AsyncClient, hall: Hall, **asked: object) -> list[dict[str, Any]]:
    answer = await client.get(f"{hall.base}/scans", params={"conflict": True, **asked})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


async def _told(hall: Hall) -> int:
    async with hall.database.reading() as session:
        public = await counts(session, hall.conference, public=True)
        assert "conflicts" not in public
        return (await counts(session, hall.conference, public=False))["conflicts"]


async def test_an_officer_settles_a_conflict(hall: Hall) -> None:
    scan = await _conflict(hall)
    officer = await hall.client("registration_officer")
    assert await _told(hall) == 1
    for page in ("", "gates"):
        shown = (await officer.get(f"/c/hall/desk/{page}", follow_redirects=True)).text
        assert ALARM in shown
        assert HIDDEN not in shown
    address = f"{hall.base}/scans/{scan['id']}/settle"
    auditor = await hall.client("auditor")
    assert (await auditor.post(address, json={"note": "Seen"})).status_code == 403
    assert (await officer.post(address, json={"note": " "})).status_code == 422
    settled = await officer.post(address, json={"note": "Found a chair."})
    assert (settled.status_code, settled.json()["found"]) == (200, "rules")
    again = await officer.post(address, json={"note": "Twice"})
    assert (again.status_code, again.json()["code"]) == (409, "settled-before")
    assert await _told(hall) == 0
    assert HIDDEN in (await officer.get("/c/hall/desk/gates")).text
    [listed] = await _listed(auditor, hall, settled=True)
    assert (listed["settled_note"], listed["settled_by"]) == (
        "Found a chair.",
        "registration_officer",
    )
    assert "conflict.settle" in (await auditor.get("/c/hall/desk/audit/")).text


async def test_what_is_found_otherwise_later_waits_again(hall: Hall) -> None:
    scan = await _conflict(hall)
    officer = await hall.client("protocol_officer")
    await officer.post(f"{hall.base}/scans/{scan['id']}/settle", json={"note": "A chair"})
    # An earlier entry of the same badge becomes known: now it was inside already.
    code = (await hall.badges())[0].code
    await officer.patch(f"{hall.base}/gates/{hall.gate.id}", json={"rules": {"seats": 1}})
    await _tell(hall, code, "two", 10)
    [found] = await _listed(officer, hall, settled=False)
    assert (found["id"], found["conflict"], found["settled_note"]) == (
        scan["id"],
        "already_redeemed",
        None,
    )
    await officer.post(f"{hall.base}/scans/{scan['id']}/settle", json={"note": "Read twice"})
    assert await _told(hall) == 0


async def test_the_page_of_conflicts(hall: Hall) -> None:
    scan = await _conflict(hall)
    officer = await hall.client("protocol_officer")
    page = "/c/hall/desk/gates/conflicts"
    assert "beyond the rules" in (await officer.get(page)).text
    wrong = await officer.post(f"{page}/{scan['id']}", data={"note": " "})
    assert wrong.status_code == 422
    assert "Fill this in." in wrong.text
    done = await officer.post(f"{page}/{scan['id']}", data={"note": "Brought a chair."})
    assert (done.status_code, done.headers["location"]) == (303, page)
    for shown in (page, f"/c/hall/desk/gates/{hall.gate.id}"):
        assert "Brought a chair." in (await officer.get(shown)).text
    late = await officer.post(f"{page}/{scan['id']}", data={"note": "Late"})
    assert (late.status_code, "settled before" in late.text) == (422, True)
    assert (await officer.post(f"{page}/999", data={"note": "None"})).status_code == 404
    auditor = await hall.client("auditor")
    assert "Settle<" not in (await auditor.get(page)).text
    assert (await (await hall.client("press_officer")).get(page)).status_code == 403
