"""The photo sheet and presence on paper, for the command line."""

from collections.abc import Sequence

from app.accounts.rules import INSTALLATION
from app.conferences import service as conferences
from app.core.db import Database
from app.gates import service as gates
from app.gates.models import Attestation
from app.gates.schemas import AttestIn
from app.papers import photo_sheet
from app.papers.schemas import SeenIn, TallyIn


async def sheet(database: Database, slug: str) -> bytes:
    """The faces of principals for the VIP entrance, as a PDF."""
    async with database.reading() as session:
        conference = await conferences.conference(session, slug)
    return await photo_sheet.sheet(database, INSTALLATION, conference)


async def tally(database: Database, slug: str, given: TallyIn) -> Sequence[Attestation]:
    """Enters what was ticked on paper. Raises `NotFound`, `Clash`."""
    async with database.writing() as session:
        conference = await conferences.conference(session, slug)
        return await photo_sheet.tally(session, INSTALLATION, conference, given)


async def attest(database: Database, slug: str, given: SeenIn) -> Sequence[Attestation]:
    """Notes that people were seen, all of them or none. Raises `NotFound`, `Clash`."""
    seen = AttestIn(**given.model_dump(exclude={"participants"}))
    async with database.writing() as session:
        conference = await conferences.conference(session, slug)
        return [
            await gates.attest(session, INSTALLATION, conference, id, seen)
            for id in given.participants
        ]
