"""The desk's counter, cards and print queue, as an officer meets them."""

import re

from app.accounts.rules import INSTALLATION
from app.badges import batches, cards
from app.badges.rules import BadgeState, CardKind
from app.badges.store import Choice
from app.core import jobs
from tests.hall import TODAY, Hall


async def test_scan_see_who_it_is_and_hand_out(hall: Hall) -> None:
    id = await hall.pictured("Ana <i>Amari</i>", function="Adviser")
    await hall.pictured("Bo Berg")
    [ana] = await hall.badges(Choice(participant=id))
    officer = await hall.client("registration_officer")
    here = f"/c/{hall.conference.slug}/desk/badges/counter"
    assert (await officer.get(here)).status_code == 200
    for asked in (ana.code, str(ana.serial), "amari"):
        page = await officer.get(here, params={"q": asked})
        assert page.status_code == 200
        assert "Ana &lt;i&gt;Amari&lt;/i&gt;" in page.text
        assert f"{here}/{ana.serial}/collect" in page.text
        assert "Adviser" in page.text
        assert "Bo Berg" not in page.text
    assert "No badge found" in (await officer.get(here, params={"q": "nobody"})).text
    assert "No badge found" in (await officer.get(here, params={"q": "12345"})).text
    done = await officer.post(f"{here}/{ana.serial}/collect")
    assert (done.status_code, done.headers["location"]) == (303, here)
    assert [row.serial for row in await hall.badges(Choice(state=BadgeState.collected))] == [
        ana.serial
    ]
    assert (await officer.post(f"{here}/{ana.serial}/eaten")).status_code == 404
    press = await hall.client("press_officer")
    for part in ("counter", "cards", "queue"):
        assert (await press.get(here.replace("counter", part))).status_code == 403


async def test_a_proxy_brings_a_letter(hall: Hall) -> None:
    await hall.pictured("Ana Amari")
    [ana] = await hall.badges()
    officer = await hall.client("registration_officer")
    address = f"/c/{hall.conference.slug}/desk/badges/counter/{ana.serial}/proxy"
    refused = await officer.post(address, data={"by": "Bo Berg", "letter": ""})
    assert refused.status_code == 422
    assert 'value="Bo Berg"' in refused.text
    done = await officer.post(address, data={"by": "Bo Berg", "letter": "Note 12"})
    assert done.status_code == 303
    [ana] = await hall.badges()
    assert (ana.collected_by, ana.collected_letter) == ("Bo Berg", "Note 12")


async def test_a_delegation_at_once_and_the_lost_one(hall: Hall) -> None:
    for name in ("Ana Amari", "Bo Berg"):
        await hall.pictured(name)
    officer = await hall.client("registration_officer")
    here = f"/c/{hall.conference.slug}/desk/badges/counter"
    page = await officer.get(here, params={"q": "kwt"})
    assert "Ana Amari" in page.text
    assert "Hand all over to" in page.text
    refused = await officer.post(f"{here}/hand-over", data={"delegation": "KWT", "to": ""})
    assert refused.status_code == 422
    done = await officer.post(f"{here}/hand-over", data={"delegation": "KWT", "to": "Liaison"})
    assert done.status_code == 303
    rows = await hall.badges(Choice(state=BadgeState.handed_over))
    assert len(rows) == 2
    page = (await officer.get(done.headers["location"])).text
    assert "<b>2</b> badges were handed over" in page
    assert "No badge is left to hand over" in page
    assert "Hand all over to" not in page
    again = await officer.post(f"{here}/hand-over", data={"delegation": "KWT", "to": "Liaison"})
    assert again.status_code == 409
    assert "No badge is left to hand over" in again.text
    lost = await officer.post(
        f"{here}/{rows[0].serial}/lost", data={"identity_check": "Passport seen"}
    )
    assert lost.status_code == 303
    page = await officer.get(here, params={"q": str(rows[0].serial)})
    assert "destroy it" in page.text
    assert "Passport seen" in page.text
    replaced = re.search(r"counter\?q=(\d+)", lost.headers["location"])
    assert replaced
    assert replaced[1] in page.text
    again = await officer.post(f"{here}/{rows[0].serial}/revoke", data={"reason": "Again"})
    assert again.status_code == 409
    assert "revoked before" in again.text


async def test_cards_are_issued_printed_and_a_blank_is_bound(hall: Hall) -> None:
    batches.install()
    id = await hall.approved("Ana Amari")
    officer = await hall.client("registration_officer")
    base = f"/c/{hall.conference.slug}/desk/badges"
    wrong = await officer.post(f"{base}/cards", data={"kind": "day", "count": "2"})
    assert wrong.status_code == 422
    assert "names its day" in wrong.text
    given = {"kind": "day", "count": "1", "valid_on": TODAY.isoformat()}
    assert (await officer.post(f"{base}/cards", data=given)).status_code == 303
    assert "Day badge, blank" in (await officer.get(f"{base}/cards")).text
    page = await officer.get(f"{base}/queue")
    assert "Print 1" in page.text
    ordered = await officer.post(f"{base}/queue", data={"category": "day", "unprinted": "true"})
    assert ordered.status_code == 303
    progress = await officer.get(ordered.headers["location"])
    assert progress.headers["refresh"]
    await jobs.run_due(hall.database)
    progress = await officer.get(ordered.headers["location"])
    assert "refresh" not in progress.headers
    for link in re.findall(r'href="([^"]+/(?:files/[^"]+|receipt))"', progress.text):
        assert (await officer.get(link)).content.startswith(b"%PDF")
    refused = await officer.post(f"{base}/queue", data={"category": "day", "unprinted": "true"})
    assert refused.status_code == 409
    [blank] = await hall.badges(Choice(nobodys=True))
    found = await officer.get(f"{base}/counter", params={"q": str(blank.serial), "bearer": "amari"})
    assert "Bind<" in found.text
    bound = await officer.post(f"{base}/counter/{blank.serial}/bind", data={"participant": str(id)})
    assert bound.status_code == 303
    [active] = await hall.badges()
    assert (active.serial, active.participant) == (blank.serial, id)


async def test_a_transferable_card_at_the_counter(hall: Hall) -> None:
    async with hall.database.writing() as session:
        [card] = await cards.issue(
            session, INSTALLATION, hall.conference, CardKind.transferable, 1, delegation="PEACE"
        )
    officer = await hall.client("registration_officer")
    here = f"/c/{hall.conference.slug}/desk/badges/counter"
    page = await officer.get(here, params={"q": str(card.serial)})
    assert "Peace Now, card" in page.text
    assert "Replace it" not in page.text
    gone = await officer.post(f"{here}/{card.serial}/revoke", data={"reason": "Closed"})
    assert gone.headers["location"] == f"{here}?q={card.serial}"


async def test_a_pass_is_found_by_its_words_and_says_its_kind(hall: Hall) -> None:
    async with hall.database.writing() as session:
        arguments = (session, INSTALLATION, hall.conference, CardKind.vehicle, 1)
        [card] = await cards.issue(*arguments, label="Catering")
    officer = await hall.client("registration_officer")
    here = f"/c/{hall.conference.slug}/desk/badges/counter"
    page = (await officer.get(here, params={"q": "Catering"})).text
    assert str(card.serial) in page
    assert "Vehicle pass" in page
