"""The templates of mails, in six languages, and what many mails cost."""

import json
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

import app
from app.accounts.rules import Actor, Permit, Role
from app.core import mail
from app.delegations import service as delegations
from app.delegations.invitations import focal_points, service
from app.delegations.invitations.schemas import FocalPointIn, InvitationIn
from app.delegations.rules import Kind, Language
from app.delegations.schemas import DelegationIn
from tests.delegations.outbox import mails
from tests.queries import counted
from tests.world import OFFICER, World

HOME = Path(app.__file__).parent
FILES = [HOME / "accounts/data/mails.json", HOME / "delegations/invitations/data/mails.json"]
KINDS = [(file, kind) for file in FILES for kind in json.loads(file.read_text(encoding="utf-8"))]
OURS = {
    "conference": "A {Conference}",
    "dates": "4–5 November",
    "reference": "NV’1'",
    "until": "5 November",
    "reason": "Because '{x}'",
    "link": "http://testserver/x",
}


@pytest.mark.parametrize("language", [*Language, "pt"])
@pytest.mark.parametrize(("file", "kind"), KINDS)
def test_every_mail_in_every_language(file: Path, kind: str, language: str) -> None:
    texts = json.loads(file.read_text(encoding="utf-8"))[kind]
    assert texts.keys() == {one.value for one in Language}
    names = {"name": "{name}", "delegation": "D", "people": ["{link}", "B\nC"]}
    for count in (1, 2, 5):
        subject, text = mail.templates(file).compose(
            kind, str(language), names=names, ours=OURS | {"count": count}
        )
        assert "{name}" in text
        assert "http://testserver/x" in text
        assert "\n" not in subject
        assert "plural" not in text
        if "people" in texts["en"]["text"]:
            assert "– {link}\n– B C" in text


async def test_many_are_invited_in_as_few_statements_as_some(world: World) -> None:
    costs = []
    for round_, many in enumerate((5, 40)):
        async with world.database.writing() as session:
            made = await delegations.create_many(
                session,
                OFFICER,
                world.conference,
                [
                    DelegationIn(kind=Kind.academia, name=f"Institute {round_} {n}")
                    for n in range(many)
                ],
            )
            for one in made:
                given = FocalPointIn(email=f"{one.code}@example.org".lower(), name="Focal")
                await focal_points.add(session, OFFICER, world.conference, one.code, given)
        async with world.database.writing() as session:
            given = InvitationIn(kind=Kind.academia, number="NV/1", dated=date(2026, 9, 1))
            proposed = await service.propose(session, OFFICER, world.conference, given)
        permit = Permit(Role.registration_officer, world.conference.id)
        second = Actor(kind="user", id=UUID(int=9), name="Second", permits=(permit,))
        async with world.database.writing() as session:
            with counted(world.database) as seen:
                done = await service.confirm(session, second, world.conference, proposed.id)
            assert len(done.codes) == many
        costs.append(len(seen))
    # SQLite numbers rows one by one: a step and a mail each.
    assert costs[1] - costs[0] <= (70 if world.database.is_sqlite else 0), costs
    assert len(await mails(world.database)) == 45
