"""A focal point's ten minutes: at a desk, on a phone, without JavaScript, by keyboard."""

import io

import pytest
from PIL import Image
from playwright.async_api import FilePayload, Page, expect

from tests.browser.conftest import Site, Visit


def _picture(width: int, height: int) -> FilePayload:
    drawn = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).save(drawn, "PNG")
    return FilePayload(name="photo.png", mimeType="image/png", buffer=drawn.getvalue())


async def _press(page: Page, name: str) -> None:
    async with page.expect_navigation():
        await page.locator("main").get_by_role("button", name=name, exact=True).first.click()


async def _nominate(page: Page, name: str, *, then: str) -> None:
    await page.get_by_label("Name", exact=True).fill(name)
    await page.get_by_label("Function", exact=True).fill("First Secretary")
    await page.get_by_label("Sex").select_option("female")
    await page.get_by_label("E-mail").first.fill("walk@example.org")
    await page.get_by_label("Form of address").fill("H.E. Ms.")
    await page.get_by_label("Arabic", exact=True).check()
    await _press(page, then)


@pytest.mark.parametrize(("width", "script"), [(1280, True), (390, False)])
async def test_five_are_nominated_put_in_order_and_submitted(
    site: Site, visit: Visit, width: int, script: bool
) -> None:
    page = await visit("/../../", role="focal_point", width=width, script=script)
    await page.get_by_role("link", name="My delegation").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Jordan")
    await page.get_by_role("link", name="Nominate a person").click()
    names = [f"{word} Walk{width}" for word in ("Amina", "Badia", "Carim", "Dalal", "Emad")]
    for name in names[:-1]:
        await _nominate(page, name, then="Save and nominate another")
        await expect(page.get_by_role("status")).to_have_text("The person was added.")
    await _nominate(page, names[-1], then="Save")
    await expect(page.locator("main .notice.warn")).to_have_text("Still missing: photo.")

    # The fifth first of the five, one of them not at all, and a photo of all others.
    overview = f"{site.conference}/portal/JOR/"
    await page.goto(overview)
    for _ in range(4):
        await _press(page, f"Move {names[4]} up")
    await page.get_by_role("link", name=names[1]).click()
    await page.locator("summary", has_text="Withdraw").click()
    await page.locator("#withdraw-reason").fill("Stays at home")
    await _press(page, "Withdraw")
    await expect(page.locator("main .pill-withdrawn")).to_be_visible()
    for name in (names[0], *names[2:]):
        await page.goto(overview)
        await page.get_by_role("link", name=name).click()
        await page.get_by_role("link", name="Add a photo").click()
        await page.get_by_label("Add a photo").set_input_files(_picture(300, 400))
        if script:
            await expect(page.locator("canvas")).to_be_visible()
        await _press(page, "Keep the photo")
        await expect(page.locator(".badge-preview img")).to_be_visible()
    await page.goto(overview)
    await _press(page, "Submit all that is complete (4)")
    await expect(page.get_by_role("status")).to_contain_text("submitted")
    mine = page.locator("tbody tr", has_text=f"Walk{width}")
    await expect(mine.locator(".pill-submitted")).to_have_count(4)
    order = [names[4], names[0], names[2], names[3]]
    assert await mine.locator("th a").all_inner_texts() == [f"H.E. Ms. {one}" for one in order]
    await expect(page.locator("main li", has_text=names[1])).to_contain_text("Stays at home")


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_a_section_is_dragged_or_typed(visit: Visit, language: str) -> None:
    page = await visit(f"/portal/?lang={language}", role="focal_point", width=390)
    await page.goto(page.url.split("?")[0] + "JOR/people/new")
    await page.locator("[name=name]").fill(f"Cropped {language}")
    async with page.expect_navigation():
        await page.locator("main button.primary").click()
    await page.locator("main a[href$=photo]").click()
    await page.locator("#f-photo").set_input_files(_picture(900, 700))
    await page.locator("canvas").wait_for()
    fields = [page.locator(f"[name={name}]") for name in ("x", "y", "size")]
    assert [await one.input_value() for one in fields] == ["0.21", "0.00", "0.58"]
    box = await page.locator("canvas").bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await page.mouse.down()
    await page.mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] / 2)
    await page.mouse.up()
    assert [await one.input_value() for one in fields] == ["0.42", "0.00", "0.58"]
    await fields[2].fill("0.3")
    await fields[2].press("Tab")
    await page.locator("canvas").scroll_into_view_if_needed()
    box = await page.locator("canvas").bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 10)
    await page.mouse.down()
    await page.mouse.move(box["x"], box["y"] + 4 * box["height"])
    await page.mouse.up()
    assert [await one.input_value() for one in fields] == ["0.00", "0.49", "0.30"]
    async with page.expect_navigation():
        await page.locator("main button.primary").click()
    kept = page.locator(".badge-preview img")
    assert await kept.evaluate("one => [one.naturalWidth, one.naturalHeight]") == [390, 520]


_WITHIN = """[...document.querySelectorAll(
    "main :is(a[href], button, input:not([type=hidden]), select, textarea, summary)"
)].filter((one) => one.checkVisibility())"""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", ["JOR/", "JOR/people/new", "person", "photo"])
async def test_the_keyboard_alone_reaches_everything(visit: Visit, path: str, width: int) -> None:
    page = await visit("/portal/", role="focal_point", width=width)
    if path in ("person", "photo"):
        path = str(await page.locator("tbody a").last.get_attribute("href")).split("portal/")[1] + (
            "/photo" if path == "photo" else ""
        )
    await page.goto(page.url + path)
    wanted = await page.evaluate(f"{_WITHIN}.length")
    await page.evaluate("document.querySelector('#content').focus()")
    reached = set()
    for _ in range(wanted + 8):
        await page.keyboard.press("Tab")
        place = await page.evaluate(f"{_WITHIN}.indexOf(document.activeElement)")
        if place < 0:
            break
        style = "getComputedStyle(document.activeElement)"
        assert await page.evaluate(f"{style}.outlineStyle") != "none"
        reached.add(place)
    assert reached == set(range(wanted))


async def test_an_officer_acts_from_a_note_in_a_minute(visit: Visit) -> None:
    page = await visit("/desk/delegations/ALB", role="registration_officer", script=False)
    await page.get_by_role("link", name="Act from a paper").click()
    await page.get_by_label("Number").fill("NV 7/2024")
    await page.get_by_label("Date").fill("2024-10-01")
    await _press(page, "Act on this paper")
    await expect(page.locator("main .notice.warn")).to_contain_text("Note verbale NV 7/2024")
    await page.get_by_role("link", name="Nominate a person").click()
    await _nominate(page, "Paper Nominee", then="Save")
    await _press(page, "Submit")
    await expect(page.locator("main .pill-submitted")).to_be_visible()


async def test_another_delegation_is_not_there(visit: Visit) -> None:
    page = await visit("/portal/ALB/", role="focal_point", status=404)
    await expect(page.locator("main h1")).to_be_visible()
    assert "Albania" not in await page.content()
