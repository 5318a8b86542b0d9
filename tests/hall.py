"""A small invented conference with people, badges, gates and doors, for tests of the hall."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx

from app import wiring
from app.accounts import service as accounts
from app.accounts.rules import INSTALLATION, Role
from app.badges import store as badge_store
from app.badges.store import Choice
from app.conferences import service as conferences
from app.conferences.models import Conference
from app.conferences.schemas import ConferenceIn
from app.core.db import Database
from app.core.images import silhouette
from app.delegations import service as delegations
from app.delegations.schemas import DelegationIn
from app.gates import service as gates
from app.gates.models import Gate
from app.gates.schemas import GateIn
from app.participants import approval
from app.participants import service as participants
from app.participants.schemas import ParticipantIn
from tests.application import over

# It is noon in the hall whenever the tests run: what happened minutes ago was on the same day.
_AHEAD = 12 - datetime.now(UTC).hour
ZONE = f"Etc/GMT{-_AHEAD:+}" if _AHEAD else "UTC"
TODAY = datetime.now(ZoneInfo(ZONE)).date()


@dataclass
class Hall:
    """One conference, opened."""

    database: Database
    conference: Conference
    gate: Gate
    clients: dict[str, httpx.AsyncClient] = field(default_factory=dict)
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def base(self) -> str:
        return f"/api/v1/conferences/{self.conference.slug}"

    async def nominate(self, name: str, **more: object) -> UUID:
        async with self.database.writing() as session:
            given = ParticipantIn.model_validate(
                {"delegation": "KWT", "name": name, "role": "delegate", **more}
            )
            person, _ = await participants.nominate(session, INSTALLATION, self.conference, given)
            return person.id

    async def approve(self, id: UUID) -> None:
        async with self.database.writing() as session:
            await approval.submit(session, INSTALLATION, self.conference, id)
            await approval.approve(session, INSTALLATION, self.conference, id)

    async def approved(self, name: str, **more: object) -> UUID:
        id = await self.nominate(name, **more)
        await self.approve(id)
        return id

    async def pictured(self, name: str, **more: object) -> UUID:
        """Somebody approved whose badge is not held: with a photo."""
        id = await self.approved(name, **more)
        async with self.database.writing() as session:
            photo = silhouette(len(name))
            await participants.set_photo(session, INSTALLATION, self.conference, id, photo)
        return id

    async def badges(self, choice: Choice | None = None) -> Sequence[badge_store.Rows]:
        async with self.database.reading() as session:
            return await badge_store.rows(session, self.conference.id, choice or Choice())

    async def code(self, id: UUID) -> str:
        [badge] = await self.badges(Choice(participant=id))
        return badge.code

    async def client(self, role: str, kind: str = "Token") -> httpx.AsyncClient:
        """Somebody who knocks with a token of this role; `device` is a scanner at the gate."""
        if role not in self.clients:
            async with self.database.writing() as session:
                if role == "device":
                    secret = await gates.pair(
                        session, INSTALLATION, self.conference, self.gate.name
                    )
                    kind = "Device"
                else:
                    secret = await accounts.create_token(
                        session,
                        INSTALLATION,
                        name=role,
                        role=Role(role),
                        conference_id=None if role == "administrator" else self.conference.id,
                    )
            self.clients[role] = httpx.AsyncClient(
                transport=httpx.ASGITransport(over(self.database)),
                base_url="http://testserver",
                headers={"Authorization": f"{kind} {secret}"},
            )
        return self.clients[role]

    async def redeem(self, code: str, **more: object) -> httpx.Response:
        async with self.one_at_a_time:
            client = await self.client("device")
        body = {"secret": code, "lists": [str(self.gate.id)], **more}
        return await client.post("/api/v1/checkinrpc/redeem/", json=body)

    async def close(self) -> None:
        for client in self.clients.values():
            await client.aclose()


async def open_hall(database: Database, slug: str = "hall", *, sample: bool = False) -> Hall:
    """A conference of these days, with two delegations and one gate."""
    wiring.connect()
    async with database.writing() as session:
        conference = await conferences.create_conference(
            session,
            INSTALLATION,
            ConferenceIn(
                slug=slug,
                title={"en": "A Conference", "ar": "مؤتمر"},
                starts=TODAY - timedelta(days=1),
                ends=TODAY + timedelta(days=2),
                timezone=ZONE,
                languages=["en", "ar"],
            ),
        )
        conference.sample = sample
        await delegations.create_many(
            session,
            INSTALLATION,
            conference,
            [
                DelegationIn.model_validate({"kind": "member_state", "iso3": "KWT"}),
                DelegationIn.model_validate(
                    {"kind": "civil_society", "name": "Peace Now", "code": "PEACE"}
                ),
            ],
        )
        gate = await gates.create(session, INSTALLATION, conference, GateIn(name="Main entrance"))
    return Hall(database, conference, gate)
