"""The programme as other tools read it: iCalendar (RFC 5545)."""

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

from app.conferences.models import Conference
from app.conferences.rules import in_language
from app.core.clock import utc_to_local
from app.core.db import ReadSession
from app.core.errors import Invalid
from app.programme import store
from app.programme.rules import SessionStatus, SpeakerRole
from app.programme.store import PublicSession, PublicSpeaker

FORMATS = ("ics",)
ICS_TYPE = "text/calendar; charset=utf-8"


@cache
def _kinds() -> dict[str, dict[str, str]]:
    text = (Path(__file__).parent / "data" / "kinds.json").read_text(encoding="utf-8")
    kinds: dict[str, dict[str, str]] = json.loads(text)
    return kinds


def kind_words(kind: str, language: str) -> str:
    """The kind of a session as people read it, in English where a language has no word."""
    return _kinds().get(language, _kinds()["en"])[kind]


def speaker_line(speaker: PublicSpeaker, language: str) -> str:
    """A speaker on one line: style, name, part, function, delegation."""
    name = speaker.names.get(language) or speaker.name
    part = f" ({speaker.role.value})" if speaker.role is not SpeakerRole.speaker else ""
    delegation = in_language(speaker.delegation_names, language, speaker.delegation)
    printed = f"{speaker.style} {name}" if speaker.style else name
    return ", ".join(filter(None, (printed + part, speaker.function, delegation)))


@cache
def _timezone(zone: str, first: date, last: date) -> Timezone:
    return Timezone.from_tzid(zone, first_date=first, last_date=last)


def _event(session: PublicSession, zone: str, language: str) -> Event:
    event = Event()
    event.add("uid", f"{session.id}@plenary")
    event.add("sequence", session.sequence)
    # A stamp that moves with the data, not with the clock, keeps the feed's bytes and its ETag.
    event.add("dtstamp", session.changed_at)
    event.add("last-modified", session.changed_at)
    event.add("dtstart", utc_to_local(session.starts_at, zone))
    event.add("dtend", utc_to_local(session.ends_at, zone))
    event.add("summary", in_language(session.title, language))
    cancelled = session.status is SessionStatus.cancelled
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("categories", [kind_words(session.kind, language)])
    place = ", ".join(filter(None, (in_language(session.room, language), session.venue)))
    if place:
        event.add("location", place)
    lines = [in_language(session.abstract, language)]
    lines.append("\n".join(speaker_line(one, language) for one in session.speakers))
    if text := "\n\n".join(filter(None, lines)):
        event.add("description", text)
    return event


def calendar(
    conference: Conference, sessions: list[PublicSession], language: str | None = None
) -> bytes:
    """The iCalendar text, with the conference's zone in it; cancelled sessions say so."""
    language = language or conference.languages[0]
    made = Calendar()
    made.add("prodid", "-//Plenary//Programme//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", in_language(conference.title, language, conference.slug))
    made.add("x-wr-timezone", conference.timezone)
    made.add("refresh-interval", timedelta(minutes=15), parameters={"value": "DURATION"})
    zone = ZoneInfo(conference.timezone).key
    days = [conference.starts, conference.ends]
    days += [session.local_start.date() for session in sessions]
    days += [session.local_end.date() for session in sessions]
    margin = timedelta(days=1)
    made.add_component(_timezone(zone, min(days) - margin, max(days) + margin))
    for session in sessions:
        made.add_component(_event(session, zone, language))
    return bytes(made.to_ical())


async def export(session: ReadSession, conference: Conference, format: str) -> bytes:
    """The public programme as a file. Raises `Invalid` for a format there is not."""
    if format not in FORMATS:
        raise Invalid(f"The programme is written as {', '.join(FORMATS)}, not as “{format[:20]}”.")
    return calendar(conference, await store.public_sessions(session, conference.id))
