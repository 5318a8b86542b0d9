"""People for tests of pages, made through the services."""

from app.accounts.rules import INSTALLATION
from app.participants import approval, service
from app.participants.schemas import ParticipantIn
from tests.world import World


async def nominated(world: World, *, approve: bool = False, **fields: object) -> str:
    """The id of a new person: of Kuwait and with a minister's title, unless said otherwise."""
    given = {"delegation": "KWT", "name": "Salem Al-Example", "function": "Minister of Interior"}
    conference = world.conference
    async with world.database.writing() as session:
        person, _ = await service.nominate(
            session, INSTALLATION, conference, ParticipantIn.model_validate(given | fields)
        )
        if approve:
            await approval.submit(session, INSTALLATION, conference, person.id)
            await approval.approve(session, INSTALLATION, conference, person.id)
    return str(person.id)
