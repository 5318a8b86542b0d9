"""The work of the desk and the figures with JavaScript switched off."""

from playwright.async_api import FilePayload, Page, expect

from tests.browser.conftest import Site, Visit

HEADINGS = "Delegation,Name,Function,Role\r\n"
GOOD = "Jordan,Rania Browsertest,First Secretary,Delegate\r\n"
BAD = "Jordan,,Second Secretary,Delegate\r\n"


async def _press(page: Page, name: str) -> None:
    """Presses a button by all of its words, and waits for the page that it leads to."""
    async with page.expect_navigation():
        await page.locator("main").get_by_role("button", name=name, exact=True).click()


async def _read(page: Page, rows: str) -> None:
    """Uploads a list, and takes the columns as they were recognised."""
    content = (HEADINGS + rows).encode()
    await page.get_by_label("File").set_input_files(
        FilePayload(name="list.csv", mimeType="text/csv", buffer=content)
    )
    await _press(page, "Read the file")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Match the columns")
    await _press(page, "Show the result")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Look at the result")


async def test_from_signing_in_to_an_approved_minister(site: Site, visit: Visit) -> None:
    page = await visit("/../../sign-in?next=/c/kuwait-2024/desk/participants/", script=False)
    await page.get_by_label("E-mail").first.fill("administrator@example.org")
    await page.get_by_label("Password").fill(site.passwords["administrator"])
    await _press(page, "Sign in")
    await page.get_by_role("link", name="Add a person").click()
    await page.locator("select[name=delegation]").select_option(label="Albania")
    await page.get_by_label("Role").select_option("adviser")
    await page.get_by_label("Name as printed").fill("Tamsin Withoutscript")
    await page.get_by_label("Function as printed").fill("Minister of Transport")
    await _press(page, "Add person")
    person = page.locator("main")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Tamsin Withoutscript")
    await _press(page, "Submit")
    await _press(page, "Approve")
    await expect(person.locator(".pill-approved")).to_be_visible()

    await page.goto(f"{site.conference}/desk/participants/")
    await page.get_by_label("Name or function").fill("withoutscript")
    await _press(page, "Show")
    await expect(person).to_contain_text("1 person")
    await page.get_by_role("link", name="Tamsin Withoutscript").click()
    await expect(person).to_contain_text("Undecided, so this person is in no figure of ministers.")
    await _press(page, "Decide: Minister")
    await expect(page.locator("section[aria-labelledby=rank] b")).to_have_text("Minister")

    # Without a photo the badge is held, and the reason fits beside the form.
    await page.goto(f"{site.conference}/desk/badges/")
    held = page.locator("aside li", has_text="Tamsin Withoutscript")
    await expect(held).to_contain_text("photo")
    box = await held.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 1280
    assert await held.evaluate("one => one.scrollWidth <= one.clientWidth")


async def test_a_list_with_an_error_and_then_corrected(visit: Visit) -> None:
    page = await visit("/desk/import", role="registration_officer", script=False, width=390)
    await _read(page, GOOD + BAD)
    errors = page.locator("table", has_text="Reason").first
    await expect(errors.locator("tbody tr")).to_have_count(1)
    await expect(errors).to_contain_text("3")
    await expect(page.locator("main")).to_contain_text("One line has an error.")
    await expect(page.get_by_label("Import the one line without error")).to_be_visible()
    await page.get_by_role("link", name="Read a corrected file").click()
    await _read(page, GOOD + BAD.replace(",,", ",Selim Browsertest,"))
    await expect(page.locator("main")).to_contain_text("No error was found.")
    await _press(page, "Import 2 lines")
    await expect(page.locator("main [role=status]")).to_contain_text("2 added")


async def test_a_figure_leads_to_its_persons(visit: Visit) -> None:
    page = await visit("/figures/", role="press_officer", script=False)
    await page.get_by_label("Who is counted").select_option("attended")
    await page.get_by_label("As of").fill("2024-11-05")
    await _press(page, "Count")
    await expect(page.locator("blockquote").first).to_contain_text("28 Government Ministers")
    await expect(page.get_by_role("button", name="Copy the sentence")).to_have_count(0)
    assert await page.locator("main a[href*='people']").count() == 0

    page = await visit("/figures/", role="protocol_officer", script=False)
    await page.get_by_label("Who is counted").select_option("attended")
    await page.get_by_label("As of").fill("2024-11-05")
    await _press(page, "Count")
    await page.locator("a.tile", has_text="Ministers").filter(has_text="28").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ministers: 28")
    await expect(page.locator("tbody tr")).to_have_count(28)
