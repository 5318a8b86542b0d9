"""Gates for the command line."""

from app.accounts.rules import INSTALLATION
from app.conferences import service as conferences
from app.core.db import Database
from app.gates import service


async def listed(database: Database, slug: str) -> list[dict[str, str]]:
    """The gates, in their order: `id`, `name`, `kind`."""
    async with database.reading() as session:
        conference = await conferences.conference(session, slug)
        found = await service.listed(session, INSTALLATION, conference.id)
    return [{"id": str(gate.id), "name": gate.name, "kind": gate.kind.value} for gate in found]


async def device_token(database: Database, slug: str, gate: str) -> str:
    """A token for a scanner at a gate, by the gate's id or name. Raises `NotFound`."""
    async with database.writing() as session:
        conference = await conferences.conference(session, slug)
        return await service.pair(session, INSTALLATION, conference, gate)
