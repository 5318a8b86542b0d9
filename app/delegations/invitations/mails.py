"""Mails to focal points: rows of the outbox, in their delegation's language."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from app.accounts import links
from app.accounts import store as accounts
from app.accounts.models import Link, User
from app.accounts.rules import LinkPurpose
from app.conferences.models import Conference
from app.conferences.rules import in_language
from app.core import clock, dates, mail
from app.core.db import WriteSession
from app.core.settings import settings
from app.delegations.invitations.models import InvitationStep
from app.delegations.models import Delegation

LATE = timedelta(days=14)
"""How long an invitation written after its conference is good."""

_TEMPLATES = mail.templates(Path(__file__).parent / "data" / "mails.json")


def language_of(delegation: Delegation) -> str:
    """The language of mails to a delegation."""
    return delegation.language or "en"


def deadline(conference: Conference, step: InvitationStep) -> datetime:
    """Until when an invitation's address is good: the day to reply by, then the last day."""
    for day in (step.reply_by, conference.ends):
        if day and (until := clock.day_end(day, conference.timezone)) > clock.now():
            return until
    return clock.now() + LATE


async def invite(
    session: WriteSession,
    conference: Conference,
    kind: str,
    invited: Sequence[tuple[Delegation, InvitationStep]],
    *,
    only: User | None = None,
) -> int:
    """Writes an invitation or a reminder to every focal point, each with its own link."""
    focal = await accounts.focal_points(session, conference.id, [d.id for d, _ in invited])
    made: list[Link] = []
    for delegation, step in invited:
        until, language = deadline(conference, step), language_of(delegation)
        for user in focal.get(delegation.id, ()) if only is None else [only]:
            secret, link = links.make(
                LinkPurpose.invitation, user.id, until=until, delegation_id=delegation.id
            )
            made.append(link)
            dated = dates.day(step.dated, language) if step.dated else ""
            last = clock.utc_to_local(until - timedelta(microseconds=1), conference.timezone)
            _write(
                session,
                conference,
                kind,
                delegation,
                user,
                dates=dates.span(conference.starts, conference.ends, language),
                reference=", ".join(part for part in (step.number, dated) if part),
                until=dates.day(last.date(), language),
                link=f"{settings().base_url}/c/{conference.slug}/invitation/{secret}",
            )
    if made:
        await accounts.add_links(session, made, now=clock.now())
    return len(made)


async def tell(
    session: WriteSession,
    conference_id: UUID,
    decided: Mapping[tuple[UUID, str], tuple[Delegation, Sequence[str]]],
    *,
    reason: str,
) -> None:
    """Tells focal points what was decided on people of theirs, one mail a delegation and kind."""
    focal = await accounts.focal_points(session, conference_id, {key[0] for key in decided})
    if not focal:
        return
    conference = await session.get_one(Conference, conference_id)
    link = f"{settings().base_url}/c/{conference.slug}/portal/"
    for (delegation_id, kind), (delegation, people) in decided.items():
        for user in focal.get(delegation_id, ()):
            _write(
                session,
                conference,
                kind,
                delegation,
                user,
                people=people,
                count=len(people),
                reason=reason or "–",
                link=link,
            )


def _write(
    session: WriteSession,
    conference: Conference,
    kind: str,
    delegation: Delegation,
    user: User,
    people: Sequence[str] = (),
    **ours: str | int,
) -> None:
    language = language_of(delegation)
    subject, text = _TEMPLATES.compose(
        kind,
        language,
        names={
            "name": user.name,
            "delegation": in_language(delegation.names, language, delegation.name)
            if language in delegation.names
            else delegation.name,
            "people": people,
        },
        ours={"conference": in_language(conference.title, language), **ours},
    )
    mail.write(session, to=user.email, subject=subject, text=text, conference_id=conference.id)
