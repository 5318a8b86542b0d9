"""Use cases of the check-in doors: redeem, tell what was decided alone, search, annul."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from app.accounts import audit
from app.accounts.rules import Actor
from app.accounts.service import actors_of_tokens
from app.core import clock
from app.core.db import Database, ReadSession, WriteSession
from app.core.errors import AppError, Clash, Invalid, NotFound, NotSignedIn
from app.core.events import publish
from app.core.text import fold
from app.core.together import Together
from app.gates import hall, scanning
from app.gates.events import Seen
from app.gates.hall import Door, Line
from app.gates.scanning import Answer, Incoming
from app.gates.schemas import BatchIn, RedeemIn, ToldIn
from app.gates.service import OPERATORS

ANNULLED_WITHIN = timedelta(minutes=15)
_CLOCKS_AGREE = timedelta(seconds=2)
_LETTERS = 4
_MOST_FOUND = 20


def _asked(actor: Actor, given: RedeemIn) -> Sequence[UUID]:
    return given.lists or ([actor.gate_id] if actor.gate_id else [])


def _door(actor: Actor, doors: Mapping[UUID, Door], asked: Sequence[UUID]) -> Door:
    """The actor's own gate, else the first asked for that is theirs."""
    theirs = [id for id in asked if id in doors and actor.roles_in(doors[id].conference_id)]
    if not theirs:
        if actor.kind == "nobody":
            raise NotSignedIn("Sign in first.")
        raise NotFound
    door = doors[actor.gate_id if actor.gate_id in theirs else theirs[0]]
    actor.require(door.conference_id, OPERATORS)
    return door


def _incoming(
    actor: Actor, door: Door, given: RedeemIn, received: datetime, ahead: timedelta = timedelta()
) -> Incoming:
    if actor.id is None:
        raise NotFound
    device_at = given.at or received
    if device_at.tzinfo is None:
        device_at = clock.local_to_utc(device_at, door.timezone)
    told = isinstance(given, ToldIn)
    return Incoming(
        secret=given.secret,
        door=door,
        device_id=actor.id,
        nonce=given.nonce or uuid4().hex,
        direction=given.type,
        device_at=device_at,
        received_at=received,
        ahead=ahead,
        force=given.force,
        live=given.at is None and not told,
        told=told,
        offline_result=given.offline_result if isinstance(given, ToldIn) else None,
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """One scan that somebody waits for: an actor, or who has the token of this kind and secret."""

    by: Actor | tuple[str, str]
    given: RedeemIn
    received: datetime = field(default_factory=clock.now)


async def _redeem_each(database: Database, asked: Sequence[Asked]) -> Sequence[Answer | AppError]:
    answers: list[Answer | AppError] = []
    scans: list[Incoming] = []
    async with database.writing() as session:
        actors = await _actors(session, asked)
        doors = await _doors(session, actors, asked)
        for one, actor in zip(asked, actors, strict=True):
            try:
                if isinstance(actor, AppError):
                    raise actor
                door = _door(actor, doors, _asked(actor, one.given))
                scans.append(_incoming(actor, door, one.given, one.received))
            except AppError as refused:
                answers.append(refused)
            else:
                answers.append(_PENDING)
        found = iter(await scanning.record(session, scans) if scans else ())
    # Only now is it on the disk: nobody is told before.
    return [next(found) if one is _PENDING else one for one in answers]


async def _actors(session: ReadSession, asked: Sequence[Asked]) -> list[Actor | AppError]:
    """Who asks, as their tokens are now: a revoked one ends at once."""
    tokens = [one.by for one in asked if isinstance(one.by, tuple)]
    found = iter(await actors_of_tokens(session, tokens) if tokens else ())
    return [next(found) if isinstance(one.by, tuple) else one.by for one in asked]


async def _doors(
    session: ReadSession, actors: Sequence[Actor | AppError], asked: Sequence[Asked]
) -> dict[UUID, Door]:
    pairs = zip(actors, asked, strict=True)
    known = [(actor, one.given) for actor, one in pairs if isinstance(actor, Actor)]
    wanted = {id for actor, given in known for id in _asked(actor, given)}
    return await hall.doors(session, wanted) if wanted else {}


_PENDING = AppError("Not decided yet.")
redeem: Together[Asked, Answer] = Together(_redeem_each)
"""Scans one badge, with all that wait at the moment in one transaction.

Raises `NotFound` for gates that are not the actor's to see, `Forbidden` for another role.
"""


async def tell(session: WriteSession, actor: Actor, given: BatchIn) -> list[Answer | AppError]:
    """Keeps what a device decided alone, in any order and any number of times; answers in order.

    A scan at a gate that is not the actor's is an error of its own: the others are kept. Raises
    `NotSignedIn`, `Forbidden`.
    """
    if actor.id is None:
        raise NotSignedIn("Sign in first.")
    received = clock.now()
    # The delay of sending is no fault of the clock.
    ahead = given.sent - received if given.sent and given.sent.tzinfo else timedelta()
    ahead = (
        timedelta(seconds=round(ahead.total_seconds()))
        if abs(ahead) >= _CLOCKS_AGREE
        else timedelta()
    )
    wanted = {id for scan in given.scans for id in _asked(actor, scan)}
    doors = await hall.doors(session, wanted) if wanted else {}
    answers: list[Answer | AppError] = []
    scans: list[Incoming] = []
    for scan in given.scans:
        try:
            door = _door(actor, doors, _asked(actor, scan))
        except NotFound:
            answers.append(NotFound("There is no such gate."))
        else:
            scans.append(_incoming(actor, door, scan, received, ahead))
            answers.append(_PENDING)
    found = iter(await scanning.record(session, scans) if scans else ())
    return [next(found) if one is _PENDING else one for one in answers]


async def search(
    session: ReadSession, actor: Actor, gate: UUID | None, words: str
) -> Sequence[Line]:
    """Active badges by their holder's name, four letters of it at least. Raises `Invalid`."""
    gate = actor.gate_id or gate
    if actor.kind == "nobody":
        raise NotSignedIn("Sign in first.")
    door = (await hall.doors(session, [gate])).get(gate) if gate else None
    if door is None:
        raise NotFound
    actor.require(door.conference_id, OPERATORS)
    parts = fold(words).split()
    if sum(map(len, parts)) < _LETTERS:
        raise Invalid(f"Write {_LETTERS} letters of the name at least.", code="too-short")
    return await hall.named(session, door.conference_id, parts, _MOST_FOUND)


async def annul(session: WriteSession, actor: Actor, nonce: str) -> None:
    """Takes a scan of one's own device back, as though nobody had passed.

    The scan stays as a fact. Raises `NotFound`, `Clash` after fifteen minutes.
    """
    if actor.id is None:
        raise NotSignedIn("Sign in first.")
    row = await hall.own(session, actor.id, nonce)
    if row is None or not actor.roles_in(row.conference_id):
        raise NotFound
    actor.require(row.conference_id, OPERATORS)
    if row.annulled_at is not None:
        return
    now = clock.now()
    if now - row.at > ANNULLED_WITHIN:
        raise Clash("A scan is annulled within fifteen minutes.", code="too-late")
    await hall.annul(session, row.id, now)
    await publish(session, Seen(frozenset({row.conference_id})))
    audit.record(
        session, actor, "scan.annul", conference_id=row.conference_id, target=("gate", row.gate_id)
    )
