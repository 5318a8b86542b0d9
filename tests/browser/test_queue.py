"""An officer decides with the keyboard alone, and without JavaScript by the same buttons."""

from playwright.async_api import Page, expect

from tests.browser.conftest import Site, Visit

QUEUE = "/desk/queue/"


async def _nominate(site: Site, page: Page, *names: str) -> None:
    """Submits new people through the desk's own forms."""
    for name in names:
        await page.goto(f"{site.conference}/desk/participants/new")
        await page.locator("select[name=delegation]").select_option(label="Jordan")
        await page.get_by_label("Role").select_option("adviser")
        await page.get_by_label("Name as printed").fill(name)
        await page.get_by_role("button", name="Add person", exact=True).click()
        await page.get_by_role("button", name="Submit", exact=True).click()


async def _press(page: Page, key: str) -> None:
    async with page.expect_navigation():
        await page.keyboard.press(key)


async def test_the_keyboard_alone_decides(site: Site, visit: Visit) -> None:
    page = await visit(role="registration_officer")
    names = [f"Keyboard {word}" for word in ("Alpha", "Bravo", "Delta", "Echo")]
    await _nominate(site, page, *names)
    await page.goto(f"{site.conference}{QUEUE}")
    shown = page.locator("#candidate")
    await page.keyboard.press("/")
    await expect(page.get_by_label("Name or function")).to_be_focused()
    await page.keyboard.type("keyboard arj")  # letters in a field are letters
    await page.wait_for_url("**search=keyboard+arj*")
    await expect(page.locator("#results")).to_contain_text("Nobody waits")
    for _ in range(4):
        await page.keyboard.press("Backspace")
    await expect(shown).to_have_text(names[0])
    await page.keyboard.press("Escape")
    await _press(page, "j")
    await expect(shown).to_have_text(names[1])
    await _press(page, "k")
    await expect(shown).to_have_text(names[0])

    await _press(page, "a")
    await expect(page.locator("main [role=status]")).to_have_text("Approved.")
    await expect(shown).to_have_text(names[1])
    await page.keyboard.press("r")
    await expect(page.locator("#refuse-reason")).to_be_focused()
    await page.keyboard.type("a reason with c and j")
    await page.keyboard.press("Tab")
    await _press(page, "Enter")
    await expect(page.locator("main [role=status]")).to_have_text("Refused.")
    await expect(shown).to_have_text(names[2])
    await page.keyboard.press("c")
    await expect(page.locator("#return-reason")).to_be_focused()
    await page.keyboard.type("Write the function.")
    await page.keyboard.press("Tab")
    await _press(page, "Enter")
    await expect(shown).to_have_text(names[3])
    await page.keyboard.press("Control+a")
    await expect(shown).to_have_text(names[3])
    await page.keyboard.press("?")
    switch = page.get_by_role("button", name="Switch the keys off")
    await expect(switch).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(switch).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("r")
    await expect(page.locator("#refuse-reason")).to_be_hidden()
    await page.get_by_role("button", name="Switch the keys on").click()
    await _press(page, "a")
    await expect(page.locator("#results")).to_contain_text("Nobody waits")


async def test_a_key_held_down_decides_once(site: Site, visit: Visit) -> None:
    page = await visit(role="registration_officer")
    names = [f"Heldkey {word}" for word in ("One", "Two", "Three")]
    await _nominate(site, page, *names)
    await page.goto(f"{site.conference}{QUEUE}?search=heldkey")
    async with page.expect_navigation():
        for _ in range(5):
            await page.keyboard.down("a")
    await expect(page.locator("#candidate")).to_have_text(names[1])
    await expect(page.locator("#results")).to_contain_text("of 2 to decide")
    await page.keyboard.up("a")


async def test_without_javascript(site: Site, visit: Visit) -> None:
    page = await visit(role="registration_officer", script=False, width=390)
    names = [f"Scriptless {word}" for word in ("One", "Two", "Three")]
    await _nominate(site, page, *names)
    await page.goto(f"{site.conference}{QUEUE}")
    await page.get_by_label("Name or function").fill("scriptless")
    await page.get_by_role("button", name="Show", exact=True).click()
    shown = page.locator("#candidate")
    await page.locator("button", has_text="Approve").first.click()
    await expect(shown).to_have_text(names[1])
    await page.locator("summary", has_text="Refuse").click()
    await page.locator("#refuse-reason").fill("Not accredited")
    await page.get_by_role("button", name="Refuse", exact=True).click()
    await expect(shown).to_have_text(names[2])
    await page.get_by_role("checkbox").check()
    await page.get_by_role("button", name="Approve the chosen").click()
    await expect(page.locator("#results")).to_contain_text("Nobody waits")
    await expect(page.get_by_role("button", name="Switch the keys off")).to_have_count(0)


async def test_two_officers_on_one_person(site: Site, visit: Visit) -> None:
    first = await visit(role="registration_officer")
    await _nominate(site, first, "Twoofficers One", "Twoofficers Two")
    # A page of its own: that it is refused stands on the console, and is what this test wants.
    second = await (await visit(role="administrator")).context.new_page()
    await second.goto(f"{site.conference}{QUEUE}?search=twoofficers")
    await first.goto(f"{site.conference}{QUEUE}?search=twoofficers")
    await _press(first, "a")
    answers: list[int] = []
    second.on("response", lambda answer: answers.append(answer.status))
    await _press(second, "a")
    assert 412 in answers
    await expect(second.locator(".error-summary")).to_contain_text("Somebody changed")
    await expect(second.locator("#results")).to_contain_text("This is the present state: Approved")
    await _press(second, "j")
    await expect(second.locator("#candidate")).to_have_text("Twoofficers Two")
