"""Roles, and what an actor may do where."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.core.errors import Clash, Forbidden, NotFound, NotSignedIn


class Role(StrEnum):
    """What a grant lets its holder do; per conference, `focal_point` also per delegation."""

    administrator = "administrator"
    registration_officer = "registration_officer"
    protocol_officer = "protocol_officer"
    programme_officer = "programme_officer"
    press_officer = "press_officer"
    gate_operator = "gate_operator"
    auditor = "auditor"
    focal_point = "focal_point"
    delegate = "delegate"


DESK = frozenset(
    {
        Role.registration_officer,
        Role.protocol_officer,
        Role.programme_officer,
        Role.press_officer,
        Role.auditor,
    }
)
"""Roles that open the desk; what each may do there its services say."""

NAMES = frozenset({Role.registration_officer, Role.protocol_officer})
"""Roles that see persons one by one everywhere at the desk."""

PER_CONFERENCE = frozenset(Role) - {Role.administrator}


class LinkPurpose(StrEnum):
    """What a link of a mail is for; one made for a purpose is nothing to another."""

    sign_in = "sign_in"
    invitation = "invitation"


@dataclass(frozen=True, slots=True)
class Permit:
    """One grant: a role, in one conference, for a focal point in one delegation."""

    role: Role
    conference_id: UUID | None = None
    delegation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, with what they may: a user, a token, a device, or the installation itself."""

    kind: str
    id: UUID | None
    name: str
    permits: tuple[Permit, ...] = ()
    gate_id: UUID | None = None

    @property
    def is_administrator(self) -> bool:
        """Everything, everywhere."""
        return any(p.role is Role.administrator for p in self.permits)

    def roles_in(self, conference_id: UUID) -> frozenset[Role]:
        """The roles held in a conference; an administrator holds that one everywhere."""
        return frozenset(
            p.role
            for p in self.permits
            if p.role is Role.administrator or p.conference_id == conference_id
        )

    def may(self, conference_id: UUID, roles: Iterable[Role]) -> bool:
        """True if a role held there is among `roles`, or the actor is an administrator."""
        held = self.roles_in(conference_id)
        return Role.administrator in held or not held.isdisjoint(roles)

    def require(self, conference_id: UUID, roles: Iterable[Role]) -> None:
        """Raises `NotSignedIn` for nobody, `NotFound` for a stranger, else `Forbidden`."""
        if self.kind == "nobody":
            raise NotSignedIn("Sign in first.")
        if not self.roles_in(conference_id):
            raise NotFound
        if not self.may(conference_id, roles):
            wanted = ", ".join(sorted(r.value.replace("_", " ") for r in roles)) or "administrator"
            raise Forbidden(f"This needs another role: {wanted}.")

    def delegations_in(self, conference_id: UUID) -> frozenset[UUID]:
        """The delegations of a conference whose focal point somebody is."""
        return frozenset(
            p.delegation_id
            for p in self.permits
            if p.delegation_id and p.conference_id == conference_id and p.role is Role.focal_point
        )

    def require_own(self, conference_id: UUID, delegation_id: UUID, roles: Iterable[Role]) -> None:
        """Raises `Forbidden` unless a role among `roles` is held, or it is the own delegation.

        A focal point who also has a role at the desk sees all delegations, and acts for one only.
        """
        own = self.delegations_in(conference_id)
        if delegation_id not in own and not self.may(conference_id, roles):
            raise Forbidden("This needs another role: focal point of this delegation.")

    def require_person(self) -> None:
        """Raises `Forbidden` unless somebody signed in: who holds a token nobody can say."""
        if self.kind != "user":
            raise Forbidden(
                "Two officers decide this: sign in, a token does not say who holds it.",
                code="needs-person",
            )

    def require_administrator(self) -> None:
        """Raises `NotSignedIn` or `Forbidden` for all but an administrator."""
        if self.kind == "nobody":
            raise NotSignedIn("Sign in first.")
        if not self.is_administrator:
            raise Forbidden("This needs another role: administrator.")


NOBODY = Actor(kind="nobody", id=None, name="")
INSTALLATION = Actor(
    kind="installation", id=None, name="command line", permits=(Permit(Role.administrator),)
)
"""Whoever holds the machine: the command line, loaders and jobs."""

PASSWORD_MINIMUM = 15

_COMMON = ("password", "passwort", "motdepasse", "contrasena", "qwerty", "azerty", "123456789")


def check_password(password: str, *, email: str, name: str) -> None:
    """No composition rules: long enough, not the address or name, nothing from the usual list.

    Raises `Clash`. Source: NIST SP 800-63B-4, section 3.1.1.2.
    """
    lowered = "".join(password.casefold().split())
    if len(password) < PASSWORD_MINIMUM:
        raise Clash(f"A password has at least {PASSWORD_MINIMUM} characters.", code="weak-password")
    known = [
        w
        for w in (*_COMMON, email.casefold(), email.split("@", maxsplit=1)[0].casefold())
        if len(w) > 3
    ]
    rest = lowered
    for word in (*known, *name.casefold().split()):
        rest = rest.replace(word, "")
    if len(rest) < 8 or len(set(rest)) < 5:
        raise Clash(
            "This password is easy to guess; take a few unrelated words.", code="weak-password"
        )
