"""What every page of the portal needs: the delegation, the language, the paper an officer has."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeVar
from urllib.parse import quote, unquote

from fastapi import Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference
from app.conferences.models import Conference
from app.core.db import WriteSession
from app.core.schemas import Input
from app.core.settings import settings
from app.delegations.doors import ByCode
from app.portal import service
from app.portal.schemas import Paper
from app.portal.service import Acting
from app.web.doors import Reading
from app.web.forms import Attempt, Errors, Values, attempt, read_form
from app.web.labels import LANGUAGES, sentence
from app.web.render import render

_LANGUAGE, _PAPER = "language", "paper"
_MINUTES = 60
Given = TypeVar("Given", bound=Input)
Done = TypeVar("Done")


def in_language(
    request: Request,
    conference: InConference,
    lang: Annotated[str, Query(max_length=35)] = "",
) -> str:
    """The page's language: asked for, else as last time, else the conference's first."""
    return _spoken_of(request, lang, request.cookies.get(_LANGUAGE), *conference.languages)


def _spoken_of(request: Request, *wanted: str | None) -> str:
    found = next((one for one in wanted if one in LANGUAGES), "en")
    request.state.lang = found
    return str(found)


def of_delegation(request: Request, who: Acting, lang: str) -> "Portal":
    """Its portal: in the language asked for or kept, else in the delegation's own."""
    paper = _paper(request) if who.officer else None
    kept = (request.query_params.get("lang"), request.cookies.get(_LANGUAGE))
    if not who.officer and not any(one in LANGUAGES for one in kept):
        lang = _spoken_of(request, who.delegation.language, lang)
    return Portal(who, lang, paper)


Language = Annotated[str, Depends(in_language)]


@dataclass(frozen=True, slots=True)
class Portal:
    """A delegation's portal as somebody opened it."""

    who: Acting
    lang: str
    paper: Paper | None

    @property
    def base(self) -> str:
        """Its address, without the last slash."""
        return f"/c/{self.who.conference.slug}/portal/{self.who.delegation.code}"

    @property
    def officer(self) -> bool:
        """Whether somebody acts here in the delegation's place."""
        return self.who.officer


def _paper(request: Request) -> Paper | None:
    try:
        return Paper.model_validate_json(unquote(request.cookies.get(_PAPER, "")))
    except ValidationError:
        return None


async def in_portal(
    request: Request,
    session: Reading,
    actor: CurrentActor,
    conference: InConference,
    code: ByCode,
    lang: Language,
) -> Portal:
    """The portal of an address. Raises `NotFound` for what is not the actor's."""
    who = await service.acting(session, actor, conference, code)
    return of_delegation(request, who, lang)


InPortal = Annotated[Portal, Depends(in_portal)]


def page(
    request: Request,
    conference: Conference,
    lang: str,
    template: str,
    status: int = 200,
    **context: Any,
) -> Response:
    """A page in its language, which the next one keeps."""
    # The address of a refused form has no page of its own to come back to.
    offered = tuple(LANGUAGES) if request.method == "GET" else (lang,)
    answer = render(request, f"portal/{template}", status, languages=offered, **context)
    if request.query_params.get("lang") == lang:
        _remember(answer, _LANGUAGE, lang, f"/c/{conference.slug}/portal/", 720)
    return answer


def shown(
    request: Request,
    portal: Portal,
    template: str,
    status: int = 200,
    *,
    values: Values | None = None,
    errors: Errors | None = None,
    **context: Any,
) -> Response:
    """A page of a delegation; for an officer without a paper it asks for that, and no more."""
    who = portal.who
    return page(
        request,
        who.conference,
        portal.lang,
        template,
        status,
        portal=portal,
        delegation=who.delegation,
        here=portal.base,
        values=values or {},
        errors=errors or {},
        **context,
    )


def keep_paper(portal: Portal, paper: Paper) -> Response:
    """Back to the delegation, whose forms repeat the paper from now on for an hour."""
    answer = RedirectResponse(f"{portal.base}/", 303)
    _remember(answer, _PAPER, quote(paper.model_dump_json()), f"{portal.base}/", _MINUTES)
    return answer


def _remember(answer: Response, name: str, value: str, path: str, minutes: int) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=minutes * 60,
        path=path,
        secure=settings().secure,
        httponly=True,
        samesite="lax",
    )


def spoken(errors: Errors, lang: str) -> Errors:
    """Errors in the page's language, as far as their sentences are known in it."""
    return {field: sentence(words, lang) for field, words in errors.items()}


async def act(
    request: Request,
    portal: Portal,
    schema: type[Given],
    work: Callable[[WriteSession, Acting, Given, int | None], Awaitable[Done]],
) -> Attempt[Done]:
    """Does what a form asks; an officer's form repeats the paper, which the trail then keeps."""
    paper: Paper | None = None
    if portal.officer:
        paper, values, errors = await read_form(request, Paper)
        if paper is None:
            return Attempt(None, values, spoken(errors, portal.lang))

    async def noted(session: WriteSession, given: Given, version: int | None) -> Done:
        done = await work(session, portal.who, given, version)
        if paper is not None:
            service.note(session, portal.who, request.url.path.rsplit("/", 1)[-1], paper)
        return done

    sent = await attempt(request, schema, noted)
    return replace(sent, errors=spoken(sent.errors, portal.lang))
