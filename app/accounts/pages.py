"""Signing in and out in a browser."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts import links, service
from app.accounts.doors import CurrentActor, cookie_name
from app.core.errors import NotSignedIn, TooMany
from app.core.settings import settings
from app.web.doors import Writing, database
from app.web.render import render

router = APIRouter()
Text = Annotated[str, Form(max_length=500)]
Secret = Annotated[str, Path(max_length=64)]


def network_of(request: Request) -> str:
    """Where a request comes from, for counting attempts."""
    return request.client.host if request.client else "-"


def _local(address: str) -> str:
    """The address to go on to, if it is one of ours; a `//host` or a scheme would lead away."""
    ours = address.startswith("/") and not address.startswith(("//", "/\\"))
    # Browsers drop tabs and line ends from an address, and then read what stands beside them.
    return address if ours and address.isprintable() else "/"


@router.get("/sign-in")
async def sign_in_form(request: Request, actor: CurrentActor, next: str = "/") -> Response:
    """The form; who is signed in goes on."""
    if actor.kind == "user":
        return RedirectResponse(_local(next), 303)
    return render(request, "sign_in.html", values={"email": ""}, errors={}, next=_local(next))


@router.post("/sign-in")
async def sign_in(
    request: Request, email: Text = "", password: Text = "", next: Text = "/"
) -> Response:
    """Opens a sign-in and sets its cookie; a failure shows the form again."""
    network = network_of(request)
    try:
        async with database(request).writing() as session:
            secret = await service.sign_in(session, email=email, password=password, network=network)
    except (NotSignedIn, TooMany) as error:
        answer = render(
            request,
            "sign_in.html",
            status=429 if isinstance(error, TooMany) else 422,
            values={"email": email},
            next=_local(next),
            errors={"password": error.detail},
        )
        answer.headers.update(error.headers)
        return answer
    return _opened(secret, next)


def _opened(secret: str, path: str) -> Response:
    """On to a page of ours, with the sign-in's cookie."""
    went = RedirectResponse(_local(path), 303)
    went.set_cookie(
        cookie_name(),
        secret,
        max_age=int(service.LIFETIME.total_seconds()),
        path="/",
        secure=settings().secure,
        httponly=True,
        samesite="lax",
    )
    return went


@router.post("/sign-in/link")
async def ask_for_link(request: Request, email: Text = "", next: Text = "/") -> Response:
    """Mails a sign-in link; the answer is the same whether the address is known or not."""
    try:
        async with database(request).writing() as session:
            await links.ask(session, email=email, network=network_of(request), path=_local(next))
    except TooMany as error:
        answer = render(
            request,
            "sign_in.html",
            status=429,
            values={"email": email},
            next=_local(next),
            errors={"": error.detail},
        )
        answer.headers.update(error.headers)
        return answer
    return render(request, "sign_in_sent.html")


@router.get("/sign-in/link/{secret}")
async def link_page(request: Request, secret: Secret) -> Response:
    """A button: programs that look into mails follow links, and must not use this one up."""
    return render(request, "sign_in_link.html", ended="")


@router.post("/sign-in/link/{secret}")
async def open_link(request: Request, secret: Secret) -> Response:
    """Uses the link up and opens a sign-in."""
    try:
        async with database(request).writing() as session:
            cookie, path = await links.open_link(session, secret)
    except NotSignedIn as error:
        return render(request, "sign_in_link.html", status=410, ended=error.detail)
    return _opened(cookie, path)


@router.post("/sign-out")
async def sign_out(request: Request, session: Writing, actor: CurrentActor) -> Response:
    """Ends the sign-in."""
    secret = request.cookies.get(cookie_name())
    if secret and actor.kind == "user":
        await service.sign_out(session, actor, secret=secret)
    went = RedirectResponse("/", 303)
    went.delete_cookie(cookie_name(), path="/", secure=settings().secure, httponly=True)
    return went
