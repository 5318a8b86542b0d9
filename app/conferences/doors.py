"""The conference of an address, for every door below `/c/{slug}` and `/conferences/{slug}`."""

from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import Depends, Path, Request

from app.accounts.doors import CurrentActor
from app.accounts.rules import DESK, Actor, Role
from app.conferences import store
from app.conferences.models import Conference
from app.core.db import Database
from app.core.errors import AppError, NotFound
from app.core.together import Together
from app.web.doors import database

_EVERYBODY = DESK
_PEOPLE = frozenset({Role.registration_officer, Role.protocol_officer, Role.auditor})

SECTIONS: dict[str, frozenset[Role]] = {
    "overview": _EVERYBODY,
    "delegations": _EVERYBODY,
    "queue": frozenset({Role.registration_officer}),
    "invitations": frozenset({Role.registration_officer}),
    "participants": _PEOPLE | {Role.programme_officer},
    "changes": _PEOPLE,
    "quotas": _PEOPLE,
    "columns": frozenset({Role.registration_officer}),
    "waiting-list": _PEOPLE,
    "ministers": _PEOPLE,
    "import": frozenset({Role.registration_officer}),
    "programme": _PEOPLE | {Role.programme_officer},
    "receptions": _PEOPLE,
    "badges": frozenset({Role.registration_officer}),
    "gates": _PEOPLE,
    "certificates": _PEOPLE,
    "figures": _EVERYBODY,
    "outbox": frozenset({Role.registration_officer}),
    "audit": frozenset({Role.auditor}),
}
"""The desk's sections and whom its navigation leads there; what each may do its services say."""


def sections(actor: Actor, conference: Conference) -> list[str]:
    """The sections of the desk that an actor may open."""
    return [name for name, roles in SECTIONS.items() if actor.may(conference.id, roles)]


async def _conferences(database: Database, slugs: Sequence[str]) -> Sequence[Conference | AppError]:
    async with database.reading() as session:
        found = await store.conferences_by_slug(session, set(slugs))
        session.expunge_all()
    return [found.get(slug) or NotFound() for slug in slugs]


# The requests of one moment read it in one query, and share what nobody changes.
_conference: Together[str, Conference] = Together(_conferences)


async def conference_of(
    request: Request,
    actor: CurrentActor,
    slug: Annotated[str, Path(max_length=64, pattern=r"^[a-z0-9-]+$")],
) -> Conference:
    """The conference of a slug, and what of it the actor's pages lead to. Raises `NotFound`."""
    found = await _conference(database(request), slug)
    request.state.conference = found
    request.state.desk_sections = open_ = sections(actor, found)
    base = f"/c/{found.slug}"
    request.state.links = [
        link
        for link, shown in (
            ((f"{base}/portal/", "portal"), Role.focal_point in actor.roles_in(found.id)),
            ((f"{base}/desk/", "desk"), "overview" in open_),
            ((f"{base}/figures/", "figures"), "figures" in open_),
        )
        if shown
    ]
    return found


InConference = Annotated[Conference, Depends(conference_of)]


def desk(section: str) -> Callable[[Actor, Conference], None]:
    """Opens a section of the desk to whom its navigation leads there; services refine it.

    Raises `NotSignedIn`, `NotFound` or `Forbidden`.
    """

    def opened(actor: CurrentActor, conference: InConference) -> None:
        actor.require(conference.id, SECTIONS[section])

    return opened
