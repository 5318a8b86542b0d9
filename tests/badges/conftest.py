from collections.abc import AsyncIterator

import pytest

from app.core.db import Database
from tests.hall import Hall, open_hall


@pytest.fixture
async def hall(database: Database) -> AsyncIterator[Hall]:
    """An open conference of this test alone, on both kinds of database."""
    opened = await open_hall(database)
    yield opened
    await opened.close()
