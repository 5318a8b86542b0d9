"""Use cases of certificates: issue, revoke, verify, print."""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import insert

from app.accounts import audit
from app.accounts.rules import Actor, Role
from app.conferences.models import Conference
from app.conferences.rules import in_language
from app.core import clock, dates, documents
from app.core.db import ReadSession, WriteSession, new_id
from app.core.documents import Part
from app.core.errors import Clash, NotFound
from app.core.settings import settings
from app.core.text import joined, message, native_name
from app.figures import sentences
from app.figures.days import spans_of
from app.papers.certificates import rules, store
from app.papers.certificates.models import Certificate
from app.papers.certificates.schemas import CertificateOut, IssuedOut, IssueIn, VerifyIn

OFFICERS = frozenset({Role.registration_officer, Role.protocol_officer})
READERS = OFFICERS | {Role.auditor}
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
ANNULLED = "The attendance was annulled."


async def _present(
    session: ReadSession, conference: Conference, who: Collection[UUID] | None = None
) -> dict[UUID, list[str]]:
    """Who was here in person up to now, and on which days of the conference, as ISO dates."""
    now = clock.now()
    days = spans_of(conference, now)
    spans = [(_ALWAYS, now), *((since, until) for _, since, until in days)]
    found = await store.present_on(session, conference.id, spans, now, who)
    return {id: [days[n - 1][0].isoformat() for n in at if n] for id, at in found.items()}


async def issue(
    session: WriteSession, actor: Actor, conference: Conference, given: IssueIn
) -> IssuedOut:
    """Makes a certificate for each who attended and has none; annuls those without a presence.

    Raises `Clash` where one of those named has not attended.
    """
    actor.require(conference.id, OFFICERS)
    present = await _present(session, conference)
    wanted = set(given.participants) or set(present)
    if missing := wanted - set(present):
        raise Clash(f"{len(missing)} of those named have not attended.", code="not-attended")
    held = await store.held(session, conference.id)
    now = clock.now()
    if gone := [id for person, id in held.items() if person not in present]:
        await store.revoke(session, conference.id, gone, now, ANNULLED)
    rows = [
        {
            "id": new_id(),
            "conference_id": conference.id,
            "participant_id": person,
            "code": rules.new_code(),
            "issued_at": now,
            "issued_by": actor.name,
        }
        for person in sorted(wanted - set(held))
    ]
    if rows:
        await session.execute(insert(Certificate), rows)
    fields = {"issued": len(rows), "annulled": len(gone)}
    audit.record(
        session,
        actor,
        "certificate.issue",
        conference_id=conference.id,
        target=("conference", conference.id),
        fields=fields,
    )
    return IssuedOut(**fields)


async def revoke(
    session: WriteSession, actor: Actor, conference: Conference, id: UUID, reason: str
) -> CertificateOut:
    """Revokes a certificate. Raises `NotFound`, or `Clash` where it is revoked already."""
    actor.require(conference.id, OFFICERS)
    found = await store.by_id(session, conference.id, id)
    if found is None:
        raise NotFound
    if found.revoked_at is not None:
        raise Clash("This certificate is revoked already.", code="already-revoked")
    await store.revoke(session, conference.id, [id], clock.now(), reason)
    audit.record(
        session,
        actor,
        "certificate.revoke",
        conference_id=conference.id,
        target=("certificate", id),
        fields={"reason": reason},
    )
    [shown] = await _shown(session, conference, await store.lines(session, conference.id, [id]))
    return shown


async def _shown(
    session: ReadSession, conference: Conference, lines: Sequence[store.Line]
) -> list[CertificateOut]:
    people = {line.participant_id for line in lines}
    present = await _present(session, conference, people if len(people) == 1 else None)
    return [
        CertificateOut(
            id=line.id,
            participant=line.participant_id,
            name=line.name,
            delegation=line.delegation,
            code=rules.spaced(line.code),
            issued_at=line.issued_at,
            issued_by=line.issued_by,
            revoked_at=line.revoked_at,
            reason=line.reason,
            attended=line.participant_id in present,
        )
        for line in lines
    ]


async def listed(
    session: ReadSession, actor: Actor, conference: Conference
) -> list[CertificateOut]:
    """All certificates, in the order of names."""
    actor.require(conference.id, READERS)
    return await _shown(session, conference, await store.lines(session, conference.id))


async def verify(session: ReadSession, conference: Conference, given: VerifyIn) -> bool:
    """Whether a valid certificate has this code and this name; for anybody, and no more than that.

    A wrong code, a wrong name and a revoked certificate are one answer.
    """
    found = await store.by_code(session, conference.id, rules.typed(given.code))
    if found is None or not rules.is_same_name(given.name, found.name, found.style):
        return False
    return found.participant_id in await _present(session, conference, [found.participant_id])


async def gather(
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    language: str,
    ids: Collection[UUID] | None = None,
) -> list[dict[str, object]]:
    """What each valid certificate says, ready to be set. Raises `NotFound` where there is none."""
    actor.require(conference.id, OFFICERS)
    lines = await store.lines(session, conference.id, ids)
    present = await _present(session, conference)
    texts = sentences.texts(language)
    words, title = texts["dashboard"], in_language(conference.title, language)
    place = in_language(conference.city or conference.venue, language)
    said: dict[str, str | int] = {
        "title": title,
        "own": "yes" if texts["noun"] and title.startswith(texts["noun"]) else "no",
        "place": place or conference.timezone,
        "dates": dates.span(conference.starts, conference.ends, language),
    }
    address = f"{settings().base_url.rstrip('/')}/c/{conference.slug}/certificate"
    made: list[dict[str, object]] = []
    for line in lines:
        days = present.get(line.participant_id)
        if line.revoked_at is not None or days is None:
            continue
        shown = [dates.day(datetime.fromisoformat(day).date(), language) for day in days]
        issued = clock.utc_to_local(line.issued_at, conference.timezone).date()
        code = rules.spaced(line.code)
        body = line.delegation_name
        made.append(
            {
                "heading": words["certificate"],
                "conference": title,
                "certifies": words["certifies"],
                "name": f"{line.style} {line.name}" if line.style else line.name,
                "native_name": native_name(line.names),
                "of": message(words["of"], language, {"delegation": body}),
                "attended": message(
                    words["has_attended"],
                    language,
                    said | {"days": joined(shown, language) if days else "none"},
                ),
                "issued": message(words["issued"], language, {"date": dates.day(issued, language)}),
                "verify": message(words["verify"], language, {"address": address, "code": code}),
                "notice": texts["notice"] if conference.sample else None,
                "language": language,
                "accent": conference.accent,
            }
        )
    if not made:
        raise NotFound
    return made


async def render(made: Sequence[dict[str, object]]) -> bytes:
    """One page a certificate, in parts."""

    async def parts() -> AsyncIterator[Part]:
        for start in range(0, len(made), documents.BADGES_A_PART):
            yield {"certificates": made[start : start + documents.BADGES_A_PART]}, {}

    return await documents.render_in_parts("certificate", parts())
