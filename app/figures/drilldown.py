"""The persons behind a figure, and who may see them."""

from collections.abc import Collection
from uuid import UUID

from app.accounts.rules import NAMES, Actor, Role
from app.conferences.models import Conference
from app.conferences.rules import Policies, policies_of
from app.core.db import ReadSession
from app.core.errors import Forbidden, NotFound
from app.delegations.rules import GROUP_OF
from app.figures import breakdown as breakdowns
from app.figures import firsts, service, store
from app.figures.breakdown import SEEN, By
from app.figures.catalogue import catalogue
from app.figures.rules import Basis, Traits
from app.figures.schemas import PersonOut
from app.figures.store import Body, Instant


def may_see_names(actor: Actor, conference: Conference, policies: Policies) -> bool:
    """Officers see the persons behind a figure; the press officer where the conference allows."""
    if actor.may(conference.id, NAMES | {Role.auditor}):
        return True
    return policies.press_sees_names and actor.may(conference.id, {Role.press_officer})


async def people(
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    basis: Basis,
    at: Instant,
    *,
    figure: str = "participants",
    group: str | None = None,
    row: tuple[By, str] | None = None,
) -> list[PersonOut]:
    """The persons behind a figure, or behind a row of the table, in the order of delegations.

    Their number, or that of their delegations, is the figure, by construction. Raises `NotFound`
    for a figure that is not defined, `Forbidden` for who may not see names.
    """
    actor.require(conference.id, service.READERS)
    if not may_see_names(actor, conference, policies_of(conference.policies)):
        raise Forbidden("This conference shows the press officer figures, not names.")
    wanted = catalogue().get(figure)
    if wanted is None:
        raise NotFound(f"No figure is called “{figure[:64]}”.")
    decided = service.terms(conference)
    # Of the past only where it is asked: it counts every earlier edition.
    known = await firsts.past(session, conference, decided, at) if wanted.past else firsts.UNASKED
    groups = service.state_groups(conference)
    there: Collection[UUID] = ()
    if row and row[0] in SEEN:
        there = (await service.seen_rows(session, conference, at, row[0])).people(row[1])

    def in_row(id: UUID, who: Traits, body: Body) -> bool:
        if row is None:
            return True
        if row[0] in SEEN:
            return id in there
        return row[1] in breakdowns.rows_of(row[0], who, body, groups)

    def behind(id: UUID, who: Traits, body: Body) -> bool:
        return (
            wanted.counts(basis, decided, known.of(who, id))
            and group in (None, GROUP_OF[who.kind])
            and in_row(id, who, body)
        )

    return [
        PersonOut(
            id=one.id,
            name=one.name,
            style=one.style,
            function=one.function,
            delegation=one.code,
            delegation_name=one.delegation,
            kind=who.kind,
            status=who.status,
            role=who.role,
            rank=who.rank,
            presence="scan" if who.scanned else "attested" if who.attested else None,
        )
        for who, one in await store.people(session, conference.id, at)
        if behind(one.id, who, Body(one.code, one.delegation, one.iso3))
    ]
