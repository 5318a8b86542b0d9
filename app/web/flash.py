"""One sentence on the page that follows a success: a code word in a cookie, never free text."""

from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from app.core.settings import settings
from app.web.labels import label, words_of

_COOKIE = "flash"
_SECONDS = 60
_WARNINGS = frozenset({"waitlisted", "some_waitlisted"})


@dataclass(frozen=True, slots=True)
class Flash:
    """What the page says, and how it looks: `good` or `warn`."""

    text: str
    kind: str


def went(address: str, word: str) -> RedirectResponse:
    """On to a page of ours, which then says what was done; `word` is a key of the labels' `flash`.

    Raises `KeyError` for a word that nobody wrote, so that a test finds it.
    """
    words_of("flash")[word]
    answer = RedirectResponse(address, 303)
    answer.set_cookie(
        _COOKIE,
        word,
        max_age=_SECONDS,
        path="/",
        secure=settings().secure,
        httponly=True,
        samesite="lax",
    )
    return answer


def flash_of(request: Request, language: str = "en") -> Flash | None:
    """What the page before left to be said; an unknown word says nothing."""
    word = request.cookies.get(_COOKIE, "")
    if word not in words_of("flash"):
        return None
    return Flash(label(word, "flash", language), "warn" if word in _WARNINGS else "good")


def said(request: Request, response: Response) -> None:
    """Forgets the word once a page has said it."""
    if _COOKIE in request.cookies:
        response.delete_cookie(_COOKIE, path="/", secure=settings().secure, httponly=True)
