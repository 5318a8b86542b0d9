"""The real application on a free port of the loopback, and one Chromium for all browser tests.

Playwright's asynchronous API, in the loop of the other tests: its synchronous API keeps a loop of
its own running in the main thread, and no asynchronous test can run after that.
"""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from app.core.db import Database
from app.sample.load import accounts_of
from tests.lacking import missing

PATIENCE = 10_000  # milliseconds; a loaded machine is no fault of the pages
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@dataclass
class Site:
    """The served sample: its address, and a password for each role."""

    base: str
    passwords: dict[str, str]
    cookies: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    @property
    def conference(self) -> str:
        """The conference's address."""
        return f"{self.base}/c/kuwait-2024"

    def signed_in(self, role: str) -> list[dict[str, str]]:
        """The cookies of a sign-in, made once for each role: passwords are slow on purpose."""
        if role not in self.cookies:
            form = {"email": f"{role}@example.org", "password": self.passwords[role]}
            with httpx.Client() as client:
                assert client.post(f"{self.base}/sign-in", data=form).status_code == 303
                self.cookies[role] = [
                    {"name": one.name, "value": one.value or "", "url": self.base}
                    for one in client.cookies.jar
                ]
        return self.cookies[role]


async def _accounts(address: str) -> dict[str, str]:
    database = Database(address)
    try:
        return {role: password for role, _, password in await accounts_of(database)}
    finally:
        await database.close()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Debian's Chromium, or another of that family; asked for before anything is made for it."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        missing("Chromium", "apt-get install chromium")
    return str(found)


@pytest.fixture(scope="session")
def site(
    chromium: str, sqlite_sample: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The sample conference, served by the command that an operator would use."""
    folder = tmp_path_factory.mktemp("browser")
    shutil.copy(sqlite_sample, folder / "plenary.db")
    address = f"sqlite+aiosqlite:///{folder}/plenary.db"
    with ThreadPoolExecutor(1) as pool:
        passwords = pool.submit(lambda: asyncio.run(_accounts(address))).result()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    command = ["-c", "from app.cli import main; main()", "serve", "--port", str(port)]
    log = folder / "server.log"
    with (
        log.open("wb") as written,
        subprocess.Popen(
            [sys.executable, *command],
            env={**os.environ, "PLENARY_DATABASE_URL": address, "PLENARY_BASE_URL": base},
            cwd=Path(__file__).parents[2],
            stdout=written,
            stderr=subprocess.STDOUT,
        ) as server,
    ):
        try:
            # The transport asks again after 0, 1/2, 1, 2 … seconds, until the port answers.
            patient = httpx.HTTPTransport(retries=8)
            try:
                with httpx.Client(transport=patient) as client:
                    client.get(f"{base}/readyz").raise_for_status()
            except httpx.HTTPError:
                pytest.fail(f"The server did not start: {log.read_text()[-2000:]}")
            yield Site(base, passwords)
        finally:
            server.terminate()


@pytest.fixture(scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One Chromium for the session."""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield launched
        await launched.close()


Visit = Callable[..., Awaitable[Page]]


@pytest.fixture
async def visit(site: Site, browser: Browser) -> AsyncIterator[Visit]:
    """Opens pages, each in a context of its own: `await visit("/desk/", role="auditor")`.

    Addresses begin at the conference. Whatever a page complains of on its console, a breach of the
    content security policy above all, fails the test in the end.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    async def open_page(
        path: str = "/",
        *,
        role: str = "",
        script: bool = True,
        width: int = 1280,
        status: int = 200,
    ) -> Page:
        context = await browser.new_context(
            java_script_enabled=script,
            viewport={"width": width, "height": 800},
            locale="en-GB",
            base_url=site.base,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        if role:
            await context.add_cookies(site.signed_in(role))
        page = await context.new_page()
        # A refusal that the test expects is told on the console as well.
        page.on(
            "console",
            lambda said: (
                complaints.append(f"{said.text} ({page.url})")
                if said.type == "error" and f"status of {status}" not in said.text
                else None
            ),
        )
        page.on("pageerror", lambda error: complaints.append(f"{error} ({page.url})"))
        answer = await page.goto(site.conference + path)
        assert answer is not None
        assert answer.status == status, f"{answer.status} at {page.url}"
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert complaints == []
