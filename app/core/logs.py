"""Structured logs, one JSON object a line on stderr; no personal data goes in."""

import json
import logging
import sys
from contextvars import ContextVar

import structlog
from structlog.typing import EventDict, WrappedLogger

from app.core.settings import settings

request_id: ContextVar[str] = ContextVar("request_id")
"""Names the request that is being answered, in each of its lines."""

# Made once: json.dumps makes one for every line, and every request has a line.
_encode = json.JSONEncoder(default=repr).encode


def _named(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    if id := request_id.get(None):
        event.setdefault("request_id", id)
    return event


def configure() -> None:
    """Sets up logging for this process, ours and the libraries'."""
    renderer = (
        structlog.processors.JSONRenderer(lambda event, **_: _encode(event))
        if settings().log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            _named,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s %(message)s")
