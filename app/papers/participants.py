"""The list of participants as data."""

from app.accounts.rules import INSTALLATION
from app.conferences.models import Conference
from app.core.db import ReadSession
from app.participants import store
from app.participants.schemas import ParticipantRow
from app.participants.store import Filters

_FIELDS = (
    "id",
    "delegation",
    "iso3",
    "kind",
    "name",
    "style",
    "function",
    "role",
    "rank",
    "rank_suggested",
    "sex",
    "status",
)


async def listed(session: ReadSession, conference: Conference) -> list[dict[str, object]]:
    """Everybody, in the order of delegations, as the contract names it; `delegation` is its code.

    For the command line, which acts for the installation.
    """
    rows = await store.rows(session, INSTALLATION, conference.id, Filters())
    people = (ParticipantRow.model_validate(row).model_dump(mode="json") for row in rows)
    return [{field: person[field] for field in _FIELDS} for person in people]
