"""What higher features add to a person's page: sessions, replies, the badge, presence."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from app.conferences.models import Conference
from app.core.db import ReadSession
from app.participants.models import Participant

Line = tuple[str, str, str | None]
"""A label, a text, and the address it leads to, if any."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page; `empty` is said where there are no lines."""

    title: str
    lines: Sequence[Line]
    empty: str = "Nothing yet."


Source = Callable[[ReadSession, Conference, Participant], Awaitable[Panel | None]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Adds a source of panels; registering it twice changes nothing."""
    if source not in _sources:
        _sources.append(source)


async def panels(session: ReadSession, conference: Conference, person: Participant) -> list[Panel]:
    """The panels of a person's page, in the order in which their sources were registered."""
    found = [await source(session, conference, person) for source in _sources]
    return [panel for panel in found if panel is not None]
