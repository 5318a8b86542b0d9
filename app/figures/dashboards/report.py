"""The report that a secretariat hands out: the communiqué, then each picture and its table."""

from dataclasses import dataclass

from app.accounts.rules import Actor
from app.conferences.models import Conference
from app.conferences.rules import in_language
from app.core import dates, documents
from app.core.db import ReadSession
from app.figures import service as figures
from app.figures.dashboards import service
from app.figures.dashboards.panels import Panel, panels
from app.figures.notes import notes
from app.figures.rules import Basis
from app.figures.store import Instant


@dataclass(frozen=True, slots=True)
class Report:
    """What the paper says, read from the database; it is set after that has been let go."""

    data: dict[str, object]
    panels: list[Panel]


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
        "notes": notes(found, conference.timezone, language),
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
