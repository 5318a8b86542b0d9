"""Use cases of the check-in doors: redeem, tell what was decided alone, search, annul."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from app.accounts import audit
from app.accounts.rules import Actor
from app.accounts.service import actors_behind
from app.core import clock
from app.core.db import Database, ReadSession, WriteSession
from app.core.direct import Asks, Direct, Line, Through
from app.core.errors import AppError, Clash, Invalid, NotFound, NotSignedIn
from app.core.events import publish
from app.core.text import fold
from app.core.together import Together
from app.gates import hall, occupancy, scanning
from app.gates.events import Seen
from app.gates.hall import Door
from app.gates.scanning import Answer, Incoming
from app.gates.schemas import BatchIn, RedeemIn, ToldIn
from app.gates.service import OPERATORS

ANNULLED_WITHIN = timedelta(minutes=15)
_CLOCKS_AGREE = timedelta(seconds=2)
_LETTERS = 4
_MOST_FOUND = 20


def _asked(actor: Actor, given: RedeemIn) -> tuple[UUID, ...]:
    return given.lists or ((actor.gate_id,) if actor.gate_id else ())


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


By = Actor | tuple[str, str]
"""An actor, or whoever has the token of this kind and secret."""

Told = list[Answer | AppError]
"""An answer to each scan, or why it was not decided."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One scan that somebody waits for."""

    by: By
    given: RedeemIn
    received: datetime = field(default_factory=clock.now)


async def _redeem_each(database: Database, asked: Sequence[Asked]) -> Sequence[Answer | AppError]:
    # Only when it is on the disk does anybody hear of it.
    return await _at_once(database, lambda asks: _decided(asks, asked))


async def _at_once(database: Database, work: Callable[[Asks], Told]) -> Told:
    """What a piece of work answers once it is stored; who watches is told that somebody passed."""
    watch = occupancy.watch(database)

    def whole(asks: Direct) -> tuple[Told, frozenset[UUID]]:
        answers = work(asks)
        passed = _conferences(answers)
        watch.tell(asks, passed)
        return answers, passed

    answers, passed = await database.at_once(whole)
    watch.hear(passed)
    return answers


def _conferences(answers: Told) -> frozenset[UUID]:
    return frozenset(one.door.conference_id for one in answers if not isinstance(one, AppError))


def _decided(asks: Asks, asked: Sequence[Asked]) -> Told:
    answers: list[Answer | AppError] = []
    scans: list[Incoming] = []
    actors = _actors(asks, [one.by for one in asked])
    doors = _doors(asks, [(a, [one.given]) for a, one in zip(actors, asked, strict=True)])
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
    found = iter(scanning.record(asks, scans) if scans else ())
    return [next(found) if one is _PENDING else one for one in answers]


def _actors(asks: Asks, by: Sequence[By]) -> list[Actor | AppError]:
    """Who asks, as their tokens are now: a revoked one ends at once."""
    tokens = [one for one in by if isinstance(one, tuple)]
    found = iter(actors_behind(asks, tokens) if tokens else ())
    return [next(found) if isinstance(one, tuple) else one for one in by]


def _doors(
    asks: Asks, asked: Iterable[tuple[Actor | AppError, Iterable[RedeemIn]]]
) -> dict[UUID, Door]:
    known = [(actor, given) for actor, given in asked if isinstance(actor, Actor)]
    wanted = {id for actor, scans in known for scan in scans for id in _asked(actor, scan)}
    devices = {actor.id for actor, _ in known if actor.id is not None}
    return hall.doors(asks, wanted, devices=devices) if wanted else {}


_PENDING = AppError("Not decided yet.")
redeem: Together[Asked, Answer] = Together(_redeem_each, gather=0.001, rounds=2)
"""Scans one badge, with all that wait at the moment in one transaction.

Raises `NotFound` for gates that are not the actor's to see, `Forbidden` for another role.
"""


async def tell(session: WriteSession, actor: Actor, given: BatchIn) -> Told:
    """Keeps what a device decided alone, in any order and any number of times; answers in order.

    A scan at a gate that is not the actor's is an error of its own: the others are kept. Raises
    `NotSignedIn`, `Forbidden`.
    """
    answers = await session.run_sync(lambda plain: _told(Through(plain.connection()), actor, given))
    await publish(session, Seen(_conferences(answers)))
    return answers


async def tell_at_once(database: Database, by: By, given: BatchIn) -> Told:
    """The same in a transaction of its own."""
    return await _at_once(database, lambda asks: _told(asks, by, given))


def _told(asks: Asks, by: By, given: BatchIn) -> Told:
    [actor] = _actors(asks, [by])
    if isinstance(actor, AppError):
        raise actor
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
    doors = _doors(asks, [(actor, given.scans)])
    answers: list[Answer | AppError] = []
    scans: list[Incoming] = []
    theirs: dict[tuple[UUID, ...], Door] = {}
    for scan in given.scans:
        asked = _asked(actor, scan)
        try:
            door = theirs.get(asked) or theirs.setdefault(asked, _door(actor, doors, asked))
        except NotFound:
            answers.append(NotFound("There is no such gate."))
        else:
            scans.append(_incoming(actor, door, scan, received, ahead))
            answers.append(_PENDING)
    found = iter(scanning.record(asks, scans) if scans else ())
    return [next(found) if one is _PENDING else one for one in answers]


async def search(
    session: ReadSession, actor: Actor, gate: UUID | None, words: str
) -> Sequence[Line]:
    """Active badges by their holder's name, four letters of it at least. Raises `Invalid`."""
    gate = actor.gate_id or gate
    if actor.kind == "nobody":
        raise NotSignedIn("Sign in first.")
    if gate is None:
        raise NotFound
    found = await session.run_sync(lambda plain: hall.doors(Through(plain.connection()), [gate]))
    door = found.get(gate)
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
