"""The communiqué as a file: a small HTML page, or one page of PDF."""

from markupsafe import Markup

from app.core import documents
from app.core.text import direction, message
from app.figures import sentences
from app.figures.schemas import SummaryOut


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


async def pdf(made: SummaryOut) -> bytes:
    """The text on A4, with what it counts and as of when."""
    words = sentences.texts(made.language)["dashboard"]
    stamps = {
        "as_of": f"{made.as_of:%Y-%m-%d %H:%M} UTC",
        "known_at": f"{made.known_at:%Y-%m-%d %H:%M} UTC",
    }
    counted = message(words["subtitle"], made.language, stamps)
    data = {
        "title": made.conference,
        "text": made.text,
        "notes": [made.definition, counted, *([made.notice] if made.notice else [])],
        "language": made.language,
    }
    return await documents.render("communique", data, tagged=True)
