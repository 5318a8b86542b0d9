"""Signing in and out in a browser."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts import service
from app.accounts.doors import CurrentActor, cookie_name
from app.core.errors import NotSignedIn, TooMany
from app.core.settings import settings
from app.web.doors import Writing, database
from app.web.render import render

router = APIRouter()
Text = Annotated[str, Form(max_length=500)]


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
    network = request.client.host if request.client else "-"
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
    went = RedirectResponse(_local(next), 303)
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


@router.post("/sign-out")
async def sign_out(request: Request, session: Writing, actor: CurrentActor) -> Response:
    """Ends the sign-in."""
    secret = request.cookies.get(cookie_name())
    if secret and actor.kind == "user":
        await service.sign_out(session, actor, secret=secret)
    went = RedirectResponse("/", 303)
    went.delete_cookie(cookie_name(), path="/", secure=settings().secure, httponly=True)
    return went
