"""The dashboard of a conference, as of an instant."""

from collections.abc import Collection, Sequence
from itertools import chain
from uuid import UUID

from app.accounts.rules import Actor
from app.conferences.models import Conference
from app.core import clock
from app.core.db import ReadSession
from app.figures import service as counts
from app.figures.dashboards import rules, store
from app.figures.dashboards.rules import Arrival
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
from app.figures.days import Days, Span, midnight, spans_of
from app.figures.rules import Basis, Tally, line_of
from app.figures.store import Instant
from app.participants.rules import Role
from app.quotas import service as quotas
from app.states import catalogue

DAYS = 14
"""So many days have pictures; a longer conference shows its last ones."""


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
    decided = counts.terms(conference)
    spans = [(since, until) for _, since, until in days]
    tallies, arrived = await _look(session, conference.id, spans, at, decided.excluded_roles)
    found = counts.count_of(decided, tallies, basis or Basis.attended)
    if basis is None and not found.counted:
        basis = Basis.accredited
        found = counts.recount(found, basis)
    steps = [
        StepOut(basis=one, persons=sum(n for _, n in counts.recount(found, one).counted))
        for one in Basis
    ]
    hours = [rules.by_hour(of_day, conference.timezone) for of_day in arrived]
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
            for gate, n in rules.by_gate(chain(*arrived)).items()
        ],
    )


_arrived: Days[tuple[frozenset[str], list[Arrival]]] = Days()
"""Who was not counted, and the arrivals of the others."""


async def _look(
    session: ReadSession,
    conference_id: UUID,
    spans: Sequence[Span],
    at: Instant,
    excluded: Collection[Role],
) -> tuple[list[Tally], list[list[Arrival]]]:
    """People alike at an instant, and the arrivals of each span."""
    recalled = await _arrived.recall(session, conference_id, at)
    kept = {(since, until): found for since, (until, found) in recalled.found.items()}
    asked = [span for span in spans if span not in kept]
    look = await store.look(session, conference_id, asked, at, excluded)
    if any(kept[span][0] != look.excluded for span in spans if span in kept):
        # Somebody's part is another now than when those days were looked through.
        kept, asked = {}, list(spans)
        look = await store.look(session, conference_id, asked, at, excluded)
    new = {span: (look.excluded, found) for span, found in zip(asked, look.arrivals, strict=True)}
    _arrived.keep(session, conference_id, at, recalled, new)
    return look.tallies, [(kept | new)[span][1] for span in spans]


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
    began = midnight(today, conference)
    so_far, since = await store.here(session, conference.id, began, now, excluded)
    return LiveOut(so_far=so_far, today=since)
