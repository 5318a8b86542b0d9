"""What a person's page at the desk shows from the features above people."""

from datetime import datetime

from app.badges.rules import categories
from app.badges.store import Choice
from app.badges.store import rows as badges
from app.conferences.models import Conference
from app.core import clock, dates
from app.core.db import ReadSession
from app.papers.store import presences
from app.participants import panels
from app.participants.models import Participant
from app.participants.panels import Line, Panel
from app.programme.store import spoken_by
from app.receptions.store import replied_by_people
from app.web.labels import label


def connect() -> None:
    """Registers the panels in the order of the page."""
    for source in (_badge, _presence, _sessions, _receptions):
        panels.register(source)


def _stamp(at: datetime, conference: Conference) -> str:
    local = clock.utc_to_local(at, conference.timezone)
    return f"{dates.day(local, parts='yMMMd')}, {local:%H:%M}"


async def _badge(session: ReadSession, conference: Conference, person: Participant) -> Panel:
    found = await badges(session, conference.id, Choice(participant=person.id))
    steps = ("collected", "handed_over", "printed")
    lines: list[Line] = []
    for badge in found:
        state = next((step for step in steps if getattr(badge, f"{step}_at")), "issued")
        at = _stamp(getattr(badge, f"{state}_at"), conference)
        lines += [
            ("Serial", str(badge.serial), None),
            ("Category", categories()[badge.category].words("en"), None),
            (label(state, "badge"), at, None),
        ]
    if found:
        at_desk = f"/c/{conference.slug}/desk/participants/{person.id}/zones"
        lines.append(("Zones", "what it opens", at_desk))
    return Panel("Badge", lines, "A badge is issued at approval.")


async def _presence(session: ReadSession, conference: Conference, person: Participant) -> Panel:
    found = await presences(session, conference.id, [person.id])
    lines: list[Line] = [
        (
            f"{label(seen.source, 'presence')}, {seen.place}" + (f", {seen.by}" if seen.by else ""),
            _stamp(seen.at, conference),
            None,
        )
        for seen in found.get(person.id, [])
    ]
    return Panel("Presence", lines, "Not seen yet.")


async def _sessions(session: ReadSession, conference: Conference, person: Participant) -> Panel:
    spoken = await spoken_by(session, conference.id, [person.id])
    desk = f"/c/{conference.slug}/desk/programme/sessions"
    lines: list[Line] = [
        (f"{_stamp(at, conference)}, {role}", title, f"{desk}/{id}")
        for id, title, at, role in spoken.get(person.id, [])
    ]
    return Panel("Sessions", lines, "Speaks in no session.")


async def _receptions(session: ReadSession, conference: Conference, person: Participant) -> Panel:
    replied = await replied_by_people(session, conference.id, [person.id])
    lines: list[Line] = [
        (title, label(reply, "reply"), None) for title, reply in replied.get(person.id, [])
    ]
    return Panel("Receptions", lines, "Not invited.")
