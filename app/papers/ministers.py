"""Ministers and above, in order: where they speak, what they replied, whether they are here."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from app.accounts.rules import Actor, Role
from app.conferences.models import Conference
from app.conferences.rules import policies_of
from app.core.db import ReadSession
from app.core.text import sort_key
from app.delegations.rules import STATES
from app.gates.rules import Source
from app.papers import store
from app.papers.schemas import Invited, Minister, Presence, Speech
from app.participants.rules import HIGH_LEVEL, RANK_ORDER, Rank
from app.programme.store import spoken_by
from app.receptions.store import replied_by_people
from app.states import catalogue

READERS = frozenset({Role.registration_officer, Role.protocol_officer, Role.auditor})


@dataclass(frozen=True, slots=True)
class Ministers:
    """Who is listed, in order, and who would be if somebody decided the rank suggested."""

    listed: list[Minister]
    to_decide: list[Minister]


def _order(row: Row[*tuple[Any, ...]]) -> tuple[object, ...]:
    """Rank; states in the order of their English names, before others by name; then as notified."""
    is_state = row.iso3 is not None and row.kind in STATES
    country = (
        catalogue.sort_key(catalogue.state(row.iso3), "en")
        if is_state
        else sort_key(row.delegation_name)
    )
    rank = RANK_ORDER[row.rank or row.rank_suggested]
    return rank, not is_state, country, row.delegation, row.position, row.id


def _first(presences: list[Presence]) -> Presence | None:
    """The first presence in person; else the first from afar."""
    in_person = (seen for seen in presences if seen.source is not Source.remote)
    return next(in_person, presences[0] if presences else None)


async def ministers(session: ReadSession, actor: Actor, conference: Conference) -> Ministers:
    """Active people of ministerial rank and above; five queries, whatever their number."""
    actor.require(conference.id, READERS)
    policies = policies_of(conference.policies)
    ranks = {*HIGH_LEVEL, *(Rank(word) for word in policies.ministerial_ranks)}
    rows = sorted(await store.people(session, conference.id, ranks), key=_order)
    ids = [row.id for row in rows]
    spoken = await spoken_by(session, conference.id, ids)
    replied = await replied_by_people(session, conference.id, ids)
    seen = await store.presences(session, conference.id, ids)
    found = Ministers([], [])
    for row in rows:
        group = found.listed if row.rank else found.to_decide
        group.append(
            Minister.model_validate(
                {
                    **row._mapping,
                    "position": len(group) + 1 if row.rank else None,
                    "sessions": [
                        Speech(session=id, title=title, starts_at=starts_at, role=role)
                        for id, title, starts_at, role in spoken.get(row.id, [])
                    ],
                    "receptions": [
                        Invited(title=title, reply=reply)
                        for title, reply in replied.get(row.id, [])
                    ],
                    "presence": _first(seen.get(row.id, [])),
                }
            )
        )
    return found
