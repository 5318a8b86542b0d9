"""What every door needs of a request: a session that reads, or one transaction that writes."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request

from app.core.db import Database, ReadSession, WriteSession


def database(request: Request) -> Database:
    """The database of the running application."""
    found = request.app.state.database
    assert isinstance(found, Database)
    return found


async def _read(request: Request) -> AsyncIterator[ReadSession]:
    async with database(request).reading() as session:
        yield session


async def _write(request: Request) -> AsyncIterator[WriteSession]:
    async with database(request).writing() as session:
        # An Idempotency-Key's answer is a row of this transaction.
        request.state.writing = session
        yield session


Reading = Annotated[ReadSession, Depends(_read, scope="function")]
Writing = Annotated[WriteSession, Depends(_write, scope="function")]
"""Commits before the answer is sent: the default scope would commit after it, and a client could
read 201 for what was never stored."""
