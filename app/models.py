"""All tables, for whoever needs the whole metadata: migrations and tests."""

from app.accounts import models as accounts
from app.badges import models as badges
from app.conferences import models as conferences
from app.core import heartbeat, outbox
from app.delegations import models as delegations
from app.gates import models as gates
from app.participants import change_models as changes
from app.participants import models as participants
from app.programme import models as programme
from app.quotas import models as quotas
from app.receptions import models as receptions
from app.web import idempotency

__all__ = [
    "accounts",
    "badges",
    "changes",
    "conferences",
    "delegations",
    "gates",
    "heartbeat",
    "idempotency",
    "outbox",
    "participants",
    "programme",
    "quotas",
    "receptions",
]
