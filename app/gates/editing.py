"""Changes of a gate: its name, whether it counts, and the rules that it decides by.

What it guards stays: its scans are facts of that place.
"""

from collections.abc import Sequence
from uuid import UUID

from app.accounts import audit
from app.accounts.rules import Actor
from app.badges.rules import zones
from app.conferences.models import Conference
from app.conferences.rules import in_language
from app.core.db import ReadSession, WriteSession
from app.core.errors import Clash, NotFound, Outdated
from app.gates import store
from app.gates.models import Gate
from app.gates.rules import GateKind
from app.gates.schemas import GateEdit, GateForm, GateIn, NewGateForm, RulesIn
from app.gates.service import OFFICERS, READERS
from app.programme import store as programme
from app.programme.models import Session
from app.programme.rules import SessionStatus
from app.quotas import scopes
from app.receptions import store as receptions
from app.receptions.models import Reception
from app.web.labels import label


async def read(session: ReadSession, actor: Actor, conference: Conference, id: UUID) -> Gate:
    """One gate. Raises `NotFound`."""
    actor.require(conference.id, READERS)
    found = await store.gate(session, conference.id, id)
    if found is None:
        raise NotFound
    return found


async def edit(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    id: UUID,
    given: GateEdit,
    *,
    version: int | None = None,
) -> Gate:
    """Changes a gate; rules are replaced as a whole, and hold from the next scan.

    Raises `NotFound`, `Outdated`, `Clash` where the name is taken.
    """
    actor.require(conference.id, OFFICERS)
    gate = await store.gate(session, conference.id, id, lock=True)
    if gate is None:
        raise NotFound
    if version is not None and gate.version != version:
        raise Outdated("Somebody changed this gate meanwhile; read it again.")
    wanted = given.model_dump(exclude_unset=True, exclude={"rules"})
    if given.rules is not None:
        wanted["rules"] = given.rules.kept()
    changes = {
        field: value
        for field, value in wanted.items()
        if value is not None and getattr(gate, field) != value
    }
    if not changes:
        return gate
    others = [one for one in await store.gates(session, conference.id) if one.id != gate.id]
    if any(one.name == changes.get("name") for one in others):
        raise Clash(f"There is a gate “{changes['name']}” already.", code="name-taken")
    for field, value in changes.items():
        setattr(gate, field, value)
    gate.version += 1
    audit.record(
        session,
        actor,
        "gate.edit",
        conference_id=conference.id,
        target=("gate", gate.id),
        fields=changes,
    )
    await session.flush()
    return gate


def _rules(given: GateForm) -> RulesIn:
    return RulesIn.model_validate(given.model_dump(include=set(RulesIn.model_fields)))


def of_form(given: GateForm) -> GateEdit:
    """A form's flat fields as the change that they mean."""
    return GateEdit(name=given.name, counts=given.counts, rules=_rules(given))


def of_new(given: NewGateForm) -> GateIn:
    """The gate that a form for a new one means."""
    kind, _, id = given.guards.partition(":")
    said = {"name": given.name, "kind": kind, "zone": given.zone, "counts": given.counts}
    return GateIn.model_validate(
        said | {"rules": _rules(given)} | ({f"{kind}_id": id} if id else {})
    )


async def guardable(session: ReadSession, conference: Conference) -> list[tuple[str, str]]:
    """What a gate may be made for, as `kind:id` and in words: a zone, sessions, receptions."""
    things: list[tuple[GateKind, Session | Reception]] = [
        (GateKind.session, one)
        for one, _ in await programme.sessions(session, conference.id)
        if one.status is not SessionStatus.cancelled
    ]
    found = await receptions.receptions(session, conference.id)
    things += [(GateKind.reception, one) for one in found]
    return [("zone", "A zone")] + [
        (f"{kind}:{one.id}", f"{kind.capitalize()}: {_named(one)}") for kind, one in things
    ]


def _named(one: Session | Reception) -> str:
    return f"{in_language(one.title, 'en')}, {one.local_start:%Y-%m-%d %H:%M}"


async def guarded(
    session: ReadSession, conference: Conference, gates: Sequence[Gate]
) -> dict[UUID, str]:
    """What gates guard, in words, by gate; asked once for all of them."""
    names = await scopes.choices(session, conference.id)
    found: dict[UUID, str] = {}
    for gate in gates:
        if id := gate.session_id or gate.reception_id:
            thing = gate.kind.value, id
            # What was cancelled is none to choose from, and its door stands as before.
            name = names.get(thing) or await scopes.name_of(session, conference.id, thing)
            found[gate.id] = f"{gate.kind.capitalize()}: {name}"
        else:
            found[gate.id] = f"Zone: {label(zones().get(gate.zone, gate.zone), 'zone')}"
    return found
