"""What a scanner is told: the shape that scanning clients know, in the operator's language."""

from collections.abc import Sequence
from functools import cache
from uuid import UUID

from fastapi.responses import Response
from pydantic_core import to_json

from app.badges.rules import categories
from app.core.direct import Line
from app.core.errors import AppError
from app.gates.rules import Result
from app.gates.scanning import Answer
from app.web.labels import sentence


class Written(Response):
    """A body of plain values and ids as JSON."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        return to_json(content)


def language_of(preferred: str) -> str:
    """The language that an `Accept-Language` names first."""
    return preferred[:2].lower() or "en"


def told(answer: Answer, language: str = "en") -> tuple[int, dict[str, object]]:
    """HTTP status and body in the shape that scanning clients know, in the operator's language."""
    verdict, door = answer.verdict, answer.door
    words = sentence(verdict.explanation, language) if verdict.explanation else None
    ok, unknown = verdict.result is Result.ok, verdict.result is Result.unknown
    body: dict[str, object] = {
        "status": "ok" if ok else "error",
        "reason": None if ok else (Result.invalid if unknown else verdict.result).value,
        "reason_explanation": words,
        "require_attention": ok and words is not None,
        "checkin_texts": [words] if ok and words else [],
        "list": {"id": _plain(door.id), "name": door.name, "event": door.slug, "subevent": None},
    }
    if answer.badge is not None:
        body["position"] = position(answer.badge, answer.secret)
    if unknown:
        body["detail"] = "Not found."
    return 201 if ok else 404 if unknown else 400, body


def position(badge: Line, secret: str) -> dict[str, object]:
    """The badge as a ticket: what every client reads first, then what only ours know."""
    of_category = _of_category(badge.category)
    return {
        "id": _plain(badge.id),
        "order": badge.delegation,
        "positionid": 1,
        "item": of_category["item"],
        "variation": None,
        "subevent": None,
        "attendee_name": badge.name or badge.delegation_name,
        "secret": secret,
        "answers": [],
        "name": badge.name,
        "style": badge.style,
        "function": badge.function,
        "delegation": badge.delegation,
        "delegation_name": badge.delegation_name,
        **of_category,
        "role": badge.role and badge.role.value,
        "rank": badge.rank and badge.rank.value,
        "takes_floor": badge.takes_floor,
        "participant": _plain(badge.participant_id),
    }


def _plain(id: UUID | None) -> UUID | str | None:
    # The UUID of PostgreSQL's driver is one of its own: written as it is, it takes three times as
    # long as all else of an answer, and so do words of a vocabulary.
    return id if id is None or type(id) is UUID else str(id)


@cache
def _of_category(key: str) -> dict[str, object]:
    known = categories()[key]
    return {
        "item": known.number,
        "category": key,
        "category_label": known.words("en"),
        "color": known.color,
    }


def results_of(answers: Sequence[Answer | AppError], language: str) -> dict[str, object]:
    """The body of a batch's answer, in the operator's language."""
    results = [
        failed(one, language) if isinstance(one, AppError) else told(one, language)[1]
        for one in answers
    ]
    return {"results": results}


def failed(error: AppError, language: str) -> dict[str, object]:
    """What stands in a badge's place where none is the matter."""
    words = sentence(error.detail, language)
    return {"status": "error", "reason": "error", "reason_explanation": words}
