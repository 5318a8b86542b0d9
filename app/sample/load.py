"""Loads `kuwait-2024`, or a synthetic conference of any size, all in one transaction."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

from sqlalchemy import insert, select, update

from app.accounts import audit
from app.accounts import service as accounts
from app.accounts.rules import INSTALLATION
from app.accounts.rules import Role as Grant
from app.conferences import service as conferences
from app.conferences import store as conference_store
from app.conferences.models import Conference
from app.conferences.schemas import ConferenceIn, SeriesIn
from app.core import clock
from app.core.db import Database, WriteSession, table
from app.core.errors import Clash
from app.delegations import service as delegations
from app.delegations.models import Delegation, DelegationVersion
from app.delegations.rules import Hosting, InvitationStatus, Kind, Reach
from app.delegations.schemas import DelegationIn
from app.gates import service as gates
from app.gates.schemas import GateIn
from app.participants.rules import Rank, Role, Status
from app.programme import service as programme
from app.programme.models import Session
from app.programme.rules import SessionKind, SpeakerRole
from app.programme.schemas import RoomIn, SessionIn, SpeakerIn
from app.quotas import service as quotas
from app.quotas.schemas import QuotaIn, Scope
from app.receptions import service as receptions
from app.receptions.models import ReceptionInvitation
from app.receptions.rules import Reply
from app.receptions.schemas import InvitationEdit, InviteIn, ReceptionIn
from app.sample.columns import store_columns
from app.sample.halls import People, open_gates
from app.sample.people import Casting, Person, culture_of, data
from app.sample.plan import Plan, at
from app.sample.rows import draw_photos, store_people
from app.states import catalogue
from app.states.rules import status_on

SLUG = "kuwait-2024"
D, V = table(Delegation), table(DelegationVersion)
N = table(ReceptionInvitation)


async def load(database: Database) -> bool:
    """Loads `kuwait-2024`; False where it is there already."""
    async with database.writing() as session:
        if await conference_store.conference_by_slug(session, SLUG):
            return False
        plot, plan = data(SLUG), Plan()
        with clock.frozen(at(1, 9, month=7)):
            conference = await _conferences(session, plot)
        with clock.frozen(at(1, 9, month=8)):
            bodies = await _delegations(session, conference, plot)
        photos = await draw_photos(session, conference, each=60)
        ids = await store_people(session, conference, bodies, plan.people, photos)
        people = list(zip(ids, plan.people, strict=True))
        with clock.frozen(at(4, 6)):
            await _quotas(session, conference)
            await store_columns(session, conference, plot["columns"], ids)
            sessions = await _programme(session, conference, plot, people)
            await _reception(session, conference, plot, sessions)
            await open_gates(session, conference, people, sessions)
        audit.record(
            session,
            INSTALLATION,
            "sample.load",
            conference_id=conference.id,
            target=("conference", conference.id),
        )
        return True


async def _conferences(session: WriteSession, plot: Mapping[str, Any]) -> Conference:
    series = await conferences.create_series(session, INSTALLATION, SeriesIn(**plot["series"]))
    for edition in plot["editions"]:
        given = ConferenceIn(**edition, languages=["en", "ar"], series=series.slug)
        made = await conferences.create_conference(session, INSTALLATION, given)
        made.held_here = False
    given = ConferenceIn(slug=SLUG, series=series.slug, **plot["conference"])
    conference = await conferences.create_conference(session, INSTALLATION, given)
    conference.sample = True
    await session.flush()
    return conference


async def _delegations(
    session: WriteSession, conference: Conference, plot: Mapping[str, Any]
) -> dict[str, Delegation]:
    """All that is invited, by the key that the plan uses; the replies came in September."""
    accepted, silent = plot["accepted"].split(), plot["silent"].split()
    given = [DelegationIn(kind=Kind.member_state, iso3=code) for code in (*accepted, *silent)]
    given[0].hosting, given[1].hosting = Hosting.host, Hosting.co_organiser
    given.append(DelegationIn(kind=Kind.observer_state, iso3=plot["observer"]))
    keys = [*accepted, *silent, plot["observer"]]
    known = {one.code: one for one in catalogue.organizations()}
    named = [*plot["un"], *plot["agencies"], *plot["other"]]
    named += [*plot["organizations_present"].split(), *plot["organizations_absent"].split()]
    for code in named:
        one = known[code]
        kind = Kind(one.kind)
        reach = Reach(one.reach) if kind is Kind.intergovernmental_organization else None
        hosting = Hosting.co_organiser if code == "UNOCT" else None
        given.append(
            DelegationIn(
                kind=kind,
                name=one.names["en"],
                names=dict(one.names),
                code=code,
                reach=reach,
                hosting=hosting,
            )
        )
        keys.append(code)
    english, arabic = plot["organising_committee"]
    others = [
        *plot["associations"],
        *(("media", name, "") for name in plot["media"]),
        ("organiser", english, arabic),
    ]
    for kind_word, name, native in others:
        names = {"ar": native} if native else {}
        given.append(DelegationIn(kind=Kind(kind_word), name=name, names=names))
        keys.append(name)
    made = await delegations.create_many(session, INSTALLATION, conference, given)
    bodies = dict(zip(keys, made, strict=True))
    answered = at(20, 12, month=9)
    replies = {InvitationStatus.accepted: [k for k in keys if k not in silent]}
    replies |= {InvitationStatus.declined: silent[:9], InvitationStatus.no_reply: silent[9:]}
    for reply, those in replies.items():
        ids = [bodies[key].id for key in those]
        await session.execute(update(D).where(D.c.id.in_(ids)).values(invitation_status=reply))
        rows = [
            {
                "conference_id": conference.id,
                "delegation_id": bodies[key].id,
                "valid_from": answered,
                "recorded_at": answered,
                "kind": bodies[key].kind,
                "reach": bodies[key].reach,
                "invitation_status": reply,
            }
            for key in those
        ]
        await session.execute(insert(V), rows)
    return bodies


async def _quotas(session: WriteSession, conference: Conference) -> None:
    """Ample places: a sample never refuses by itself."""
    for name, capacity, scope in (
        ("Conference Palace", 1_500, Scope()),
        ("Close protection", 150, Scope(roles=[Role.security])),
        ("Media", 120, Scope(kind=Kind.media)),
    ):
        given = QuotaIn(name=name, capacity=capacity, scope=scope, waiting_list=True)
        await quotas.create(session, INSTALLATION, conference, given)


async def _programme(
    session: WriteSession, conference: Conference, plot: Mapping[str, Any], people: People
) -> list[Session]:
    """Rooms and sessions; those of the highest rank who came speak, experts at the side events."""
    rooms = [
        await programme.create_room(
            session, INSTALLATION, conference, RoomIn(**room, position=number)
        )
        for number, room in enumerate(plot["rooms"])
    ]
    order = {rank: place for place, rank in enumerate(Rank)}
    came = [(id, p) for id, p in people if p.attested or p.entries]
    first = [one for one in came if one[1].rank in (Rank.crown_prince, Rank.head_of_state)]
    ranked = sorted(
        (
            one
            for one in came
            if one[1].rank and one not in first and one[1].role is not Role.expert
        ),
        key=lambda one: order[one[1].rank or Rank.none],
    )
    principals = iter([*first, *ranked])
    experts = cycle([one for one in came if one[1].role is Role.expert])
    made = []
    for one in plot["sessions"]:
        kind = SessionKind(one["kind"])
        given = SessionIn(
            title=one["title"],
            kind=kind,
            room=rooms[one["room"]].id,
            local_start=one["start"],
            local_end=one["end"],
        )
        held = await programme.create_session(session, INSTALLATION, conference, given)
        made.append(held)
        for number in range(one["speakers"]):
            id, _ = next(experts if kind is SessionKind.side_event else principals)
            role = SpeakerRole.chair if number == 0 else SpeakerRole.speaker
            speaker = SpeakerIn(session=held.id, participant=id, role=role)
            await programme.add_speaker(session, INSTALLATION, conference, speaker)
    return made


async def _reception(
    session: WriteSession,
    conference: Conference,
    plot: Mapping[str, Any],
    sessions: Sequence[Session],
) -> None:
    """The reception for ministers and senior officials, with most replies in."""
    one = plot["reception"]
    given = ReceptionIn(
        title=one["title"],
        place="Palm Court, Conference Palace",
        local_start=one["start"],
        local_end=one["end"],
        ranks=one["ranks"],
        capacity=one["capacity"],
        dress=one["dress"],
    )
    reception = await receptions.create(session, INSTALLATION, conference, given)
    await receptions.invite(
        session, INSTALLATION, conference, reception.id, InviteIn(by_rank=True, companions=1)
    )
    found = await session.execute(
        select(N.c.id).where(N.c.reception_id == reception.id).order_by(N.c.id)
    )
    for number, row in enumerate(found.all()):
        if number % 7 == 6:
            continue
        declined = number % 9 == 8
        reply = InvitationEdit(
            reply=Reply.declined if declined else Reply.accepted,
            companions=0 if declined else number % 2,
            by="by telephone",
        )
        await receptions.record_reply(
            session, INSTALLATION, conference, reception.id, row.id, reply
        )


async def load_many(database: Database, slug: str, persons: int) -> None:
    """A synthetic conference of `persons` people, nine in ten approved, with photos and badges.

    It starts in a month, so that nothing about it is over. Raises `Clash` where the slug is taken.
    """
    now = clock.now()
    starts = now.date() + timedelta(days=30)
    async with database.writing() as session:
        conference = await conferences.create_conference(
            session,
            INSTALLATION,
            ConferenceIn(
                slug=slug,
                title={"en": f"Synthetic Conference of {persons}", "ar": "مؤتمر تجريبي"},
                starts=starts,
                ends=starts + timedelta(days=2),
                timezone="Asia/Kuwait",
                city={"en": "Kuwait City", "ar": "مدينة الكويت"},
                languages=["en", "ar"],
            ),
        )
        conference.sample = True
        await session.flush()
        members = [s.iso3 for s in catalogue.states() if status_on(s, starts) == "member"]
        codes = members[: max(1, min(len(members), persons // 3))]
        given = [DelegationIn(kind=Kind.member_state, iso3=code) for code in codes]
        made = await delegations.create_many(session, INSTALLATION, conference, given)
        bodies = {d.code: d for d in made}
        photos = await draw_photos(session, conference, each=40)
        people = _crowd(codes, persons, now)
        await store_people(session, conference, bodies, people, photos)
        gate = GateIn(name="Main entrance")
        await gates.create(session, INSTALLATION, conference, gate)


def _crowd(codes: Sequence[str], persons: int, now: datetime) -> list[Person]:
    casting = Casting(persons)
    people = []
    for number in range(persons):
        code = codes[number % len(codes)]
        head = number < len(codes)
        rank = (Rank.minister if number % 3 == 0 else Rank.ambassador) if head else Rank.official
        role = Role.head if head else Role.delegate
        person = casting.person(code, culture_of(catalogue.state(code)), role, rank)
        start = now - timedelta(days=1 + number % 20)
        person.steps = [(Status.nominated, start), (Status.submitted, start + timedelta(hours=2))]
        if number % 10:
            person.steps.append((Status.approved, start + timedelta(hours=20)))
        people.append(person)
    return people


async def accounts_of(database: Database) -> list[tuple[str, str, str]]:
    """An account for each role at the sample, with passwords made anew: (role, address, password).

    Raises `Clash` where the sample is not loaded.
    """
    found = []
    async with database.writing() as session:
        conference = await conference_store.conference_by_slug(session, SLUG)
        if conference is None:
            raise Clash("The sample is not loaded; run plenary sample load.")
        own = await delegations.find(session, INSTALLATION, conference.id, "JOR")
        for role in Grant:
            email, password = f"{role.value}@example.org", secrets.token_urlsafe(15)
            await accounts.add_account(
                session,
                INSTALLATION,
                email=email,
                name=role.value.replace("_", " ").title(),
                role=role,
                conference_id=None if role is Grant.administrator else conference.id,
                delegation_id=own.id if role is Grant.focal_point else None,
                password=password,
            )
            found.append((role.value, email, password))
    return found
