"""Use cases of delegations."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from app.accounts import audit
from app.accounts.rules import Actor, Role
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession, WriteSession
from app.core.errors import Clash, NotFound, Outdated
from app.core.events import publish
from app.core.text import searchable
from app.delegations import history, store
from app.delegations.codes import derive_code
from app.delegations.events import KindChanged
from app.delegations.models import Delegation
from app.delegations.rules import STATES
from app.delegations.schemas import DelegationEdit, DelegationIn
from app.states import catalogue
from app.states.rules import standing_warning

OFFICERS = frozenset({Role.registration_officer})


def standing(conference: Conference, delegation: Delegation) -> list[str]:
    """Warnings where a delegation's kind and the state's UN status disagree."""
    if delegation.iso3 is None or delegation.kind not in STATES:
        return []
    warning = standing_warning(catalogue.state(delegation.iso3), delegation.kind, conference.starts)
    return [warning] if warning else []


def _names(conference: Conference, given: DelegationIn) -> tuple[str, dict[str, str]]:
    """The printed name and the names by language: as given, else from the table of states."""
    state = catalogue.state(given.iso3) if given.iso3 else None
    known = {lang: catalogue.name(state, lang) for lang in state.names} if state else {}
    names = {lang: known[lang] for lang in conference.languages if lang in known} | given.names
    name = given.name or names.get("en") or known.get("en", "")
    return name, names


def _search(delegation: Delegation) -> str:
    # Lists are ordered by this, so that it begins with what they file the delegation under.
    filed = catalogue.filed(delegation.name, delegation.iso3)
    names = (filed, delegation.name, *delegation.names.values())
    return searchable(*names, delegation.code, delegation.iso3)


async def create_many(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    given: Iterable[DelegationIn],
    *,
    valid_from: datetime | None = None,
) -> list[Delegation]:
    """Creates delegations in order; a state's first delegation has its ISO code as code.

    Raises `Clash` where a code is taken or a state unknown.
    """
    actor.require(conference.id, OFFICERS)
    # A state's code stays free for it, whatever comes first.
    reserved = {state.iso3 for state in catalogue.states()}
    taken = {row.code for row in await store.identities(session, conference.id)}
    made: list[Delegation] = []
    for one in given:
        name, names = _names(conference, one)
        code = one.code or (
            one.iso3 if one.iso3 and one.iso3 not in taken else derive_code(name, taken | reserved)
        )
        if code in taken:
            raise Clash(f"The code {code} is taken in this conference.", code="code-taken")
        taken.add(code)
        delegation = Delegation(
            conference_id=conference.id,
            code=code,
            name=name,
            names=names,
            kind=one.kind,
            reach=one.reach,
            iso3=one.iso3,
            invitation_status=one.invitation_status,
            hosting=one.hosting,
            language=one.language,
            search="",
            created_at=clock.now(),
        )
        delegation.search = _search(delegation)
        made.append(delegation)
        audit.record(
            session,
            actor,
            "delegation.create",
            conference_id=conference.id,
            target=("delegation", delegation.id),
            fields={"name": name, "kind": one.kind, "code": code},
        )
    if made:
        await store.add(session, made, [history.version_of(d, valid_from) for d in made])
    return made


async def create(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    given: DelegationIn,
    *,
    valid_from: datetime | None = None,
) -> Delegation:
    """Creates one delegation."""
    [made] = await create_many(session, actor, conference, [given], valid_from=valid_from)
    return made


async def find(session: ReadSession, actor: Actor, conference_id: UUID, code: str) -> Delegation:
    """The delegation of a code. Raises `NotFound`, also for one the actor may not see."""
    found = await store.by_code(session, actor, conference_id, code)
    if found is None:
        raise NotFound
    return found


async def edit(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    code: str,
    given: DelegationEdit,
    *,
    version: int | None = None,
    valid_from: datetime | None = None,
) -> Delegation:
    """Changes a delegation, never its code. Raises `Outdated` where `version` is no longer true."""
    actor.require(conference.id, OFFICERS)
    delegation = await store.by_code(session, actor, conference.id, code, lock=True)
    if delegation is None:
        raise NotFound
    if version is not None and delegation.version != version:
        raise Outdated("Somebody changed this delegation meanwhile; read it again.")
    changes = {
        field: value
        for field, value in given.model_dump(exclude_unset=True).items()
        if getattr(delegation, field) != value
        and not (value is None and field in ("name", "names", "kind", "invitation_status"))
    }
    if not changes:
        return delegation
    if changes.get("iso3"):
        catalogue.state(changes["iso3"])
    for field, value in changes.items():
        setattr(delegation, field, value)
    delegation.search = _search(delegation)
    delegation.version += 1
    if figured := changes.keys() & history.FIGURED:
        await history.record(session, delegation, figured, valid_from)
    audit.record(
        session,
        actor,
        "delegation.edit",
        conference_id=conference.id,
        target=("delegation", delegation.id),
        fields=changes,
    )
    await session.flush()
    if "kind" in changes:
        await publish(session, KindChanged(delegation))
    return delegation
