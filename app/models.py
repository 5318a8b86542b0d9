"""All tables, for whoever needs the whole metadata: migrations and tests."""

from app.accounts import models as accounts
from app.badges import models as badges
from app.badges.passes import models as passes
from app.conferences import models as conferences
from app.core import heartbeat, outbox
from app.delegations import models as delegations
from app.delegations.invitations import models as invitations
from app.delegations.letters import models as letters
from app.figures.publications import models as publications
from app.gates import models as gates
from app.gates.scanner import models as scanner
from app.papers.certificates import models as certificates
from app.participants import change_models as changes
from app.participants import models as participants
from app.participants.columns import models as columns
from app.participants.earlier import models as earlier
from app.participants.links import models as links
from app.participants.vetting import models as vetting
from app.programme import models as programme
from app.programme.seats import models as seats
from app.quotas import models as quotas
from app.receptions import models as receptions
from app.web import idempotency

__all__ = [
    "accounts",
    "badges",
    "certificates",
    "changes",
    "columns",
    "conferences",
    "delegations",
    "earlier",
    "gates",
    "heartbeat",
    "idempotency",
    "invitations",
    "letters",
    "links",
    "outbox",
    "participants",
    "passes",
    "programme",
    "publications",
    "quotas",
    "receptions",
    "scanner",
    "seats",
    "vetting",
]
