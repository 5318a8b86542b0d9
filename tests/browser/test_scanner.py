"""The scanner page on a telephone: paired once, with a network, without one, and back."""

import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.async_api import Browser, BrowserContext, Page, expect

from app.badges.codes import Payload, encode
from app.badges.service import KEY
from app.core.keys import keyring
from app.web.labels import label, sentence
from tests.browser.conftest import PATIENCE, Site, Visit
from tests.browser.test_every_page import _findings

TABLE = json.loads((Path(__file__).parents[1] / "gates" / "decisions.json").read_text("utf-8"))
EVERYTHING = """async () => {
  const kept = [];
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((go) =>
      (indexedDB.open(name).onsuccess = (event) => go(event.target.result)));
    for (const store of db.objectStoreNames) {
      const all = db.transaction(store).objectStore(store).getAll();
      kept.push(await new Promise((go) => (all.onsuccess = () => go(all.result))));
    }
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const one of await cache.keys()) {
      kept.push(one.url, await (await cache.match(one)).text());
    }
  }
  return JSON.stringify([kept, { ...localStorage }, { ...sessionStorage }, document.cookie]);
}"""


@dataclass
class Phone:
    """A telephone at the gate, and somebody at the desk."""

    site: Site
    context: BrowserContext
    page: Page
    desk: httpx.AsyncClient
    complaints: list[str] = field(default_factory=list)

    async def gate(self, name: str, **more: object) -> str:
        """A gate of this test alone, so that nobody else is inside."""
        return str((await self.make("/gates", name=name, **more))["id"])

    async def make(self, path: str, **body: object) -> Any:
        """Something that the desk makes."""
        made = await self.desk.post(path, json=body)
        assert made.status_code == 201, made.text
        return made.json()

    async def conference(self) -> str:
        """Its id, by which its keys are kept."""
        address = f"{self.site.base}/api/v1/conferences/kuwait-2024"
        return str((await self.desk.get(address)).json()["id"])

    async def code(self, gate: str) -> str:
        return str((await self.desk.post(f"/gates/{gate}/pairing-codes")).json()["code"])

    async def badges(self, count: int, page: int = 1) -> list[dict[str, Any]]:
        answer = await self.desk.get("/badges", params={"page_size": count, "page": page})
        found: list[dict[str, Any]] = answer.json()["results"]
        return found

    async def of(self, delegation: str) -> list[str]:
        """The codes of a delegation's own people, who are not its head."""
        asked = {"delegation": delegation, "role": "delegate", "page_size": 100}
        every = (await self.desk.get("/badges", params=asked)).json()["results"]
        people = (await self.desk.get("/participants", params=asked)).json()["results"]
        ids = {one["id"] for one in people if one["rank"] in (None, "official", "senior_official")}
        return [one["code"] for one in every if one["participant"] in ids]

    async def elsewhere(self, gate: str, code: str, way: str = "entry") -> None:
        """A scan by another device at the same gate."""
        address = f"{self.site.base}/api/v1/checkinrpc/redeem/"
        body = {"secret": code, "lists": [gate], "type": way}
        assert (await self.desk.post(address, json=body)).status_code == 201

    async def scans(self, gate: str) -> list[dict[str, Any]]:
        answer = await self.desk.get("/scans", params={"gate": gate, "page_size": 100})
        found: list[dict[str, Any]] = answer.json()["results"]
        return found

    async def open(self) -> None:
        await self.page.goto(f"{self.site.conference}/gate/")
        await self.page.locator("body[data-open]").wait_for()

    async def pair(self, gate: str, inside: str = "0") -> None:
        await self.open()
        await self.page.locator("#pair-code").fill(await self.code(gate))
        await self.page.locator("#pair button").click()
        await expect(self.page.locator("#inside")).to_have_text(inside)
        # What is typed while the focus still moves goes half here, half there.
        await expect(self.page.locator("#code")).to_be_focused()

    async def scan(self, code: str, kind: str) -> None:
        """As a hardware scanner does: keys, then Enter, wherever the focus is."""
        await self.page.keyboard.type(code)
        await self.page.keyboard.press("Enter")
        await expect(self.page.locator("#verdict")).to_have_attribute("data-kind", kind)


@pytest.fixture
async def phone(site: Site, browser: Browser) -> AsyncIterator[Phone]:
    """A telephone; a breach of the content security policy or an error of a script fails."""
    context = await browser.new_context(
        viewport={"width": 390, "height": 844}, locale="en-GB", has_touch=True
    )
    context.set_default_timeout(PATIENCE)
    page = await context.new_page()
    cookies = {one["name"]: one["value"] for one in site.signed_in("administrator")}
    async with httpx.AsyncClient(
        base_url=f"{site.base}/api/v1/conferences/kuwait-2024",
        cookies=cookies,
        headers={"Sec-Fetch-Site": "same-origin"},
    ) as desk:
        made = Phone(site, context, page, desk)
        page.on("pageerror", lambda error: made.complaints.append(str(error)))
        page.on(
            "console",
            lambda said: made.complaints.append(said.text) if "Policy" in said.text else None,
        )
        yield made
        await context.close()
    assert made.complaints == []


def foreign(code: str) -> str:
    """The same badge, signed by somebody else."""
    body = base64.b32decode(code)[:26]
    return base64.b32encode(body + Ed25519PrivateKey.generate().sign(body)).decode()


async def test_ten_codes_without_a_network(phone: Phone) -> None:
    gate = await phone.gate("Off-line entrance")
    badges = await phone.badges(8)
    for badge in badges[6:]:
        revoked = await phone.desk.post(
            f"/badges/{badge['serial']}/revoke", json={"reason": "Lost"}
        )
        assert revoked.status_code == 200
    await phone.pair(gate)
    await phone.context.set_offline(True)
    await expect(phone.page.locator("#network")).to_have_text("Off-line")
    for badge in badges[:6]:
        await phone.scan(badge["code"], "ok")
        await expect(phone.page.locator("#alone")).to_be_visible()
    for badge in badges[6:]:
        await phone.scan(badge["code"].lower(), "refused")
        await expect(phone.page.locator("#reason")).to_have_text(
            "This badge was replaced or revoked."
        )
    await phone.scan(foreign(badges[0]["code"]), "refused")
    await expect(phone.page.locator("#reason")).to_have_text(
        "This code is not a badge of this conference."
    )
    await phone.scan(badges[0]["code"], "refused")
    await expect(phone.page.locator("#reason")).to_have_text("Already inside.")
    await expect(phone.page.locator("#queued")).to_have_text("10")
    await expect(phone.page.locator("#inside")).to_have_text("6")
    assert await phone.scans(gate) == []

    await phone.context.set_offline(False)
    await expect(phone.page.locator("#queued")).to_have_text("0")
    await expect(phone.page.locator("#network")).to_have_text("On-line")
    await expect(phone.page.locator("#conflicts-open")).to_be_hidden()
    scans = await phone.scans(gate)
    told = sorted((scan["result"], scan["serial"] or "") for scan in scans)
    assert told == sorted(
        [("ok", badge["serial"]) for badge in badges[:6]]
        + [("revoked", badge["serial"]) for badge in badges[6:]]
        + [("invalid", ""), ("already_redeemed", badges[0]["serial"])]
    )
    assert len({scan["nonce"] for scan in scans}) == 10
    assert len({scan["device"] for scan in scans}) == 1


async def test_a_code_pairs_once_and_a_revoked_device_says_so(phone: Phone) -> None:
    gate = await phone.gate("Pairing entrance")
    await phone.open()
    code = phone.page.locator("#pair-code")
    error = phone.page.locator("#pair-error")
    await code.fill("ABCD-2345")
    await phone.page.keyboard.press("Enter")
    await expect(error).to_contain_text("Ask the desk for a new one")
    once = await phone.code(gate)
    await code.fill(once.lower())
    await phone.page.get_by_label("Name of this device").fill("Phone 7")
    await phone.page.keyboard.press("Enter")
    await expect(phone.page.get_by_role("heading", level=1)).to_have_text("Pairing entrance")
    used = await phone.page.request.post(
        f"{phone.site.base}/api/v1/checkinrpc/pair/",
        data={"code": once},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert used.status == 401
    [device] = (await phone.desk.get(f"/gates/{gate}/devices")).json()
    assert device["name"] == "Phone 7"
    await phone.desk.post(f"/devices/{device['id']}/revoke")
    [badge] = await phone.badges(1)
    await phone.page.keyboard.type(badge["code"])
    await phone.page.keyboard.press("Enter")
    await expect(phone.page.get_by_role("heading", name="Pair this device")).to_be_visible()
    assert await phone.scans(gate) == []


async def test_a_reload_without_a_network_loses_nothing(phone: Phone) -> None:
    gate = await phone.gate("Reloaded entrance")
    one, two = await phone.badges(2)
    await phone.pair(gate)
    await phone.page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    await phone.context.set_offline(True)
    await phone.scan(one["code"], "ok")
    await phone.page.reload()
    await phone.page.locator("body[data-open]").wait_for()
    await expect(phone.page.get_by_role("heading", level=1)).to_have_text("Reloaded entrance")
    await expect(phone.page.locator("#queued")).to_have_text("1")
    await phone.scan(one["code"], "refused")
    await phone.scan(two["code"], "ok")
    await phone.context.set_offline(False)
    await expect(phone.page.locator("#queued")).to_have_text("0")
    results = [(scan["serial"], scan["result"]) for scan in await phone.scans(gate)]
    assert sorted(results) == sorted(
        [(one["serial"], "ok"), (one["serial"], "already_redeemed"), (two["serial"], "ok")]
    )


async def test_the_count_inside_outlives_a_reload_without_a_network(phone: Phone) -> None:
    """One before the pairing, then one on-line, one alone and one alone that left again."""
    gate = await phone.gate("Counting entrance")
    first, online, alone, back = (badge["code"] for badge in await phone.badges(4, 3))
    inside = phone.page.locator("#inside")
    await phone.elsewhere(gate, first)
    await phone.pair(gate, inside="1")
    await phone.page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    await phone.scan(online, "ok")
    await expect(inside).to_have_text("2")
    await phone.context.set_offline(True)
    await phone.scan(alone, "ok")
    await phone.scan(back, "ok")
    await expect(inside).to_have_text("4")
    await phone.page.locator("#exit").click()
    await phone.scan(back, "ok")
    await expect(inside).to_have_text("3")
    await phone.page.reload()
    await phone.page.locator("body[data-open]").wait_for()
    await expect(inside).to_have_text("3")


async def test_seats_of_a_session_are_counted_without_a_network(phone: Phone) -> None:
    """Two of each delegation: one inside by another device, one by this; a third waits."""
    day = "2024-11-04"
    hours = {"local_start": f"{day}T09:00", "local_end": f"{day}T10:00"}
    session = await phone.make("/sessions", title={"en": "Closed"}, **hours)
    guards = {"kind": "session", "session_id": session["id"], "rules": {"seats": 2}}
    gate = await phone.gate("Session door", **guards)
    one, two, three, *_ = await phone.of("KWT")
    other, *_ = await phone.of("TJK")
    await phone.elsewhere(gate, one)
    await phone.pair(gate, inside="1")
    await phone.context.set_offline(True)
    await phone.scan(two, "ok")
    await phone.scan(three, "refused")
    await expect(phone.page.locator("#reason")).to_have_text(
        "As many people of this delegation are inside as may be."
    )
    await phone.scan(other, "ok")
    await phone.page.locator("#exit").click()
    await phone.scan(one, "ok")
    await phone.page.locator("#entry").click()
    await phone.scan(two, "refused")
    await expect(phone.page.locator("#reason")).to_have_text("Already inside.")
    await phone.context.set_offline(False)
    await expect(phone.page.locator("#queued")).to_have_text("0")
    await expect(phone.page.locator("#conflicts-open")).to_be_hidden()
    await expect(phone.page.locator("#inside")).to_have_text("2")


async def test_transferable_cards_are_counted_without_a_network(phone: Phone) -> None:
    """Rule 16, by the device alone: the third waits until one leaves."""
    gate = await phone.gate("Card door", rules={"cards": 2})
    made = await phone.make("/badges", kind="transferable", delegation="KWT", count=3)
    first, second, third = [one["code"] for one in made]
    person, *_ = await phone.of("KWT")
    await phone.elsewhere(gate, first)
    await phone.pair(gate, inside="1")
    await phone.context.set_offline(True)
    await phone.scan(second, "ok")
    await phone.scan(third, "refused")
    await expect(phone.page.locator("#reason")).to_have_text(
        "As many transferable cards of this delegation are inside as may be."
    )
    await phone.scan(person, "ok")
    await phone.page.locator("#exit").click()
    await phone.scan(first, "ok")
    await phone.page.locator("#entry").click()
    await phone.scan(third, "ok")
    await phone.context.set_offline(False)
    await expect(phone.page.locator("#queued")).to_have_text("0")
    await expect(phone.page.locator("#conflicts-open")).to_be_hidden()
    await expect(phone.page.locator("#inside")).to_have_text("3")


async def test_another_device_s_scan_changes_the_count_inside(phone: Phone) -> None:
    gate = await phone.gate("Shared entrance")
    one, two = (badge["code"] for badge in await phone.badges(2))
    await phone.page.clock.install()
    await phone.pair(gate)
    await phone.scan(one, "ok")
    await expect(phone.page.locator("#inside")).to_have_text("1")
    await phone.elsewhere(gate, two)
    await phone.page.clock.fast_forward(15_000)
    await expect(phone.page.locator("#inside")).to_have_text("2")
    await phone.elsewhere(gate, one, "exit")
    await phone.page.clock.fast_forward(15_000)
    await expect(phone.page.locator("#inside")).to_have_text("1")


async def test_only_the_scan_that_is_shown_is_annulled(phone: Phone) -> None:
    """One admitted, the next refused: the first one's entry is not taken back in its place."""
    gate = await phone.gate("Annulling entrance")
    one, lost, two, three = await phone.badges(4, 4)
    await phone.desk.post(f"/badges/{lost['serial']}/revoke", json={"reason": "Lost"})
    await phone.pair(gate)
    annul, reason = phone.page.locator("#annul"), phone.page.locator("#reason")
    await phone.scan(one["code"], "ok")
    await expect(annul).to_be_enabled()
    await phone.scan(lost["code"], "refused")
    await expect(annul).to_be_disabled()
    await phone.scan(two["code"], "ok")
    name = await phone.page.locator("#name").inner_text()
    await annul.click()
    await expect(reason).to_contain_text(name)
    await expect(annul).to_be_disabled()
    await expect(phone.page.locator("#inside")).to_have_text("1")

    await phone.context.set_offline(True)
    await phone.scan(three["code"], "ok")
    await expect(annul).to_be_disabled()
    await phone.context.set_offline(False)
    await expect(phone.page.locator("#queued")).to_have_text("0")
    await annul.click()
    await expect(reason).to_contain_text(three["serial"])
    await expect(phone.page.locator("#inside")).to_have_text("1")
    assert name not in await phone.page.evaluate(EVERYTHING)


async def test_what_the_server_finds_otherwise_is_shown(phone: Phone) -> None:
    gate = await phone.gate("Conflicting entrance")
    *_, badge = await phone.badges(20)
    await phone.pair(gate)
    await phone.context.set_offline(True)
    await phone.scan(badge["code"], "ok")
    await phone.desk.post(f"/badges/{badge['serial']}/revoke", json={"reason": "Lost"})
    await phone.context.set_offline(False)
    await expect(phone.page.locator("#queued")).to_have_text("0")
    await phone.page.locator("#conflicts-open").click()
    await expect(phone.page.locator("#conflict-list")).to_contain_text("Admitted here. The server:")
    await expect(phone.page.locator("#conflict-list")).to_contain_text("replaced or revoked")
    await phone.page.locator("#conflicts-forget").click()
    await expect(phone.page.locator("#conflicts-open")).to_be_hidden()
    [scan] = await phone.scans(gate)
    assert scan["result"] == "revoked"


async def test_a_conflict_alarms_the_desk_at_once(phone: Phone, visit: Visit) -> None:
    gate = await phone.gate("Alarming entrance")
    *_, badge = await phone.badges(21)
    await phone.pair(gate)
    desk = await visit("/desk/gates/", role="registration_officer")
    alarm = desk.locator("[data-alarm=conflicts]")
    waiting = int(await alarm.locator("b").inner_text())
    await phone.context.set_offline(True)
    await phone.scan(badge["code"], "ok")
    await phone.desk.post(f"/badges/{badge['serial']}/revoke", json={"reason": "Lost"})
    await phone.context.set_offline(False)
    await expect(alarm.locator("b")).to_have_text(str(waiting + 1))
    await expect(alarm).to_be_visible()
    await alarm.click()
    row = desk.get_by_role("row").filter(has_text="Alarming entrance")
    await row.get_by_text("Settle").first.click()
    await row.get_by_label("What was done").fill("Brought back to the desk.")
    await row.get_by_role("button", name="Settle").click()
    await expect(desk.get_by_role("status").first).to_contain_text("Conflict settled.")
    await expect(row).to_contain_text("Brought back to the desk.")
    await desk.get_by_role("link", name="Overview").click()
    await expect(desk.locator("[data-alarm=conflicts] b")).to_have_text(str(waiting))


async def test_a_wrong_clock_is_said_and_corrected(phone: Phone) -> None:
    gate = await phone.gate("Belated entrance")
    [badge] = await phone.badges(1)
    await phone.page.add_init_script(
        "{ const real = Date.now; Date.now = () => real() - 600_000; }"
    )
    await phone.pair(gate)
    await expect(phone.page.locator("#clock")).to_have_text("−10 min")
    await expect(phone.page.locator("#skewed")).to_be_visible()
    await phone.context.set_offline(True)
    await phone.scan(badge["code"], "ok")
    await phone.context.set_offline(False)
    await expect(phone.page.locator("#queued")).to_have_text("0")
    [scan] = await phone.scans(gate)
    at, received = (datetime.fromisoformat(scan[name]) for name in ("at", "received_at"))
    assert abs((received - at).total_seconds()) < 60


async def test_the_camera_reads_codes_where_the_browser_can(phone: Phone) -> None:
    gate = await phone.gate("Watched entrance")
    [badge] = await phone.badges(1)
    await phone.page.add_init_script(
        """window.BarcodeDetector = class {
          static getSupportedFormats = async () => ["qr_code"];
          detect = async () => [{ rawValue: window.seen ?? "" }];
        };
        navigator.mediaDevices.getUserMedia = async () => document.createElement("canvas")
          .captureStream();
        HTMLMediaElement.prototype.play = async () => undefined;"""
    )
    await phone.pair(gate)
    await expect(phone.page.locator("#camera-missing")).to_be_hidden()
    await phone.page.get_by_role("button", name="Camera").click()
    await phone.page.evaluate("code => (window.seen = code)", badge["code"])
    await expect(phone.page.locator("#verdict")).to_have_attribute("data-kind", "ok")
    await phone.page.wait_for_timeout(2_500)  # still before the lens: read once
    await expect(phone.page.locator("#verdict")).to_have_attribute("data-kind", "ok")
    await phone.page.get_by_role("button", name="Stop").click()
    await expect(phone.page.locator("#video")).to_be_hidden()
    assert len(await phone.scans(gate)) == 1


async def test_names_are_seen_and_not_kept(phone: Phone) -> None:
    gate = await phone.gate("Seen entrance")
    badges = await phone.badges(3)
    await phone.pair(gate)
    names = []
    for badge in badges:
        await phone.scan(badge["code"], "ok")
        await expect(phone.page.locator("#name")).not_to_be_empty()
        names.append(await phone.page.locator("#name").inner_text())
        await expect(phone.page.locator("#photo")).to_be_visible()
    await expect(phone.page.locator("#inside")).to_have_text("3")
    kept = await phone.page.evaluate(EVERYTHING)
    assert "keys" in kept
    assert "scanner.js" in kept
    for word in {part for name in names for part in name.split() if len(part) > 3}:
        assert word not in kept, word
    assert "JFIF" not in kept
    await phone.context.set_offline(True)
    await phone.scan(badges[0]["code"], "refused")
    await expect(phone.page.locator("#who")).to_be_hidden()


async def test_the_device_decides_as_the_server(phone: Phone) -> None:
    await phone.open()
    told = await phone.page.evaluate(
        """async (table) => {
          const { decide } = await import(location.pathname + "decide.js");
          return table.cases.map((one) =>
            decide({ ...table.usual, ...one.facts }, one.direction, one.force));
        }""",
        TABLE,
    )
    wanted = [{k: case[k] for k in ("result", "explanation")} for case in TABLE["cases"]]
    assert told == wanted


async def test_the_device_refuses_each_changed_bit(phone: Phone) -> None:
    gate = await phone.gate("Verifying entrance")
    await phone.pair(gate)
    [badge] = await phone.badges(1)
    raw = base64.b32decode(badge["code"])
    bits = [
        base64.b32encode(
            bytes(b ^ (1 << bit if at == n else 0) for n, b in enumerate(raw))
        ).decode()
        for at in range(len(raw))
        for bit in range(8)
    ]
    others = [foreign(badge["code"]), badge["code"][:-1], badge["code"] + "A", "", "0" * 144]
    read, accepted = await phone.page.evaluate(
        """async ([good, wrong, gate]) => {
          const { decode } = await import(location.pathname + "code.js");
          const db = await new Promise((go) =>
            (indexedDB.open("plenary-gate-kuwait-2024").onsuccess = (e) => go(e.target.result)));
          const kept = db.transaction("kept").objectStore("kept").get("snapshot");
          const { keys } = await new Promise((go) => (kept.onsuccess = () => go(kept.result)));
          const payload = await decode(` ${good.toLowerCase()} `, keys);
          const all = await Promise.all(wrong.map((code) => decode(code, keys)));
          const serial = payload.serial.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
          return [[String(serial), payload.valid_from, payload.valid_until, String(payload.zones)],
            all.filter(Boolean).length];
        }""",
        [badge["code"], bits + others, gate],
    )
    assert accepted == 0
    assert read[:3] == [badge["serial"], "2000-01-01", "2099-12-31"]


async def test_the_device_refuses_what_is_not_good_any_more_or_not_yet(phone: Phone) -> None:
    """Expired and future by the conference's own key, of another purpose, lost, reprinted."""
    gate = await phone.gate("Strict entrance")
    *_, old, lost = await phone.badges(30)
    today = datetime.now(UTC).date()
    key_id, key = keyring().signing_key(await phone.conference(), KEY)

    def signed(serial: int, start: timedelta, signer: Ed25519PrivateKey = key) -> str:
        days = today + start, today + start + timedelta(days=3)
        return encode(Payload(key_id, serial, 13, 7, *days), signer)

    reprinted = await phone.desk.post(f"/badges/{old['serial']}/reissue", json={"reason": "Torn"})
    assert reprinted.status_code == 200, reprinted.text
    await phone.desk.post(f"/badges/{lost['serial']}/revoke", json={"reason": "Lost"})
    await phone.pair(gate)
    await phone.context.set_offline(True)
    links = keyring().signing_key(await phone.conference(), "links")[1]
    days, stopped = "The badge is not valid on this day.", "This badge was replaced or revoked."
    for code, why in (
        (signed(7, timedelta(days=-9)), days),
        (signed(8, timedelta(days=9)), days),
        (signed(9, timedelta(days=-1), links), "This code is not a badge of this conference."),
        (old["code"], stopped),
        (lost["code"], stopped),
    ):
        await phone.scan(code, "refused")
        await expect(phone.page.locator("#reason")).to_have_text(why)
    await phone.scan(reprinted.json()["code"], "ok")
    await phone.scan(signed(7, timedelta(days=-1)), "ok")


async def test_usable_by_all_in_each_state(phone: Phone) -> None:
    gate = await phone.gate("Accessible entrance")
    inside = sentence("Already inside.", "ar")
    found = []
    await phone.open()
    found += await _findings(phone.page)
    await phone.pair(gate)
    [badge] = await phone.badges(1)
    found += await _findings(phone.page)
    await phone.scan(badge["code"], "ok")
    found += await _findings(phone.page)
    await phone.page.wait_for_timeout(2_100)  # a badge read twice at once is one reading
    await phone.scan(badge["code"], "refused")
    found += await _findings(phone.page)
    await phone.page.locator("#menu").click()
    await phone.page.locator("#language").select_option("ar")
    found += await _findings(phone.page)
    assert await phone.page.evaluate("document.documentElement.dir") == "rtl"
    # What is on the screen speaks the new language too.
    for place, said in (("#headline", label("refused", "gate", "ar")), ("#reason", inside)):
        await expect(phone.page.locator(place)).to_have_text(said)
    assert await phone.page.evaluate("document.documentElement.scrollWidth") == 390
    assert found == []


async def test_a_scanner_is_heard_wherever_the_focus_is(phone: Phone) -> None:
    gate = await phone.gate("Focused entrance")
    one, two = await phone.badges(2)
    await phone.pair(gate)
    await phone.page.locator("#exit").focus()
    await phone.scan(one["code"], "ok")
    await expect(phone.page.locator("#exit")).to_have_attribute("aria-pressed", "false")
    await phone.page.locator("#search-open").click()
    await phone.page.locator("#search-words").press_sequentially("Ana")
    # A busy device hears the keys in parts.
    await phone.page.keyboard.type(two["code"][:70])
    await phone.page.wait_for_timeout(200)
    await phone.page.keyboard.type(two["code"][70:])
    await phone.page.keyboard.press("Enter")
    await expect(phone.page.locator("#search-words")).to_have_value("Ana")
    await expect(phone.page.locator("#inside")).to_have_text("2")
    await phone.page.get_by_role("button", name="Close").click()
    await expect(phone.page.locator("#code")).to_be_focused()
