"""What else has places: features register their things, and quotas know them as (kind, id)."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from app.core.db import ReadSession
from app.core.errors import Clash
from app.quotas.rules import Thing

Named = Callable[[ReadSession, UUID, UUID], Awaitable[str | None]]
_kinds: dict[str, Named] = {}


def register(kind: str, named: Named) -> None:
    """Lets quotas be set for things of a kind; `named` gives a thing's name in a conference."""
    _kinds[kind] = named


async def name_of(session: ReadSession, conference_id: UUID, thing: Thing) -> str:
    """What a thing is called. Raises `Clash` for one that the conference has not."""
    kind, id = thing
    named = _kinds.get(kind)
    name = await named(session, conference_id, id) if named else None
    if name is None:
        raise Clash(f"There is no such {kind} in this conference.", code="unknown-scope")
    return name
