"""Words of the programme, and what makes two sessions collide; nothing here fetches."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.core.errors import Clash, Invalid


class SessionKind(StrEnum):
    """What happens in a session."""

    ceremony = "ceremony"
    plenary = "plenary"
    panel = "panel"
    side_event = "side_event"
    social = "social"
    practical = "practical"


class SessionStatus(StrEnum):
    """Whether the public programme shows it."""

    draft = "draft"
    confirmed = "confirmed"
    cancelled = "cancelled"


class SpeakerRole(StrEnum):
    """What a person does in a session."""

    chair = "chair"
    moderator = "moderator"
    speaker = "speaker"


@dataclass(frozen=True, slots=True)
class Slot:
    """A session as far as it can collide."""

    id: UUID
    title: str
    starts_at: datetime
    ends_at: datetime
    room_id: UUID | None = None
    room: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A person in a session."""

    session_id: UUID
    participant_id: UUID
    name: str


def check_times(starts_at: datetime, ends_at: datetime) -> None:
    """Raises `Invalid` where a session does not end after it starts."""
    if ends_at <= starts_at:
        raise Invalid(
            "A session ends after it starts.",
            errors=[("/local_end", "Write a time after the start.")],
        )


def check_status(before: SessionStatus, after: SessionStatus) -> None:
    """Raises `Clash` where a public session would become a draft: calendars already have it."""
    if after is SessionStatus.draft and before is not SessionStatus.draft:
        raise Clash(
            "This session is public already; cancel it instead of making it a draft.",
            code="already-public",
        )


def _overlapping(slots: Iterable[Slot]) -> Iterable[tuple[Slot, Slot]]:
    """Pairs that share an instant; one that starts when another ends does not."""
    running: list[Slot] = []
    for slot in sorted(slots, key=lambda s: (s.starts_at, s.ends_at, s.id)):
        running = [other for other in running if other.ends_at > slot.starts_at]
        yield from ((other, slot) for other in running)
        running.append(slot)


def conflicts(slots: Sequence[Slot], parts: Sequence[Part]) -> dict[UUID, list[str]]:
    """Warnings by session: the same room, or the same person, in two sessions at once (rule 17)."""
    found: dict[UUID, dict[str, None]] = defaultdict(dict)
    by_room: dict[UUID, list[Slot]] = defaultdict(list)
    for slot in slots:
        if slot.room_id:
            by_room[slot.room_id].append(slot)
    for together in by_room.values():
        for one, other in _overlapping(together):
            found[one.id][f"“{other.title}” is in {one.room} at the same time."] = None
            found[other.id][f"“{one.title}” is in {one.room} at the same time."] = None
    known = {slot.id: slot for slot in slots}
    by_person: dict[UUID, dict[UUID, Slot]] = defaultdict(dict)
    names: dict[UUID, str] = {}
    for part in parts:
        if part.session_id in known:
            by_person[part.participant_id][part.session_id] = known[part.session_id]
            names[part.participant_id] = part.name
    for person, busy in by_person.items():
        for one, other in _overlapping(busy.values()):
            found[one.id][f"{names[person]} is in “{other.title}” at the same time."] = None
            found[other.id][f"{names[person]} is in “{one.title}” at the same time."] = None
    return {id: list(words) for id, words in found.items()}


def outside(local_start: datetime, local_end: datetime, first: date, last: date) -> str | None:
    """A warning for a session that is not within the conference's days."""
    if first <= local_start.date() and local_end.date() <= last:
        return None
    return "This is not within the days of the conference."
