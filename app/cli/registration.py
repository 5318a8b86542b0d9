"""Commands on registration: quotas, held slots, decisions, the waiting list, invitations."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from app.accounts.rules import INSTALLATION
from app.cli.running import TextOrJson, listing, made, say, write
from app.cli.scope import inside
from app.conferences.models import Conference
from app.core.db import WriteSession
from app.delegations.rules import Kind
from app.participants.change_rules import Change
from app.participants.rules import Rank, Role

if TYPE_CHECKING:
    from app.participants.approval import Registered

quota = typer.Typer(no_args_is_help=True, help="Quotas.")
slot = typer.Typer(no_args_is_help=True, help="Places held before their names are known.")
registration = typer.Typer(no_args_is_help=True, help="Nominations and what is decided of them.")
invitation = typer.Typer(no_args_is_help=True, help="Invitations and focal points.")

Format = Annotated[TextOrJson, typer.Option()]
Why = Annotated[str, typer.Option("--reason", help="Shown to the delegation.")]
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="YYYY-MM-DD")]
Instant = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%dT%H:%M"], help="YYYY-MM-DDTHH:MM, by the conference's clocks"),
]


def add_to(app: typer.Typer) -> None:
    """Adds these commands."""
    for name, group in (
        ("quota", quota),
        ("slot", slot),
        ("registration", registration),
        ("invitation", invitation),
    ):
        app.add_typer(group, name=name)


@quota.command("list")
def quotas(slug: str, format: Format = TextOrJson.text) -> None:
    """Lists the quotas with the places used."""
    from app.quotas import service
    from app.quotas.schemas import QuotaOut

    async def work(session: WriteSession, conference: Conference) -> list[dict[str, object]]:
        found = await service.listed(session, INSTALLATION, conference.id)
        kept = ("id", "name", "capacity", "used", "kind", "roles", "waiting_list", "version")
        shown = [QuotaOut.model_validate(one).model_dump(mode="json") for one in found]
        return [{field: one[field] for field in kept} for one in shown]

    listing(inside(slug, work), format)


@quota.command("set")
def set_quota(
    slug: str,
    name: str,
    capacity: int,
    kind: Annotated[Kind | None, typer.Option(help="Of delegations of this kind.")] = None,
    delegation: Annotated[str | None, typer.Option(help="Of one delegation, by code.")] = None,
    role: Annotated[list[Role] | None, typer.Option(help="Roles that count; else all.")] = None,
    per_delegation: Annotated[bool, typer.Option("--per-delegation", help="For each one.")] = False,
    waiting_list: Annotated[bool | None, typer.Option(help="Whether others may wait.")] = None,
    offer_hours: Annotated[int | None, typer.Option(help="How long a free place is kept.")] = None,
    opens_at: Instant = None,
    closes_at: Instant = None,
) -> None:
    """Creates a quota or changes the one of this name; with a delegation also an exception."""
    from app.quotas import service, store
    from app.quotas.schemas import QuotaEdit, QuotaIn

    given: dict[str, object] = {"name": name, "capacity": capacity}
    for field, value in (
        ("waiting_list", waiting_list),
        ("offer_hours", offer_hours),
        ("opens_at", opens_at),
        ("closes_at", closes_at),
    ):
        if value is not None:
            given[field] = value
    scope = {"kind": kind, "delegation": delegation, "roles": role or []}

    async def work(session: WriteSession, conference: Conference) -> UUID:
        same = [q for q in await store.quotas(session, conference.id) if q.name == name]
        if same and not (any(scope.values()) or per_delegation):
            change = made(QuotaEdit, **given)
            return (await service.edit(session, INSTALLATION, conference, same[0].id, change)).id
        wanted = made(QuotaIn, **given, scope=scope, per_delegation=per_delegation)
        return (await service.create(session, INSTALLATION, conference, wanted)).id

    write(str(inside(slug, work)), None)


@slot.command("list")
def slots(slug: str, format: Format = TextOrJson.text) -> None:
    """Lists the slots held, and whose they are."""
    from app.quotas import slots as service

    async def work(session: WriteSession, conference: Conference) -> list[dict[str, object]]:
        found = await service.listed(session, INSTALLATION, conference.id)
        return [one.model_dump(mode="json", exclude={"delegation_name"}) for one in found]

    listing(inside(slug, work), format)


@slot.command("hold")
def hold(
    slug: str,
    code: str,
    role: Role = Role.delegate,
    number: Annotated[int, typer.Option(min=1, max=100)] = 1,
) -> None:
    """Holds places for a delegation: all of them or none."""
    from app.participants import places
    from app.quotas.schemas import SlotIn

    wanted = made(SlotIn, delegation=code, role=role, number=number)
    held = inside(slug, lambda s, conference: places.hold(s, INSTALLATION, conference, wanted))
    for one in held:
        write(str(one.id), None)


@slot.command("release")
def release(slug: str, id: UUID) -> None:
    """Gives a held place back."""
    from app.quotas import slots as service

    inside(slug, lambda session, conference: service.release(session, INSTALLATION, conference, id))


@registration.command()
def nominate(
    slug: str,
    code: str,
    name: str,
    role: Role = Role.delegate,
    function: Annotated[str | None, typer.Option(help="As printed.")] = None,
    email: Annotated[str | None, typer.Option()] = None,
    up_to: Annotated[str, typer.Option(help="nominated, submitted or approved")] = "nominated",
) -> None:
    """Nominates one person, and prints the id and the status reached."""
    from app.participants import approval
    from app.participants.schemas import ParticipantIn

    fields = {"function": function, "email": email}
    wanted = made(
        ParticipantIn,
        delegation=code,
        name=name,
        role=role,
        up_to=up_to,
        **{field: value for field, value in fields.items() if value is not None},
    )
    done = inside(slug, lambda s, conference: approval.enter(s, INSTALLATION, conference, wanted))
    write(f"{done.person.id} {done.person.status}", None)


@registration.command()
def submit(slug: str, ids: list[UUID]) -> None:
    """Hands nominations to the officers: all of them or none."""
    from app.participants import approval

    async def work(session: WriteSession, conference: Conference) -> list[str]:
        done = [await approval.submit(session, INSTALLATION, conference, id) for id in ids]
        return [f"{person.id} {person.status}" for person, _ in done]

    write("\n".join(inside(slug, work)), None)


@registration.command()
def approve(
    slug: str,
    ids: list[UUID],
    override: Annotated[
        str | None, typer.Option(help="Why somebody is let in beyond full quotas.")
    ] = None,
) -> None:
    """Approves in the order given, or puts on the waiting list: all of them or none."""
    from app.participants import approval

    async def work(session: WriteSession, conference: Conference) -> list[str]:
        done = [
            await approval.approve(session, INSTALLATION, conference, id, override=override)
            for id in ids
        ]
        return [f"{one.person.id} {one.person.status}" for one in done]

    write("\n".join(inside(slug, work)), None)


def _out(slug: str, act: Callable[[WriteSession, Conference], Awaitable["Registered"]]) -> None:
    async def work(session: WriteSession, conference: Conference) -> str:
        person, _ = await act(session, conference)
        return f"{person.id} {person.status}"

    write(inside(slug, work), None)


@registration.command()
def refuse(slug: str, id: UUID, reason: Why) -> None:
    """Refuses somebody; the reason reaches the delegation."""
    from app.participants import approval

    _out(slug, lambda s, c: approval.refuse(s, INSTALLATION, c, id, reason=reason))


@registration.command("return")
def give_back(slug: str, id: UUID, reason: Why) -> None:
    """Asks the delegation for a correction."""
    from app.participants import approval

    _out(slug, lambda s, c: approval.return_for_correction(s, INSTALLATION, c, id, reason=reason))


@registration.command()
def withdraw(slug: str, id: UUID, reason: Why) -> None:
    """Takes somebody out; the place is free for whoever waits."""
    from app.participants import approval

    _out(slug, lambda s, c: approval.withdraw(s, INSTALLATION, c, id, reason=reason))


@registration.command()
def reinstate(slug: str, id: UUID) -> None:
    """Brings somebody back who was refused, withdrawn or replaced."""
    from app.participants import approval

    _out(slug, lambda s, c: approval.reinstate(s, INSTALLATION, c, id))


@registration.command()
def substitute(
    slug: str,
    id: UUID,
    successor: UUID,
    reason: Annotated[str | None, typer.Option(help="Shown to the delegation.")] = None,
) -> None:
    """Replaces an approved person; the place passes on."""
    from app.participants import succession
    from app.participants.change_schemas import Successor

    given = made(Successor, successor=successor, reason=reason)

    _out(slug, lambda s, c: succession.substitute(s, INSTALLATION, c, id, given))


@registration.command()
def impact(
    slug: str,
    id: UUID,
    change: Change,
    successor: Annotated[UUID | None, typer.Option(help="Of a substitution.")] = None,
    rank: Annotated[Rank | None, typer.Option(help="Of a change of rank.")] = None,
) -> None:
    """Says all that a change would touch, and changes nothing."""
    from app.participants import impact as impacts
    from app.participants.change_rules import Proposed

    proposed = Proposed(change, rank=rank, successor=successor)
    found = inside(
        slug, lambda s, conference: impacts.impact(s, INSTALLATION, conference, id, proposed)
    )
    for area in found:
        for text in area.touched:
            write(f"{area.area}: {text}", None)


@registration.command()
def waiting(slug: str, format: Format = TextOrJson.text) -> None:
    """Lists who waits, in the order in which places are given."""
    from app.participants import waiting as service
    from app.participants.schemas import WaitingOut

    async def work(session: WriteSession, conference: Conference) -> list[dict[str, object]]:
        found = await service.listed(session, INSTALLATION, conference.id)
        return [WaitingOut.model_validate(one).model_dump(mode="json") for one in found]

    listing(inside(slug, work), format)


@registration.command("requests")
def list_requests(slug: str, format: Format = TextOrJson.text) -> None:
    """Lists the change requests that wait for an officer."""
    from app.participants import change_store as store
    from app.participants import changes
    from app.participants.change_rules import RequestStatus

    async def work(session: WriteSession, conference: Conference) -> list[dict[str, object]]:
        where = store.asked(INSTALLATION, conference.id, status=RequestStatus.pending)
        found = await changes.shown(
            session, conference.id, await store.requests(session, where, offset=0, limit=None)
        )
        if format is TextOrJson.json:
            return [one.model_dump(mode="json") for one in found]
        return [
            {
                "id": one.id,
                "name": one.name,
                "delegation": one.delegation,
                "asks": one.successor_name or ", ".join(change.field for change in one.changes),
            }
            for one in found
        ]

    listing(inside(slug, work), format)


@registration.command()
def accept(slug: str, request: UUID) -> None:
    """Makes a change that a delegation asked for."""
    from app.participants import changes

    inside(slug, lambda s, conference: changes.accept(s, INSTALLATION, conference, request))


@registration.command()
def decline(slug: str, request: UUID, reason: Why) -> None:
    """Leaves a person as is, with the reason that the delegation reads."""
    from app.participants import changes

    inside(
        slug,
        lambda s, conference: changes.decline(s, INSTALLATION, conference, request, reason=reason),
    )


@invitation.command("send")
def invite(
    slug: str,
    code: str,
    number: Annotated[str, typer.Option(help="Of the letter.")],
    dated: Day,
    reply_by: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
) -> None:
    """Invites one delegation; a list or a group is for two officers at the desk."""
    from app.delegations.invitations import service
    from app.delegations.invitations.schemas import InvitationIn

    wanted = made(
        InvitationIn,
        delegations=[code],
        number=number,
        dated=dated.date(),
        reply_by=reply_by and reply_by.date(),
    )
    inside(slug, lambda s, conference: service.propose(s, INSTALLATION, conference, wanted))
    say("Written to the outbox; the worker sends it.")


@invitation.command("focal-point")
def focal_point(slug: str, code: str, email: str, name: str) -> None:
    """Adds a focal point to a delegation."""
    from app.delegations.invitations import focal_points
    from app.delegations.invitations.schemas import FocalPointIn

    wanted = made(FocalPointIn, email=email, name=name)
    inside(slug, lambda s, conference: focal_points.add(s, INSTALLATION, conference, code, wanted))


@invitation.command("list")
def invitations(slug: str, format: Format = TextOrJson.text) -> None:
    """Lists the delegations with the state of their invitation."""
    from app.delegations import store

    async def work(session: WriteSession, conference: Conference) -> list[dict[str, object]]:
        where = store.D.c.conference_id == conference.id
        rows = (await session.execute(store.listing(where).order_by(*store.BY_NAME))).scalars()
        return [
            {"code": one.code, "name": one.name, "invitation": one.invitation_status.value}
            for one in rows
        ]

    listing(inside(slug, work), format)
