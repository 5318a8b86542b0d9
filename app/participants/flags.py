"""What an officer should look at before deciding: look-alikes, and what other sources add."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.conferences.models import Conference
from app.core.db import ReadSession
from app.participants.models import Participant


@dataclass(frozen=True, slots=True)
class Flag:
    """A sentence about a person; `other` is the participant it points to, if any."""

    key: str
    text: str
    other: UUID | None = None


Source = Callable[
    [ReadSession, Conference, Sequence[Participant]], Awaitable[dict[UUID, list[Flag]]]
]
"""Flags by person, for many people at once: a fixed number of queries, never one for each."""

_sources: list[Source] = []


def register(source: Source) -> None:
    """Adds a source of flags; registering it twice changes nothing."""
    if source not in _sources:
        _sources.append(source)


async def flags(
    session: ReadSession, conference: Conference, people: Sequence[Participant]
) -> dict[UUID, list[Flag]]:
    """The flags of those who have any, in the order in which their sources were registered."""
    found: dict[UUID, list[Flag]] = {}
    for source in _sources:
        for id, some in (await source(session, conference, people)).items():
            found.setdefault(id, []).extend(some)
    return found
