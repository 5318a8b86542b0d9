"""The worker: mails and jobs, and the audit trail's checkpoints."""

from app.accounts import audit
from app.core import jobs, mail
from app.core.db import Database


async def work(database: Database) -> None:
    """Works until cancelled."""

    async def also() -> None:
        await audit.checkpoint(database, audit.checkpoints())

    mail.install()
    await jobs.run_forever(database, also=also)
