"""A personal link, from the desk that makes it to the person who corrects their data by it."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Site, Visit
from tests.browser.test_every_page import _findings, _first


@pytest.mark.parametrize("script", [True, False])
async def test_a_person_corrects_their_own_data(site: Site, visit: Visit, script: bool) -> None:
    desk = await visit("/desk/participants/?page_size=5", role="registration_officer")
    await desk.goto(f"{site.conference}{await _first(desk, '/desk/participants/')}/link")
    await desk.get_by_role("button", name="Make a new link and show it").click()
    address = (await desk.locator("#address").inner_text()).strip()
    path = address.removeprefix(site.conference)
    page = await visit(f"{path}?lang=ar", script=script)
    wrong = []
    for width in (1280, 390):
        await page.set_viewport_size({"width": width, "height": 800})
        if await page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"wider than {width}")
        if script:
            wrong += await _findings(page)
    assert wrong == []
    # No referrer is told, so the browser states no origin either: the form must pass all the same.
    await page.locator("input[name=email]").fill("corrected@example.org")
    await page.locator("input[name='column.arrival']").fill("2024-11-03T22:15")
    await page.locator("main button").click()
    await expect(page.get_by_role("status")).to_contain_text("حُفظت")
    await expect(page.locator("input[name=email]")).to_have_value("corrected@example.org")
    await expect(page.locator("input[name='column.arrival']")).to_have_value("2024-11-03T22:15")
    await desk.get_by_role("button", name="Revoke the link").click()
    await expect(desk.locator("main")).to_contain_text("There is no link now.")
    gone = await page.request.get(address)
    assert gone.status == 404
