"""Changes of a gate: its name, whether it counts, and the rules that it decides by."""

from uuid import UUID

from app.accounts import audit
from app.accounts.rules import Actor
from app.conferences.models import Conference
from app.core.db import ReadSession, WriteSession
from app.core.errors import Clash, NotFound, Outdated
from app.gates import store
from app.gates.models import Gate
from app.gates.schemas import GateEdit, GateForm, RulesIn
from app.gates.service import OFFICERS, READERS


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


def of_form(given: GateForm) -> GateEdit:
    """A form's flat fields as the change that they mean."""
    rules = given.model_dump(include=set(RulesIn.model_fields))
    return GateEdit(name=given.name, counts=given.counts, rules=RulesIn.model_validate(rules))
