"""What stands in the outbox, for tests of mails."""

import re
from typing import Any

from sqlalchemy import select

from app.conferences.store import M
from app.core import mail
from app.core.db import Database


async def mails(database: Database) -> list[dict[str, Any]]:
    """The mails written, oldest first."""
    async with database.reading() as session:
        found = await session.execute(
            select(M.c.payload).where(M.c.kind == mail.KIND).order_by(M.c.id)
        )
        return list(found.scalars())


def link_in(letter: dict[str, Any]) -> str:
    """The path of the first address of ours in a mail."""
    found = re.search(r"http://testserver(/\S+)", letter["text"])
    assert found, letter["text"]
    return found[1]
