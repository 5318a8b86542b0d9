"""Words from a lower feature to the higher ones: handlers run in the same transaction."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from app.core.db import WriteSession

Event = TypeVar("Event")
_handlers: dict[type[Any], list[Callable[[WriteSession, Any], Awaitable[None]]]] = {}


def subscribe(kind: type[Event], handler: Callable[[WriteSession, Event], Awaitable[None]]) -> None:
    """Calls `handler` for each event of `kind`; once, however often it is subscribed."""
    known = _handlers.setdefault(kind, [])
    if handler not in known:
        known.append(handler)


async def publish(session: WriteSession, event: object) -> None:
    """Tells all subscribers; an exception of one rolls the whole change back."""
    for handler in _handlers.get(type(event), ()):
        await handler(session, event)
