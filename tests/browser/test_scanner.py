"""The scanner page on a telephone: paired once, with a network, without one, and back."""

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.async_api import Browser, BrowserContext, Page, expect

from app.badges.codes import Payload, encode
from tests.browser.conftest import PATIENCE, Site

CASES = Path(__file__).parents[1] / "gates" / "decisions.json"
KIND = "data-kind"


@pytest.fixture
async def officer(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody at the desk, through the API."""
    cookies = {one["name"]: one["value"] for one in site.signed_in("administrator")}
    async with httpx.AsyncClient(
        base_url=f"{site.base}/api/v1/conferences/kuwait-2024",
        cookies=cookies,
        headers={"Sec-Fetch-Site": "same-origin"},
    ) as client:
        yield client
