"""The communiqué's page: any of six languages, short or long, to copy or to take away."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference, desk
from app.core.errors import Invalid
from app.figures import communique, sentences, service
from app.figures.notes import notes
from app.figures.pages import Asked
from app.figures.rules import Basis
from app.figures.sentences import Form
from app.web.doors import Reading
from app.web.labels import LANGUAGES, phrased
from app.web.render import render

router = APIRouter(prefix="/c/{slug}/figures", dependencies=[Depends(desk("figures"))])
Language = Literal["en", "fr", "es", "ru", "ar", "zh"]
AskedHere = Annotated[Asked, Depends()]


@router.get("/communique")
async def page(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    asked: AskedHere,
    lang: Language = "en",
    form: Form = "sentence",
) -> Response:
    """The text in its language, on a page in that language where pages have it."""
    ours = phrased(lang)
    words = sentences.texts(ours)["dashboard"]
    made, errors = None, {}
    try:
        at = asked.instant(conference)
    except Invalid as error:
        errors = {pointer.strip("/"): words["no_instant"] for pointer, _ in error.errors}
    else:
        made = await service.summary(
            session, actor, conference, asked.basis, at, language=lang, form=form
        )
    return render(
        request,
        "communique.html",
        422 if errors else 200,
        lang=ours,
        words=words,
        made=made,
        notes=notes(made, conference.timezone, ours, made.figures["ranks_undecided"])
        if made
        else [],
        values={
            "basis": asked.basis,
            "as_of": asked.as_of,
            "known_at": asked.known_at,
            "lang": lang,
            "form": form,
        },
        errors=errors,
        bases=[(one.value, words[one]) for one in Basis],
        tongues=list(LANGUAGES.items()),
        forms=[(one, words[one]) for one in ("sentence", "paragraph")],
        files=[
            (asked.address("summary.txt", lang=lang, form=form), words["plain_text"]),
            (asked.address("communique.pdf", lang=lang, form=form), "PDF"),
        ],
    )


@router.get("/communique.pdf")
async def paper(
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    asked: AskedHere,
    lang: Language = "en",
    form: Form = "sentence",
) -> Response:
    """The same text on paper."""
    made = await service.summary(
        session,
        actor,
        conference,
        asked.basis,
        asked.instant(conference),
        language=lang,
        form=form,
    )
    headers = {"Content-Disposition": f'inline; filename="{conference.slug}-communique-{lang}.pdf"'}
    return Response(
        await communique.pdf(made, conference), media_type="application/pdf", headers=headers
    )
