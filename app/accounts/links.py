"""Links in mails: a sign-in link lasts 15 minutes, an invitation's grants nothing by itself.

Asking for a sign-in link costs the same and says the same whether the address is known or not.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import delete

from app.accounts import store
from app.accounts.models import Link, User
from app.accounts.rules import LinkPurpose, Permit, Role
from app.accounts.service import count_attempt, fold_email, open_sign_in
from app.core import clock, mail, outbox
from app.core.db import ReadSession, WriteSession, table
from app.core.errors import NotFound, NotSignedIn
from app.core.settings import settings

SIGN_IN_LIFETIME = timedelta(minutes=15)
ADDRESS = "/sign-in/link/"
_NOBODY = "nobody"
_NOBODYS_ID = UUID(int=0)
_MAILS = mail.templates(Path(__file__).parent / "data" / "mails.json")
O = table(outbox.OutboxRow)  # noqa: E741 - the outbox


def hashed(secret: str, purpose: LinkPurpose) -> str:
    """Stored form of a link's secret; the same secret for another purpose is another link."""
    return hashlib.sha256(f"{purpose.value}\0{secret}".encode()).hexdigest()


def make(
    purpose: LinkPurpose,
    user_id: UUID | None,
    *,
    until: datetime,
    delegation_id: UUID | None = None,
    path: str = "/",
) -> tuple[str, Link]:
    """A new secret and the row that knows it."""
    secret = secrets.token_urlsafe(32)
    link = Link(
        token_hash=hashed(secret, purpose),
        purpose=purpose,
        user_id=user_id,
        delegation_id=delegation_id,
        path=path,
        created_at=clock.now(),
        expires_at=until,
    )
    return secret, link


async def ask(session: WriteSession, *, email: str, network: str, path: str = "/") -> None:
    """Mails a sign-in link to the account of an address, if there is one. Raises `TooMany`."""
    folded = fold_email(email)
    count_attempt("link", folded, network)
    user = await store.user_by_email(session, folded)
    await _send(session, user if user and user.is_active else None, path=path, language="en")


async def ask_again(
    session: WriteSession, user: User, *, network: str, path: str, language: str
) -> None:
    """Mails a sign-in link to whom an invitation was sent. Raises `TooMany`."""
    count_attempt("link", user.email, network)
    await _send(session, user, path=path, language=language)


async def _send(session: WriteSession, user: User | None, *, path: str, language: str) -> None:
    """Writes the link and its mail; for nobody the same rows, of no use and soon forgotten."""
    now = clock.now()
    permits = await store.permits(session, user.id if user else _NOBODYS_ID)
    secret, link = make(
        LinkPurpose.sign_in, user.id if user else None, until=now + SIGN_IN_LIFETIME, path=path
    )
    await store.add_links(session, [link], now=now)
    await session.execute(delete(O).where(O.c.kind == _NOBODY))
    subject, text = _MAILS.compose(
        "sign_in",
        language,
        names={"name": user.name if user else "–"},
        ours={"link": f"{settings().base_url}{ADDRESS}{secret}"},
    )
    if user is not None:
        home = _only_conference(permits)
        mail.write(session, to=user.email, subject=subject, text=text, conference_id=home)
    else:
        outbox.enqueue(session, _NOBODY, {"to": "", "subject": subject, "text": "", "key": ""})
    await session.flush()


def _only_conference(permits: Sequence[Permit]) -> UUID | None:
    """The conference whose outbox may show a sign-in link: officers who read it gain nothing.

    None where the account may do more than its delegations' part of one conference.
    """
    harmless = {Role.focal_point, Role.delegate}
    found = {permit.conference_id for permit in permits}
    if len(found) != 1 or any(permit.role not in harmless for permit in permits):
        return None
    return found.pop()


async def open_link(session: WriteSession, secret: str) -> tuple[str, str]:
    """Uses a sign-in link up; returns the sign-in's secret and the path to go on to.

    Raises `NotSignedIn` for a link that was used, has ended or never was.
    """
    now, key = clock.now(), hashed(secret, LinkPurpose.sign_in)
    found = await store.live_link(session, key, LinkPurpose.sign_in, now=now)
    if found is None or not await store.use_link(session, key, LinkPurpose.sign_in, now=now):
        raise NotSignedIn("This link was used or has ended; ask for a new one.", code="link-ended")
    link, user = found
    return open_sign_in(session, user), link.path


async def invitation(session: ReadSession, secret: str) -> tuple[User, UUID]:
    """Whom an invitation's link was sent to, for which delegation. Raises `NotFound`."""
    purpose = LinkPurpose.invitation
    found = await store.live_link(session, hashed(secret, purpose), purpose, now=clock.now())
    if found is None or found[0].delegation_id is None:
        raise NotFound
    return found[1], found[0].delegation_id
