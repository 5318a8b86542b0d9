"""Structured logs, one JSON object a line on stderr; no personal data goes in."""

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

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


def answered(method: str, path: str, status: int, seconds: float) -> None:
    """The line of a request; written by hand, because gates send thousands a second."""
    ms = round(seconds * 1000, 1)
    if settings().log_format != "json":
        log = structlog.get_logger("access")
        log.info("request", method=method, path=path, status=status, ms=ms)
        return
    sys.stderr.write(
        f'{{"method": {_encode(method)}, "path": {_encode(path)}, "status": {status}, "ms": {ms}, '
        f'"event": "request", "request_id": {_encode(request_id.get(None))}, "level": "info", '
        f'"timestamp": "{datetime.now(UTC).isoformat()}"}}\n'
    )


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
