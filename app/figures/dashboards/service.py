"""The dashboard of a conference, as of an instant."""

from datetime import date, datetime, timedelta

from app.accounts.rules import Actor
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession
from app.figures import service as counts
from app.figures.dashboards import rules, store
from app.figures.dashboards.schemas import (
    DashboardOut,
    DayOut,
    GateOut,
    HourOut,
    LiveOut,
    QuotaUse,
    RegionOut,
    SexOut,
    StepOut,
)
from app.figures.rules import Basis, line_of
from app.figures.store import Instant
from app.quotas import service as quotas
from app.states import catalogue

DAYS = 14
"""So many days have pictures; a longer conference shows its last ones."""


DAY, TICK = timedelta(days=1), timedelta(microseconds=1)


def _midnight(day: date, conference: Conference) -> datetime:
    """The instant at which a local day begins."""
    return clock.day_end(day - DAY, conference.timezone)


def spans_of(conference: Conference, by: datetime) -> list[tuple[date, datetime, datetime]]:
    """The conference's days that have begun, each with its first and last instant."""
    days = [
        conference.starts + timedelta(days=n)
        for n in range((conference.ends - conference.starts).days + 1)
    ]
    spans = [(day, _midnight(day, conference), _midnight(day + DAY, conference)) for day in days]
    return [(day, since, until - TICK) for day, since, until in spans if since <= by]


async def dashboard(
    session: ReadSession,
    actor: Actor,
    conference: Conference,
    at: Instant,
    basis: Basis | None = None,
) -> DashboardOut:
    """All of it in a few queries; without a basis: attended once anybody has, before it accredited.

    Raises `Forbidden` or `NotFound` for who may not read figures.
    """
    actor.require(conference.id, counts.READERS)
    days = spans_of(conference, at.as_of)[-DAYS:]
    spans = [(since, until) for _, since, until in days]
    decided = counts.terms(conference)
    tallies, arrived = await store.look(session, conference.id, spans, at, decided.excluded_roles)
    found = counts.count_of(decided, tallies, basis or Basis.attended)
    if basis is None and not found.counted:
        basis = Basis.accredited
        found = counts.recount(found, basis)
    steps = [
        StepOut(basis=one, persons=sum(n for _, n in counts.recount(found, one).counted))
        for one in Basis
    ]
    hours = [rules.by_hour(arrived, n, conference.timezone) for n in range(len(days))]
    names = await store.gate_names(session, conference.id)
    iso3 = await store.states(session, conference.id)
    region_of = {id: catalogue.state(code).regional_group for id, code in iso3.items()}
    total = line_of("total", found.counted, decided)
    sexes = {"women": total.women, "men": total.men, "sex_unknown": total.unknown}
    shares = rules.shares(list(sexes.values()))
    return DashboardOut(
        conference=conference.slug,
        basis=basis or Basis.attended,
        as_of=at.as_of,
        known_at=at.known_at,
        excluded=list(found.excluded),
        funnel=steps,
        days=[
            DayOut(
                day=day,
                persons=sum(n for _, n in of_day),
                hours=[HourOut(hour=hour, persons=n) for hour, n in of_day],
            )
            for (day, *_), of_day in zip(days, hours, strict=True)
        ],
        regions=[
            RegionOut(key=key, states=states, persons=persons)
            for key, (states, persons) in rules.by_region(found.counted, region_of).items()
        ],
        sexes=[
            SexOut(key=key, persons=n, share=share)
            for (key, n), share in zip(sexes.items(), shares, strict=True)
        ],
        quotas=await _quotas(session, actor, conference),
        gates=[
            GateOut(name=names[gate] if gate else None, persons=n)
            for gate, n in rules.by_gate(arrived).items()
        ],
    )


async def _quotas(
    session: ReadSession, actor: Actor, conference: Conference
) -> list[QuotaUse] | None:
    """Quotas of one capacity; what each delegation has of its own is on the quotas' page."""
    if not actor.may(conference.id, quotas.READERS):
        return None
    found = await quotas.listed(session, actor, conference.id)
    return [
        QuotaUse.model_validate(quota)
        for quota in found
        if quota.parent_id is None and not quota.per_delegation
    ]


def live_of(found: DashboardOut, conference: Conference) -> LiveOut | None:
    """The live numbers, where a dashboard of now tells them: today is among its days."""
    today = clock.utc_to_local(found.as_of, conference.timezone).date()
    persons = next((one.persons for one in found.days if one.day == today), None)
    so_far = next(one.persons for one in found.funnel if one.basis is Basis.attended)
    return None if persons is None else LiveOut(so_far=so_far, today=persons)


async def live(session: ReadSession, conference: Conference) -> LiveOut:
    """Who has been here, by the roles of now; the door has asked who may know."""
    now = clock.now()
    today = clock.utc_to_local(now, conference.timezone).date()
    excluded = counts.terms(conference).excluded_roles
    midnight = _midnight(today, conference)
    so_far, since = await store.here(session, conference.id, midnight, now, excluded)
    return LiveOut(so_far=so_far, today=since)
