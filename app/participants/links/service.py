"""Use cases of personal links: make, mail, revoke, and what a person does with their own."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.accounts import audit
from app.accounts.rules import INSTALLATION, Actor
from app.accounts.service import hash_secret
from app.conferences.models import Conference
from app.conferences.rules import in_language
from app.core import clock, mail
from app.core.db import ReadSession, WriteSession
from app.core.errors import Clash, NotFound, Outdated
from app.core.settings import settings
from app.delegations.models import Delegation
from app.participants import service as people
from app.participants.columns import service as column_service
from app.participants.columns import store as column_store
from app.participants.columns.models import Column
from app.participants.columns.rules import Share
from app.participants.links import store
from app.participants.links.models import PersonalLink, Purpose
from app.participants.links.schemas import EDITABLE
from app.participants.models import Participant
from app.web.labels import LANGUAGES, phrase

_PLACES = {Purpose.own_data: "own", Purpose.reply: "reply"}


def _record(session: WriteSession, actor: Actor, act: str, link: PersonalLink) -> None:
    audit.record(
        session,
        actor,
        f"link.{act}",
        conference_id=link.conference_id,
        target=("participant", link.participant_id),
        fields={"purpose": link.purpose},
    )


async def make(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    participant_id: UUID,
    purpose: Purpose = Purpose.own_data,
    *,
    mailed: bool = False,
) -> str:
    """Makes a link, in place of the person's last one, and returns its address: shown once.

    With `mailed` it goes to the person's e-mail. Raises `Clash` where there is none.
    """
    actor.require(conference.id, people.EDITORS)
    person, _ = await people.find(session, actor, conference.id, participant_id, lock=True)
    if mailed and not person.email:
        raise Clash(f"There is no e-mail address of {person.name} to send it to.", code="no-email")
    await revoke(session, actor, conference, participant_id, purpose)
    token = secrets.token_urlsafe(32)
    link = PersonalLink(
        conference_id=conference.id,
        participant_id=person.id,
        purpose=purpose,
        token_hash=hash_secret(token),
        created_at=clock.now(),
    )
    session.add(link)
    _record(session, actor, "mail" if mailed else "make", link)
    await session.flush()
    place = f"/c/{conference.slug}/{_PLACES[purpose]}/{token}"
    address = settings().base_url.rstrip("/") + place
    if mailed and person.email:
        language = next((code for code in conference.languages if code in LANGUAGES), "en")
        title = in_language(conference.title, language)
        mail.write(
            session,
            to=person.email,
            subject=title,
            text=phrase("own_mail", language).format(name=person.name, title=title, link=address),
            conference_id=conference.id,
        )
    return address


async def revoke(
    session: WriteSession,
    actor: Actor,
    conference: Conference,
    participant_id: UUID,
    purpose: Purpose = Purpose.own_data,
) -> None:
    """Ends a person's link, if there is one."""
    actor.require(conference.id, people.EDITORS)
    await people.find(session, actor, conference.id, participant_id)
    link = await store.live(session, conference.id, participant_id, purpose)
    if link is not None:
        link.revoked_at = clock.now()
        _record(session, actor, "revoke", link)
        await session.flush()


@dataclass(frozen=True, slots=True)
class OwnData:
    """What a person sees by their link: who they are, and what they may correct."""

    actor: Actor
    link: PersonalLink
    person: Participant
    delegation: Delegation
    fields: Mapping[str, str | None]
    columns: Sequence[Column]
    held: column_service.Values

    @property
    def written(self) -> list[Column]:
        """The columns that the person may fill in."""
        return [one for one in self.columns if one.person is Share.written]

    @property
    def state(self) -> int:
        """Changes when anything does that the person sees to correct."""
        return column_service.state(
            {**self.held, **{f".{name}": v for name, v in self.fields.items()}}
        )


async def own(session: ReadSession, conference: Conference, token: str) -> OwnData:
    """The data behind a token. Raises `NotFound`, whatever is wrong with it."""
    found = await store.holder(session, conference.id, hash_secret(token), Purpose.own_data)
    if found is None:
        raise NotFound
    link, person, delegation = found
    known = await column_store.columns(session, conference.id)
    shared = [one for one in known if one.person is not Share.hidden]
    return OwnData(
        Actor(kind="link", id=link.id, name=person.name),
        link,
        person,
        delegation,
        {name: getattr(person, name) for name in EDITABLE},
        shared,
        await column_service.held(session, conference.id, shared, person.id),
    )


async def correct(
    session: WriteSession,
    conference: Conference,
    token: str,
    fields: Mapping[str, str | None],
    values: Mapping[str, str | None],
    *,
    version: int | None = None,
) -> None:
    """Corrects a person's own data: `fields` among `EDITABLE`, `values` of columns they write.

    Raises `NotFound`, `Outdated`, or `Invalid` by column.
    """
    link = (await own(session, conference, token)).link
    await people.find(session, INSTALLATION, conference.id, link.participant_id, lock=True)
    mine = await own(session, conference, token)
    if version is not None and version != mine.state:
        raise Outdated("Somebody changed these entries meanwhile. Look at them and decide again.")
    person, written = mine.person, mine.written
    await column_service.write(session, mine.actor, conference, person.id, written, values)
    changes: dict[str, object] = {
        n: fields[n] for n in EDITABLE if n in fields and fields[n] != mine.fields[n]
    }
    if changes:
        await people.apply(session, mine.actor, person, mine.delegation, changes)
