"""A small invented conference: what tests need again and again, made through the services."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import httpx

from app.accounts import service as accounts
from app.accounts.rules import INSTALLATION, Actor, Permit, Role
from app.conferences import service as conferences
from app.conferences.models import Conference
from app.conferences.schemas import ConferenceIn
from app.core.db import Database
from app.delegations import service as delegations
from app.delegations.models import Delegation
from app.delegations.rules import Kind
from app.delegations.schemas import DelegationIn

OFFICER = Actor(kind="user", id=UUID(int=1), name="Officer", permits=(Permit(Role.administrator),))


@dataclass
class World:
    """The conference `test-2026`: Kuwait, Tajikistan and one association; a token per role."""

    database: Database
    conference: Conference
    delegations: dict[str, Delegation]
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def desk(self) -> str:
        """Where the organisers work."""
        return f"/c/{self.conference.slug}/desk"

    @property
    def api(self) -> str:
        """Where the conference's resources are."""
        return f"/api/v1/conferences/{self.conference.slug}"

    def headers(self, role: str = "administrator") -> dict[str, str]:
        """The credential of a role."""
        return {"Authorization": f"Token {self.tokens[role]}"}


async def make_world(database: Database, slug: str = "test-2026") -> World:
    """Makes the conference through the services."""
    async with database.writing() as session:
        conference = await conferences.create_conference(
            session,
            INSTALLATION,
            ConferenceIn(
                slug=slug,
                title={"en": "Test Conference", "ar": "مؤتمر للاختبار"},
                starts=date(2026, 11, 4),
                ends=date(2026, 11, 5),
                timezone="Asia/Kuwait",
                city={"en": "Kuwait City"},
                languages=["en", "ar"],
            ),
        )
        made = await delegations.create_many(
            session,
            INSTALLATION,
            conference,
            [
                DelegationIn(kind=Kind.member_state, iso3="KWT"),
                DelegationIn(kind=Kind.member_state, iso3="TJK"),
                DelegationIn(kind=Kind.civil_society, name="Circle of Harbour Towns (CHT)"),
            ],
        )
        world = World(database, conference, {d.code: d for d in made})
        for role in Role:
            world.tokens[role.value] = await accounts.create_token(
                session,
                INSTALLATION,
                name=role.value,
                role=role,
                conference_id=None if role is Role.administrator else conference.id,
                delegation_id=world.delegations["KWT"].id if role is Role.focal_point else None,
            )
    return world


PASSWORD = "seven lanterns over water"


async def signed_in(client: httpx.AsyncClient, world: World, role: str) -> httpx.AsyncClient:
    """The client, signed in through the form as somebody new of that role; `nobody` stays out."""
    client.headers["Sec-Fetch-Site"] = "same-origin"
    if role == "nobody":
        return client
    email, granted = f"{role}@example.org", Role(role)
    async with world.database.writing() as session:
        await accounts.add_account(
            session,
            INSTALLATION,
            email=email,
            name=role.replace("_", " ").title(),
            role=granted,
            conference_id=None if granted is Role.administrator else world.conference.id,
            delegation_id=world.delegations["KWT"].id if granted is Role.focal_point else None,
            password=PASSWORD,
        )
    answer = await client.post("/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return client
