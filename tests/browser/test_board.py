"""The hall's board on a screen on the wall."""

from playwright.async_api import expect

from tests.browser.conftest import Visit


async def test_the_board_is_read_from_afar(visit: Visit) -> None:
    """Large numbers over the whole screen, no menu, and a small way back."""
    page = await visit("/board/", role="registration_officer")
    await page.set_viewport_size({"width": 1280, "height": 900})
    await expect(page.locator(".masthead .menu")).to_be_hidden()
    await expect(page.locator("nav.foot a").first).to_be_visible()
    size = "one => parseFloat(getComputedStyle(one).fontSize)"
    assert await page.locator("[data-number]").first.evaluate(size) >= 90
    box = await page.locator(".board").bounding_box()
    assert box is not None
    assert box["width"] > 1100
    assert box["height"] > 550
    assert await page.evaluate("document.documentElement.scrollHeight") <= 900
