"""The keys that find look-alikes, kept with every change of a name."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, insert

from app.core.db import WriteSession, table
from app.core.spelling import name_key
from app.participants.vetting.models import NameKey

K = table(NameKey)


async def keep(session: WriteSession, people: Iterable[Mapping[str, Any]]) -> None:
    """Stores the keys of new people: of the printed name, and of the name in each script."""
    rows = [
        {"conference_id": person["conference_id"], "participant_id": person["id"], "key": key}
        for person in people
        for key in {name_key(name) for name in (person["name"], *person["names"].values())} - {""}
    ]
    if rows:
        await session.execute(insert(K), rows)


async def renew(session: WriteSession, person: Mapping[str, Any]) -> None:
    """Replaces a person's keys after a change of the names."""
    mine = (K.c.conference_id == person["conference_id"], K.c.participant_id == person["id"])
    await session.execute(delete(K).where(*mine))
    await keep(session, [person])
