"""What else has places: features register their things, and quotas know them as (kind, id)."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.core.db import ReadSession
from app.core.errors import Clash
from app.quotas.rules import Registration, Thing

Holders = Sequence[Row[*tuple[Any, ...]]]
Named = Callable[[ReadSession, UUID, UUID], Awaitable[str | None]]
Listed = Callable[[ReadSession, UUID], Awaitable[list[tuple[UUID, str]]]]
Held = Callable[[ReadSession, UUID, UUID], Awaitable[Holders]]
_kinds: dict[str, tuple[Named, Listed, Held]] = {}


def register(kind: str, named: Named, listed: Listed, held: Held) -> None:
    """Lets quotas be set for things of a kind.

    `named` gives a thing's name in a conference, `listed` all that there are, to choose from, and
    `held` who holds a place in one: id, delegation, its kind and the role, in order.
    """
    _kinds[kind] = (named, listed, held)


async def holders(session: ReadSession, conference_id: UUID, thing: Thing) -> list[Registration]:
    """Who holds a place in a thing, in the order of taking."""
    kind, id = thing
    return [
        Registration(row.id, row.delegation_id, row.kind, row.role, thing)
        for row in await _kinds[kind][2](session, conference_id, id)
    ]


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
        for kind, (_, listed, _) in sorted(_kinds.items())
        for id, name in await listed(session, conference_id)
    }
