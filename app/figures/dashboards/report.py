"""The report that a secretariat hands out: the communiqué, then each picture and its table."""

from dataclasses import dataclass
from datetime import datetime

from app.accounts.rules import Actor
from app.conferences.models import Conference
from app.conferences.rules import in_language
from app.core import clock, dates, documents
from app.core.db import ReadSession
from app.core.text import joined, message
from app.figures import sentences
from app.figures import service as figures
from app.figures.dashboards import service
from app.figures.dashboards.panels import Panel, panels
from app.figures.dashboards.schemas import DashboardOut
from app.figures.rules import Basis
from app.figures.schemas import SummaryOut
from app.figures.store import Instant
from app.web.labels import label


@dataclass(frozen=True, slots=True)
class Report:
    """What the paper says, read from the database; it is set after that has been let go."""

    data: dict[str, object]
    panels: list[Panel]


def notes(found: DashboardOut | SummaryOut, conference: Conference, language: str) -> list[str]:
    """What the numbers are of and as of, in the language."""
    texts = sentences.texts(language)
    words = texts["dashboard"]

    def local(instant: datetime) -> str:
        at = clock.utc_to_local(instant, conference.timezone)
        return f"{dates.day(at.date(), language, 'd MMM y')} {at:%H:%M}"

    roles = joined([label(role, "role", language) for role in found.excluded], language)
    given = {"as_of": local(found.as_of), "known_at": local(found.known_at)}
    definition = texts["definitions"][found.basis]
    undecided = found.figures["ranks_undecided"] if isinstance(found, SummaryOut) else 0
    return [
        message(words["subtitle"], language, given),
        f"{definition[:1].upper()}{definition[1:]}.",
        message(words["not_counted"], language, {"roles": roles or words["no_role"]}),
        *([message(words["undecided"], language, {"n": undecided})] if undecided else []),
    ]


async def gather(
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    at: Instant,
    basis: Basis | None,
    language: str,
) -> Report:
    """Reads all that the report says. Raises `Forbidden` or `NotFound`."""
    found = await service.dashboard(session, actor, conference, at, basis)
    told = await figures.summary(
        session, actor, conference, found.basis, at, language=language, form="paragraph"
    )
    shown = panels(found, language)
    data: dict[str, object] = {
        "title": in_language(conference.title, language),
        "subtitle": dates.span(conference.starts, conference.ends, language),
        "text": told.text,
        "notes": notes(found, conference, language),
        "notice": told.notice,
        "language": language,
        "panels": [
            {
                "title": panel.title,
                "picture": f"{panel.id}.svg",
                "headings": panel.headings,
                "rows": panel.rows,
                "note": panel.note,
            }
            for panel in shown
        ],
    }
    return Report(data, shown)


async def render(made: Report) -> bytes:
    """The report as PDF."""
    pictures = {f"{panel.id}.svg": panel.picture.encode() for panel in made.panels}
    return await documents.render("report", made.data, files=pictures, tagged=True)
