"""The worker: mails and jobs, the audit trail's checkpoints, and places whose offers ended."""

from app.accounts import audit
from app.badges import batches
from app.core import jobs, mail
from app.core.db import Database
from app.participants import waiting


async def work(database: Database) -> None:
    """Works until cancelled."""

    async def also() -> None:
        await audit.checkpoint(database, audit.checkpoints())
        await waiting.pass_on(database)

    mail.install()
    batches.install()
    await jobs.run_forever(database, also=also)
