"""The dashboard's page, its report on paper, and its live numbers."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference, desk
from app.conferences.models import Conference
from app.core.errors import Invalid
from app.core.schemas import Choice
from app.figures import pages, sentences
from app.figures.dashboards import live, panels, report, service
from app.figures.notes import notes
from app.figures.rules import Basis
from app.figures.store import Instant
from app.web.doors import Reading, database
from app.web.labels import LANGUAGES, phrased
from app.web.render import render

router = APIRouter(prefix="/c/{slug}/figures", dependencies=[Depends(desk("figures"))])
Language = Literal["en", "fr", "es", "ru", "ar", "zh"]


@dataclass(frozen=True)
class Asked:
    """What the form asks; what is empty is now, and the basis that has something to show."""

    basis: Choice[Basis] = None
    as_of: pages.Text = ""
    known_at: pages.Text = ""
    lang: Language = "en"

    def address(self, page: str) -> str:
        """The address of a page about the same."""
        asked = {"basis": self.basis, "as_of": self.as_of, "known_at": self.known_at}
        return f"{page}?{urlencode({k: v for k, v in {**asked, 'lang': self.lang}.items() if v})}"

    def instant(self, conference: Conference) -> Instant:
        """The instants meant. Raises `Invalid`, naming the fields that are none."""
        return pages.Asked(Basis.attended, self.as_of, self.known_at).instant(conference)


AskedHere = Depends(Asked)


@router.get("/dashboard")
async def dashboard(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    asked: Asked = AskedHere,
) -> Response:
    """Pictures, each beside its table."""
    lang = phrased(asked.lang)
    words = sentences.texts(lang)["dashboard"]
    found, now, errors = None, None, {}
    try:
        at = asked.instant(conference)
    except Invalid as error:
        errors = {pointer.strip("/"): words["no_instant"] for pointer, _ in error.errors}
    else:
        found = await service.dashboard(session, actor, conference, at, asked.basis)
        of_now = not asked.as_of and not asked.known_at
        now = service.live_of(found, conference) if of_now else None
        now = now or await service.live(session, conference)
    return render(
        request,
        "dashboard.html",
        422 if errors else 200,
        lang=lang,
        languages=list(LANGUAGES),
        words=words,
        bases=[(one.value, words[one]) for one in Basis],
        values={
            "basis": found.basis if found else asked.basis,
            "as_of": asked.as_of,
            "known_at": asked.known_at,
        },
        errors=errors,
        live=now,
        notes=notes(found, conference.timezone, lang) if found else [],
        panels=panels.panels(found, lang) if found else [],
        report=asked.address("dashboard/report.pdf"),
    )


@router.get("/dashboard/report.pdf")
async def paper(
    session: Reading, actor: CurrentActor, conference: InConference, asked: Asked = AskedHere
) -> Response:
    """The same pictures and tables on paper, after the communiqué."""
    at = asked.instant(conference)
    made = await report.gather(session, actor, conference, at, asked.basis, asked.lang)
    name = f"{conference.slug}-report-{asked.lang}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(await report.render(made), media_type="application/pdf", headers=headers)


@router.get("/dashboard/live")
async def watch(request: Request, conference: InConference, lang: Language = "en") -> Response:
    """The live numbers as server-sent events."""
    events = live.stream(database(request), conference, lang)
    # A proxy that gathers an answer before it passes it on would keep the news.
    headers = {"X-Accel-Buffering": "no"}
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)
