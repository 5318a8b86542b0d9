"""What else has places: features register their things, and quotas know them as (kind, id)."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from app.core.db import ReadSession
from app.core.errors import Clash
from app.quotas.rules import Thing

Named = Callable[[ReadSession, UUID, UUID], Awaitable[str | None]]
Listed = Callable[[ReadSession, UUID], Awaitable[list[tuple[UUID, str]]]]
_kinds: dict[str, tuple[Named, Listed]] = {}


def register(kind: str, named: Named, listed: Listed) -> None:
    """Lets quotas be set for things of a kind.

    `named` gives a thing's name in a conference, `listed` all that there are, to choose from.
    """
    _kinds[kind] = (named, listed)


async def name_of(session: ReadSession, conference_id: UUID, thing: Thing) -> str:
    """What a thing is called. Raises `Clash` for one that the conference has not."""
    kind, id = thing
    found = _kinds.get(kind)
    name = await found[0](session, conference_id, id) if found else None
    if name is None:
        raise Clash(f"There is no such {kind} in this conference.", code="unknown-scope")
    return name


async def choices(session: ReadSession, conference_id: UUID) -> dict[Thing, str]:
    """Every thing that a quota can be set for, with its name, by kind."""
    return {
        (kind, id): name
        for kind, (_, listed) in sorted(_kinds.items())
        for id, name in await listed(session, conference_id)
    }
