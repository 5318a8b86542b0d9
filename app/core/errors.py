"""Expected failures. Each says in one sentence what is wrong, and carries the code scripts match.

Doors turn them into what their user reads: `application/problem+json` under `/api/`, a page
elsewhere, one line on stderr and exit status 1 in the command line.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar


class AppError(Exception):
    """A refusal with a sentence. `members` join the problem document as extra keys."""

    status: ClassVar[int] = 400
    code: str = "bad-request"
    title: ClassVar[str] = "Bad request"

    def __init__(
        self, detail: str, *, code: str | None = None, members: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code
        self.members = dict(members or {})
        self.headers: dict[str, str] = {}


class NotSignedIn(AppError):
    """No credential, or one that is no longer valid."""

    status = 401
    code = "not-signed-in"
    title = "Not signed in"


class Forbidden(AppError):
    """The thing is visible to the actor, the act is not theirs."""

    status = 403
    code = "forbidden"
    title = "Not allowed"


class NotFound(AppError):
    """Missing, or not the actor's to see: the two answer with the same bytes."""

    status = 404
    code = "not-found"
    title = "Not found"

    def __init__(self, detail: str = "There is nothing here that you may see.") -> None:
        super().__init__(detail)


class Clash(AppError):
    """A well-formed request that a rule or the present state refuses."""

    status = 409
    code = "conflict"
    title = "Refused by a rule"


class Outdated(AppError):
    """Somebody changed the thing since it was read (`If-Match`)."""

    status = 412
    code = "changed-meanwhile"
    title = "Changed meanwhile"


class TooLarge(AppError):
    """More bytes than a rule of the contract admits."""

    status = 413
    code = "too-large"
    title = "Too large"


class Invalid(AppError):
    """Malformed input. `errors` are pairs of a JSON pointer and a message."""

    status = 422
    code = "invalid"
    title = "Invalid input"

    def __init__(
        self, detail: str, *, errors: Sequence[tuple[str, str]] = (), code: str | None = None
    ) -> None:
        members = {"errors": [{"pointer": p, "message": m} for p, m in errors]}
        super().__init__(detail, code=code, members=members)
        self.errors = list(errors)


class TooMany(AppError):
    """Too many attempts; `retry_after` in seconds."""

    status = 429
    code = "too-many-attempts"
    title = "Too many attempts"

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail)
        self.headers["Retry-After"] = str(retry_after)


class Unavailable(AppError):
    """The database is away; nothing was stored. `retry_after` in seconds."""

    status = 503
    code = "unavailable"
    title = "Unavailable for a moment"

    def __init__(self, detail: str, *, retry_after: int = 5) -> None:
        super().__init__(detail)
        self.headers["Retry-After"] = str(retry_after)
