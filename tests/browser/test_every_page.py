"""Each page, wide and narrow: found, quiet, named, inside its width, and usable by all."""

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from tests.browser.conftest import Site, Visit

# Addresses begin at the conference. `list|kind|query` is the first thing of a kind that a list
# leads to, where wanted with a query that keeps the page short: axe reads each cell of a table.
PUBLIC = [
    "/../../",
    "/../../sign-in",
    "/../../sign-in/link/none",
    "/?lang=en",
    "/?lang=ar",
    "/?lang=fr",
    "/gate/",
    "/certificate",
    "/certificate?lang=ar&code=ABCD-EFGH-JKMN",
    "/board/",
]
DESK = [
    "/desk/",
    "/desk/delegations/?search=an",
    "/desk/delegations/JOR",
    "/desk/delegations/new",
    "/desk/delegations/JOR/edit",
    "/desk/queue/",
    "/desk/invitations/",
    "/desk/participants/?page_size=20",
    "/desk/participants/|/desk/participants/",
    "/desk/participants/?status=approved|/desk/participants/|/impact?change=withdraw",
    "/desk/participants/?status=approved|/desk/participants/|/impact?change=substitute",
    "/desk/participants/new",
    "/desk/participants/|/desk/participants/|/values",
    "/desk/participants/|/desk/participants/|/link",
    "/desk/changes/",
    "/desk/changes/?status=",
    "/desk/ministers/",
    "/desk/ministers/photos",
    "/desk/import",
    "/desk/quotas/",
    "/desk/columns/",
    "/desk/columns/hotel",
    "/desk/waiting-list/",
    "/desk/programme/",
    "/desk/programme/sessions/new",
    "/desk/programme/|/desk/programme/sessions/",
    "/desk/receptions/",
    "/desk/receptions/|/desk/receptions/|?reply=declined",
    "/desk/badges/",
    "/desk/badges/queue",
    "/desk/badges/counter?q=JOR",
    "/desk/badges/counter?q=sanjana+chandrapur",
    "/desk/badges/cards",
    "/desk/gates/",
    "/desk/gates/new",
    "/desk/gates/conflicts",
    "/desk/gates/|/desk/gates/",
    "/desk/gates/|/desk/gates/|/devices",
    "/desk/certificates/",
    "/desk/outbox/",
    "/desk/audit/",
    "/figures/?basis=attended&as_of=2024-11-05",
    "/figures/communique?basis=attended&as_of=2024-11-05&lang=fr&form=paragraph",
    "/figures/communique?basis=attended&as_of=2024-11-05&lang=zh",
    "/figures/dashboard?as_of=2024-11-05",
    "/figures/dashboard?as_of=2024-11-05&lang=ar",
    "/figures/breakdown?by=state_group&basis=attended&as_of=2024-11-05",
    "/figures/editions",
    "/figures/publications/",
    "/figures/publications/report",
    "/figures/people?figure=ministers&basis=attended&as_of=2024-11-05",
]
PORTAL = [
    f"/portal/{path}"
    for language in ("en", "ar")
    for path in (
        f"?lang={language}",
        f"JOR/people/new?lang={language}",
        f"?lang={language}|/portal/JOR/people/",
        f"?lang={language}|/portal/JOR/people/|/photo",
    )
]
OPTIONS: dict[str, Any] = {
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}},
}


async def _findings(page: Page) -> list[str]:
    """What axe finds serious or critical: rule, and the first places."""
    results = await Axe().run(page, options=OPTIONS)
    return [
        f"{one['id']}: " + "; ".join(node["html"][:160] for node in one["nodes"][:3])
        for one in results.response["violations"]
        if one["impact"] in ("serious", "critical")
    ]


async def _first(page: Page, kind: str) -> str:
    """The address, after the conference's, of the first thing of a kind that the page lists."""
    links = await page.eval_on_selector_all(
        "main a[href]", "all => all.map(one => one.getAttribute('href'))"
    )
    ends = ("/new", "/edit", "/conflicts")
    found = next(
        link
        for link in links
        if kind in link and "?" not in link and not link.endswith((kind, *ends))
    )
    return str(found).removeprefix("/c/kuwait-2024")


@pytest.mark.parametrize("path", [*PUBLIC, *DESK, *PORTAL])
async def test_wide_and_narrow(site: Site, visit: Visit, path: str) -> None:
    listed, kind, query, *_ = [*path.split("|"), "", ""]
    role = "" if path in PUBLIC else "focal_point" if path in PORTAL else "administrator"
    page = await visit(listed, role=role)
    if kind:
        await page.goto(site.conference + await _first(page, kind) + query)
    wrong = []
    if await page.locator("h1").count() != 1:
        wrong.append("not one h1")
    if not (await page.title()).endswith("Plenary"):
        wrong.append("no title")
    for width in (1280, 390):
        await page.set_viewport_size({"width": width, "height": 800})
        reached = await page.evaluate("document.documentElement.scrollWidth")
        if reached > width:
            wrong.append(f"{reached} px on a screen of {width}")
        wrong += [f"at {width} px {one}" for one in await _findings(page)]
    assert wrong == []


async def test_the_programme_leads_to_the_calendar(visit: Visit) -> None:
    page = await visit("/?lang=en")
    link = page.get_by_role("link", name="iCalendar")
    answer = await page.request.get(str(await link.get_attribute("href")))
    assert answer.status == 200
    assert (await answer.text()).startswith("BEGIN:VCALENDAR")
