"""What a feature above raises at the desk until somebody has settled it."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from app.core.db import ReadSession


@dataclass(frozen=True, slots=True)
class Alarm:
    """Things that wait, of a section of the desk: how many, where to settle them, live from where.

    `key` names the number in the stream, and the words in the labels' `alarm`.
    """

    key: str
    section: str
    page: str
    stream: str
    count: Callable[[ReadSession, UUID], Awaitable[int]]


_alarms: dict[str, Alarm] = {}


def register(alarm: Alarm) -> None:
    """Lets an alarm be raised."""
    _alarms[alarm.key] = alarm


async def raised(
    session: ReadSession, conference_id: UUID, sections: Collection[str]
) -> list[tuple[Alarm, int]]:
    """The alarms of some sections of the desk, with how many things wait: none is silent."""
    return [
        (alarm, await alarm.count(session, conference_id))
        for alarm in _alarms.values()
        if alarm.section in sections
    ]
