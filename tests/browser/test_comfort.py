"""What JavaScript adds, the keyboard alone, the mirrored page, and who sees nothing."""

import pytest
from playwright.async_api import Dialog, Page, expect

from tests.browser.conftest import Site, Visit

FOCUSED = "document.activeElement"


async def test_filters_answer_without_a_reload(visit: Visit) -> None:
    page = await visit("/desk/participants/", role="registration_officer")
    await page.evaluate("window.stayed = true")
    search = page.get_by_label("Name or function")
    await search.click()
    await search.press_sequentially("minister of")
    await page.wait_for_url("**search=minister+of*")
    await page.get_by_label("Decided rank").select_option("minister")
    await page.wait_for_url("**rank=minister*")
    await expect(page.locator("#announcer")).to_have_text(
        await page.locator("#results [data-count]").inner_text()
    )
    ranks = await page.locator("#results tbody td[data-label=Function] .sub").all_inner_texts()
    assert set(ranks) == {"Minister"}
    assert await page.evaluate("window.stayed")
    await search.press("End")
    await search.press_sequentially(" h")
    await page.wait_for_url("**search=minister+of+h*")
    await expect(search).to_be_focused()
    await expect(search).to_have_value("minister of h")
    await page.go_back()
    await expect(page.get_by_label("Name or function")).to_have_value("minister of")


async def test_the_sentence_is_copied(site: Site, visit: Visit) -> None:
    page = await visit("/figures/?basis=attended&as_of=2024-11-05", role="press_officer")
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.base)
    await page.get_by_role("button", name="Copy the sentence").first.click()
    await expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied == (await page.locator("blockquote").first.inner_text()).strip()


async def test_every_column_of_the_figures_fits_a_phone(visit: Visit) -> None:
    page = await visit("/figures/", role="press_officer", width=390)
    table = page.locator(".table", has=page.get_by_role("table", name="Participation"))
    assert await table.evaluate("one => one.scrollWidth <= one.clientWidth")


async def test_a_half_filled_form_is_not_lost_by_a_click(visit: Visit) -> None:
    page = await visit("/desk/participants/new", role="registration_officer")
    asked = []

    async def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.dismiss()

    page.on("dialog", stay)
    name = page.get_by_label("Name as printed")
    await name.press_sequentially("Half")
    async with page.expect_event("dialog"):
        await page.get_by_role("link", name="Overview").click(no_wait_after=True)
    await expect(name).to_have_value("Half")
    assert asked == ["beforeunload"]


async def _start(page: Page, selector: str) -> float:
    """How far from the left edge of the screen an element's right edge is."""
    box = await page.locator(selector).first.bounding_box()
    assert box is not None
    return box["x"] + box["width"]


@pytest.mark.parametrize("width", [390, 1280])
async def test_arabic_is_mirrored(visit: Visit, width: int) -> None:
    page = await visit("/?lang=ar", width=width, role="press_officer")
    assert await page.evaluate("document.documentElement.dir") == "rtl"
    assert await page.evaluate("document.documentElement.lang") == "ar"
    await expect(page.locator(".sample")).to_have_text("مؤتمر نموذجي: كل ما يرد هنا من نسج الخيال.")
    # The emblem stands right of the title, and the menu begins at the right with the programme.
    assert await _start(page, ".brand img") > await _start(page, ".brand a")
    menu = page.locator(".menu li")
    boxes = [await one.bounding_box() for one in await menu.all()]
    places = [box["x"] for box in boxes if box]
    assert places == sorted(places, reverse=True)
    assert len(places) == len(await menu.all_inner_texts()) >= 2
    assert not any(words.isascii() for words in await menu.all_inner_texts())
    when, what = ".session .when", ".session h3"
    if width == 1280:
        assert await _start(page, when) > await _start(page, what)
    else:
        assert abs(await _start(page, when) - await _start(page, what)) < 1
    # A list at the desk is English, and begins at the left again.
    await page.goto(page.url.split("?")[0] + "figures/")
    assert await page.evaluate("document.documentElement.dir") == "ltr"


async def _tabs(page: Page, most: int) -> list[str]:
    """What the Tab key reaches, in order; each must show that it has the focus."""
    reached = []
    for _ in range(most):
        await page.keyboard.press("Tab")
        here = await page.evaluate(
            f"""() => {{
                const one = {FOCUSED}, box = one.getBoundingClientRect();
                const style = getComputedStyle(one);
                return {{
                    what: one.closest("#results") ? "result"
                        : one.closest(".filters") ? "filters"
                        : one.closest(".side") ? "side"
                        : one.closest(".menu") ? "menu"
                        : one.className === "skip" ? "skip" : one.localName,
                    outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
                    seen: box.width > 0 && box.top >= 0 && box.bottom <= innerHeight + 1
                        && box.left >= 0 && box.right <= innerWidth + 1,
                }};
            }}"""
        )
        assert here["outline"], f"{here['what']} shows no focus"
        assert here["seen"], f"{here['what']} has the focus out of sight"
        reached.append(here["what"])
        if here["what"] == "result":
            break
    return reached


@pytest.mark.parametrize("width", [390, 1280])
async def test_the_keyboard_reaches_everything(visit: Visit, width: int) -> None:
    page = await visit("/desk/participants/?page_size=5", role="protocol_officer", width=width)
    reached = await _tabs(page, 60)
    assert [one for one in dict.fromkeys(reached) if one != "a"] == [
        *("skip", "menu", "side", "filters", "result")
    ]
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/desk/participants/*-*")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    assert await page.evaluate(f"{FOCUSED}.id") == "content"


async def test_the_press_sees_no_names(visit: Visit) -> None:
    page = await visit("/figures/people?figure=ministers", role="press_officer", status=403)
    await expect(page.locator("main h1")).to_be_visible()
    assert await page.locator("table").count() == 0
    page = await visit("/desk/participants/", role="press_officer", status=403)
    assert await page.locator("table").count() == 0


async def test_a_focal_point_sees_nothing_of_the_desk(visit: Visit) -> None:
    for path in ("/desk/", "/desk/participants/", "/desk/delegations/JOR", "/figures/"):
        page = await visit(path, role="focal_point", status=403)
        await expect(page.locator("main h1")).to_be_visible()
        assert await page.locator("table, .side, .tile").count() == 0
        await page.context.close()


async def test_a_conference_without_a_role_there_has_no_desk(visit: Visit) -> None:
    page = await visit("/../dushanbe-2022/desk/", role="focal_point", status=404)
    await expect(page.locator("main h1")).to_be_visible()
