"""Connects the features: the higher ones hear what happens in the lower ones."""

from app.badges import service as badges
from app.badges.events import BadgeBound
from app.badges.passes import service as passes
from app.conferences import alarms
from app.core.events import subscribe
from app.delegations.events import KindChanged
from app.gates import bound, conflicts, occupancy
from app.gates.events import Seen
from app.papers import impact
from app.participants import approval, changes, flags, letters, notices, places, succession
from app.participants.events import ParticipantEdited, StatusChanged
from app.participants.vetting import documents, lookalikes
from app.programme import service as programme
from app.programme.seats import service as seats
from app.programme.seats import store as seat_store
from app.quotas import scopes
from app.quotas.events import QuotaChanged, QuotaCreated
from app.receptions import places as reception_places
from app.receptions import service as receptions
from app.receptions import store as reception_store


def connect() -> None:
    """Subscribes every handler; once per process, however often it is called."""
    subscribe(QuotaCreated, places.on_quota_created)
    for kind, held in (
        (reception_places, reception_store.coming),
        (seats, seat_store.seated),
        (passes, passes.held),
    ):
        scopes.register(kind.KIND, kind.name_of, kind.things, held)
    subscribe(QuotaChanged, approval.on_quota_changed)
    subscribe(ParticipantEdited, approval.on_edited)
    subscribe(KindChanged, approval.on_kind_changed)
    subscribe(StatusChanged, documents.on_status_changed)
    subscribe(StatusChanged, notices.on_status_changed)
    subscribe(StatusChanged, passes.on_status_changed)
    subscribe(StatusChanged, badges.on_status_changed)
    subscribe(StatusChanged, programme.on_status_changed)
    subscribe(StatusChanged, receptions.on_status_changed)
    subscribe(StatusChanged, seats.on_status_changed)
    subscribe(StatusChanged, succession.on_status_changed)
    subscribe(StatusChanged, changes.on_status_changed)
    subscribe(ParticipantEdited, badges.on_participant_edited)
    subscribe(ParticipantEdited, programme.on_participant_edited)
    subscribe(BadgeBound, bound.on_badge_bound)
    subscribe(Seen, occupancy.on_seen)
    alarms.register(conflicts.ALARM)
    flags.register(lookalikes.source)
    flags.register(letters.letter_flags)
    impact.connect()
