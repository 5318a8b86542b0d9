"""What focal points are told of decisions on their people."""

from app.accounts.rules import INSTALLATION
from app.delegations.invitations import focal_points
from app.delegations.invitations.schemas import FocalPointIn
from app.participants import approval, notices, service
from app.participants.events import StatusChanged
from app.participants.rules import Status
from app.participants.schemas import ParticipantIn
from app.wiring import connect
from tests.delegations.outbox import mails
from tests.queries import counted
from tests.world import OFFICER, World

connect()


async def submitted(world: World, *names: str, code: str = "KWT") -> list[approval.Registered]:
    async with world.database.writing() as session:
        people = [
            await service.nominate(
                session, OFFICER, world.conference, ParticipantIn(delegation=code, name=name)
            )
            for name in names
        ]
        await approval.submit_many(session, OFFICER, world.conference, people)
    return people


async def with_focal_point(world: World) -> None:
    async with world.database.writing() as session:
        given = FocalPointIn(email="focal@example.org", name="Focal")
        await focal_points.add(session, OFFICER, world.conference, "KWT", given)


async def test_a_refusal_reaches_the_focal_point_with_its_reason(world: World) -> None:
    await with_focal_point(world)
    [first, second] = await submitted(world, "Ann\u2028Evil www.evil.io", "Ben")
    conference = world.conference
    async with world.database.writing() as session:
        await approval.refuse(session, OFFICER, conference, first[0].id, reason="No such {office}")
        await approval.return_for_correction(
            session, OFFICER, conference, second[0].id, reason="Passport?"
        )
    refused, returned = await mails(world.database)
    assert refused["to"] == "focal@example.org"
    assert "Reason: No such {office}" in refused["text"]
    assert "– Ann Evil www. evil. io" in refused["text"]
    assert "http://testserver/c/test-2026/portal/" in refused["text"]
    assert "Passport?" in returned["text"]
    assert "please correct" in returned["subject"]


async def test_a_bulk_approval_is_one_mail(world: World) -> None:
    await with_focal_point(world)
    ids = [person.id for person, _ in await submitted(world, "Ann", "Ben", "Cid")]
    ids += [person.id for person, _ in await submitted(world, "Dan", code="TJK")]
    async with world.database.writing() as session:
        await approval.approve_chosen(session, OFFICER, world.conference, ids)
    [told] = await mails(world.database)
    assert "these 3 registrations were approved:\n\n– Ann\n– Ben\n– Cid\n" in told["text"]


async def test_machines_and_files_tell_nobody(world: World) -> None:
    await with_focal_point(world)
    for quiet in (True, False):
        [[person, _]] = await submitted(world, "Ann")
        async with world.database.writing() as session:
            if quiet:
                notices.keep_silent(session)
            actor = OFFICER if quiet else INSTALLATION
            await approval.approve(session, actor, world.conference, person.id)
    assert await mails(world.database) == []


async def test_without_focal_points_it_costs_one_query(world: World) -> None:
    people = await submitted(world, *(f"Person {n}" for n in range(30)))
    event = StatusChanged(OFFICER, tuple((p, d, p.status) for p, d in people), None)
    for person, _ in people:
        person.status = Status.refused
    async with world.database.writing() as session:
        with counted(world.database) as seen:
            await notices.on_status_changed(session, event)
    assert len(seen) == 1, seen
