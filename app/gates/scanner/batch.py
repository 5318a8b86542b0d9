"""Scans that devices decided alone, told later: any order, any number of times."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.accounts.doors import CurrentActor
from app.accounts.rules import Actor
from app.core import clock
from app.core.db import WriteSession
from app.core.errors import NotFound, NotSignedIn
from app.gates import hall, scanning
from app.gates.hall import Door
from app.gates.schemas import RedeemIn
from app.gates.service import OPERATORS
from app.web.doors import Writing


class TakenIn(RedeemIn):
    """A scan with what the device itself decided."""

    nonce: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[!-~]*$")]
    offline_result: Annotated[str, Field(max_length=32)] | None = None


class BatchIn(BaseModel):
    """Up to a thousand scans."""

    model_config = ConfigDict(extra="ignore")

    scans: Annotated[list[TakenIn], Field(max_length=1_000)]


def _door(actor: Actor, doors: dict[UUID, Door], asked: Sequence[UUID]) -> Door:
    theirs = [id for id in asked if id in doors and actor.roles_in(doors[id].conference_id)]
    if not theirs:
        raise NotFound
    door = doors[actor.gate_id if actor.gate_id in theirs else theirs[0]]
    actor.require(door.conference_id, OPERATORS)
    return door


async def take(
    session: WriteSession, actor: Actor, given: Sequence[TakenIn]
) -> list[scanning.Answer]:
    """Decides and keeps scans in the order of their own times; answers in the given order."""
    if actor.id is None:
        raise NotSignedIn("Sign in first.")
    received = clock.now()
    doors = await hall.doors(session, {id for scan in given for id in scan.lists})
    incoming = [
        scanning.Incoming(
            secret=scan.secret,
            door=_door(actor, doors, scan.lists),
            device_id=actor.id,
            nonce=scan.nonce,
            direction=scan.type,
            device_at=scan.at or received,
            received_at=received,
            force=scan.force,
            live=False,
        )
        for scan in given
    ]
    order = sorted(range(len(incoming)), key=lambda n: incoming[n].device_at)
    answers = await scanning.record(session, [incoming[n] for n in order])
    back = dict(zip(order, answers, strict=True))
    return [back[n] for n in range(len(incoming))]


router = APIRouter(tags=["gates"])


@router.post("/checkinrpc/batch/")
async def batch(session: Writing, actor: CurrentActor, given: BatchIn) -> dict[str, object]:
    """Takes scans that a device decided alone; one result for each, in order."""
    answers = await take(session, actor, given.scans)
    return {"results": [scanning.told(answer)[1] for answer in answers]}
