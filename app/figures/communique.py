"""The communiqué as a file: a small HTML page, or one page of PDF."""

from markupsafe import Markup

from app.conferences.models import Conference
from app.conferences.rules import in_language
from app.core import dates, documents
from app.core.text import direction
from app.figures.notes import notes
from app.figures.schemas import SummaryOut
from app.web.labels import phrase


def html(made: SummaryOut) -> str:
    """The text in its language and direction, alone on a page without styles or scripts."""
    notice = Markup("<p><small>{}</small></p>\n").format(made.notice) if made.notice else ""
    return str(
        Markup(
            '<!doctype html>\n<html lang="{lang}" dir="{dir}">\n<meta charset="utf-8">\n'
            "<title>{title}</title>\n<p>{text}</p>\n{notice}</html>"
        ).format(
            lang=made.language,
            dir=direction(made.language),
            title=made.conference,
            text=made.text,
            notice=notice,
        )
    )


def sheet(made: SummaryOut, conference: Conference) -> dict[str, object]:
    """What the paper says: the text, and all that it stands on once it is away from the page."""
    language = made.language
    title, zone = in_language(conference.title, language), conference.timezone
    city = dates.zone_city(zone, language)
    undecided = made.figures.get("ranks_undecided", 0)
    said = [
        *notes(made, zone, language, undecided),
        phrase("all_times", language).format(zone=city),
    ]
    if made.notice:
        said.append(made.notice)
    return {"title": title, "text": made.text, "notes": said, "language": language}


async def pdf(made: SummaryOut, conference: Conference) -> bytes:
    """The text on A4, under the conference's title; instants by its clocks."""
    return await documents.render("communique", sheet(made, conference), tagged=True)
